// Logistic regression: see src-shared/core/kernels/logistic.ts for what each function computes and
// in which order it adds. Two doubles of a vector are two of the interleaved sums, or two features.
import { exp2 } from './shared/elementary'
import { log1pOfUnit2 } from './shared/log1p'

const SAMPLES_AT_ONCE: i32 = 64 // their features stay in the first-level cache between passes

// @ts-ignore: decorator
@inline
function madd(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b))
}

// @ts-ignore: decorator
@inline
function at8(base: usize, i: i32): usize {
  return base + (<usize>i << 3)
}

export function evaluate(
  start: i32,
  end: i32,
  nFeatures: i32,
  values: usize,
  yTrue: usize,
  lossWeights: usize,
  parameters: usize,
  slopes: usize,
  curvatures: usize,
  losses: usize,
  blockSums: usize,
): f64 {
  memory.fill(blockSums, 0, <usize>(nFeatures + 1) << 3)
  let loss: f64 = 0
  let slopeSum: f64 = 0
  for (let from = start; from < end; from += SAMPLES_AT_ONCE) {
    const to = min(from + SAMPLES_AT_ONCE, end)
    dotRows(from, to, nFeatures, values, parameters, slopes)
    derivatives(from, to, yTrue, lossWeights, slopes, curvatures, losses)
    for (let i = 0; i < to - from; i++) loss += load<f64>(at8(losses, i))
    for (let i = from; i < to; i++) slopeSum += load<f64>(at8(slopes, i))
    addScaledRows(from, to, nFeatures, values, slopes, blockSums, 0)
  }
  store<f64>(at8(blockSums, nFeatures), slopeSum)
  return loss
}

/** logits = intercept + values · parameters, two samples at a time. */
function dotRows(
  start: i32,
  end: i32,
  nFeatures: i32,
  values: usize,
  parameters: usize,
  logits: usize,
): void {
  const stride = <usize>nFeatures << 3
  const whole = nFeatures & ~3
  const intercept = f64x2.splat(load<f64>(at8(parameters, nFeatures)))
  let row = values + <usize>start * stride
  let i = start
  for (; i < end; i += 2) {
    // The last of an odd number is taken twice.
    const other = i + 1 < end ? row + stride : row
    let a01 = f64x2.splat(0)
    let a23 = a01
    let b01 = a01
    let b23 = a01
    let j: usize = 0
    for (const stop = <usize>whole << 3; j < stop; j += 32) {
      const p01 = v128.load(parameters + j)
      const p23 = v128.load(parameters + j, 16)
      a01 = madd(a01, v128.load(row + j), p01)
      a23 = madd(a23, v128.load(row + j, 16), p23)
      b01 = madd(b01, v128.load(other + j), p01)
      b23 = madd(b23, v128.load(other + j, 16), p23)
    }
    let s0 = v128.shuffle<f64>(a01, b01, 0, 2)
    const s1 = v128.shuffle<f64>(a01, b01, 1, 3)
    for (; j < stride; j += 8) {
      const pair = f64x2.replace_lane(v128.load64_zero(row + j), 1, load<f64>(other + j))
      s0 = madd(s0, pair, v128.load64_splat(parameters + j))
    }
    const s23 = f64x2.add(v128.shuffle<f64>(a23, b23, 0, 2), v128.shuffle<f64>(a23, b23, 1, 3))
    const z = f64x2.add(intercept, f64x2.add(f64x2.add(s0, s1), s23))
    if (i + 1 < end) v128.store(at8(logits, i), z)
    else store<f64>(at8(logits, i), f64x2.extract_lane(z, 0))
    row = other + stride
  }
}

