import type { Checkpoint } from '../math/checkpoint.ts'
import { createMultinomial } from '../math/multinomial.ts'
import { quantileSorted } from '../math/quantile.ts'
import type { RandomStream } from '../math/random.ts'
import { checkSamples } from '../metrics/check-samples.ts'
import type { Interval } from '../metrics/interval.ts'

const DRAWS_PER_CHECKPOINT = 16

/**
 * Pointwise intervals of the net benefit at given threshold probabilities, by case bootstrap.
 *
 * Between two thresholds samples of a class are alike, so that a draw costs two binomials per
 * threshold however many samples there are.
 *
 * @param thresholds Threshold probabilities, each in (0, 1), in any order.
 * @param draws      At least 1.
 * @param level      In (0, 1).
 * @returns One interval per threshold, in their order. Weights and groups are not known here.
 * @throws RangeError when a value lies outside its range or there are no samples.
 */
export function decisionCurveBands({
  yTrue,
  probabilities,
  thresholds,
  draws,
  level,
  stream,
  checkpoint,
}: {
  readonly yTrue: Uint8Array
  readonly probabilities: Float64Array
  readonly thresholds: readonly number[]
  readonly draws: number
  readonly level: number
  readonly stream: RandomStream
  readonly checkpoint: Checkpoint
}): Interval[] {
  checkSamples(yTrue, probabilities, null)
  const n = yTrue.length
  if (n === 0) throw new RangeError('a decision curve needs samples, got none')
  if (!Number.isInteger(draws) || draws < 1) {
    throw new RangeError(`draws must be an integer of at least 1, got ${draws}`)
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie in (0, 1), got ${level}`)
  for (const threshold of thresholds) {
    if (!(threshold > 0 && threshold < 1)) {
      throw new RangeError(`thresholds must lie in (0, 1), got ${threshold}`)
    }
  }
  const order = thresholds.map((_, i) => i).sort((a, b) => thresholds[b]! - thresholds[a]!)
  const falling = order.map((i) => thresholds[i]!)

  // Cell 2k + y: samples of label y that reach threshold k of the falling ones and none before.
  const sizes = new Int32Array(2 * (falling.length + 1))
  for (let i = 0; i < n; i++) {
    let low = 0
    let high = falling.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (probabilities[i]! >= falling[middle]!) high = middle
      else low = middle + 1
    }
    sizes[2 * low + yTrue[i]!]! += 1
  }
  const draw = createMultinomial(sizes, stream)
  const counts = new Int32Array(sizes.length)
  const benefits = falling.map(() => new Float64Array(draws))
  for (let k = 0; k < draws; k++) {
    if (k % DRAWS_PER_CHECKPOINT === 0) checkpoint(k / draws)
    draw(counts)
    let tp = 0
    let fp = 0
    falling.forEach((threshold, cut) => {
      fp += counts[2 * cut]!
      tp += counts[2 * cut + 1]!
      benefits[cut]![k] = (tp - (fp * threshold) / (1 - threshold)) / n
    })
  }
  checkpoint(1)
  const intervals = new Array<Interval>(thresholds.length)
  benefits.forEach((values, cut) => {
    values.sort()
    intervals[order[cut]!] = {
      lower: quantileSorted(values, (1 - level) / 2),
      upper: quantileSorted(values, (1 + level) / 2),
      level,
      method: `case bootstrap, percentile, ${draws} draws`,
    }
  })
  return intervals
}
