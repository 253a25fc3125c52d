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
 * Terms are summed away from the middle, where they fall, each a ratio of the one before, so that
 * none grows beyond all numbers; below the middle it is 1 less those beneath. The first goes through
 * logarithms.
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
    const term = (k: number): number =>
      exp(lnChoose(marked, k) + lnChoose(all - marked, drawn - k) - lnChoose(all, drawn))
    let sum = 1
    let ratio = 1
    if (found * all > drawn * marked) {
      for (let k = found; k < most && ratio > NOTHING * sum; k++) {
        ratio *= ((marked - k) * (drawn - k)) / ((k + 1) * (all - marked - drawn + k + 1))
        sum += ratio
      }
      return Math.min(1, term(found) * sum)
    }
    for (let k = found - 1; k > least && ratio > NOTHING * sum; k--) {
      ratio *= (k * (all - marked - drawn + k)) / ((marked - k + 1) * (drawn - k + 1))
      sum += ratio
    }
    return Math.max(0, 1 - term(found - 1) * sum)
  }
}

/** Share of a sum that adding it does not change. */
const NOTHING = 2 ** -60

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