/** Log loss and its derivatives in the logits; slopes take the place of logits. */
function derivatives(
  start: i32,
  end: i32,
  yTrue: usize,
  lossWeights: usize,
  slopes: usize,
  curvatures: usize,
  losses: usize,
): void {
  const one = f64x2.splat(1)
  for (let i = start; i < end; i += 2) {
    const isPair = i + 1 < end
    const label0 = load<u8>(yTrue + i) != 0
    const label1 = isPair && load<u8>(yTrue + i, 1) != 0
    const slope = at8(slopes, i)
    const z = isPair ? v128.load(slope) : v128.load64_zero(slope)
    const weights = at8(lossWeights, i)
    const weight = isPair ? v128.load(weights) : v128.load64_zero(weights)
    const size = f64x2.abs(z)
    const e = exp2(f64x2.neg(size))
    const likelier = f64x2.div(one, f64x2.add(one, e))
    const unlikelier = f64x2.mul(e, likelier)
    const isPositive = i64x2.replace_lane(i64x2.splat(label0 ? -1 : 0), 1, label1 ? -1 : 0)
    const disagrees = v128.xor(f64x2.gt(z, f64x2.splat(0)), isPositive)
    const missed = f64x2.mul(weight, v128.bitselect(likelier, unlikelier, disagrees))
    const loss = f64x2.mul(weight, f64x2.add(v128.and(disagrees, size), log1pOfUnit2(e)))
    const sign = v128.and(isPositive, i64x2.splat(i64.MIN_VALUE))
    const curvature = f64x2.mul(f64x2.mul(weight, likelier), unlikelier)
    const pull = v128.xor(missed, sign)
    if (isPair) {
      v128.store(slope, pull)
      v128.store(at8(curvatures, i), curvature)
      v128.store(at8(losses, i - start), loss)
    } else {
      store<f64>(slope, f64x2.extract_lane(pull, 0))
      store<f64>(at8(curvatures, i), f64x2.extract_lane(curvature, 0))
      store<f64>(at8(losses, i - start), f64x2.extract_lane(loss, 0))
    }
  }
}

/** What is added per feature value: 0: factor · x, 1: |factor| · |x|, 2: factor · x². */
// @ts-ignore: decorator
@inline
function term(sum: v128, factor: v128, x: v128, mode: i32): v128 {
  if (mode == 0) return madd(sum, factor, x)
  if (mode == 1) return madd(sum, f64x2.abs(factor), f64x2.abs(x))
  return madd(sum, f64x2.mul(factor, x), x)
}

/** sums[j] += factors[i] · values[i][j] or the like, sample by sample. */
// @ts-ignore: decorator
@inline
function addScaledRows(
  start: i32,
  end: i32,
  nFeatures: i32,
  values: usize,
  factors: usize,
  sums: usize,
  mode: i32,
): void {
  const stride = <usize>nFeatures << 3
  const first = values + <usize>start * stride
  const factorsFrom = at8(factors, start)
  const factorsTo = at8(factors, end)
  let j: usize = 0
  for (; j + 128 <= stride; j += 128) {
    const sum = sums + j
    let s0 = v128.load(sum)
    let s1 = v128.load(sum, 16)
    let s2 = v128.load(sum, 32)
    let s3 = v128.load(sum, 48)
    let s4 = v128.load(sum, 64)
    let s5 = v128.load(sum, 80)
    let s6 = v128.load(sum, 96)
    let s7 = v128.load(sum, 112)
    for (let at = factorsFrom, x = first + j; at < factorsTo; at += 8, x += stride) {
      const factor = v128.load64_splat(at)
      s0 = term(s0, factor, v128.load(x), mode)
      s1 = term(s1, factor, v128.load(x, 16), mode)
      s2 = term(s2, factor, v128.load(x, 32), mode)
      s3 = term(s3, factor, v128.load(x, 48), mode)
      s4 = term(s4, factor, v128.load(x, 64), mode)
      s5 = term(s5, factor, v128.load(x, 80), mode)
      s6 = term(s6, factor, v128.load(x, 96), mode)
      s7 = term(s7, factor, v128.load(x, 112), mode)
    }
    v128.store(sum, s0)
    v128.store(sum, s1, 16)
    v128.store(sum, s2, 32)
    v128.store(sum, s3, 48)
    v128.store(sum, s4, 64)
    v128.store(sum, s5, 80)
    v128.store(sum, s6, 96)
    v128.store(sum, s7, 112)
  }
  for (; j + 32 <= stride; j += 32) {
    let s0 = v128.load(sums + j)
    let s1 = v128.load(sums + j, 16)
    for (let at = factorsFrom, x = first + j; at < factorsTo; at += 8, x += stride) {
      const factor = v128.load64_splat(at)
      s0 = term(s0, factor, v128.load(x), mode)
      s1 = term(s1, factor, v128.load(x, 16), mode)
    }
    v128.store(sums + j, s0)
    v128.store(sums + j, s1, 16)
  }
  for (; j < stride; j += 8) {
    let s0 = v128.load64_zero(sums + j)
    for (let at = factorsFrom, x = first + j; at < factorsTo; at += 8, x += stride) {
      s0 = term(s0, v128.load64_zero(at), v128.load64_zero(x), mode)
    }
    store<f64>(sums + j, f64x2.extract_lane(s0, 0))
  }
}

