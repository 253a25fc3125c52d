import { sigmoid } from '../math/elementary.ts'
import { normalQuantile } from '../math/normal.ts'
import { blockSum } from '../math/sum.ts'
import type { Interval } from '../metrics/interval.ts'
import { unitSums } from '../metrics/mean-interval.ts'
import { clippedLogits } from './logits.ts'
import type { PromisedSamples } from '../metrics/probability-intervals.ts'

/**
 * Intervals of the intercept and slope of a logistic recalibration, by the sandwich: the inverse
 * information around the squares of what each unit adds to the score. So it knows weights and groups,
 * and does not take the line for the truth.
 *
 * @param line  As fitted to these samples (see `calibrationStage`).
 * @param level In (0, 1).
 * @returns null where the information has no inverse, or with fewer than three units.
 *
 * Source: Liang and Zeger (1986), "Longitudinal Data Analysis Using Generalized Linear Models".
 */
export function recalibrationIntervals(
  { yTrue, probabilities, weights, groups }: PromisedSamples,
  line: { readonly intercept: number; readonly slope: number },
  level: number,
): { readonly intercept: Interval; readonly slope: Interval } | null {
  const x = clippedLogits(probabilities)
  const weightOf = (i: number): number => (weights === null ? 1 : weights[i]!)
  const promised = x.map((at) => sigmoid(line.intercept + line.slope * at))
  const curvature = promised.map((p, i) => weightOf(i) * p * (1 - p))
  const total = blockSum(curvature)
  const center = blockSum(curvature.map((c, i) => c * x[i]!)) / total
  const spread = blockSum(curvature.map((c, i) => c * (x[i]! - center) * (x[i]! - center)))
  if (!(total > 0 && spread > 0)) return null
  const residual = promised.map((p, i) => weightOf(i) * (yTrue[i]! - p))
  const levels = unitSums(residual, groups)
  const tilts = unitSums(
    residual.map((r, i) => r * (x[i]! - center)),
    groups,
  )
  const nUnits = levels.length
  if (nUnits < 3) return null
  // Around the centre level and slope are independent by the information.
  const slopes = tilts.map((t) => t / spread)
  const intercepts = levels.map((l, i) => l / total - center * slopes[i]!)
  const around = (value: number, parts: Float64Array): Interval => {
    const error = Math.sqrt((blockSum(parts.map((part) => part * part)) * nUnits) / (nUnits - 2))
    const reach = normalQuantile((1 + level) / 2) * error
    return {
      lower: value - reach,
      upper: value + reach,
      level,
      method: `sandwich ${groups === null ? 'of cases' : 'of groups'}`,
    }
  }
  return { intercept: around(line.intercept, intercepts), slope: around(line.slope, slopes) }
}
