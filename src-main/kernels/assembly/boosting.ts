// Inner loops of gradient boosting: see src-shared/core/kernels/boosting.ts for what each does and
// for the layout. Pairs of a first and a second derivative are added as one vector of two doubles.
import {
  EXPONENT_SHIFT,
  EXP_1,
  EXP_2,
  EXP_3,
  EXP_4,
  EXP_5,
  INVERSE_LN2,
  LN2_HIGH,
  LN2_LOW,
  exp2,
  expWithConstants2,
  log1pOfFraction2,
} from './shared/elementary'

// --- Binning ---------------------------------------------------------------------------------

const NAN_KEY: u32 = 0xffffffff

/** Bits that order like the float32: −0 like 0, NaN last. */
// @ts-ignore: decorator
@inline
function keyOf(value: f32): u32 {
  if (value != value) return NAN_KEY
  const bits = reinterpret<u32>(value + <f32>0)
  return bits & 0x80000000 ? ~bits : bits ^ 0x80000000
}

// @ts-ignore: decorator
@inline
function valueOf(key: u32): f32 {
  return reinterpret<f32>(key & 0x80000000 ? key ^ 0x80000000 : ~key)
}

/** Turns counts of digits into the places where each digit begins. */
function countsToStarts(counts: usize, nDigits: usize): void {
  let sum: u32 = 0
  for (const end = counts + (nDigits << 2); counts < end; counts += 4) {
    const count = load<u32>(counts)
    store<u32>(counts, sum)
    sum += count
  }
}

/** One pass of the radix sort over pairs of key and position. */
function sortPass(from: usize, to: usize, n: i32, starts: usize, shift: u32, mask: u32): void {
  for (const end = from + (<usize>n << 3); from < end; from += 8) {
    const pair = load<u64>(from)
    const slot = starts + (<usize>((<u32>pair >> shift) & mask) << 2)
    const rank = load<u32>(slot)
    store<u32>(slot, rank + 1)
    store<u64>(to + (<usize>rank << 3), pair)
  }
}

// @ts-ignore: decorator
@inline
function countDigits(key: u32, counts: usize): void {
  const at0 = counts + (<usize>(key & 2047) << 2)
  store<u32>(at0, load<u32>(at0) + 1)
  const at1 = counts + 8192 + (<usize>((key >> 11) & 2047) << 2)
  store<u32>(at1, load<u32>(at1) + 1)
  const at2 = counts + 16384 + (<usize>(key >> 22) << 2)
  store<u32>(at2, load<u32>(at2) + 1)
}

/** Whether all of n keys have the digit: then they need not be sorted by it. */
function isUniform(counts: usize, digit: u32, n: i32): bool {
  return load<u32>(counts + (<usize>digit << 2)) == <u32>n
}

/**
 * @param pairs    2 n pairs of scratch.
 * @param counts   2048 + 2048 + 1024 words of scratch.
 * @param out      Receives nMissing and nAboveLowest.
 * @returns Number of cuts.
 */
export function binFeature(
  values: usize,
  n: i32,
  weights: usize,
  maxValueBins: i32,
  codes: usize,
  cuts: usize,
  pairs: usize,
  counts: usize,
  out: usize,
): i32 {
  memory.fill(counts, 0, 20480)
  let sorted = pairs
  let free = pairs + (<usize>n << 3)
  let nMissing = 0
  for (let i = 0; i < n; i++) {
    const key = keyOf(load<f32>(values + (<usize>i << 2)))
    nMissing += <i32>(key == NAN_KEY)
    store<u64>(sorted + (<usize>i << 3), (<u64>i << 32) | <u64>key)
    countDigits(key, counts)
  }
  const anyKey = n > 0 ? load<u32>(sorted) : 0
  for (let shift: u32 = 0; shift < 32; shift += 11, counts += 8192) {
    const mask: u32 = shift < 22 ? 2047 : 1023
    if (isUniform(counts, (anyKey >> shift) & mask, n)) continue
    countsToStarts(counts, <usize>mask + 1)
    sortPass(sorted, free, n, counts, shift, mask)
    const held = sorted
    sorted = free
    free = held
  }

  const end = sorted + (<usize>(n - nMissing) << 3)
  const nCuts = cutSorted(sorted, end, weights, maxValueBins, cuts)
  let bin = 0
  let cut = nCuts > 0 ? load<f32>(cuts) : <f32>Infinity
  let nAboveLowest = nMissing
  for (let at = sorted; at < end; at += 8) {
    const value = valueOf(load<u32>(at))
    while (value > cut) {
      bin++
      cut = bin < nCuts ? load<f32>(cuts + (<usize>bin << 2)) : <f32>Infinity
    }
    nAboveLowest += <i32>(bin > 0)
    store<u8>(codes + <usize>load<u32>(at, 4), bin)
  }
  for (let at = end, last = sorted + (<usize>n << 3); at < last; at += 8) {
    store<u8>(codes + <usize>load<u32>(at, 4), nCuts + 1)
  }
  store<i32>(out, nMissing)
  store<i32>(out, nAboveLowest, 4)
  return nCuts
}

