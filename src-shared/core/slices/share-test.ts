/** What keeps chance out where the shares of many slices are held against the rest. */
import { exp } from '../math/elementary.ts'
import { lnGamma } from '../math/gamma.ts'

/** A part of all, and how many of what is looked for lie in it. */
interface Share {
  readonly among: number
  readonly found: number
}

/**
 * Probability that of `drawn` taken at random from `all`, among which `marked` are marked, so many or
 * more are marked ones.
 *
 * The terms are summed upward from the observed count, each a ratio of the one before; the first
 * goes through logarithms.
 */
export function hypergeometricTail(
  all: number,
  marked: number,
): (drawn: number, found: number) => number {
  const lnChoose = (n: number, k: number): number =>
    lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1)
  return (drawn, found) => {
    const least = Math.max(0, drawn - (all - marked))
    if (found <= least) return 1
    const most = Math.min(drawn, marked)
    const first = exp(
      lnChoose(marked, found) + lnChoose(all - marked, drawn - found) - lnChoose(all, drawn),
    )
    let sum = 1
    let term = 1
    for (let k = found; k < most; k++) {
      term *= ((marked - k) * (drawn - k)) / ((k + 1) * (all - marked - drawn + k + 1))
      sum += term
    }
    return Math.min(1, first * sum)
  }
}

/**
 * Weight of the common share when those of slices are drawn towards it, in what they are shares of:
 * from how much more they vary than they would by chance (method of moments for a beta
 * distribution). Infinity: no more than chance.
 *
 * @param slices By one column each.
 * @param share  Of all.
 */
export function priorWeight(slices: readonly Share[], share: number): number {
  let spread = 0
  let chance = 0
  let weight = 0
  for (const { among, found } of slices) {
    const difference = found / among - share
    spread += among * difference * difference
    chance += share * (1 - share)
    weight += among
  }
  const between = weight > 0 ? (spread - chance) / weight : 0
  return between > 0 ? Math.max(1, (share * (1 - share)) / between - 1) : Infinity
}

/** A share drawn towards the common one as if so many more of common share stood with it. */
export function drawnShare({ among, found }: Share, share: number, prior: number): number {
  return prior === Infinity ? share : (found + prior * share) / (among + prior)
}
