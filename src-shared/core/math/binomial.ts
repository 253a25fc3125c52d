import { exp, ln, log1p } from './elementary.ts'
import type { RandomStream } from './random.ts'

const INVERSION_BELOW = 10 // the rejection method is made for means of at least 10

/**
 * Draws from the binomial distribution: successes among `n` trials of probability `p`.
 *
 * The draw is exact, not a normal approximation. Means below 10 are drawn by inversion, larger
 * ones by transformed rejection, whose cost does not grow with n.
 *
 * @param n A non-negative integer.
 * @param p In [0, 1].
 * @throws RangeError when n or p lies outside its range.
 *
 * Source: Hörmann (1993), "The Generation of Binomial Random Variates", J. Stat. Comput. Simul.
 * 46, algorithm BTRS.
 */
export function drawBinomial(n: number, p: number, stream: RandomStream): number {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new RangeError(`n must be a non-negative integer, got ${n}`)
  }
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must lie in [0, 1], got ${p}`)
  if (n === 0 || p === 0) return 0
  if (p > 0.5) return n - drawUpToHalf(n, 1 - p, stream)
  return drawUpToHalf(n, p, stream)
}

function drawUpToHalf(n: number, p: number, stream: RandomStream): number {
  return n * p < INVERSION_BELOW ? drawByInversion(n, p, stream) : drawByRejection(n, p, stream)
}

/** Walks up the distribution function until it passes a uniform number. */
function drawByInversion(n: number, p: number, stream: RandomStream): number {
  const odds = p / (1 - p)
  let probability = exp(n * log1p(-p))
  let rest = stream.uniform()
  let successes = 0
  // Stops at n, where rounding alone can leave anything of the uniform number.
  while (rest >= probability && successes < n) {
    rest -= probability
    successes += 1
    probability *= (odds * (n - successes + 1)) / successes
  }
  return successes
}

function drawByRejection(n: number, p: number, stream: RandomStream): number {
  const deviation = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * deviation
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const c = n * p + 0.5
  const squeeze = 0.92 - 4.2 / b
  for (;;) {
    const u = stream.uniform() - 0.5
    const v = 1 - stream.uniform() // in (0, 1]: its logarithm is taken
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + c)
    if (us >= 0.07 && v <= squeeze) return k
    if (!(k >= 0 && k <= n)) continue

    const alpha = (2.83 + 5.1 / b) * deviation
    const odds = p / (1 - p)
    const mode = Math.floor((n + 1) * p)
    const accepted =
      (mode + 0.5) * ln((mode + 1) / (odds * (n - mode + 1))) +
      (n + 1) * ln((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * ln((odds * (n - k + 1)) / (k + 1)) +
      stirlingRest(mode) +
      stirlingRest(n - mode) -
      stirlingRest(k) -
      stirlingRest(n - k)
    if (ln((v * alpha) / (a / (us * us) + b)) <= accepted) return k
  }
}

/** ln k! − ½ ln 2π − (k + ½) ln(k + 1) + k + 1 for k = 0 … 9. */
const STIRLING_REST = [
  0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509,
  0.01664469118982119, 0.01387612882307075, 0.01189670994589177, 0.01041126526197209,
  0.009255462182712733, 0.008330563433362871,
]

function stirlingRest(k: number): number {
  if (k < STIRLING_REST.length) return STIRLING_REST[k]!
  const x = k + 1
  const square = x * x
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / x
}