export function addDiagonal(
  start: i32,
  end: i32,
  nFeatures: i32,
  values: usize,
  curvatures: usize,
  sums: usize,
): void {
  addScaledRows(start, end, nFeatures, values, curvatures, sums, 2)
  let sum = load<f64>(at8(sums, nFeatures))
  for (let i = start; i < end; i++) sum += load<f64>(at8(curvatures, i))
  store<f64>(at8(sums, nFeatures), sum)
}

export function addPulls(
  start: i32,
  end: i32,
  nFeatures: i32,
  values: usize,
  slopes: usize,
  sums: usize,
): void {
  addScaledRows(start, end, nFeatures, values, slopes, sums, 1)
  let sum = load<f64>(at8(sums, nFeatures))
  for (let i = start; i < end; i++) sum += Math.abs(load<f64>(at8(slopes, i)))
  store<f64>(at8(sums, nFeatures), sum)
}

/**
 * Fours of samples that are mostly not 0 are collected, up to 16 in a row, and added together: their
 * sums stay in registers, and are added to in the order of the samples.
 */
export function addHessian(
  start: i32,
  end: i32,
  nFeatures: i32,
  values: usize,
  curvatures: usize,
  hessian: usize,
  nonZero: usize,
  scaled: usize,
): void {
  const stride = <usize>nFeatures << 3
  let i = start
  let denseFrom = start
  for (; i + 4 <= end; i += 4) {
    if (countNonZero(values + <usize>i * stride, 4 * stride) < nFeatures) {
      addDense(denseFrom, i, nFeatures, values, curvatures, hessian, scaled)
      for (let k = i; k < i + 4; k++) addSparse(k, nFeatures, values, curvatures, hessian, nonZero)
      denseFrom = i + 4
    } else if (i + 4 - denseFrom == SAMPLES_AT_ONCE) {
      addDense(denseFrom, i + 4, nFeatures, values, curvatures, hessian, scaled)
      denseFrom = i + 4
    }
  }
  addDense(denseFrom, i, nFeatures, values, curvatures, hessian, scaled)
  for (; i < end; i++) addSparse(i, nFeatures, values, curvatures, hessian, nonZero)
}

/** How many of the doubles from `at` on are not 0; `length` in bytes, a multiple of 32. */
function countNonZero(at: usize, length: usize): i32 {
  const zero = f64x2.splat(0)
  let count = i64x2.splat(0)
  for (const end = at + length; at < end; at += 32) {
    count = i64x2.sub(count, f64x2.ne(v128.load(at), zero))
    count = i64x2.sub(count, f64x2.ne(v128.load(at, 16), zero))
  }
  return <i32>(i64x2.extract_lane(count, 0) + i64x2.extract_lane(count, 1))
}