function cutSorted(from: usize, end: usize, weights: usize, maxValueBins: i32, cuts: usize): i32 {
  let nDistinct = 0
  let remaining: f64 = 0
  let previous = NAN_KEY
  for (let at = from; at < end; at += 8) {
    const weight = load<f64>(weights + (<usize>load<u32>(at, 4) << 3))
    if (weight == 0) continue
    const key = load<u32>(at)
    remaining += weight
    nDistinct += <i32>(key != previous)
    previous = key
  }
  const everyValue = nDistinct <= maxValueBins
  let nCuts = 0
  let collected: f64 = 0
  previous = NAN_KEY
  for (let at = from; at < end && nCuts + 1 < maxValueBins; at += 8) {
    const weight = load<f64>(weights + (<usize>load<u32>(at, 4) << 3))
    if (weight == 0) continue
    const key = load<u32>(at)
    if (
      previous != NAN_KEY &&
      key > previous &&
      (everyValue || collected * <f64>(maxValueBins - nCuts) >= remaining)
    ) {
      store<f32>(cuts + (<usize>nCuts << 2), cutBetween(valueOf(previous), valueOf(key)))
      nCuts++
      remaining -= collected
      collected = 0
    }
    collected += weight
    previous = key
  }
  return nCuts
}

function cutBetween(low: f32, high: f32): f32 {
  const middle = <f32>((<f64>low + <f64>high) / 2)
  return (middle >= low && middle < high ? middle : low) + <f32>0 // never −0
}

/** Codes of 8 columns to their place in the rows and in a block. */
export function spreadColumns(
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  c4: usize,
  c5: usize,
  c6: usize,
  c7: usize,
  n: i32,
  rows: usize,
  stride: usize,
  block: usize,
): void {
  for (let i: usize = 0; i < <usize>n; i++, rows += stride, block += 8) {
    const codes =
      (<u64>load<u8>(c0 + i)) |
        ((<u64>load<u8>(c1 + i)) << 8) |
        ((<u64>load<u8>(c2 + i)) << 16) |
        ((<u64>load<u8>(c3 + i)) << 24) |
        ((<u64>load<u8>(c4 + i)) << 32) |
        ((<u64>load<u8>(c5 + i)) << 40) |
        ((<u64>load<u8>(c6 + i)) << 48) |
        ((<u64>load<u8>(c7 + i)) << 56)
    store<u64>(rows, codes)
    store<u64>(block, codes)
  }
}

// --- Derivatives -----------------------------------------------------------------------------

/**
 * Derivatives of log loss of samples [start, end); `totals` takes their sums on top. Two samples at
 * a time: where their number is odd the derivatives of the next one are written too.
 */
export function logLossGradients(
  logits: usize,
  yTrue: usize,
  weights: usize,
  gradients: usize,
  totals: usize,
  start: i32,
  end: i32,
  unit: f64,
  sum: f64,
): void {
  const one = f64x2.splat(1)
  // 0, which the compiler can't know: constants that it does know are made anew in every step.
  const zero = unit - unit
  const inverseLn2 = f64x2.splat(INVERSE_LN2 + zero)
  const ln2High = f64x2.splat(LN2_HIGH + zero)
  const ln2Low = f64x2.splat(LN2_LOW + zero)
  const c1 = f64x2.splat(EXP_1 + zero)
  const c2 = f64x2.splat(EXP_2 + zero)
  const c3 = f64x2.splat(EXP_3 + zero)
  const c4 = f64x2.splat(EXP_4 + zero)
  const c5 = f64x2.splat(EXP_5 + zero)
  const shift = f64x2.splat(EXPONENT_SHIFT + zero)
  const lowest = f64x2.splat(-708 + zero)
  let total = v128.load(totals)
  for (let i = start; i < end; i += 2) {
    const z = v128.load(logits + (<usize>i << 3))
    const y = f64x2(<f64>load<u8>(yTrue + <usize>i), <f64>load<u8>(yTrue + <usize>i, 1))
    const weight = v128.load(weights + (<usize>i << 3))
    const x = f64x2.neg(f64x2.abs(z))
    const e = i64x2.all_true(f64x2.ge(x, lowest))
      ? expWithConstants2(x, inverseLn2, ln2High, ln2Low, c1, c2, c3, c4, c5, shift)
      : exp2(x)
    const likelier = f64x2.div(one, f64x2.add(one, e))
    const unlikelier = f64x2.mul(e, likelier)
    const p = v128.bitselect(likelier, unlikelier, f64x2.gt(z, f64x2.splat(0)))
    const g = onGrid2(f64x2.sub(p, y), weight, unit, sum)
    const h = onGrid2(f64x2.mul(likelier, unlikelier), weight, unit, sum)
    total = f64x2.add(total, storePairs(gradients + (<usize>i << 4), g, h, i + 1 < end))
  }
  v128.store(totals, total)
}

