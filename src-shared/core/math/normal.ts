import { exp, ln } from './elementary.ts'

/** Value of a polynomial with coefficients from the constant term up. */
function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + coefficients[i]!
  return value
}

// AS 241, PPND16: numerator and denominator for the middle, the near and the far tail.
const MIDDLE = [
  [
    3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
    45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ],
  [
    1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867,
    39307.89580009271061, 28729.085735721942674, 5226.495278852854561,
  ],
] as const
const NEAR_TAIL = [
  [
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833,
    7.7454501427834140764e-4,
  ],
  [
    1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455,
    0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4,
    1.05075007164441684324e-9,
  ],
] as const
const FAR_TAIL = [
  [
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
    0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5,
    2.01033439929228813265e-7,
  ],
  [
    1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525,
    7.868691311456132591e-4, 1.8463183175100546818e-5, 1.4215117583164458887e-7,
    2.04426310338993978564e-15,
  ],
] as const

/**
 * The x below which a standard normal variable falls with probability p, to about 16 digits.
 *
 * @param p In [0, 1]; 0 gives −Infinity, 1 gives Infinity.
 * @throws RangeError when p lies outside [0, 1].
 *
 * Source: Wichura (1988), "Algorithm AS 241: The Percentage Points of the Normal Distribution".
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must lie in [0, 1], got ${p}`)
  if (p === 0) return -Infinity
  if (p === 1) return Infinity
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(MIDDLE[0], r)) / polynomial(MIDDLE[1], r)
  }
  const root = Math.sqrt(-ln(q < 0 ? p : 1 - p))
  const [tail, r] = root <= 5 ? ([NEAR_TAIL, root - 1.6] as const) : ([FAR_TAIL, root - 5] as const)
  const distance = polynomial(tail[0], r) / polynomial(tail[1], r)
  return q < 0 ? -distance : distance
}

/**
 * Probability that a standard normal variable falls below x. NaN for NaN.
 *
 * The lower tail stays meaningful down to the smallest doubles; rounding x/√2 costs it a digit
 * near x = −10 and three near −37.
 */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x * 0.7071067811865476)
}

const CENTRE = [
  [
    1.28379167095512558561e-1, -3.2504210724700149937e-1, -2.84817495755985104766e-2,
    -5.77027029648944159157e-3, -2.37630166566501626084e-5,
  ],
  [
    1, 3.97917223959155352819e-1, 6.50222499887672944485e-2, 5.08130628187576562776e-3,
    1.32494738004321644526e-4, -3.9602282787753681232e-6,
  ],
] as const
const AROUND_ONE = [
  [
    -2.36211856075265944077e-3, 4.14856118683748331666e-1, -3.72207876035701323847e-1,
    3.18346619901161753674e-1, -1.10894694282396677476e-1, 3.54783043256182359371e-2,
    -2.166375594868790843e-3,
  ],
  [
    1, 1.06420880400844228286e-1, 5.40397917702171048937e-1, 7.18286544141962662868e-2,
    1.26171219808761642112e-1, 1.36370839120290507362e-2, 1.1984499846799107417e-2,
  ],
] as const
const ERF_OF_ONE = 8.45062911510467529297e-1 // to 24 bits; the fit above is of the difference
const NEAR_END = [
  [
    -9.86494403484714822705e-3, -6.93858572707181764372e-1, -1.05586262253232909814e1,
    -6.23753324503260060396e1, -1.62396669462573470355e2, -1.84605092906711035994e2,
    -8.12874355063065934246e1, -9.81432934416914548592,
  ],
  [
    1, 1.96512716674392571292e1, 1.376577541435190426e2, 4.34565877475229228821e2,
    6.45387271733267880336e2, 4.29008140027567833386e2, 1.08635005541779435134e2,
    6.57024977031928170135, -6.04244152148580987438e-2,
  ],
] as const
const FAR_END = [
  [
    -9.86494292470009928597e-3, -7.99283237680523006574e-1, -1.77579549177547519889e1,
    -1.60636384855821916062e2, -6.37566443368389627722e2, -1.02509513161107724954e3,
    -4.83519191608651397019e2,
  ],
  [
    1, 3.03380607434824582924e1, 3.25792512996573918826e2, 1.53672958608443695994e3,
    3.19985821950859553908e3, 2.55305040643316442583e3, 4.74528541206955367215e2,
    -2.24409524465858183362e1,
  ],
] as const

const ratio = (fit: readonly [readonly number[], readonly number[]], x: number): number =>
  polynomial(fit[0], x) / polynomial(fit[1], x)

/**
 * 1 − erf(x) = 2/√π ∫ e^(−t²) dt from x on, in [0, 2]; small values keep their digits.
 *
 * Source: the intervals and coefficients of Sun's fdlibm (1993), s_erf.
 */
export function erfc(x: number): number {
  if (x !== x) return NaN
  const size = Math.abs(x)
  if (size < 0.84375) {
    const erfOverX = ratio(CENTRE, x * x)
    return x < 0.25 ? 1 - (x + x * erfOverX) : 0.5 - (x - 0.5 + x * erfOverX)
  }
  if (size < 1.25) {
    const difference = ratio(AROUND_ONE, size - 1)
    return x >= 0 ? 1 - ERF_OF_ONE - difference : 1 + (ERF_OF_ONE + difference)
  }
  if (size >= 28) return x > 0 ? 0 : 2
  const s = 1 / (size * size)
  const tail = ratio(size < 1 / 0.35 ? NEAR_END : FAR_END, s)
  // −x² is split so that its rounding does not reach the exponential: `short` squared is exact.
  const short = Math.fround(size)
  const value = (exp(-short * short - 0.5625) * exp((short - size) * (short + size) + tail)) / size
  return x > 0 ? value : 2 - value
}
