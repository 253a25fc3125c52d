import { type Measured, measured, NO_POSITIVES, NO_SAMPLES, undefinedBecause } from './measured.ts'
import type { ThresholdCounts } from './ranking.ts'

/** Quality of the share of cases that score highest. */
export interface AtShare {
  readonly precision: Measured
  readonly recall: Measured
  /** Precision ÷ prevalence: how many times better than picking at random. */
  readonly lift: Measured
}

/**
 * Precision, recall and lift when the given share of the (weighted) cases is acted upon, highest
 * scores first; of samples that tie at the cut as much is taken as there is room for, at random.
 *
 * Weighted, and the same for a sample twice and one of weight 2; `measureAtK` counts cases instead.
 *
 * @param share In (0, 1].
 * @throws RangeError when `share` lies outside (0, 1].
 */
export function measureAtShare(counts: ThresholdCounts, share: number): AtShare {
  if (!(share > 0 && share <= 1)) throw new RangeError(`share must lie in (0, 1], got ${share}`)
  const { truePositives, falsePositives, positives, negatives } = counts
  const total = positives + negatives
  if (!(total > 0)) {
    const none = undefinedBecause(NO_SAMPLES)
    return { precision: none, recall: none, lift: none }
  }
  const room = share * total
  let found = 0
  let taken = 0
  for (let i = 0; i < truePositives.length && taken < room; i++) {
    const tp = truePositives[i]! - (i === 0 ? 0 : truePositives[i - 1]!)
    const fp = falsePositives[i]! - (i === 0 ? 0 : falsePositives[i - 1]!)
    const part = Math.min(1, (room - taken) / (tp + fp))
    found += part * tp
    taken += part * (tp + fp)
  }
  const precision = found / taken
  const noPositives = undefinedBecause(NO_POSITIVES)
  return {
    precision: measured(precision),
    recall: positives > 0 ? measured(found / positives) : noPositives,
    lift: positives > 0 ? measured(precision / (positives / total)) : noPositives,
  }
}