/** As `logLossGradients` for focal loss. */
export function focalGradients(
  logits: usize,
  yTrue: usize,
  weights: usize,
  gradients: usize,
  totals: usize,
  start: i32,
  end: i32,
  unit: f64,
  sum: f64,
  gamma: f64,
  alpha: f64,
): void {
  const zero = f64x2.splat(0)
  const one = f64x2.splat(1)
  const gammas = f64x2.splat(gamma)
  let total = v128.load(totals)
  for (let i = start; i < end; i += 2) {
    const z = v128.load(logits + (<usize>i << 3))
    const isPositive = i64x2.ne(
      i64x2(<i64>load<u8>(yTrue + <usize>i), <i64>load<u8>(yTrue + <usize>i, 1)),
      i64x2.splat(0),
    )
    const weight = v128.load(weights + (<usize>i << 3))
    const margin = v128.bitselect(z, f64x2.neg(z), isPositive)
    const e = exp2(f64x2.neg(f64x2.abs(z)))
    const likelier = f64x2.div(one, f64x2.add(one, e))
    const unlikelier = f64x2.mul(e, likelier)
    const isRight = f64x2.gt(margin, zero)
    const p = v128.bitselect(likelier, unlikelier, isRight)
    const q = v128.bitselect(unlikelier, likelier, isRight)
    const rest = log1pOfFraction2(e)
    const nats = f64x2.add(f64x2.max(f64x2.neg(margin), zero), rest)
    let focus = one
    if (gamma == 1) focus = q
    else if (gamma == 2) focus = f64x2.mul(q, q)
    else if (gamma != 0) {
      focus = exp2(f64x2.mul(f64x2.splat(-gamma), f64x2.add(f64x2.max(margin, zero), rest)))
    }
    const alphas = v128.bitselect(f64x2.splat(alpha), f64x2.splat(1 - alpha), isPositive)
    const scaled = f64x2.mul(alphas, focus)
    const t = f64x2.add(f64x2.mul(f64x2.mul(gammas, p), nats), q)
    const steepness = f64x2.mul(scaled, t)
    const gradient = v128.bitselect(f64x2.neg(steepness), steepness, isPositive)
    const inner = f64x2.sub(
      f64x2.add(f64x2.mul(gammas, t), f64x2.mul(f64x2.splat(1 + gamma), q)),
      f64x2.mul(f64x2.mul(gammas, q), nats),
    )
    const hessian = f64x2.mul(f64x2.mul(scaled, p), inner)
    const g = onGrid2(gradient, weight, unit, sum)
    const h = onGrid2(v128.and(hessian, f64x2.gt(hessian, zero)), weight, unit, sum)
    total = f64x2.add(total, storePairs(gradients + (<usize>i << 4), g, h, i + 1 < end))
  }
  v128.store(totals, total)
}

/** As `logLossGradients` for log loss of margins that are moved by class. */
export function marginGradients(
  logits: usize,
  yTrue: usize,
  weights: usize,
  gradients: usize,
  totals: usize,
  start: i32,
  end: i32,
  unit: f64,
  sum: f64,
  positive: f64,
  negative: f64,
  scale: f64,
): void {
  const zero = f64x2.splat(0)
  const one = f64x2.splat(1)
  const scales = f64x2.splat(scale)
  const squares = f64x2.splat(scale * scale)
  let total = v128.load(totals)
  for (let i = start; i < end; i += 2) {
    const z = v128.load(logits + (<usize>i << 3))
    const isPositive = i64x2.ne(
      i64x2(<i64>load<u8>(yTrue + <usize>i), <i64>load<u8>(yTrue + <usize>i, 1)),
      i64x2.splat(0),
    )
    const weight = v128.load(weights + (<usize>i << 3))
    const moved = v128.bitselect(
      f64x2.add(z, f64x2.splat(positive)),
      f64x2.sub(f64x2.splat(negative), z),
      isPositive,
    )
    const u = f64x2.mul(scales, moved)
    const e = exp2(f64x2.neg(f64x2.abs(u)))
    const likelier = f64x2.div(one, f64x2.add(one, e))
    const unlikelier = f64x2.mul(e, likelier)
    const missed = v128.bitselect(unlikelier, likelier, f64x2.gt(u, zero))
    const pull = f64x2.mul(scales, missed)
    const gradient = v128.bitselect(f64x2.neg(pull), pull, isPositive)
    const g = onGrid2(gradient, weight, unit, sum)
    const h = onGrid2(f64x2.mul(squares, f64x2.mul(likelier, unlikelier)), weight, unit, sum)
    total = f64x2.add(total, storePairs(gradients + (<usize>i << 4), g, h, i + 1 < end))
  }
  v128.store(totals, total)
}

// @ts-ignore: decorator
@inline
function onGrid2(derivative: v128, weight: v128, unit: f64, sum: f64): v128 {
  const unit2 = f64x2.splat(unit)
  const sum2 = f64x2.splat(sum)
  const rounded = f64x2.sub(f64x2.add(derivative, unit2), unit2)
  return f64x2.sub(f64x2.add(f64x2.mul(weight, rounded), sum2), sum2)
}

/** Stores the derivatives of two samples; returns their sums, or those of the first alone. */
// @ts-ignore: decorator
@inline
function storePairs(at: usize, g: v128, h: v128, countsBoth: bool): v128 {
  const first = v128.shuffle<f64>(g, h, 0, 2)
  const second = v128.shuffle<f64>(g, h, 1, 3)
  v128.store(at, first)
  v128.store(at, second, 16)
  return countsBoth ? f64x2.add(first, second) : first
}

// --- Histograms ------------------------------------------------------------------------------

const SAMPLES_PER_PASS = 1024 // their codes, derivatives and the slots of 8 columns share a cache

/**
 * Puts the samples that weigh something into `samples`, then the others.
 *
 * @param scratch Room for n samples.
 * @returns How many weigh something.
 */
