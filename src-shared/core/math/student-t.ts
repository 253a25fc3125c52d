import { betaQuantile, incompleteBeta, type Tails } from './incomplete-beta.ts'

/**
 * Probability that a Student t variable lies below t, and above it. Small tails keep their digits.
 *
 * @param degrees Degrees of freedom, > 0, not necessarily whole.
 * @throws RangeError when t is NaN or `degrees` is not above 0.
 */
export function studentTails(t: number, degrees: number): Tails {
  if (Number.isNaN(t)) throw new RangeError('t must be a number, got NaN')
  const square = t * t
  const near = degrees / (degrees + square)
  const far = square === Infinity ? 1 : square / (degrees + square)
  const beyond = incompleteBeta(near, far, degrees / 2, 0.5).lower / 2
  return t < 0 ? { lower: beyond, upper: 1 - beyond } : { lower: 1 - beyond, upper: beyond }
}

/**
 * The t below which a Student t variable falls with probability p.
 *
 * @param p       In [0, 1]; 0 gives −Infinity, 1 gives Infinity.
 * @param degrees Degrees of freedom, > 0.
 * @throws RangeError when p lies outside [0, 1] or `degrees` is not above 0.
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must lie in [0, 1], got ${p}`)
  if (p === 0.5) return 0
  const beyond = p < 0.5 ? p : 1 - p // in one tail
  if (beyond === 0) return p < 0.5 ? -Infinity : Infinity
  // t² / (degrees + t²) is a beta variable; the smaller of it and its complement is solved for.
  let ratio: number
  if (beyond < 0.25) {
    const near = betaQuantile(2 * beyond, degrees / 2, 0.5)
    ratio = (1 - near) / near
  } else {
    const far = betaQuantile(1 - 2 * beyond, 0.5, degrees / 2)
    ratio = far / (1 - far)
  }
  const size = Math.sqrt(degrees * ratio)
  return p < 0.5 ? -size : size
}
