/** What the terminal prints: the same tables as the report, in plain text. */
import type { LabelsImpact } from '#shared/contract/labels.ts'
import {
  formatMoney,
  formatMoneyWithInterval,
  formatNumber,
  formatWithInterval,
} from '#shared/core/format.ts'
import type { ImbalanceVerdict } from '#shared/core/diagnosis/verdict.ts'
import type { RunSlices } from '#shared/core/report/analysis.ts'
import { guaranteeText } from '../../files/report/guarantee-text.ts'
import { countText, moneyText, percentText } from '../../files/report/number-text.ts'
import type { Bounds } from '../../files/report/number-text.ts'
import { repeatedText } from '../../files/report/repeated-text.ts'
import { ledgerRoles } from '../../files/report/report-facts.ts'
import type { LeakageDemonstration } from '#shared/core/pipeline/leakage-demonstration.ts'
import type { StoredOpening } from '../../store/final-tests.ts'
import type { ImportedDataset } from '../../workbench/import-csv.ts'
import type { Outcome, RunJob } from '../../workbench/workbench.ts'

export function describeImport(source: string, { summary, known }: ImportedDataset): string {
  const numeric = summary.columns.filter((column) => column.kind === 'numeric').length
  const lines = [
    `${source}: ${count(summary.nRows, 'row')}, ${count(summary.columns.length, 'column')} (${numeric} numeric, ${summary.columns.length - numeric} of texts)${known ? ', already in the project' : ''}`,
    ...summary.notes.map((note) => `  ${note}`),
  ]
  const ragged = summary.raggedRows
  if (ragged > 0) {
    lines.push(
      `  ${count(ragged, 'row')} of another length than the header, first in row ${summary.firstRaggedRow!}`,
    )
  }
  return lines.join('\n')
}

/** The sentence, the ledger and the metrics of one analysis. */
export function describeOutcome({ results, about }: Outcome): string {
  const { dataset, frame, experiment, comparison, configurations } = results
  const percent = (share: number | null): string => (share === null ? 'none' : percentText(share))
  const amount = (value: number, interval: Bounds | null): string =>
    interval === null
      ? formatMoney(value, frame.currency)
      : formatMoneyWithInterval(value, interval, frame.currency)
  const ledger = results.ledger.map((row) => [
    row.name,
    row.rule,
    amount(row.costPer1000, row.costPer1000Interval),
    row.differenceToReference === null
      ? 'reference'
      : amount(row.differenceToReference, row.differenceInterval),
    percent(row.recall),
    percent(row.precision),
    formatNumber(row.alertsPer1000),
    ledgerRoles(comparison, row).join(', '),
  ])
  const metrics = configurations.map(({ name, metrics: m, intervals, threshold }) => [
    name,
    withInterval(m.averagePrecision, intervals.averagePrecision),
    withInterval(m.rocAuc, intervals.rocAuc),
    withInterval(m.brier, intervals.brier),
    withInterval(m.eceEqualCount10, intervals.eceEqualCount10),
    threshold.value === Infinity ? 'flag nothing' : formatNumber(threshold.value),
  ])
  return [
    '',
    results.sentence,
    ...(results.verdict === null ? [] : describeVerdict(results.verdict)),
    '',
    `Positives: ${countText(dataset.positives)} of ${countText(dataset.rows)} rows (${percent(dataset.prevalence)}). Costs${frame.costsAssumed ? ' (assumed)' : ''} per 1,000 cases with 95 % intervals, judged on ${experiment.folds} folds that calibrator and threshold have not seen.`,
    ...experiment.notes,
    ...dataset.leftOut.map(({ column, reason }) => `Left out: ${column} (${reason}).`),
    '',
    ...table(
      [
        'run',
        'threshold',
        'cost per 1,000',
        'to reference',
        'recall',
        'precision',
        'alerts/1,000',
        'role',
      ],
      ledger,
    ),
    '',
    ...table(
      [
        'run',
        `avg. precision (${formatNumber(frame.prevalenceInUse)} by chance)`,
        'ROC AUC',
        'Brier',
        'ECE',
        'threshold',
      ],
      metrics,
    ),
    ...(results.slices === null ? [] : describeSlices(results.slices)),
    '',
    ...(results.repeated === null ? [] : [repeatedText(results.repeated, frame.currency), '']),
    ...describeSolver(results),
    ...describeUncertainty(results.costUncertainty),
    '',
    ...describeGuardrails(results.guardrails),
    '',
    `Digest ${about.digest}`,
  ].join('\n')
}