export function takeSamples(weights: usize, samples: usize, n: i32, scratch: usize): i32 {
  let i = 0
  for (; i + 2 <= n; i += 2) {
    const two = v128.load(weights + (<usize>i << 3))
    if (!i64x2.all_true(f64x2.ne(two, f64x2.splat(0)))) break
    store<u64>(samples + (<usize>i << 2), <u64>i | (<u64>(i + 1) << 32))
  }
  let taken = samples + (<usize>i << 2)
  let left = scratch
  for (; i < n; i++) {
    const counts = <usize>(load<f64>(weights + (<usize>i << 3)) != 0) << 2
    store<i32>(taken, i)
    store<i32>(left, i)
    taken += counts
    left += 4 - counts
  }
  memory.copy(taken, scratch, left - scratch)
  return <i32>((taken - samples) >> 2)
}

/**
 * Adds n samples to the columns of a histogram that have codes in use; nColumns without the padding.
 *
 * Samples are taken in passes. The codes and derivatives of a pass are gathered into buffers, 8
 * columns each, so that the loops over them read memory in order; samples without gaps between
 * them lie in order already.
 *
 * @param blocks  Codes of all samples, 8 columns after 8 columns: 8 bytes per sample.
 * @param buffers 1024 · (stride + 16) bytes of scratch.
 */
export function addToHistogram(
  samples: usize,
  n: i32,
  rows: usize,
  blocks: usize,
  nSamples: i32,
  stride: usize,
  nCodes: usize,
  nColumns: i32,
  gradients: usize,
  histogram: usize,
  buffers: usize,
): void {
  const dense = buffers + <usize>SAMPLES_PER_PASS * stride
  for (let start = 0; start < n; start += SAMPLES_PER_PASS) {
    const count = min(SAMPLES_PER_PASS, n - start)
    const from = samples + (<usize>start << 2)
    const to = from + (<usize>count << 2)
    const first = load<u32>(from)
    let pairs = dense
    let codes = buffers
    let step: usize = SAMPLES_PER_PASS << 3
    // The samples of a node ascend.
    if (load<u32>(to - 4) - first == <u32>(count - 1)) {
      pairs = gradients + (<usize>first << 4)
      codes = blocks + (<usize>first << 3)
      step = <usize>nSamples << 3
    } else {
      gatherPairs(from, to, gradients, dense)
      gatherCodes(from, to, rows, stride, buffers)
    }
    const bytes = <usize>count << 3
    let slots = histogram
    for (let column = 0; column < nColumns; column += 8, codes += step, slots += 8 << 12) {
      addBlock(codes, codes + bytes, pairs, slots, columnsInUse(nCodes, column, nColumns))
    }
  }
}

/** A bit for each of 8 columns that have codes in use. */
function columnsInUse(nCodes: usize, first: i32, nColumns: i32): u32 {
  let inUse: u32 = 0
  for (let k = min(8, nColumns - first) - 1; k >= 0; k--) {
    inUse = (inUse << 1) | <u32>(load<i32>(nCodes + (<usize>(first + k) << 2)) > 0)
  }
  return inUse
}

/** Adding to columns that nobody reads is faster than passing over them, unless they are many. */
function addBlock(codes: usize, end: usize, pairs: usize, slots: usize, inUse: u32): void {
  const last = 32 - <i32>clz(inUse)
  if (<i32>popcnt(inUse) << 1 <= last) {
    for (; inUse != 0; inUse &= inUse - 1) {
      const column = <usize>ctz(inUse)
      add1(codes + column, end, pairs, slots + (column << 12))
    }
  } else if (last > 6) add8(codes, end, pairs, slots)
  else if (last > 4) add6(codes, end, pairs, slots)
  else if (last > 2) add4(codes, end, pairs, slots)
  else add2(codes, end, pairs, slots)
}

/** As `addToHistogram`, to a histogram that is cleared before. */
export function buildHistogram(
  samples: usize,
  n: i32,
  rows: usize,
  blocks: usize,
  nSamples: i32,
  stride: usize,
  nCodes: usize,
  nColumns: i32,
  gradients: usize,
  histogram: usize,
  buffers: usize,
): void {
  clearHistogram(histogram, nCodes, nColumns)
  addToHistogram(
    samples,
    n,
    rows,
    blocks,
    nSamples,
    stride,
    nCodes,
    nColumns,
    gradients,
    histogram,
    buffers,
  )
}

function gatherPairs(from: usize, to: usize, gradients: usize, out: usize): void {
  for (; from < to; from += 4, out += 16) {
    v128.store(out, v128.load(gradients + (<usize>load<u32>(from) << 4)))
  }
}

/** Rows of `stride` bytes into one buffer for each 8 of them. */
function gatherCodes(from: usize, to: usize, rows: usize, stride: usize, out: usize): void {
  const step: usize = SAMPLES_PER_PASS << 3
  let block: usize = 0
  for (; block + 32 <= stride; block += 32) {
    let into = out + block * SAMPLES_PER_PASS
    for (let at = from; at < to; at += 4, into += 8) {
      const row = rows + block + <usize>load<u32>(at) * stride
      const low = v128.load(row)
      const high = v128.load(row, 16)
      v128.store_lane<u64>(into, low, 0)
      v128.store_lane<u64>(into + step, low, 1)
      v128.store_lane<u64>(into + 2 * step, high, 0)
      v128.store_lane<u64>(into + 3 * step, high, 1)
    }
  }
  for (; block < stride; block += 8) {
    let into = out + block * SAMPLES_PER_PASS
    for (let at = from; at < to; at += 4, into += 8) {
      store<u64>(into, load<u64>(rows + block + <usize>load<u32>(at) * stride))
    }
  }
}

