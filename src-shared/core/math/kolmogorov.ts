/**
 * The distribution of the largest gap between the distribution function of n uniform numbers and
 * the straight line: D of the one-sample Kolmogorov-Smirnov test, for finite n.
 *
 * No one formula serves everywhere. Near the ends there are closed forms (Ruben and Gambino). In
 * the upper tail twice the one-sided probability (Smirnov's sum) is as good as exact, since gaps of
 * that size on both sides hardly occur together. In between Durbin's matrix is exact for small
 * n · d, and the expansion of Pelz and Good serves for the rest.
 *
 * Source: Simard and L'Ecuyer (2011), "Computing the Two-Sided Kolmogorov-Smirnov Distribution",
 * Journal of Statistical Software 39(11), for who serves where; Marsaglia, Tsang and Wang (2003),
 * "Evaluating Kolmogorov's Distribution", for the matrix.
 */
import { exp, ln, log1p, pow } from './elementary.ts'
import { binomialTerm } from './incomplete-beta.ts'
import { stirlingError } from './gamma.ts'

const PI = 3.141592653589793
const PI_2 = PI * PI
const ROOT_2PI = 2.5066282746310002
const HALF_LN_2PI = 0.9189385332046727
const MATRIX_UP_TO = 140 // samples for which the matrix serves wherever the tail does not

/**
 * Probability that D of n samples is at least d.
 *
 * @param n A positive integer.
 * @param d In [0, 1].
 * @throws RangeError when n or d lies outside its range.
 *
 * At least about 5 digits everywhere (Pelz and Good), mostly 12. O(n), or O((n d)³ log n) where the
 * matrix serves, which keeps n d below 25 for up to 140 samples and below 60 beyond.
 */
export function kolmogorovTail(n: number, d: number): number {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new RangeError(`n must be a positive integer, got ${n}`)
  }
  if (!(d >= 0 && d <= 1)) throw new RangeError(`d must lie in [0, 1], got ${d}`)
  const t = n * d
  if (d === 1) return 0
  if (t <= 0.5) return 1
  if (t <= 1) return 1 - exp(lnFactorialShare(n) + n * ln(2 * t - 1))
  if (t >= n - 1) return 2 * exp(n * log1p(-d))
  const size = t * d
  const tailFrom = n <= MATRIX_UP_TO ? 4 : 2.2
  if (d >= 0.5 || size >= tailFrom) return size >= 370 ? 0 : Math.min(1, 2 * smirnovTail(n, d))
  const byMatrix = n <= MATRIX_UP_TO || (n <= 100_000 && n * pow(d, 1.5) <= 1.4)
  return 1 - (byMatrix ? durbinMatrix(n, d) : pelzGood(n, d))
}

/** ln(n! / nⁿ). */
function lnFactorialShare(n: number): number {
  return ln(n) / 2 - n + HALF_LN_2PI + stirlingError(n)
}

/**
 * Probability that the one-sided gap of n samples is at least d:
 * d · Σ C(n, j) (d + j/n)^(j − 1) (1 − d − j/n)^(n − j) over j ≤ n (1 − d). All terms are positive.
 */
function smirnovTail(n: number, d: number): number {
  const last = Math.floor(n * (1 - d))
  let sum = 0
  for (let j = 0; j <= last; j++) {
    const p = d + j / n
    const q = 1 - p
    if (q < 0) break
    sum += binomialTerm(j, n - j, p, q) / p
  }
  return d * sum
}

const LARGE = 1e140

