// Dense layers in single precision: see src-shared/core/kernels/network.ts for what each function
// computes and in which order it adds. The lanes of a vector are sums of their own.
import { exp, log1p } from './shared/elementary'

// @ts-ignore: decorator
@inline
function madd(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b))
}

// @ts-ignore: decorator
@inline
function at4(base: usize, i: i32): usize {
  return base + (<usize>i << 2)
}

export function gather(
  values: usize,
  nFeatures: i32,
  rows: usize,
  nRows: i32,
  out: usize,
): void {
  const stride = <usize>nFeatures << 2
  for (let r = 0; r < nRows; r++, out += stride) {
    memory.copy(out, values + <usize>load<i32>(at4(rows, r)) * stride, stride)
  }
}

/** What becomes of a sum of `multiply`. */
const AS_IT_IS: i32 = 0
const RECTIFIED: i32 = 1
const MASKED: i32 = 2

// @ts-ignore: decorator
@inline
function finish(sum: v128, mode: i32, mask: usize, scale: v128): v128 {
  const zero = f32x4.splat(0)
  if (mode == RECTIFIED) return f32x4.pmax(zero, sum)
  if (mode == MASKED) return v128.and(f32x4.mul(sum, scale), f32x4.gt(v128.load(mask), zero))
  return sum
}

// @ts-ignore: decorator
@inline
function finish1(sum: f32, mode: i32, mask: usize, scale: f32): f32 {
  if (mode == RECTIFIED) return sum > 0 ? sum : 0
  if (mode == MASKED) return load<f32>(mask) > 0 ? sum * scale : 0
  return sum
}

/**
 * C = start + A · B for A of nRows × nInner and B of nInner × nOut, four rows and eight columns at
 * a time. `start` holds nOut numbers, or is 0 for none.
 */
// @ts-ignore: decorator
@inline
function multiply(
  nRows: i32,
  nOut: i32,
  nInner: i32,
  A: usize,
  B: usize,
  start: usize,
  C: usize,
  mode: i32,
  mask: usize,
  scale: f32,
): void {
  const aStride = <usize>nInner << 2
  const cStride = <usize>nOut << 2
  const wideEnd = nOut & ~7
  const zero = f32x4.splat(0)
  const scales = f32x4.splat(scale)
  let row = 0
  for (; row < nRows; row += 4) {
    // Where fewer than four rows are left the last one is computed several times.
    const left = nRows - row
    const a0 = A + <usize>row * aStride
    const a1 = left > 1 ? a0 + aStride : a0
    const a2 = left > 2 ? a1 + aStride : a1
    const a3 = left > 3 ? a2 + aStride : a2
    const c0 = C + <usize>row * cStride
    const c1 = left > 1 ? c0 + cStride : c0
    const c2 = left > 2 ? c1 + cStride : c1
    const c3 = left > 3 ? c2 + cStride : c2
    const toMask = mask - C
    let j = 0
    for (; j < wideEnd; j += 8) {
      const jBytes = <usize>j << 2
      let s00 = start != 0 ? v128.load(start + jBytes) : zero
      let s01 = start != 0 ? v128.load(start + jBytes, 16) : zero
      let s10 = s00
      let s11 = s01
      let s20 = s00
      let s21 = s01
      let s30 = s00
      let s31 = s01
      let b = B + jBytes
      for (let k: usize = 0; k < aStride; k += 4, b += cStride) {
        const b0 = v128.load(b)
        const b1 = v128.load(b, 16)
        let a = v128.load32_splat(a0 + k)
        s00 = madd(s00, a, b0)
        s01 = madd(s01, a, b1)
        a = v128.load32_splat(a1 + k)
        s10 = madd(s10, a, b0)
        s11 = madd(s11, a, b1)
        a = v128.load32_splat(a2 + k)
        s20 = madd(s20, a, b0)
        s21 = madd(s21, a, b1)
        a = v128.load32_splat(a3 + k)
        s30 = madd(s30, a, b0)
        s31 = madd(s31, a, b1)
      }
      let c = c0 + jBytes
      v128.store(c, finish(s00, mode, toMask + c, scales))
      v128.store(c, finish(s01, mode, toMask + c + 16, scales), 16)
      c = c1 + jBytes
      v128.store(c, finish(s10, mode, toMask + c, scales))
      v128.store(c, finish(s11, mode, toMask + c + 16, scales), 16)
      c = c2 + jBytes
      v128.store(c, finish(s20, mode, toMask + c, scales))
      v128.store(c, finish(s21, mode, toMask + c + 16, scales), 16)
      c = c3 + jBytes
      v128.store(c, finish(s30, mode, toMask + c, scales))
      v128.store(c, finish(s31, mode, toMask + c + 16, scales), 16)
    }
    for (; j < nOut; j++) {
      const jBytes = <usize>j << 2
      let s0: f32 = start != 0 ? load<f32>(start + jBytes) : 0
      let s1 = s0
      let s2 = s0
      let s3 = s0
      let b = B + jBytes
      for (let k: usize = 0; k < aStride; k += 4, b += cStride) {
        const x = load<f32>(b)
        s0 += load<f32>(a0 + k) * x
        s1 += load<f32>(a1 + k) * x
        s2 += load<f32>(a2 + k) * x
        s3 += load<f32>(a3 + k) * x
      }
      let c = c0 + jBytes
      store<f32>(c, finish1(s0, mode, toMask + c, scale))
      c = c1 + jBytes
      store<f32>(c, finish1(s1, mode, toMask + c, scale))
      c = c2 + jBytes
      store<f32>(c, finish1(s2, mode, toMask + c, scale))
      c = c3 + jBytes
      store<f32>(c, finish1(s3, mode, toMask + c, scale))
    }
  }
}

