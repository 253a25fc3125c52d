import type { Interval } from '../metrics/interval.ts'
import { meanInterval, unitSums } from '../metrics/mean-interval.ts'
import { mcNemarTest } from '../statistics/mcnemar.ts'

/** Whether one of two ways to decide is right more often, on the cases on which exactly one is. */
export interface Rightness {
  readonly cases: number
  /** Cases that only the first (second) decides right. */
  readonly onlyFirst: number
  readonly onlySecond: number
  /** McNemar's exact test, two-sided; null where it does not hold. */
  readonly pValue: number | null
  /** Why there is no p-value; null where there is one. */
  readonly reason: string | null
  /** Share of cases that the second decides right less that of the first, weighted; null without cases. */
  readonly difference: number | null
  /** Paired, 95 %; null with fewer than two cases or groups. */
  readonly interval: Interval | null
}

const LEVEL = 0.95

/**
 * McNemar's test, and the paired difference with its interval.
 *
 * The test takes every case for one toss of a coin. Where cases differ in weight or came together,
 * it does not hold; the interval knows weights and groups and does.
 *
 * @param first, second 1 where the case is decided right, of one length.
 * @param among   1 where a case is looked at; null for all.
 * @param weights ≥ 0 per case; null means 1 each.
 * @param groups  As for `meanInterval`.
 * @throws RangeError when lengths differ.
 */
export function rightnessOf({
  first,
  second,
  among,
  weights,
  groups,
}: {
  readonly first: Uint8Array
  readonly second: Uint8Array
  readonly among: Uint8Array | null
  readonly weights: Float64Array | null
  readonly groups: Int32Array | null
}): Rightness {
  for (const [name, values] of Object.entries({ second, among, weights, groups })) {
    if (values !== null && values.length !== first.length) {
      throw new RangeError(
        `${name} must have the length of first, got ${values.length} for ${first.length}`,
      )
    }
  }
  const cases = Int32Array.from(first.keys()).filter((i) => among === null || among[i] === 1)
  const gaps = Float64Array.from(cases, (i) => second[i]! - first[i]!)
  const weigh = weights && Float64Array.from(cases, (i) => weights[i]!)
  const together = groups && Int32Array.from(cases, (i) => groups[i]!)
  const count = (gap: number): number => gaps.reduce((sum, one) => sum + (one === gap ? 1 : 0), 0)
  const [onlyFirst, onlySecond] = [count(-1), count(1)]
  const reason = reasonAgainst(weigh, together)
  let total = 0
  let net = 0
  gaps.forEach((gap, i) => {
    total += weigh?.[i] ?? 1
    net += gap * (weigh?.[i] ?? 1)
  })
  return {
    ...{ cases: cases.length, onlyFirst, onlySecond },
    pValue: reason === null ? mcNemarTest(onlyFirst, onlySecond).exactPValue : null,
    reason,
    difference: total > 0 ? net / total : null,
    interval: meanInterval(gaps, weigh, together, LEVEL),
  }
}

function reasonAgainst(weights: Float64Array | null, groups: Int32Array | null): string | null {
  if (weights?.some((weight) => weight !== weights[0]) === true) return 'cases differ in weight'
  if (groups !== null && unitSums(new Float64Array(groups.length), groups).length < groups.length) {
    return 'some cases came together'
  }
  return null
}