/** Probability that D of n samples lies below d, exactly, from the n-th power of a matrix. */
function durbinMatrix(n: number, d: number): number {
  const k = Math.ceil(n * d)
  const h = k - n * d
  const size = 2 * k - 1
  let matrix = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size && column <= row + 1; column++) {
      matrix[row * size + column] = 1
    }
  }
  let power = 1
  for (let row = 0; row < size; row++) {
    power *= h
    matrix[row * size] = matrix[row * size]! - power
    matrix[(size - 1) * size + (size - 1 - row)]! -= power
  }
  if (2 * h > 1) matrix[(size - 1) * size]! += pow(2 * h - 1, size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let factorial = 1
      for (let g = 2; g <= row - column + 1; g++) factorial *= g
      matrix[row * size + column]! /= factorial
    }
  }

  // Powers are kept in range by taking out 10^140 whenever the middle element grows beyond it.
  let result = Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0))
  let resultScale = 0
  let matrixScale = 0
  const middle = (k - 1) * size + (k - 1)
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      result = multiply(result, matrix, size)
      resultScale += matrixScale
      if (result[middle]! > LARGE) {
        result = result.map((value) => value / LARGE)
        resultScale += 1
      }
    }
    matrix = multiply(matrix, matrix, size)
    matrixScale *= 2
    if (matrix[middle]! > LARGE) {
      matrix = matrix.map((value) => value / LARGE)
      matrixScale += 1
    }
  }
  let value = result[middle]!
  for (let i = 1; i <= n; i++) {
    value = (value * i) / n
    if (value < 1 / LARGE) {
      value *= LARGE
      resultScale -= 1
    }
  }
  for (; resultScale > 0; resultScale--) value *= LARGE
  for (; resultScale < 0; resultScale++) value /= LARGE
  return value
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const product = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    for (let inner = 0; inner < size; inner++) {
      const factor = a[row * size + inner]!
      if (factor === 0) continue
      for (let column = 0; column < size; column++) {
        product[row * size + column]! += factor * b[inner * size + column]!
      }
    }
  }
  return product
}

/**
 * Probability that D of n samples lies below d, for large n: the limit of Kolmogorov and three
 * corrections in powers of 1/√n.
 *
 * Source: Pelz and Good (1976), "Approximating the Lower Tail-Areas of the Kolmogorov-Smirnov
 * One-Sample Statistic", eq. 6 and 7.
 */
function pelzGood(n: number, d: number): number {
  const z = Math.sqrt(n) * d
  const z2 = z * z
  const z4 = z2 * z2
  const z6 = z4 * z2
  const z8 = z4 * z4
  const decay = -PI_2 / (8 * z2)
  if (decay < -708) return 0
  const last = Math.ceil((16 * z) / PI)
  let k0 = 0
  let k1 = 0
  let k2 = 0
  let k3 = 0
  let k2Extra = 0
  let k3Extra = 0
  for (let k = last; k >= 1; k--) {
    const m2 = (2 * k - 1) * (2 * k - 1)
    const m4 = m2 * m2
    const odd = exp(decay * m2)
    k0 += odd
    k1 += odd * ((PI_2 / 4) * m2 - z2)
    k2 +=
      odd *
      (6 * z6 +
        2 * z4 +
        (PI_2 / 4) * (2 * z4 - 5 * z2) * m2 +
        ((PI_2 * PI_2) / 16) * (1 - 2 * z2) * m4)
    k3 +=
      odd *
      (-30 * z6 -
        90 * z8 +
        (PI_2 / 4) * (135 * z4 - 96 * z6) * m2 +
        ((PI_2 * PI_2) / 16) * (212 * z4 - 60 * z2) * m4 +
        ((PI_2 * PI_2 * PI_2) / 64) * (5 - 30 * z2) * m4 * m2)
    const all = exp(4 * decay * k * k) * k * k
    k2Extra += all
    k3Extra += all * (3 * z2 - PI_2 * k * k)
  }
  const z3 = z * z2
  return (
    (k0 * ROOT_2PI) / z +
    (k1 * ROOT_2PI) / (6 * z4) / Math.sqrt(n) +
    ((k2 * ROOT_2PI) / (72 * z6 * z) - (k2Extra * PI_2 * ROOT_2PI) / (36 * z3)) / n +
    ((k3 * ROOT_2PI) / (6480 * z8 * z2) + (k3Extra * PI_2 * ROOT_2PI) / (216 * z6)) /
      (n * Math.sqrt(n))
  )
}
