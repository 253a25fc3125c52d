// ln(1 + x) of two doubles at once, with the bits of src-shared/core/math/elementary.ts: the same
// operations in the same order, and branches turned into choices between lanes.

const LN2_HIGH: f64 = 6.9314718036912381649e-1
const LN2_LOW: f64 = 1.90821492927058770002e-10

// @ts-ignore: decorator
@inline
function times(a: v128, b: v128): v128 {
  return f64x2.mul(a, b)
}

// @ts-ignore: decorator
@inline
function plus(a: v128, b: v128): v128 {
  return f64x2.add(a, b)
}

// @ts-ignore: decorator
@inline
function minus(a: v128, b: v128): v128 {
  return f64x2.sub(a, b)
}

// @ts-ignore: decorator
@inline
function both(x: f64): v128 {
  return f64x2.splat(x)
}

/** ln(1 + x) for two x in [0, 1]; NaN for NaN. */
// @ts-ignore: decorator
@inline
export function log1pOfUnit2(x: v128): v128 {
  let f = x
  let k = both(0)
  let correction = both(0)
  const large = f64x2.ge(x, both(0.41421356237309503))
  if (v128.any_true(large)) {
    const u = plus(both(1), x)
    // u lies in [√2, 2], so that k is 1.
    const rounded = f64x2.div(minus(x, minus(u, both(1))), u)
    k = v128.and(large, both(1))
    correction = v128.and(large, rounded)
    f = v128.bitselect(minus(times(u, both(0.5)), both(1)), x, large)
  }
  const s = f64x2.div(f, plus(both(2), f))
  const halfSquare = times(times(both(0.5), f), f)
  const z = times(s, s)
  const w = times(z, z)
  const even = times(
    w,
    plus(
      both(3.999999999940941908e-1),
      times(w, plus(both(2.222219843214978396e-1), times(w, both(1.531383769920937332e-1)))),
    ),
  )
  let odd = plus(both(1.818357216161805012e-1), times(w, both(1.479819860511658591e-1)))
  odd = plus(both(2.857142874366239149e-1), times(w, odd))
  odd = times(z, plus(both(6.66666666666673513e-1), times(w, odd)))
  let sum = times(s, plus(halfSquare, plus(even, odd)))
  sum = plus(sum, plus(times(k, both(LN2_LOW)), correction))
  sum = plus(plus(minus(sum, halfSquare), f), times(k, both(LN2_HIGH)))
  const tiny = f64x2.lt(x, both(1.1102230246251565e-16))
  return v128.bitselect(x, sum, tiny)
}
