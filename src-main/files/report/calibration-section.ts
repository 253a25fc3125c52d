import { brierSentence } from '#shared/core/metrics/brier-sentence.ts'
import { referenceRun } from '#shared/core/plan/reference-run.ts'
import type { ConfigurationResult } from '#shared/core/report/analysis.ts'
import { asToken } from './chart-theme.ts'
import { html, nameMarkup } from './html.ts'
import type { Markup } from './html.ts'
import { reliabilityChart } from './reliability-chart.ts'
import type { ReliabilityBin } from './reliability-chart.ts'
import { roleOf } from './report-facts.ts'
import type { ReportFacts } from './report-facts.ts'
import { binBounds, calibrationTable, reliabilityTable } from './calibration-tables.ts'
import { lineKey, runHeading } from './run-marker.ts'
import { chartMarkup, sectionMarkup } from './section-markup.ts'
import { tableMarkup } from './table-html.ts'

/** Whether 30 % means 30 %, run by run, before and after each repair. */
export function calibrationSection(facts: ReportFacts): Markup {
  const { results, shown } = facts
  const table = calibrationTable(facts)
  const owners = results.configurations.flatMap((run) =>
    run.calibration.stages.map((_, i) => ({
      run,
      first: i === 0,
      last: i === run.calibration.stages.length - 1,
    })),
  )
  return sectionMarkup(
    'calibration',
    '6 Can the probabilities be trusted?',
    'Sampling and weighting move probabilities away from frequencies. A treated run gives scores until they are corrected, and a threshold from costs holds for probabilities only.',
    html`${tableMarkup(table, {
        className: 'receipts',
        heading: (row) =>
          owners[row]!.first
            ? runHeading(facts, owners[row]!.run)
            : html`<span class="sr">${nameMarkup(owners[row]!.run.name)}</span>`,
        rowClass: (row) => (owners[row]!.last ? '' : 'continued'),
        note: html`<b>Observed ÷ expected</b>: positives that came for each one promised; 1 is
          right, above 1 promises too little. <b>Intercept, slope</b>: 0 and 1 are right; a slope
          below 1 is overconfident. <b>Brier score</b> = reliability (less is better) − resolution
          (more is better) + uncertainty, over 10 bins of equal count.`,
      })}
      ${brierNotes(facts)}
      <div class="pair">${shown.map((run) => reliabilityFigure(facts, run))}</div> `,
  )
}

/** Treated runs that the Brier score speaks against, or that there are none. */
function brierNotes({ results: { configurations } }: ReportFacts): Markup {
  const compared = configurations.flatMap((run) => {
    const own = run.calibration.stages.at(-1)?.brier ?? null
    const reference = referenceRun(run, configurations)
    const other = reference?.calibration.stages.at(-1)?.brier ?? null
    return reference === null || own === null || other === null
      ? []
      : [
          {
            run,
            ...brierSentence(
              { name: run.name, brier: own },
              { name: reference.name, brier: other },
            ),
          },
        ]
  })
  const worse = compared.filter(({ isWorse }) => isWorse)
  if (compared.length === 0) return html``
  return worse.length === 0
    ? html`<p>No treated run has a Brier score above that of the untreated model.</p>`
    : html`<ul>
        ${worse.map(({ run, text }) => html`<li>${nameMarkup(run.name)}: ${text}</li>`)}
      </ul>`
}

function reliabilityFigure(facts: ReportFacts, run: ConfigurationResult): Markup {
  const { stages } = run.calibration
  const binsOf = (stage: (typeof stages)[number] | undefined): ReliabilityBin[] =>
    (stage?.bins ?? []).flatMap((bin) =>
      bin.meanProbability === null || bin.observed === null
        ? []
        : [
            {
              meanProbability: bin.meanProbability,
              observed: bin.observed,
              bounds: binBounds(bin),
            },
          ],
    )
  const table = reliabilityTable(facts)
  const nameField = table.header.indexOf('run')
  const own = {
    ...table,
    name: `reliability-${run.name}`,
    title: `Reliability of ${run.name}, bins of equal count`,
    rows: table.rows.filter((row) => row[nameField] === run.name),
  }
  const token = asToken(facts.marker(run.name).token)
  const after = binsOf(stages.at(-1))
  return chartMarkup({
    title: `Reliability of ${run.name}`,
    subtitle: roleOf(facts, run.name),
    key: html`<span
        >${lineKey(token, false)} ${stages.length > 1 ? 'after repair' : 'as fitted'}</span
      >${stages.length > 1 && html`<span>${lineKey('warning-mark', true)} raw scores</span>`}`,
    drawing: reliabilityChart({
      id: `reliability-${facts.shown.indexOf(run)}`,
      runName: run.name,
      token,
      before: stages.length > 1 ? binsOf(stages[0]) : null,
      after,
    }),
    tables: [own],
    note: after.some(({ observed }) => observed === 0)
      ? 'Points at the lower edge are bins in which no positive came. Bars are 95 % intervals.'
      : 'Bars are 95 % intervals.',
  })
}
