import { exp, ln } from './elementary.ts'

const MOST_STEPS = 300
const SMALLEST_LOG = -744 // below, e^u is 0

/**
 * The x > 0 at which a monotone tail probability takes a given value.
 *
 * Both sides are taken as logarithms: ln tail is nearly a straight line in ln x where it is small,
 * so that a false position (Illinois) settles in about ten steps, and an x of 1e-200 has as many
 * digits as one of 0.3.
 *
 * @param tail       In [0, 1], monotone in x.
 * @param target     In (0, 1).
 * @param increasing Whether `tail` grows with x.
 * @param start      Where to begin, > 0.
 * @param limit      No x is larger; Infinity if there is no limit.
 * @returns 0 or `limit` where the answer lies beyond doubles. After 300 steps the midpoint of what
 *   is left, which by then is as narrow as rounding allows.
 */
export function solveOnLogScale({
  tail,
  target,
  increasing,
  start,
  limit,
}: {
  readonly tail: (x: number) => number
  readonly target: number
  readonly increasing: boolean
  readonly start: number
  readonly limit: number
}): number {
  const direction = increasing ? 1 : -1
  const lnTarget = ln(target)
  const lnLimit = limit === Infinity ? 709 : ln(limit)
  // Increasing in u = ln x; below 0 left of the answer. A tail of 0 counts as a very small one.
  const heightAt = (u: number): number => {
    const value = tail(u === lnLimit && limit !== Infinity ? limit : exp(u))
    return direction * ((value > 0 ? ln(value) : -1e4) - lnTarget)
  }

  let low = Math.min(ln(start), lnLimit)
  let high = low
  let atLow = heightAt(low)
  let atHigh = atLow
  for (let step = 1; atLow > 0; step *= 2) {
    if (low <= SMALLEST_LOG) return 0
    high = low
    atHigh = atLow
    low = Math.max(SMALLEST_LOG, low - step)
    atLow = heightAt(low)
  }
  for (let step = 1; atHigh < 0; step *= 2) {
    if (high >= lnLimit) return limit
    low = high
    atLow = atHigh
    high = Math.min(lnLimit, high + step)
    atHigh = heightAt(high)
  }

  let lastSide = 0
  for (let step = 0; step < MOST_STEPS; step++) {
    if (atLow === 0) return exp(low)
    if (atHigh === 0) return exp(high)
    const width = high - low
    if (width <= 2e-16 * Math.max(1, Math.abs(low))) break
    // Every fourth step halves, whatever the secant says.
    const secant = low + (width * -atLow) / (atHigh - atLow)
    const middle = step % 4 === 3 || !(secant > low && secant < high) ? low + width / 2 : secant
    if (middle === low || middle === high) break
    const atMiddle = heightAt(middle)
    if (atMiddle <= 0) {
      low = middle
      atLow = atMiddle
      if (lastSide === -1) atHigh /= 2
      lastSide = -1
    } else {
      high = middle
      atHigh = atMiddle
      if (lastSide === 1) atLow /= 2
      lastSide = 1
    }
  }
  return exp(low + (high - low) / 2)
}
