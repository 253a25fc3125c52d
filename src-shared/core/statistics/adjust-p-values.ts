import { argsortAscending } from '../math/order.ts'

/**
 * `bonferroni` and `holm` bound the chance of any false finding (Holm is never weaker);
 * `benjamini-hochberg` the expected share of false ones among the findings.
 */
export type Adjustment = 'bonferroni' | 'holm' | 'benjamini-hochberg'

/**
 * P-values adjusted for how many were looked at: a finding at level α is one whose adjusted value
 * is at most α.
 *
 * @param pValues In [0, 1].
 * @returns In the order given, each in [0, 1] and not below its p-value.
 * @throws RangeError when a p-value lies outside [0, 1].
 *
 * Source: Holm (1979), "A Simple Sequentially Rejective Multiple Test Procedure"; Benjamini and
 * Hochberg (1995), "Controlling the False Discovery Rate".
 */
export function adjustPValues(pValues: Float64Array, method: Adjustment): Float64Array {
  for (const p of pValues) {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`p-values must lie in [0, 1], got ${p}`)
  }
  const m = pValues.length
  if (method === 'bonferroni') return pValues.map((p) => Math.min(1, m * p))
  const order = argsortAscending(pValues)
  const adjusted = new Float64Array(m)
  if (method === 'holm') {
    let largest = 0
    for (let rank = 0; rank < m; rank++) {
      largest = Math.max(largest, Math.min(1, (m - rank) * pValues[order[rank]!]!))
      adjusted[order[rank]!] = largest
    }
    return adjusted
  }
  let least = 1
  for (let rank = m - 1; rank >= 0; rank--) {
    least = Math.min(least, (m / (rank + 1)) * pValues[order[rank]!]!)
    adjusted[order[rank]!] = least
  }
  return adjusted
}