function add8(codes: usize, end: usize, pairs: usize, histogram: usize): void {
  for (; codes < end; codes += 8, pairs += 16) {
    const low = load<u32>(codes)
    const high = load<u32>(codes, 4)
    const v = v128.load(pairs)
    let slot: usize
    slot = histogram + ((low << 4) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 0), v), 0)
    slot = histogram + ((low >> 4) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 4096), v), 4096)
    slot = histogram + ((low >> 12) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 8192), v), 8192)
    slot = histogram + ((low >> 20) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 12288), v), 12288)
    slot = histogram + ((high << 4) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 16384), v), 16384)
    slot = histogram + ((high >> 4) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 20480), v), 20480)
    slot = histogram + ((high >> 12) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 24576), v), 24576)
    slot = histogram + ((high >> 20) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 28672), v), 28672)
  }
}

function add6(codes: usize, end: usize, pairs: usize, histogram: usize): void {
  for (; codes < end; codes += 8, pairs += 16) {
    const low = load<u32>(codes)
    const high = load<u32>(codes, 4)
    const v = v128.load(pairs)
    let slot: usize
    slot = histogram + ((low << 4) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 0), v), 0)
    slot = histogram + ((low >> 4) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 4096), v), 4096)
    slot = histogram + ((low >> 12) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 8192), v), 8192)
    slot = histogram + ((low >> 20) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 12288), v), 12288)
    slot = histogram + ((high << 4) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 16384), v), 16384)
    slot = histogram + ((high >> 4) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 20480), v), 20480)
  }
}

function add4(codes: usize, end: usize, pairs: usize, histogram: usize): void {
  for (; codes < end; codes += 8, pairs += 16) {
    const low = load<u32>(codes)
    const v = v128.load(pairs)
    let slot: usize
    slot = histogram + ((low << 4) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 0), v), 0)
    slot = histogram + ((low >> 4) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 4096), v), 4096)
    slot = histogram + ((low >> 12) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 8192), v), 8192)
    slot = histogram + ((low >> 20) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 12288), v), 12288)
  }
}

function add2(codes: usize, end: usize, pairs: usize, histogram: usize): void {
  for (; codes < end; codes += 8, pairs += 16) {
    const low = load<u32>(codes)
    const v = v128.load(pairs)
    let slot: usize
    slot = histogram + ((low << 4) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 0), v), 0)
    slot = histogram + ((low >> 4) & 0xff0)
    v128.store(slot, f64x2.add(v128.load(slot, 4096), v), 4096)
  }
}

function add1(codes: usize, end: usize, pairs: usize, histogram: usize): void {
  for (; codes < end; codes += 8, pairs += 16) {
    const slot = histogram + (<usize>load<u8>(codes) << 4)
    v128.store(slot, f64x2.add(v128.load(slot), v128.load(pairs)))
  }
}

/** Clears the slots in use; nCodes counts them per column. */
export function clearHistogram(histogram: usize, nCodes: usize, nColumns: i32): void {
  for (let column = 0; column < nColumns; column++, histogram += 4096) {
    memory.fill(histogram, 0, <usize>load<i32>(nCodes + (<usize>column << 2)) << 4)
  }
}

export function addHistogram(whole: usize, part: usize, nCodes: usize, nColumns: i32): void {
  for (let column = 0; column < nColumns; column++) {
    const length = <usize>load<i32>(nCodes + (<usize>column << 2)) << 4
    for (let at: usize = 0; at < length; at += 16) {
      v128.store(whole + at, f64x2.add(v128.load(whole + at), v128.load(part + at)))
    }
    whole += 4096
    part += 4096
  }
}

export function subtractHistogram(whole: usize, part: usize, nCodes: usize, nColumns: i32): void {
  for (let column = 0; column < nColumns; column++) {
    const length = <usize>load<i32>(nCodes + (<usize>column << 2)) << 4
    for (let at: usize = 0; at < length; at += 16) {
      v128.store(whole + at, f64x2.sub(v128.load(whole + at), v128.load(part + at)))
    }
    whole += 4096
    part += 4096
  }
}

// --- Splitting -------------------------------------------------------------------------------

/**
 * @param nBins, firstSlot, hasMissing, direction  Addresses of the arrays of `FeatureSlots`.
 * @param isBounded  1 where values must lie in [lower, upper] and keep to directions.
 * @param out  Receives feature, bin and missingGoesLeft as 32-bit numbers from the beginning, and
 *   from byte 16 score, leftGradient and leftHessian.
 * @returns 1 where a split was found; else `out` is as it was.
 */
