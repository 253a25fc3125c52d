import type { InsightChoice } from '../plan/plan.ts'
import type { ColumnContribution, FoldSpread, LearningCurve } from '../report/analysis.ts'
import type { FoldInsight } from './fold-result.ts'

/** Insight over all outer folds: means, and the lowest and the highest of the folds. */
export function runInsight(
  columns: readonly string[],
  { learningCurve, contributions }: InsightChoice,
  folds: readonly FoldInsight[],
): {
  readonly learningCurve?: LearningCurve
  readonly contributions?: readonly ColumnContribution[] | null
} {
  return {
    ...(learningCurve === undefined
      ? {}
      : {
          learningCurve: {
            metric: learningCurve.metric,
            points: curvePoints(folds.flatMap(({ learningCurve: points }) => [points ?? []])),
          },
        }),
    ...(contributions === undefined ? {} : { contributions: columnContributions(columns, folds) }),
  }
}

function curvePoints(
  folds: readonly NonNullable<FoldInsight['learningCurve']>[],
): LearningCurve['points'] {
  return (folds[0] ?? []).map(({ share }, k) => {
    const points = folds.map((fold) => fold[k]!)
    const values = points.flatMap(({ value }) => value ?? [])
    return {
      share,
      samples: mean(points.map(({ samples }) => samples)),
      positives: mean(points.map(({ positives }) => positives)),
      value: values.length === 0 ? null : mean(values),
      foldSpread: values.length === 0 ? null : spread(values),
    }
  })
}

/** By falling contribution; null where no fold has any. */
function columnContributions(
  columns: readonly string[],
  folds: readonly FoldInsight[],
): readonly ColumnContribution[] | null {
  const known = folds.flatMap(({ contributions }) => contributions ?? [])
  if (known.length === 0) return null
  return columns
    .map((column, position) => {
      const values = known.map(({ meanAbsolute }) => meanAbsolute[position]!)
      return { column, meanAbsolute: mean(values), foldSpread: spread(values) }
    })
    .sort((a, b) => b.meanAbsolute - a.meanAbsolute)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function spread(values: readonly number[]): FoldSpread {
  return { lower: Math.min(...values), upper: Math.max(...values) }
}