function addSparse(
  i: i32,
  nFeatures: i32,
  values: usize,
  curvatures: usize,
  hessian: usize,
  nonZero: usize,
): void {
  const nParameters = nFeatures + 1
  const row = values + ((<usize>i * <usize>nFeatures) << 3)
  const curvature = load<f64>(at8(curvatures, i))
  const last = at8(hessian, nFeatures * nParameters)
  let count: i32 = 0
  for (let j = 0; j < nFeatures; j++) {
    const value = load<f64>(at8(row, j))
    if (value == 0) continue
    store<i32>(nonZero + (<usize>count << 2), j)
    count++
    const scaled = curvature * value
    const out = at8(hessian, j * nParameters)
    for (let q = 0; q < count; q++) {
      const k = load<i32>(nonZero + (<usize>q << 2))
      const entry = at8(out, k)
      store<f64>(entry, load<f64>(entry) + scaled * load<f64>(at8(row, k)))
    }
    store<f64>(at8(last, j), load<f64>(at8(last, j)) + scaled)
  }
  const corner = at8(last, nFeatures)
  store<f64>(corner, load<f64>(corner) + curvature)
}

/** a0 · x0 + a1 · x1 + (a2 · x2 + a3 · x3) for two features of four samples at `x`. */
// @ts-ignore: decorator
@inline
function ofFour(a0: v128, a1: v128, a2: v128, a3: v128, x: usize, stride: usize): v128 {
  const x2 = x + 2 * stride
  return f64x2.add(
    madd(f64x2.mul(a0, v128.load(x)), a1, v128.load(x + stride)),
    madd(f64x2.mul(a2, v128.load(x2)), a3, v128.load(x2 + stride)),
  )
}

function addDense(
  start: i32,
  end: i32,
  nFeatures: i32,
  values: usize,
  curvatures: usize,
  hessian: usize,
  scaled: usize,
): void {
  if (start >= end) return
  const stride = <usize>nFeatures << 3
  const rowStride = stride + 8
  const first = values + <usize>start * stride
  const nFours = (end - start) >> 2
  const fourStride = stride << 2

  for (let i = start, from = first, to = scaled; i < end; i++, from += stride, to += stride) {
    const curvature = load<f64>(at8(curvatures, i))
    const h = f64x2.splat(curvature)
    let j: usize = 0
    for (; j + 16 <= stride; j += 16) v128.store(to + j, f64x2.mul(h, v128.load(from + j)))
    if (j < stride) store<f64>(to + j, curvature * load<f64>(from + j))
  }

  let j: i32 = 0
  for (; j + 4 <= nFeatures; j += 4) {
    const jBytes = <usize>j << 3
    const out0 = hessian + <usize>j * rowStride
    const out1 = out0 + rowStride
    const out2 = out1 + rowStride
    const out3 = out2 + rowStride
    // Four rows, four columns; the last four columns reach above the diagonal, which nobody reads.
    for (let k: usize = 0; k <= jBytes; k += 32) {
      let s00 = v128.load(out0 + k)
      let s01 = v128.load(out0 + k, 16)
      let s10 = v128.load(out1 + k)
      let s11 = v128.load(out1 + k, 16)
      let s20 = v128.load(out2 + k)
      let s21 = v128.load(out2 + k, 16)
      let s30 = v128.load(out3 + k)
      let s31 = v128.load(out3 + k, 16)
      let x = first + k
      let a = scaled + jBytes
      for (let four = 0; four < nFours; four++, x += fourStride, a += fourStride) {
        const b = a + stride
        const c = b + stride
        const d = c + stride
        let a0 = v128.load64_splat(a)
        let a1 = v128.load64_splat(b)
        let a2 = v128.load64_splat(c)
        let a3 = v128.load64_splat(d)
        s00 = f64x2.add(s00, ofFour(a0, a1, a2, a3, x, stride))
        s01 = f64x2.add(s01, ofFour(a0, a1, a2, a3, x + 16, stride))
        a0 = v128.load64_splat(a, 8)
        a1 = v128.load64_splat(b, 8)
        a2 = v128.load64_splat(c, 8)
        a3 = v128.load64_splat(d, 8)
        s10 = f64x2.add(s10, ofFour(a0, a1, a2, a3, x, stride))
        s11 = f64x2.add(s11, ofFour(a0, a1, a2, a3, x + 16, stride))
        a0 = v128.load64_splat(a, 16)
        a1 = v128.load64_splat(b, 16)
        a2 = v128.load64_splat(c, 16)
        a3 = v128.load64_splat(d, 16)
        s20 = f64x2.add(s20, ofFour(a0, a1, a2, a3, x, stride))
        s21 = f64x2.add(s21, ofFour(a0, a1, a2, a3, x + 16, stride))
        a0 = v128.load64_splat(a, 24)
        a1 = v128.load64_splat(b, 24)
        a2 = v128.load64_splat(c, 24)
        a3 = v128.load64_splat(d, 24)
        s30 = f64x2.add(s30, ofFour(a0, a1, a2, a3, x, stride))
        s31 = f64x2.add(s31, ofFour(a0, a1, a2, a3, x + 16, stride))
      }
      v128.store(out0 + k, s00)
      v128.store(out0 + k, s01, 16)
      v128.store(out1 + k, s10)
      v128.store(out1 + k, s11, 16)
      v128.store(out2 + k, s20)
      v128.store(out2 + k, s21, 16)
      v128.store(out3 + k, s30)
      v128.store(out3 + k, s31, 16)
    }
  }
  for (; j < nFeatures; j++) {
    addDenseRow(j, nFours, first, scaled, stride, hessian + <usize>j * rowStride)
  }

  // The row of the intercept: its feature is 1 everywhere.
  const last = hessian + <usize>nFeatures * rowStride
  for (let k: usize = 0; k < stride; k += 8) {
    let sum = load<f64>(last + k)
    let a = scaled + k
    for (let four = 0; four < nFours; four++, a += fourStride) {
      const c = a + 2 * stride
      sum += load<f64>(a) + load<f64>(a + stride) + (load<f64>(c) + load<f64>(c + stride))
    }
    store<f64>(last + k, sum)
  }
  let corner = load<f64>(last + stride)
  for (let i = start; i < end; i += 4) {
    const h = at8(curvatures, i)
    corner += load<f64>(h) + load<f64>(h, 8) + (load<f64>(h, 16) + load<f64>(h, 24))
  }
  store<f64>(last + stride, corner)
}