export function findSplit(
  histogram: usize,
  nFeatures: i32,
  nBins: usize,
  firstSlot: usize,
  hasMissing: usize,
  direction: usize,
  gradient: f64,
  hessian: f64,
  lambda: f64,
  minChildWeight: f64,
  isBounded: i32,
  lower: f64,
  upper: f64,
  leastScore: f64,
  out: usize,
): i32 {
  const node = f64x2(gradient, hessian)
  const lambda2 = f64x2.splat(lambda)
  let bestScore = leastScore
  let bestFeature = -1
  let bestHigh = 0
  let bestLow = 0
  let bestLeft = 0
  let bestSums = f64x2.splat(0)
  for (let feature = 0; feature < nFeatures; feature++) {
    const bins = load<i32>(nBins + (<usize>feature << 2))
    const mayMiss = load<u8>(hasMissing + <usize>feature)
    if (bins + <i32>mayMiss < 2) continue
    const binSlot = histogram + (<usize>(load<i32>(firstSlot + (<usize>feature << 2)) - 1) << 4)
    const missing = v128.load(binSlot + (<usize>bins << 4))
    const someMissing = mayMiss == 1 && f64x2.extract_lane(missing, 1) > 0
    const nPasses = someMissing ? 2 : 1
    for (let pass = 0; pass < nPasses; pass++) {
      let right = pass == 1 ? missing : f64x2.splat(0)
      let open = false
      for (let bin = pass == 1 ? bins - 1 : bins - 2; bin >= 0; bin--) {
        if (bin < bins - 1) {
          const sums = v128.load(binSlot + (<usize>bin << 4), 16)
          if (!v128.any_true(sums)) {
            if (open) bestLow = bin
            continue
          }
          right = f64x2.add(right, sums)
        }
        open = false
        const rightHessian = f64x2.extract_lane(right, 1)
        if (rightHessian < minChildWeight) continue
        const left = f64x2.sub(node, right)
        const leftHessian = f64x2.extract_lane(left, 1)
        if (leftHessian < minChildWeight) break
        const gradients = v128.shuffle<f64>(left, right, 0, 2)
        const hessians = v128.shuffle<f64>(left, right, 1, 3)
        const curvatures = f64x2.add(hessians, lambda2)
        let scores: v128
        if (isBounded) {
          let values = f64x2.div(f64x2.neg(gradients), curvatures)
          values = v128.bitselect(f64x2.splat(lower), values, f64x2.lt(values, f64x2.splat(lower)))
          values = v128.bitselect(f64x2.splat(upper), values, f64x2.gt(values, f64x2.splat(upper)))
          const rise = f64x2.extract_lane(values, 1) - f64x2.extract_lane(values, 0)
          if (<f64>load<i8>(direction + <usize>feature) * rise < 0) continue
          const twice = f64x2.mul(f64x2.splat(2), gradients)
          scores = f64x2.neg(f64x2.add(twice, f64x2.mul(curvatures, values)))
          scores = f64x2.mul(scores, values)
        } else {
          scores = f64x2.div(f64x2.mul(gradients, gradients), curvatures)
        }
        const score = f64x2.extract_lane(scores, 0) + f64x2.extract_lane(scores, 1)
        if (!(score > bestScore)) continue
        open = true
        bestScore = score
        bestFeature = feature
        bestHigh = bin
        bestLow = bin
        bestLeft = <i32>(pass == 0 && (someMissing || leftHessian >= rightHessian))
        bestSums = left
      }
    }
  }
  if (bestFeature < 0) return 0
  store<i32>(out, bestFeature)
  store<i32>(out, (bestHigh + bestLow) >> 1, 4)
  store<i32>(out, bestLeft, 8)
  store<f64>(out, bestScore, 16)
  v128.store(out, bestSums, 24)
  return 1
}

/**
 * Takes four samples at a time: a table says, for each of the 16 ways in which they may part, how
 * to bring those that belong together to the front of a vector.
 *
 * @param scratch  Room for n + 4 samples.
 * @param orders   Per bit mask of four: 16 byte positions, those of the lanes in the mask first.
 * @param out      Receives how many of the n samples stay in front.
 */
export function partition(
  samples: usize,
  n: i32,
  codes: usize,
  low: u32,
  width: u32,
  scratch: usize,
  orders: usize,
  out: usize,
): void {
  let kept = samples
  let moved = scratch
  let at = samples
  const end = samples + (<usize>n << 2)
  const lows = i8x16.splat(<i8>low)
  const widths = i8x16.splat(<i8>width)
  for (; at + 16 <= end; at += 16) {
    const four = v128.load(at)
    let of4 = v128.load_zero<u32>(orders)
    of4 = v128.load_lane<u8>(codes + <usize>load<u32>(at), of4, 0)
    of4 = v128.load_lane<u8>(codes + <usize>load<u32>(at, 4), of4, 1)
    of4 = v128.load_lane<u8>(codes + <usize>load<u32>(at, 8), of4, 2)
    of4 = v128.load_lane<u8>(codes + <usize>load<u32>(at, 12), of4, 3)
    const going = i8x16.bitmask(i8x16.le_u(i8x16.sub(of4, lows), widths)) & 15
    v128.store(kept, i8x16.swizzle(four, v128.load(orders + (<usize>(going ^ 15) << 4))))
    v128.store(moved, i8x16.swizzle(four, v128.load(orders + (<usize>going << 4))))
    const nGoing = <usize>popcnt(going) << 2
    moved += nGoing
    kept += 16 - nGoing
  }
  for (; at < end; at += 4) {
    const sample = load<u32>(at)
    const goes = <usize>(<u32>load<u8>(codes + <usize>sample) - low <= width)
    store<u32>(kept, sample)
    store<u32>(moved, sample)
    moved += goes << 2
    kept += (1 - goes) << 2
  }
  memory.copy(kept, scratch, moved - scratch)
  store<i32>(out, <i32>((kept - samples) >> 2))
}

/**
 * Joins two neighbouring stretches of samples that are partitioned each: moves those that stay of
 * the second one before those that go of the first one.
 *
 * @param goingBytes   Bytes of the first stretch's samples that go; they end where the second begins.
 * @param stayingBytes Bytes of the second one's that stay.
 */
