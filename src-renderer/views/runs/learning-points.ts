/** How much a run gains from more cases. */
import type { LearningCurve } from '#shared/core/report/analysis.ts'
import type { TwinTable } from '../../format/csv.ts'
import { count, rate } from '../../format/numbers.ts'

type Metric = LearningCurve['metric']

/** The two losses are turned round: higher is better in every curve. */
const metricTexts: Readonly<Record<Metric, string>> = {
  average_precision: 'average precision',
  roc_auc: 'ROC AUC',
  log_loss: 'log loss, negative',
  brier: 'Brier score, negative',
}

export function metricText(metric: Metric): string {
  return metricTexts[metric]
}

export interface CurvePoint {
  readonly samples: number
  readonly value: number
  readonly lower: number
  readonly upper: number
}

/** The points that are defined, by growing number of cases. */
export function curvePoints({ points }: LearningCurve): readonly CurvePoint[] {
  return points
    .flatMap(({ samples, value, foldSpread }) =>
      value === null || foldSpread === null ? [] : [{ samples, value, ...foldSpread }],
    )
    .sort((a, b) => a.samples - b.samples)
}

export function curveTable({ metric, points }: LearningCurve): TwinTable {
  return {
    head: [
      { text: 'Cases', numeric: true, format: count },
      { text: 'Positives', numeric: true, format: count },
      { text: metricText(metric), numeric: true, format: (value) => rate(value, 3) },
      { text: 'Lowest fold', numeric: true, format: (value) => rate(value, 3) },
      { text: 'Highest fold', numeric: true, format: (value) => rate(value, 3) },
    ],
    rows: points.map(({ samples, positives, value, foldSpread }) => [
      samples,
      positives,
      value,
      foldSpread?.lower ?? null,
      foldSpread?.upper ?? null,
    ]),
  }
}

/** What the last step says, held against how folds differ. */
export function curveSentence(curve: LearningCurve): string {
  const points = curvePoints(curve)
  const [before, last] = points.slice(-2)
  if (before === undefined || last === undefined) {
    return 'The metric is undefined for too many of the points to say what more cases would bring.'
  }
  const gain = last.value - before.value
  const spread = last.upper - last.lower
  const step = `From ${count(before.samples)} to ${count(last.samples)} cases a fold ${metricText(curve.metric)} went from ${rate(before.value, 3)} to ${rate(last.value, 3)}`
  const folds = `folds differ by ${rate(spread, 3)}`
  return gain > spread / 2
    ? `${step}, and ${folds}: more cases would still help.`
    : `${step}; ${folds}, so nobody can tell whether more cases would help.`
}
