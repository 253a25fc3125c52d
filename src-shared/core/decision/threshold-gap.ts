import { formatNumber } from '../format.ts'
import type { Interval } from '../metrics/interval.ts'
import { wilsonInterval } from '../metrics/wilson.ts'
import { candidateAt } from './read-curve.ts'
import { costCurve, type ScoredSamples } from './threshold-curves.ts'

/** The analytic threshold (from costs alone) beside the one tuned on samples. */
export interface ThresholdGap {
  readonly analytic: number
  readonly tuned: number
  /** Samples that the two decide differently, and their share of positives: promised and seen. */
  readonly samples: number
  readonly promised: number | null
  readonly observed: number | null
  readonly observedInterval: Interval | null
  /** What a case costs more with the analytic threshold, on these samples. */
  readonly extraCost: number
  /**
   * `none`: the two decide alike. `noise`: the promise lies within the interval of what came, so
   * that the gap may be chance. `calibration`: it does not; the probabilities say something else
   * than what happens between the two thresholds.
   */
  readonly reason: 'none' | 'noise' | 'calibration'
  readonly sentence: string
}

/**
 * Why the threshold that costs call for is not the one that was cheapest on the samples.
 *
 * With calibrated probabilities both are the same but for chance. What lies between them tells: if
 * as many positives came there as the probabilities promise, the gap is noise.
 *
 * @throws RangeError when there are no samples of positive weight or a value is out of range.
 *
 * The interval counts samples; weights are in the costs and the mean promise only.
 */
export function explainThresholdGap(
  samples: ScoredSamples,
  analytic: number,
  tuned: number,
): ThresholdGap {
  const curve = costCurve(samples)
  const total = curve.positives + curve.negatives
  const costAt = (cut: number): number =>
    curve.totalCost[candidateAt(curve.thresholds, cut)]! / total
  const extraCost = costAt(analytic) - costAt(tuned)
  const low = Math.min(analytic, tuned)
  const high = Math.max(analytic, tuned)
  let count = 0
  let positives = 0
  let sum = 0
  samples.probabilities.forEach((p, i) => {
    if (!(p >= low && p < high) || samples.weights?.[i] === 0) return
    count++
    positives += samples.yTrue[i]!
    sum += p
  })
  const common = { analytic, tuned, samples: count, extraCost }
  if (count === 0) {
    return {
      ...common,
      promised: null,
      observed: null,
      observedInterval: null,
      reason: 'none',
      sentence: 'Both thresholds decide every case alike.',
    }
  }
  const promised = sum / count
  const observed = positives / count
  const observedInterval = wilsonInterval(positives, count, 0.95)
  const isNoise =
    observedInterval !== null &&
    promised >= observedInterval.lower &&
    promised <= observedInterval.upper
  const between = `Of ${formatNumber(count)} cases between the two, ${formatNumber(100 * observed)} % are positive`
  return {
    ...common,
    promised,
    observed,
    observedInterval,
    reason: isNoise ? 'noise' : 'calibration',
    sentence: isNoise
      ? `${between}, and ${formatNumber(100 * promised)} % were promised: the gap may be chance.`
      : `${between}, but ${formatNumber(100 * promised)} % were promised: the probabilities are not calibrated there.`,
  }
}
