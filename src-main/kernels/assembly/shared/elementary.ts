// Ports of src-shared/core/math/elementary.ts with the same bits: the same operations in the same
// order. `exp2` and the like work on two doubles at once.

export const LN2_HIGH: f64 = 6.9314718036912381649e-1
export const LN2_LOW: f64 = 1.90821492927058770002e-10
export const INVERSE_LN2: f64 = 1.442695040888963387

export const EXP_1: f64 = 1.66666666666666019037e-1
export const EXP_2: f64 = -2.77777777770155933842e-3
export const EXP_3: f64 = 6.61375632143793436117e-5
export const EXP_4: f64 = -1.6533902205465251539e-6
export const EXP_5: f64 = 4.13813679705723846039e-8
/** k + 1023 as the exponent bits of a double: adding 2^52 puts the integer into the low bits. */
export const EXPONENT_SHIFT: f64 = 4503599627370496.0 + 1023.0

/** y · 2^k, rounded once, for k from −1075 to 1024. */
// @ts-ignore: decorator
@inline
function scaleByPowerOfTwo(y: f64, k: i32): f64 {
  if (k > 1023) return y * 2 * powerOfTwo(k - 1)
  if (k < -1074) return y * 0.5 * powerOfTwo(k + 1)
  return y * powerOfTwo(k)
}

/** 2^k for k from −1074 to 1023. */
// @ts-ignore: decorator
@inline
export function powerOfTwo(k: i32): f64 {
  return reinterpret<f64>(k >= -1022 ? (<u64>(k + 1023)) << 52 : (<u64>1) << (k + 1074))
}

/** e to the power x. */
export function exp(x: f64): f64 {
  if (x > 709.782712893383973096) return Infinity
  if (x < -745.13321910194110842) return 0
  if (x != x) return NaN
  const k = Math.floor(x * INVERSE_LN2 + 0.5)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const t = r * r
  const c = r - t * (EXP_1 + t * (EXP_2 + t * (EXP_3 + t * (EXP_4 + t * EXP_5))))
  const y = 1 - (low - (r * c) / (2 - c) - high)
  return scaleByPowerOfTwo(y, <i32>k)
}

/** e to the power of either lane. Lanes below −708 or above 709, or NaN, take the scalar way. */
export function exp2(x: v128): v128 {
  if (
    !v128.any_true(
      v128.not(v128.and(f64x2.ge(x, f64x2.splat(-708)), f64x2.le(x, f64x2.splat(709)))),
    )
  ) {
    return expInRange2(x)
  }
  return f64x2(exp(f64x2.extract_lane(x, 0)), exp(f64x2.extract_lane(x, 1)))
}

/** As `exp2` for lanes in [−708, 709]. */
// @ts-ignore: decorator
@inline
export function expInRange2(x: v128): v128 {
  return expWithConstants2(
    x,
    f64x2.splat(INVERSE_LN2),
    f64x2.splat(LN2_HIGH),
    f64x2.splat(LN2_LOW),
    f64x2.splat(EXP_1),
    f64x2.splat(EXP_2),
    f64x2.splat(EXP_3),
    f64x2.splat(EXP_4),
    f64x2.splat(EXP_5),
    f64x2.splat(EXPONENT_SHIFT),
  )
}

/** As `expInRange2`; a loop that can keep the constants in registers is faster. */
// @ts-ignore: decorator
@inline
export function expWithConstants2(
  x: v128,
  inverseLn2: v128,
  ln2High: v128,
  ln2Low: v128,
  c1: v128,
  c2: v128,
  c3: v128,
  c4: v128,
  c5: v128,
  exponentShift: v128,
): v128 {
  const k = f64x2.floor(f64x2.add(f64x2.mul(x, inverseLn2), f64x2.splat(0.5)))
  const high = f64x2.sub(x, f64x2.mul(k, ln2High))
  const low = f64x2.mul(k, ln2Low)
  const r = f64x2.sub(high, low)
  const t = f64x2.mul(r, r)
  let p = f64x2.add(c4, f64x2.mul(t, c5))
  p = f64x2.add(c3, f64x2.mul(t, p))
  p = f64x2.add(c2, f64x2.mul(t, p))
  p = f64x2.add(c1, f64x2.mul(t, p))
  const c = f64x2.sub(r, f64x2.mul(t, p))
  const quotient = f64x2.div(f64x2.mul(r, c), f64x2.sub(f64x2.splat(2), c))
  const y = f64x2.sub(f64x2.splat(1), f64x2.sub(f64x2.sub(low, quotient), high))
  const bits = f64x2.add(k, exponentShift)
  return f64x2.mul(y, i64x2.shl(bits, 52))
}