export function forward(
  nIn: i32,
  nOut: i32,
  weights: usize,
  biases: usize,
  nRows: i32,
  input: usize,
  output: usize,
  rectify: bool,
): void {
  if (rectify) multiply(nRows, nOut, nIn, input, weights, biases, output, RECTIFIED, 0, 1)
  else multiply(nRows, nOut, nIn, input, weights, biases, output, AS_IT_IS, 0, 1)
}

export function backward(
  nIn: i32,
  nOut: i32,
  weights: usize,
  nRows: i32,
  deltas: usize,
  input: usize,
  scale: f32,
  transposed: usize,
  out: usize,
): void {
  for (let k = 0; k < nIn; k++) {
    for (let j = 0; j < nOut; j++) {
      store<f32>(at4(transposed, j * nIn + k), load<f32>(at4(weights, k * nOut + j)))
    }
  }
  multiply(nRows, nIn, nOut, deltas, transposed, 0, out, MASKED, input, scale)
}

export function dropOut(values: usize, length: i32, seed: i32, threshold: u32, scale: f32): void {
  for (let i = 0; i < length; i++) {
    const at = at4(values, i)
    store<f32>(at, scrambled(i, seed) < threshold ? 0 : load<f32>(at) * scale)
  }
}

// @ts-ignore: decorator
@inline
function scrambled(i: i32, seed: i32): u32 {
  let x = <u32>(seed + i * <i32>0x9e3779b9)
  x = (x ^ (x >>> 16)) * 0x21f0aaad
  x = (x ^ (x >>> 15)) * 0x735a2d97
  return x ^ (x >>> 15)
}

export function loss(
  nRows: i32,
  rows: usize,
  yTrue: usize,
  weights: usize,
  logits: usize,
  derivatives: usize,
  gamma: f64,
  positiveFactor: f64,
  negativeFactor: f64,
  positiveShift: f64,
  negativeShift: f64,
  scale: f64,
): f64 {
  let sum: f64 = 0
  for (let r = 0; r < nRows; r++) {
    const row = load<i32>(at4(rows, r))
    const isPositive = load<u8>(yTrue + row) == 1
    const factor = <f64>load<f32>(at4(weights, row)) * (isPositive ? positiveFactor : negativeFactor)
    const logit = <f64>load<f32>(at4(logits, r))
    const u = scale * (isPositive ? logit + positiveShift : negativeShift - logit)
    const e = exp(-Math.abs(u))
    const tail = log1p(e)
    const likelier = 1.0 / (1.0 + e)
    const unlikelier = e * likelier
    const p = u > 0 ? likelier : unlikelier
    const q = u > 0 ? unlikelier : likelier
    const surprise = tail + (u < 0 ? -u : 0)
    let focus = factor
    if (gamma == 1) focus *= q
    else if (gamma == 2) focus *= q * q
    else if (gamma != 0) focus *= exp(-gamma * (tail + (u > 0 ? u : 0)))
    sum += focus * surprise
    const pull = focus * (gamma * p * surprise + q)
    store<f32>(at4(derivatives, r), <f32>(scale * (isPositive ? -pull : pull)))
  }
  return sum
}

/** Adds four sums to what lies at `at`. */
// @ts-ignore: decorator
@inline
function addTo(at: usize, sum: v128): void {
  v128.store(at, f32x4.add(v128.load(at), sum))
}