/** The threshold that the requirements allow, how far it moves, and what being off costs. */
function describeSolver({ operatingPoint, frame }: Outcome['results']): string[] {
  const { configuration, solved, spread, regretPer1000, analytic } = operatingPoint
  const threshold = (value: number | null): string =>
    value === null ? 'none' : formatNumber(value)
  const relaxed = solved.feasible
    ? []
    : solved.relaxations
        .slice(1)
        .map(
          ({ requirement, attainable }) =>
            `  Or ${requirement.kind} ${formatNumber(attainable)} instead of ${formatNumber(requirement.limit)}.`,
        )
  const per1000 = (value: number | null): string =>
    value === null ? 'none' : formatMoney(value, frame.currency)
  return [
    `Operating point of ${configuration}: ${solved.sentence}`,
    ...relaxed,
    `  Thresholds of the folds: ${spread.perFold.map(threshold).join(', ')}; 95 % of ${spread.draws} bootstrap draws: ${threshold(spread.lower)} to ${threshold(spread.upper)}, where 1,000 cases cost ${per1000(regretPer1000.atLower)} and ${per1000(regretPer1000.atUpper)} more.`,
    ...(analytic === null
      ? []
      : [`  From costs alone ${formatNumber(analytic.analytic)}: ${analytic.sentence}`]),
    `  ${guaranteeText(operatingPoint)}`,
  ]
}

/** What if costs and prevalence are others; nothing where nobody asked. */
function describeUncertainty(uncertainty: Outcome['results']['costUncertainty']): string[] {
  return uncertainty === undefined
    ? []
    : ['', 'If costs or prevalence are others:', ...uncertainty.sentences.map((one) => `  ${one}`)]
}

/** What is open and what was passed over, one line each. */
function describeGuardrails(guardrails: Outcome['results']['guardrails']): string[] {
  const of = (state: string): typeof guardrails => guardrails.filter((one) => one.state === state)
  const line = (one: (typeof guardrails)[number]): string =>
    `  ${one.id} ${one.findings.map(({ message }) => message).join(' ')}`
  return [
    `Guardrails: ${of('passed').length} kept, ${of('overridden').length} passed over, ${of('failed').length} open.`,
    ...of('overridden').map((one) => `${line(one)} Passed over: ${one.acknowledgement!}`),
    ...of('failed').map(line),
  ]
}

/** Whether imbalance is the problem, and what that rests on; `*` marks what speaks for trouble. */
function describeVerdict({ sentence, advice, alternative, findings }: ImbalanceVerdict): string[] {
  return [
    '',
    `Is imbalance the problem? ${sentence}`,
    `${advice}${alternative === null ? '' : ` ${alternative.sentence}`}`,
    ...findings.map(({ title, text, holds }) => `${holds ? '*' : ' '} ${title}: ${text}`),
  ]
}

/** Where the recommended run misses positives: what is certain, or else that nothing is. */
function describeSlices({ name, rule, slices, tested, reason, ...all }: RunSlices): string[] {
  if (reason !== null) return ['', `Missed positives by slice: not searched, since ${reason}.`]
  const certain = slices.filter(({ adjusted }) => adjusted <= CERTAIN).slice(0, MOST_SLICES)
  const head = `Missed positives of ${name} (${rule}): ${countText(all.missed)} of ${countText(all.positives)}. Of ${countText(tested)} slices ${certain.length === 0 ? 'none misses more for certain' : 'these miss more than the rest, for certain'}.`
  if (certain.length === 0) return ['', head]
  return [
    '',
    head,
    ...table(
      ['slice', 'columns', 'missed', 'share', 'shrunk', 'false alarms', 'p, adjusted'],
      certain.map((slice) => [
        slice.text,
        String(slice.where.length),
        `${slice.fn} of ${slice.fn + slice.tp}`,
        `${percentText(slice.missedShare)} [${percentText(slice.interval.lower)}, ${percentText(slice.interval.upper)}]`,
        percentText(slice.shrunkShare),
        countText(slice.fp),
        slice.adjusted < 0.001 ? '< 0.001' : formatNumber(slice.adjusted),
      ]),
    ),
  ]
}

/** Adjusted p-value up to which a slice is called certain. */
const CERTAIN = 0.05
const MOST_SLICES = 10