export function joinPartitions(
  second: usize,
  goingBytes: usize,
  stayingBytes: usize,
  scratch: usize,
): void {
  const first = second - goingBytes
  memory.copy(scratch, first, goingBytes)
  memory.copy(first, second, stayingBytes)
  memory.copy(first + stayingBytes, scratch, goingBytes)
}

/** Splits n samples as `partition` would, and adds to their logits without moving them. */
export function addLeafValues(
  samples: usize,
  n: i32,
  codes: usize,
  low: u32,
  width: u32,
  logits: usize,
  stayingValue: f64,
  goingValue: f64,
): void {
  const staying = reinterpret<u64>(stayingValue)
  const change = staying ^ reinterpret<u64>(goingValue)
  for (const end = samples + (<usize>n << 2); samples < end; samples += 4) {
    const sample = <usize>load<u32>(samples)
    const goes = <u64>(<u32>load<u8>(codes + sample) - low <= width)
    const at = logits + (sample << 3)
    store<f64>(at, load<f64>(at) + reinterpret<f64>(staying ^ (change & (0 - goes))))
  }
}

export function addLeafValue(samples: usize, n: i32, logits: usize, value: f64): void {
  for (const end = samples + (<usize>n << 2); samples < end; samples += 4) {
    const at = logits + (<usize>load<u32>(samples) << 3)
    store<f64>(at, load<f64>(at) + value)
  }
}

// --- Categories ------------------------------------------------------------------------------

/**
 * As `partition`, for any set of codes.
 *
 * @param goes 256 bytes: 1 for each code that goes to the back.
 */
export function partitionByCode(
  samples: usize,
  n: i32,
  codes: usize,
  goes: usize,
  scratch: usize,
): i32 {
  let kept = samples
  let moved = scratch
  for (let at = samples, end = samples + (<usize>n << 2); at < end; at += 4) {
    const sample = load<u32>(at)
    const going = <usize>load<u8>(goes + <usize>load<u8>(codes + <usize>sample))
    store<u32>(kept, sample)
    store<u32>(moved, sample)
    moved += going << 2
    kept += (1 - going) << 2
  }
  memory.copy(kept, scratch, moved - scratch)
  return <i32>((kept - samples) >> 2)
}

/** Splits n samples as `partitionByCode` would, and adds to their logits without moving them. */
export function addLeafValuesByCode(
  samples: usize,
  n: i32,
  codes: usize,
  goes: usize,
  logits: usize,
  stayingValue: f64,
  goingValue: f64,
): void {
  const staying = reinterpret<u64>(stayingValue)
  const change = staying ^ reinterpret<u64>(goingValue)
  for (const end = samples + (<usize>n << 2); samples < end; samples += 4) {
    const sample = <usize>load<u32>(samples)
    const going = <u64>load<u8>(goes + <usize>load<u8>(codes + sample))
    const at = logits + (sample << 3)
    store<f64>(at, load<f64>(at) + reinterpret<f64>(staying ^ (change & (0 - going))))
  }
}

/** As `next`; a node of categories has 1 in its first word and the address of a set as threshold. */
// @ts-ignore: decorator
@inline
function nextOfAny(node: usize, row: usize): usize {
  const head = load<u32>(node)
  const x = load<f32>(row + <usize>(head & ~1))
  const missingRight = load<u32>(node, 12)
  // Both ways are computed, since which of them counts can't be foreseen. Without a set it is
  // word 0 of the memory that is looked at.
  const isCode = <u32>(x >= 0) & <u32>(x < 256)
  const code = <u32>select<f32>(x, 0, isCode != 0)
  const set = <usize>(load<u32>(node, 4) & (0 - (head & 1)))
  const word = load<u32>(set + (<usize>(code >> 5) << 2))
  const rightOfSet = select<u32>(~(word >> (code & 31)) & 1, missingRight, isCode != 0)
  const threshold = load<f32>(node, 4)
  const isMissing = <u32>(x != x) & <u32>(threshold == threshold)
  const rightOfThreshold = <u32>(x > threshold) | (isMissing & missingRight)
  const right = select<u32>(rightOfSet, rightOfThreshold, (head & 1) != 0)
  return <usize>load<u32>(node, 8) + (<usize>right << 4)
}

/** As `addTrees`, for trees with nodes of categories. */
export function addCategoryTrees(
  rows: usize,
  nSamples: i32,
  stride: usize,
  roots: usize,
  nTrees: i32,
  sums: usize,
): void {
  for (const end = roots + (<usize>nTrees << 3); roots < end; roots += 8) {
    const root = <usize>load<u32>(roots)
    const depth = load<i32>(roots, 4)
    let row = rows
    for (let i = 0; i < nSamples; i += 8) {
      const r1 = row + stride
      const r2 = r1 + stride
      const r3 = r2 + stride
      const r4 = r3 + stride
      const r5 = r4 + stride
      const r6 = r5 + stride
      const r7 = r6 + stride
      let a = root
      let b = root
      let c = root
      let d = root
      let e = root
      let f = root
      let g = root
      let h = root
      for (let step = 0; step < depth; step++) {
        a = nextOfAny(a, row)
        b = nextOfAny(b, r1)
        c = nextOfAny(c, r2)
        d = nextOfAny(d, r3)
        e = nextOfAny(e, r4)
        f = nextOfAny(f, r5)
        g = nextOfAny(g, r6)
        h = nextOfAny(h, r7)
      }
      const at = sums + (<usize>i << 3)
      store<f64>(at, load<f64>(at) + <f64>load<f32>(a, 12))
      store<f64>(at, load<f64>(at, 8) + <f64>load<f32>(b, 12), 8)
      store<f64>(at, load<f64>(at, 16) + <f64>load<f32>(c, 12), 16)
      store<f64>(at, load<f64>(at, 24) + <f64>load<f32>(d, 12), 24)
      store<f64>(at, load<f64>(at, 32) + <f64>load<f32>(e, 12), 32)
      store<f64>(at, load<f64>(at, 40) + <f64>load<f32>(f, 12), 40)
      store<f64>(at, load<f64>(at, 48) + <f64>load<f32>(g, 12), 48)
      store<f64>(at, load<f64>(at, 56) + <f64>load<f32>(h, 12), 56)
      row = r7 + stride
    }
  }
}