/** One row of the Hessian, up to its diagonal. */
function addDenseRow(
  j: i32,
  nFours: i32,
  first: usize,
  scaled: usize,
  stride: usize,
  out: usize,
): void {
  const fourStride = stride << 2
  const end = <usize>(j + 1) << 3
  let k: usize = 0
  for (; k + 64 <= end; k += 64) {
    let s0 = v128.load(out + k)
    let s1 = v128.load(out + k, 16)
    let s2 = v128.load(out + k, 32)
    let s3 = v128.load(out + k, 48)
    let x = first + k
    let a = scaled + (<usize>j << 3)
    for (let four = 0; four < nFours; four++, x += fourStride, a += fourStride) {
      const c = a + 2 * stride
      const a0 = v128.load64_splat(a)
      const a1 = v128.load64_splat(a + stride)
      const a2 = v128.load64_splat(c)
      const a3 = v128.load64_splat(c + stride)
      s0 = f64x2.add(s0, ofFour(a0, a1, a2, a3, x, stride))
      s1 = f64x2.add(s1, ofFour(a0, a1, a2, a3, x + 16, stride))
      s2 = f64x2.add(s2, ofFour(a0, a1, a2, a3, x + 32, stride))
      s3 = f64x2.add(s3, ofFour(a0, a1, a2, a3, x + 48, stride))
    }
    v128.store(out + k, s0)
    v128.store(out + k, s1, 16)
    v128.store(out + k, s2, 32)
    v128.store(out + k, s3, 48)
  }
  for (; k < end; k += 8) {
    let sum = load<f64>(out + k)
    let x = first + k
    let a = scaled + (<usize>j << 3)
    for (let four = 0; four < nFours; four++, x += fourStride, a += fourStride) {
      const c = a + 2 * stride
      const x2 = x + 2 * stride
      sum +=
        load<f64>(a) * load<f64>(x) +
        load<f64>(a + stride) * load<f64>(x + stride) +
        (load<f64>(c) * load<f64>(x2) + load<f64>(c + stride) * load<f64>(x2 + stride))
    }
    store<f64>(out + k, sum)
  }
}