/** What was seen in the locked test set, beside what was expected of it. */
export function describeOpening(
  { configuration, threshold, result, createdAt }: StoredOpening,
  count: number,
  { frame, configurations }: Outcome['results'],
): string {
  const expected = configurations.find(({ name }) => name === configuration)!
  const amount = (value: number, interval: Bounds | null): string =>
    interval === null
      ? formatMoney(value, frame.currency)
      : formatMoneyWithInterval(value, interval, frame.currency)
  const { tp, fp, fn, tn } = result.confusion
  return [
    `Locked test set opened on ${createdAt.slice(0, 16).replace('T', ' ')} UTC, opening number ${count}.`,
    `${configuration} at ${formatNumber(threshold)}: ${countText(tp)} of ${countText(tp + fn)} positives caught, ${countText(fp)} false alarms among ${countText(fp + tn)} negatives.`,
    `Cost per 1,000 cases ${amount(result.costPer1000, result.costPer1000Interval)}; expected from the folds ${amount(expected.costPer1000, expected.costPer1000Interval)}.`,
    ...(count > 1 ? ['Only the first opening is free of choices that were made after it.'] : []),
  ].join('\n')
}

/** A claim that must not be believed, beside what is true. It can be written to no file. */
export function describeLeakage({
  claimed,
  honest,
  copiesSeen,
  positivesJudged,
}: LeakageDemonstration): string {
  const percent = (share: number | null): string => (share === null ? 'none' : percentText(share))
  const row = (name: string, figures: LeakageDemonstration['claimed']): string[] => [
    name,
    figures.averagePrecision === null ? 'undefined' : formatNumber(figures.averagePrecision),
    percent(figures.recall),
    percent(figures.precision),
    percent(figures.prevalence),
  ]
  return [
    'INVALID ON PURPOSE: what sampling before splitting would claim on these data.',
    '',
    ...table(
      ['how', 'avg. precision', 'recall', 'precision', 'positives among the judged'],
      [
        row('sampled before splitting: INVALID', claimed),
        row('sampled inside training sets', honest),
      ],
    ),
    '',
    `${countText(copiesSeen)} of ${countText(positivesJudged)} judged positives of the claim have a copy in their training set.`,
  ].join('\n')
}

/** What a corrected version holds, and what every run costs on it and before. */
export function describeImpact({
  version,
  relabelledToPositive,
  relabelledToNegative,
  runs,
  currency,
  conclusions,
}: LabelsImpact): string {
  const change = (from: number | undefined, to: number | undefined): string =>
    from === undefined || to === undefined ? '' : moneyText(to - from, { sign: true, currency })
  const rows = runs.map(({ name, before, rejudged, after }) => {
    const [was, judged, is] = [before, rejudged, after].map((figures) => figures?.costPer1000)
    return [
      name,
      moneyText(was!, { currency }),
      is === undefined ? 'not yet' : moneyText(is, { currency }),
      change(was, is),
      change(was, judged),
      change(judged, is),
    ]
  })
  return [
    `Version ${version.number}: ${count(relabelledToPositive, 'label')} turned to positive, ${countText(relabelledToNegative)} to negative, ${count(version.excluded, 'row')} left out.`,
    '',
    ...(runs.length === 0
      ? []
      : [
          'Cost per 1,000 cases, and what corrected labels change of it in judging and in fitting:',
          ...table(['run', 'before', 'after', 'change', 'judging', 'fitting'], rows, 1),
          '',
        ]),
    ...conclusions,
  ].join('\n')
}

/** The runs of a project, and how to go on with one that was interrupted. */
export function describeJobs(jobs: readonly RunJob[]): string {
  if (jobs.length === 0) return 'The project has no runs yet.'
  const rows = jobs.map(({ experiment, state, foldsDone, folds, createdAt, reason }) => [
    experiment,
    state,
    `${foldsDone} of ${folds}`,
    createdAt.slice(0, 16).replace('T', ' '),
    reason ?? '',
  ])
  const unfinished = new Set(
    jobs.filter(({ state }) => state === 'interrupted').map(({ experiment }) => experiment),
  )
  return [
    ...table(['experiment', 'state', 'folds done', 'asked for (UTC)', 'reason'], rows),
    ...[...unfinished].map((name) => {
      const quoted = /^[\w.-]+$/.test(name) ? name : `'${name}'`
      return `Go on with: steelyard run --project FILE --experiment ${quoted}`
    }),
  ].join('\n')
}

function withInterval(value: number | null, interval: Bounds | null): string {
  if (value === null) return 'undefined'
  return interval === null ? formatNumber(value) : formatWithInterval(value, interval)
}

function count(n: number, noun: string): string {
  return `${countText(n)} ${noun}${n === 1 ? '' : 's'}`
}

/** Columns padded to one width; texts to the left, numbers to the right. */
/** @param nTexts How many columns, from the left, are words: these start together, numbers end together. */
function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  nTexts = 2,
): string[] {
  const widths = header.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]!.length)),
  )
  const isText = (i: number): boolean => i < nTexts || header[i] === 'role'
  return [header, ...rows].map((row) =>
    row
      .map((cell, i) => (isText(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  )
}