export function addGradient(
  nIn: i32,
  nOut: i32,
  nRows: i32,
  input: usize,
  deltas: usize,
  gradient: usize,
): void {
  const inStride = <usize>nIn << 2
  const outStride = <usize>nOut << 2
  const zero = f32x4.splat(0)
  const deltasEnd = deltas + <usize>nRows * outStride
  if (nOut == 1) {
    addOneColumn(inStride, input, deltas, deltasEnd, gradient)
  } else {
    const wideEnd = outStride & ~31
    let k: usize = 0
    for (; k + 16 <= inStride; k += 16) {
      const g0 = gradient + (k >> 2) * outStride
      const g1 = g0 + outStride
      const g2 = g1 + outStride
      const g3 = g2 + outStride
      for (let j: usize = 0; j < wideEnd; j += 32) {
        let s00 = zero
        let s01 = zero
        let s10 = zero
        let s11 = zero
        let s20 = zero
        let s21 = zero
        let s30 = zero
        let s31 = zero
        let x = input + k
        for (let d = deltas + j; d < deltasEnd; d += outStride, x += inStride) {
          const d0 = v128.load(d)
          const d1 = v128.load(d, 16)
          let a = v128.load32_splat(x)
          s00 = madd(s00, a, d0)
          s01 = madd(s01, a, d1)
          a = v128.load32_splat(x, 4)
          s10 = madd(s10, a, d0)
          s11 = madd(s11, a, d1)
          a = v128.load32_splat(x, 8)
          s20 = madd(s20, a, d0)
          s21 = madd(s21, a, d1)
          a = v128.load32_splat(x, 12)
          s30 = madd(s30, a, d0)
          s31 = madd(s31, a, d1)
        }
        addTo(g0 + j, s00)
        addTo(g0 + j + 16, s01)
        addTo(g1 + j, s10)
        addTo(g1 + j + 16, s11)
        addTo(g2 + j, s20)
        addTo(g2 + j + 16, s21)
        addTo(g3 + j, s30)
        addTo(g3 + j + 16, s31)
      }
    }
    for (; k < inStride; k += 4) {
      const g = gradient + (k >> 2) * outStride
      for (let j: usize = 0; j < wideEnd; j += 32) {
        let s0 = zero
        let s1 = zero
        let x = input + k
        for (let d = deltas + j; d < deltasEnd; d += outStride, x += inStride) {
          const a = v128.load32_splat(x)
          s0 = madd(s0, a, v128.load(d))
          s1 = madd(s1, a, v128.load(d, 16))
        }
        addTo(g + j, s0)
        addTo(g + j + 16, s1)
      }
    }
    for (let j = wideEnd; j < outStride; j += 4) {
      for (k = 0; k < inStride; k += 4) {
        let sum: f32 = 0
        let x = input + k
        for (let d = deltas + j; d < deltasEnd; d += outStride, x += inStride) {
          sum += load<f32>(x) * load<f32>(d)
        }
        const g = gradient + (k >> 2) * outStride + j
        store<f32>(g, load<f32>(g) + sum)
      }
    }
  }
  const biases = gradient + <usize>nIn * outStride
  for (let j: usize = 0; j < outStride; j += 4) {
    let sum: f32 = 0
    for (let d = deltas + j; d < deltasEnd; d += outStride) sum += load<f32>(d)
    store<f32>(biases + j, load<f32>(biases + j) + sum)
  }
}

/** As `addGradient` for one output: the lanes are inputs. */
function addOneColumn(
  inStride: usize,
  input: usize,
  deltas: usize,
  deltasEnd: usize,
  gradient: usize,
): void {
  let k: usize = 0
  for (; k + 32 <= inStride; k += 32) {
    let s0 = f32x4.splat(0)
    let s1 = s0
    let x = input + k
    for (let d = deltas; d < deltasEnd; d += 4, x += inStride) {
      const delta = v128.load32_splat(d)
      s0 = madd(s0, v128.load(x), delta)
      s1 = madd(s1, v128.load(x, 16), delta)
    }
    addTo(gradient + k, s0)
    addTo(gradient + k + 16, s1)
  }
  for (; k < inStride; k += 4) {
    let sum: f32 = 0
    let x = input + k
    for (let d = deltas; d < deltasEnd; d += 4, x += inStride) sum += load<f32>(x) * load<f32>(d)
    store<f32>(gradient + k, load<f32>(gradient + k) + sum)
  }
}

export function adam(
  parameters: usize,
  gradient: usize,
  first: usize,
  second: usize,
  length: i32,
  scale: f32,
  decay: f32,
  rate: f32,
  firstKept: f32,
  firstFresh: f32,
  secondKept: f32,
  secondFresh: f32,
  least: f32,
): void {
  const end = <usize>length << 2
  let i: usize = 0
  for (; i + 16 <= end; i += 16) {
    const p = v128.load(parameters + i)
    const g = madd(f32x4.mul(v128.load(gradient + i), f32x4.splat(scale)), f32x4.splat(decay), p)
    const m = madd(
      f32x4.mul(f32x4.splat(firstKept), v128.load(first + i)),
      f32x4.splat(firstFresh),
      g,
    )
    const v = madd(
      f32x4.mul(f32x4.splat(secondKept), v128.load(second + i)),
      f32x4.mul(f32x4.splat(secondFresh), g),
      g,
    )
    v128.store(first + i, m)
    v128.store(second + i, v)
    const step = f32x4.div(
      f32x4.mul(f32x4.splat(rate), m),
      f32x4.add(f32x4.sqrt(v), f32x4.splat(least)),
    )
    v128.store(parameters + i, f32x4.sub(p, step))
  }
  for (; i < end; i += 4) {
    const p = load<f32>(parameters + i)
    const g = load<f32>(gradient + i) * scale + decay * p
    const m = firstKept * load<f32>(first + i) + firstFresh * g
    const v = secondKept * load<f32>(second + i) + secondFresh * g * g
    store<f32>(first + i, m)
    store<f32>(second + i, v)
    store<f32>(parameters + i, p - (rate * m) / (sqrt<f32>(v) + least))
  }
}
