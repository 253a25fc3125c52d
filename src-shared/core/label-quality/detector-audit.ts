/**
 * How well each signal finds wrong labels in this very table: some labels are turned round, nobody
 * is told which, and what each signal ranks first is compared with them.
 */
import { sampleWithoutReplacement } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import { argsortDescending } from '../math/order.ts'

export interface PlantedFlips {
  /** The given labels with some turned round. */
  readonly given: Uint8Array
  /** Samples whose labels were turned round, ascending. */
  readonly planted: Int32Array
}

/**
 * Turns some labels round, drawn at random from one class.
 *
 * @param given 0 or 1 per sample.
 * @param from  The label that is turned into the other: 1 plants missed positives.
 * @param count Labels to turn; at least 2 of the class must keep theirs.
 * @throws RangeError when the class is too small.
 */
export function plantFlips(
  given: Uint8Array,
  from: 0 | 1,
  count: number,
  stream: RandomStream,
): PlantedFlips {
  const candidates = Int32Array.from(given.keys()).filter((i) => given[i] === from)
  if (!Number.isInteger(count) || count < 1 || count > candidates.length - 2) {
    throw new RangeError(
      `count must be an integer in [1, ${Math.max(0, candidates.length - 2)}], got ${count}`,
    )
  }
  const planted = sampleWithoutReplacement(candidates, count, stream)
  const flipped = given.slice()
  for (const sample of planted) flipped[sample] = 1 - from
  return { given: flipped, planted }
}

export interface SignalAudit {
  readonly signal: string
  /** Planted flips among the first k of the samples given the planted label; k = planted flips. */
  readonly foundAtK: number
  readonly recallAtK: number
  /** Share of the ranking to go through until half of the planted flips are found, in (0, 1]. */
  readonly shareToHalf: number
}

/**
 * What a signal ranks first, against the planted flips.
 *
 * Labels that were wrong before the planting count as misses: a recall of 1 can't be had, and
 * signals compare with each other rather than with perfection.
 *
 * @param doubt Per sample, higher = more doubtful; only samples given the planted label are ranked.
 *   Ties keep the lower position first; NaN comes last.
 */
export function auditSignal(
  signal: string,
  doubt: Float64Array,
  { given, planted }: PlantedFlips,
): SignalAudit {
  const k = planted.length
  const label = given[planted[0]!]!
  const isPlanted = new Uint8Array(given.length)
  for (const sample of planted) isPlanted[sample] = 1
  const ranked = Int32Array.from(given.keys()).filter((i) => given[i] === label)
  const order = argsortDescending(Float64Array.from(ranked, (i) => doubt[i]!))
  let found = 0
  let foundAtK = 0
  let toHalf = order.length
  order.forEach((at, rank) => {
    found += isPlanted[ranked[at]!]!
    if (rank === k - 1) foundAtK = found
    if (found * 2 >= k && rank < toHalf) toHalf = rank + 1
  })
  return {
    signal,
    foundAtK,
    recallAtK: foundAtK / k,
    shareToHalf: toHalf / order.length,
  }
}