// --- Prediction ------------------------------------------------------------------------------

// A node takes 16 bytes: where its feature lies in a row, in bytes; threshold; address of the left
// child, which the right one follows; and 1 where missing values go right, or the value of a leaf.
// A leaf is its own left child and has the threshold NaN, which nothing exceeds: all samples take as
// many steps.

/**
 * Rounds n doubles to float32.
 *
 * @returns 1 where some of them are NaN.
 */
export function roundRows(values: usize, n: i32, rows: usize): i32 {
  let unordered = i32x4.splat(0)
  let i = 0
  for (; i + 4 <= n; i += 4, values += 32, rows += 16) {
    const low = v128.demote_zero<f64>(v128.load(values))
    const high = v128.demote_zero<f64>(v128.load(values, 16))
    const four = v128.shuffle<f32>(low, high, 0, 1, 4, 5)
    unordered = v128.or(unordered, f32x4.ne(four, four))
    v128.store(rows, four)
  }
  let some = v128.any_true(unordered)
  for (; i < n; i++, values += 8, rows += 4) {
    const value = load<f64>(values)
    some = some || value != value
    store<f32>(rows, <f32>value)
  }
  return <i32>some
}

// @ts-ignore: decorator
@inline
function next(node: usize, row: usize): usize {
  const x = load<f32>(row + <usize>load<u32>(node))
  const threshold = load<f32>(node, 4)
  const isMissing = <u32>(x != x) & <u32>(threshold == threshold)
  const right = <u32>(x > threshold) | (isMissing & load<u32>(node, 12))
  return <usize>load<u32>(node, 8) + (<usize>right << 4)
}

/** As `next` for a value that is not missing. */
// @ts-ignore: decorator
@inline
function nextOrdinary(node: usize, row: usize): usize {
  const x = load<f32>(row + <usize>load<u32>(node))
  return <usize>load<u32>(node, 8) + (<usize>(x > load<f32>(node, 4)) << 4)
}

/**
 * Adds the leaves of some trees to the sums of some samples.
 *
 * @param rows    float32, nFeatures per sample; a multiple of 8 samples, the last may be padding.
 * @param roots   Per tree: address of its root and the number of steps to its deepest leaf.
 * @param someMissing 1 where some feature may be NaN.
 */
export function addTrees(
  rows: usize,
  nSamples: i32,
  stride: usize,
  roots: usize,
  nTrees: i32,
  sums: usize,
  someMissing: i32,
): void {
  for (const end = roots + (<usize>nTrees << 3); roots < end; roots += 8) {
    const root = <usize>load<u32>(roots)
    const depth = load<i32>(roots, 4)
    let row = rows
    for (let i = 0; i < nSamples; i += 8) {
      const r1 = row + stride
      const r2 = r1 + stride
      const r3 = r2 + stride
      const r4 = r3 + stride
      const r5 = r4 + stride
      const r6 = r5 + stride
      const r7 = r6 + stride
      let a = root
      let b = root
      let c = root
      let d = root
      let e = root
      let f = root
      let g = root
      let h = root
      if (someMissing) {
        for (let step = 0; step < depth; step++) {
          a = next(a, row)
          b = next(b, r1)
          c = next(c, r2)
          d = next(d, r3)
          e = next(e, r4)
          f = next(f, r5)
          g = next(g, r6)
          h = next(h, r7)
        }
      } else {
        for (let step = 0; step < depth; step++) {
          a = nextOrdinary(a, row)
          b = nextOrdinary(b, r1)
          c = nextOrdinary(c, r2)
          d = nextOrdinary(d, r3)
          e = nextOrdinary(e, r4)
          f = nextOrdinary(f, r5)
          g = nextOrdinary(g, r6)
          h = nextOrdinary(h, r7)
        }
      }
      const at = sums + (<usize>i << 3)
      store<f64>(at, load<f64>(at) + <f64>load<f32>(a, 12))
      store<f64>(at, load<f64>(at, 8) + <f64>load<f32>(b, 12), 8)
      store<f64>(at, load<f64>(at, 16) + <f64>load<f32>(c, 12), 16)
      store<f64>(at, load<f64>(at, 24) + <f64>load<f32>(d, 12), 24)
      store<f64>(at, load<f64>(at, 32) + <f64>load<f32>(e, 12), 32)
      store<f64>(at, load<f64>(at, 40) + <f64>load<f32>(f, 12), 40)
      store<f64>(at, load<f64>(at, 48) + <f64>load<f32>(g, 12), 48)
      store<f64>(at, load<f64>(at, 56) + <f64>load<f32>(h, 12), 56)
      row = r7 + stride
    }
  }
}
