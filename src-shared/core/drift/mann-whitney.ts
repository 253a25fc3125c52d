import { normalCdf } from '../math/normal.ts'
import { argsortAscending } from '../math/order.ts'

export interface MannWhitney {
  /** Pairs in which the reference is larger, ties counting ½. ÷ n·m it is a ROC AUC. */
  readonly u: number
  /** Two-sided, by the normal approximation with corrections for ties and continuity. */
  readonly pValue: number
}

/**
 * Whether values of one side tend to be larger.
 *
 * @param reference, current At least one number each, no NaN.
 * @returns null when all values are equal: nothing is larger, and there is no spread to compare to.
 *
 * Source: Mann and Whitney (1947), "On a Test of Whether one of Two Random Variables is
 * Stochastically Larger than the Other".
 */
export function mannWhitney(reference: Float64Array, current: Float64Array): MannWhitney | null {
  const n = reference.length
  const m = current.length
  if (n === 0 || m === 0) throw new RangeError('both sides need at least one number')
  const all = new Float64Array(n + m)
  all.set(reference)
  all.set(current, n)
  const order = argsortAscending(all)
  let rankSum = 0
  let ties = 0
  for (let start = 0; start < order.length;) {
    let end = start
    let own = 0
    while (end < order.length && all[order[end]!] === all[order[start]!]) {
      if (order[end]! < n) own++
      end++
    }
    const size = end - start
    rankSum += own * ((start + 1 + end) / 2)
    ties += size * size * size - size
    start = end
  }
  const u = rankSum - (n * (n + 1)) / 2
  const total = n + m
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))))
  if (!(deviation > 0)) return null
  const z = (Math.max(u, n * m - u) - (n * m) / 2 - 0.5) / deviation
  return { u, pValue: Math.min(1, 2 * normalCdf(-z)) }
}