/** Natural logarithm. −Infinity at 0, NaN below. */
export function ln(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN
  if (x == Infinity) return Infinity
  let k = 0
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984
    k = -54
  }
  const own = exponentOf(x)
  k += own
  const f = x * powerOfTwo(-own) - 1
  const s = f / (2 + f)
  const halfSquare = 0.5 * f * f
  return s * (halfSquare + logarithmTail(s)) + <f64>k * LN2_LOW - halfSquare + f + <f64>k * LN2_HIGH
}

/** ln(1 + x). −Infinity at −1, NaN below. */
export function log1p(x: f64): f64 {
  if (!(x > -1)) return x == -1 ? -Infinity : NaN
  if (x == Infinity) return Infinity
  if (x > -1.1102230246251565e-16 && x < 1.1102230246251565e-16) return x
  let k = 0
  let correction: f64 = 0
  let f = x
  if (x <= -0.2928932188134524 || x >= 0.41421356237309503) {
    const u = 1 + x
    k = exponentOf(u)
    correction = k < 54 ? (k >= 2 ? 1 - (u - x) : x - (u - 1)) / u : 0
    f = u * powerOfTwo(-k) - 1
  }
  const s = f / (2 + f)
  const halfSquare = 0.5 * f * f
  return (
    s * (halfSquare + logarithmTail(s)) +
    (<f64>k * LN2_LOW + correction) -
    halfSquare +
    f +
    <f64>k * LN2_HIGH
  )
}

// @ts-ignore: decorator
@inline
function exponentOf(x: f64): i32 {
  return ((<i32>(reinterpret<u64>(x) >> 32) + (0x3ff00000 - 0x3fe6a09e)) >> 20) - 0x3ff
}

// @ts-ignore: decorator
@inline
function logarithmTail(s: f64): f64 {
  const z = s * s
  const w = z * z
  const even =
    w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1))
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)))
  return even + odd
}

/** ln(1 + x) of lanes in [0, 1]. */
// @ts-ignore: decorator
@inline
export function log1pOfFraction2(x: v128): v128 {
  const half = f64x2.splat(0.5)
  const one = f64x2.splat(1)
  const isBig = f64x2.ge(x, f64x2.splat(0.41421356237309503))
  const u = f64x2.add(one, x)
  const lost = f64x2.div(f64x2.sub(x, f64x2.sub(u, one)), u)
  const f = v128.bitselect(f64x2.sub(f64x2.mul(u, half), one), x, isBig)
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2), f))
  const halfSquare = f64x2.mul(f64x2.mul(half, f), f)
  const z = f64x2.mul(s, s)
  const w = f64x2.mul(z, z)
  let even = f64x2.add(
    f64x2.splat(2.222219843214978396e-1),
    f64x2.mul(w, f64x2.splat(1.531383769920937332e-1)),
  )
  even = f64x2.mul(w, f64x2.add(f64x2.splat(3.999999999940941908e-1), f64x2.mul(w, even)))
  let odd = f64x2.add(
    f64x2.splat(1.818357216161805012e-1),
    f64x2.mul(w, f64x2.splat(1.479819860511658591e-1)),
  )
  odd = f64x2.add(f64x2.splat(2.857142874366239149e-1), f64x2.mul(w, odd))
  odd = f64x2.mul(z, f64x2.add(f64x2.splat(6.66666666666673513e-1), f64x2.mul(w, odd)))
  const tail = f64x2.add(even, odd)
  const low = v128.and(f64x2.add(f64x2.splat(LN2_LOW), lost), isBig)
  let sum = f64x2.add(f64x2.mul(s, f64x2.add(halfSquare, tail)), low)
  sum = f64x2.add(f64x2.sub(sum, halfSquare), f)
  sum = f64x2.add(sum, v128.and(f64x2.splat(LN2_HIGH), isBig))
  return v128.bitselect(x, sum, f64x2.lt(x, f64x2.splat(1.1102230246251565e-16)))
}
