import { asToken } from './chart-theme.ts'
import { costCurveChart } from './cost-curve-chart.ts'
import { html, nameMarkup } from './html.ts'
import type { Markup } from './html.ts'
import { thresholdText } from './number-text.ts'
import { precisionRecallChart } from './precision-recall-chart.ts'
import { probabilityHistogramChart } from './probability-histogram-chart.ts'
import { classNames, roleOf } from './report-facts.ts'
import type { ReportFacts } from './report-facts.ts'
import { costCurveTable, histogramTable, precisionRecallTable } from './curve-tables.ts'
import { lineKey } from './run-marker.ts'
import { chartMarkup } from './section-markup.ts'

/** The recommended run beside another at every threshold: cost, precision and recall, probabilities. */
export function curveFigures(facts: ReportFacts): Markup {
  const { recommended, shown, curves, results, point, marker } = facts
  const runs = shown.flatMap(({ name }) => {
    const curve = curves.find((each) => each.name === name)
    return curve === undefined ? [] : [{ name, curve, token: asToken(marker(name).token) }]
  })
  const own = runs.find(({ name }) => name === recommended.name)
  if (own === undefined)
    return html`<p class="note">There are no curves of ${nameMarkup(recommended.name)} to draw.</p>`
  const lastOnTop = runs.toReversed()
  const keys = runs.map(
    ({ name, token }) =>
      html`<span
        >${lineKey(token, token !== 'run-1')} ${nameMarkup(name)}, ${roleOf(facts, name)}</span
      >`,
  )
  const chosen = point.rule === 'tuned' ? recommended.threshold.value : point.threshold
  const { bayesThreshold, prevalenceInUse, commitments } = results.frame
  const usable = chosen !== null && Number.isFinite(chosen) ? chosen : null
  return html`${chartMarkup({
      title: 'Cost by threshold',
      subtitle:
        'per 1,000 cases, on the data on which the threshold was chosen; the diamond is the nested estimate with its interval',
      key: keys,
      drawing: costCurveChart({
        id: 'cost-curve',
        runs: lastOnTop.map(({ name, token, curve }) => ({ name, token, points: curve.cost })),
        markers: [
          ...(usable === null
            ? []
            : [{ text: `chosen ${thresholdText(usable)}`, threshold: usable, chosen: true }]),
          ...(bayesThreshold === null
            ? []
            : [
                {
                  text: `Bayes ${thresholdText(bayesThreshold)}`,
                  threshold: bayesThreshold,
                  chosen: false,
                },
              ]),
          { text: '0.5', threshold: 0.5, chosen: false },
        ],
        estimate:
          usable === null
            ? null
            : { threshold: usable, cost: point.costPer1000, interval: point.costPer1000Interval },
        currency: results.frame.currency,
      }),
      tables: runs.map(({ name }) => costCurveTable(facts, name)),
    })}
    <div class="pair">
      ${chartMarkup({
        title: 'Precision and recall',
        subtitle: 'at every threshold; the ring is the nested estimate',
        key: keys,
        drawing: precisionRecallChart({
          id: 'precision-recall',
          runs: lastOnTop.map(({ name, token, curve }) => ({
            name,
            token,
            points: curve.precisionRecall,
          })),
          prevalence: prevalenceInUse,
          commitments,
          point:
            point.recall === null || point.precision === null
              ? null
              : { recall: point.recall, precision: point.precision },
        }),
        tables: runs.map(({ name }) => precisionRecallTable(facts, name)),
      })}${histogramFigure(facts, usable)}
    </div> `
}

function histogramFigure(facts: ReportFacts, threshold: number | null): Markup {
  const { recommended, results } = facts
  const table = histogramTable(facts, recommended.name)
  const [from, to, positives, negatives] = ['from', 'to', 'positives', 'negatives'].map((field) =>
    table.header.indexOf(field),
  )
  const number = (row: readonly (string | number | null)[], field: number | undefined): number =>
    Number(row[field ?? -1] ?? 0)
  return chartMarkup({
    title: 'Probabilities by class',
    subtitle: 'out-of-fold cases of the recommended run, counts logarithmic',
    key: html`<span>right of the line: alerts</span>`,
    drawing: probabilityHistogramChart({
      id: 'probabilities',
      bins: table.rows.map((row) => ({
        from: number(row, from),
        to: number(row, to),
        positives: number(row, positives),
        negatives: number(row, negatives),
      })),
      positiveClass: classNames(results.dataset).positive,
      threshold,
    }),
    tables: [table],
  })
}
