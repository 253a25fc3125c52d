// Growing classification trees: see src-shared/core/kernels/forest.ts for what is computed. Totals
// and those of positives are added as one vector of two doubles.
import { ln } from './shared/elementary'

// Words of the block that describes a tree's memory; forest-kernels.ts writes them.
const SAMPLES: usize = 0
const PAIRS: usize = 4
const RANDOM: usize = 8
const START: usize = 12
const END: usize = 16
const DEPTH: usize = 20
const LEFT: usize = 24
const FEATURE: usize = 28
const SPLIT: usize = 32
const TOTAL: usize = 36
const POSITIVE: usize = 40
const GAIN: usize = 44
const SCRATCH: usize = 48
const HISTOGRAM: usize = 52
const ORDER: usize = 56
const COLUMNS: usize = 60
const FIRST_CODE: usize = 64
const N_BINS: usize = 68
const HAS_MISSING: usize = 72
const N_FEATURES: usize = 76
const TRIED: usize = 80
const IS_ENTROPY: usize = 84
const MAX_DEPTH: usize = 88
const NEXT: usize = 92
const N_NODES: usize = 96
const N_DRAWN: usize = 100
const MIN_LEAF: usize = 104
// The best split of the node at hand.
const BEST_SCORE: usize = 112
const BEST_SUMS: usize = 128
const BEST_FEATURE: usize = 144
const BEST_SPLIT: usize = 148

/** Behind the histogram: a bit per bin with samples, 4 words of 64. */
const USED_BINS: usize = 4096
const MISSING_LEFT: i32 = 256
const FEW: i32 = 96 // with so few samples the bins in use are noted one by one

// @ts-ignore: decorator
@inline
function address(tree: usize, field: usize): usize {
  return <usize>load<u32>(tree + field)
}

// @ts-ignore: decorator
@inline
function at32(tree: usize, field: usize, position: i32): i32 {
  return load<i32>(address(tree, field) + (<usize>position << 2))
}

// @ts-ignore: decorator
@inline
function at64(tree: usize, field: usize, position: i32): f64 {
  return load<f64>(address(tree, field) + (<usize>position << 3))
}

// @ts-ignore: decorator
@inline
function put32(tree: usize, field: usize, position: i32, value: i32): void {
  store<i32>(address(tree, field) + (<usize>position << 2), value)
}

// @ts-ignore: decorator
@inline
function put64(tree: usize, field: usize, position: i32, value: f64): void {
  store<f64>(address(tree, field) + (<usize>position << 3), value)
}

/**
 * Goes on with a tree until it is whole or so many samples were added to histograms.
 *
 * @returns Nothing: the tree is whole once the words `next` and `nNodes` agree.
 */
export function growTree(tree: usize, budget: i32): void {
  if (load<i32>(tree, N_NODES) == 0) plantRoot(tree)
  const nFeatures = load<i32>(tree, N_FEATURES)
  const tried = min(load<i32>(tree, TRIED), nFeatures)
  const maxDepth = load<i32>(tree, MAX_DEPTH)
  const minLeaf = load<f64>(tree, MIN_LEAF)
  const isEntropy = load<i32>(tree, IS_ENTROPY) != 0
  const order = address(tree, ORDER)
  const random = address(tree, RANDOM)
  let node = load<i32>(tree, NEXT)
  let nNodes = load<i32>(tree, N_NODES)
  for (; node < nNodes && budget > 0; node++) {
    put32(tree, LEFT, node, 0)
    const start = at32(tree, START, node)
    const end = at32(tree, END, node)
    const depth = at32(tree, DEPTH, node)
    const total = at64(tree, TOTAL, node)
    const positive = at64(tree, POSITIVE, node)
    if (
      end - start <= 1 ||
      depth >= maxDepth ||
      !(positive > 0) ||
      !(total - positive > 0) ||
      total < 2 * minLeaf
    ) {
      continue
    }
    store<f64>(tree, -Infinity, BEST_SCORE)
    store<i32>(tree, -1, BEST_FEATURE)
    for (let k = 0, counted = 0; k < nFeatures && counted < tried; k++) {
      const place = order + (<usize>k << 2)
      if (tried < nFeatures) {
        const other = place + (<usize>drawBelow(random, nFeatures - k) << 2)
        const held = load<i32>(place)
        store<i32>(place, load<i32>(other))
        store<i32>(other, held)
      }
      counted += tryFeature(tree, start, end, total, positive, load<i32>(place), minLeaf, isEntropy)
      budget -= end - start
    }
    const feature = load<i32>(tree, BEST_FEATURE)
    if (feature < 0) continue
    const split = load<i32>(tree, BEST_SPLIT)
    const middle = partition(tree, start, end, feature, split)
    put32(tree, LEFT, node, nNodes)
    put32(tree, FEATURE, node, feature)
    put32(tree, SPLIT, node, split)
    put64(tree, GAIN, node, load<f64>(tree, BEST_SCORE) - worthOf(positive, total, isEntropy))
    const leftTotal = load<f64>(tree, BEST_SUMS)
    const leftPositive = load<f64>(tree, BEST_SUMS + 8)
    addNode(tree, nNodes, start, middle, depth + 1, leftTotal, leftPositive)
    addNode(tree, nNodes + 1, middle, end, depth + 1, total - leftTotal, positive - leftPositive)
    nNodes += 2
  }
  store<i32>(tree, node, NEXT)
  store<i32>(tree, nNodes, N_NODES)
}

function plantRoot(tree: usize): void {
  const nDrawn = load<i32>(tree, N_DRAWN)
  const samples = address(tree, SAMPLES)
  const pairs = address(tree, PAIRS)
  let sums = f64x2.splat(0)
  for (let at = samples, end = samples + (<usize>nDrawn << 2); at < end; at += 4) {
    sums = f64x2.add(sums, v128.load(pairs + (<usize>load<u32>(at) << 4)))
  }
  const order = address(tree, ORDER)
  for (let k = 0; k < load<i32>(tree, N_FEATURES); k++) store<i32>(order + (<usize>k << 2), k)
  addNode(tree, 0, 0, nDrawn, 0, f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1))
  store<i32>(tree, 1, N_NODES)
}

function addNode(
  tree: usize,
  node: i32,
  start: i32,
  end: i32,
  depth: i32,
  total: f64,
  positive: f64,
): void {
  put32(tree, START, node, start)
  put32(tree, END, node, end)
  put32(tree, DEPTH, node, depth)
  put64(tree, TOTAL, node, total)
  put64(tree, POSITIVE, node, positive)
}

// @ts-ignore: decorator
@inline
function noteBin(bins: usize, bin: u32): void {
  const word = bins + (<usize>(bin >> 6) << 3)
  store<u64>(word, load<u64>(word) | ((<u64>1) << (bin & 63)))
}

/** The highest bin in use that is below `bin`, or −1. */
// @ts-ignore: decorator
@inline
function nextBin(bins: usize, bin: i32): i32 {
  if (bin <= 0) return -1
  let word = (bin - 1) >> 6
  let bits = load<u64>(bins + (<usize>word << 3)) & (<u64>-1 >> <u64>(63 - ((bin - 1) & 63)))
  while (bits == 0) {
    if (--word < 0) return -1
    bits = load<u64>(bins + (<usize>word << 3))
  }
  return (word << 6) + 63 - <i32>clz(bits)
}

/** @returns 1 where the feature has two values in the node, else 0. */
function tryFeature(
  tree: usize,
  start: i32,
  end: i32,
  total: f64,
  positive: f64,
  feature: i32,
  minLeaf: f64,
  isEntropy: bool,
): i32 {
  const codes = <usize>at32(tree, COLUMNS, feature)
  const first = <u32>at32(tree, FIRST_CODE, feature)
  const nBins = at32(tree, N_BINS, feature)
  const hasMissing = <i32>load<u8>(address(tree, HAS_MISSING) + <usize>feature)
  const pairs = address(tree, PAIRS)
  const histogram = address(tree, HISTOGRAM)
  const used = histogram + USED_BINS
  const from = address(tree, SAMPLES) + (<usize>start << 2)
  const to = address(tree, SAMPLES) + (<usize>end << 2)
  // Bins above 0, missing included, are 1 to `top`. What bin 0 holds is what is left of the node.
  const top = <u32>(nBins - 1 + hasMissing)
  store<u64>(used, 0)
  store<u64>(used, 0, 8)
  store<u64>(used, 0, 16)
  store<u64>(used, 0, 24)
  if (end - start <= FEW) {
    for (let at = from; at < to; at += 4) {
      const sample = <usize>load<u32>(at)
      const bin = <u32>load<u8>(codes + sample) - first + 1
      if (bin - 1 >= top) continue
      const slot = histogram + (<usize>bin << 4)
      const word = used + (<usize>(bin >> 6) << 3)
      const bit = (<u64>1) << (bin & 63)
      const bits = load<u64>(word)
      const pair = v128.load(pairs + (sample << 4))
      if ((bits & bit) == 0) {
        store<u64>(word, bits | bit)
        v128.store(slot, pair)
      } else {
        v128.store(slot, f64x2.add(v128.load(slot), pair))
      }
    }
  } else {
    memory.fill(histogram, 0, (<usize>top + 1) << 4)
    if (first == 1) {
      // Codes beyond the top belong to other features of the column: they are added elsewhere.
      addAlone(codes, from, to, pairs, histogram, top)
    } else {
      for (let at = from; at < to; at += 4) {
        const sample = <usize>load<u32>(at)
        const bin = <u32>load<u8>(codes + sample) - first + 1
        if (bin - 1 >= top) continue
        const slot = histogram + (<usize>bin << 4)
        v128.store(slot, f64x2.add(v128.load(slot), v128.load(pairs + (sample << 4))))
      }
    }
    for (let bin: u32 = 1; bin <= top; bin++) {
      if (load<f64>(histogram + (<usize>bin << 4)) != 0) noteBin(used, bin)
    }
  }
  let missing = f64x2.splat(0)
  if (hasMissing != 0) {
    const word = used + (<usize>(nBins >> 6) << 3)
    const bit = (<u64>1) << (<u64>nBins & 63)
    if ((load<u64>(word) & bit) != 0) missing = v128.load(histogram + (<usize>nBins << 4))
    store<u64>(word, load<u64>(word) & ~bit)
  }
  const missingTotal = f64x2.extract_lane(missing, 0)
  const someMissing = missingTotal > 0
  let rest = total - missingTotal
  let nUsed = 0
  for (let bin = nextBin(used, nBins); bin > 0; bin = nextBin(used, bin)) {
    rest -= load<f64>(histogram + (<usize>bin << 4))
    nUsed++
  }
  if (rest > 0) {
    store<u64>(used, load<u64>(used) | 1)
    nUsed++
  }
  if (nUsed + <i32>someMissing < 2) return 0

  const node = f64x2(total, positive)
  const nPasses = someMissing ? 2 : 1
  for (let pass = 0; pass < nPasses; pass++) {
    let right = pass == 1 ? missing : f64x2.splat(0)
    // Missing values alone first, then bin by bin from the highest one.
    let bin = pass == 1 ? nBins : nextBin(used, nBins)
    for (let next = nextBin(used, bin); next >= 0; bin = next, next = nextBin(used, bin)) {
      if (bin < nBins) right = f64x2.add(right, v128.load(histogram + (<usize>bin << 4)))
      const rightTotal = f64x2.extract_lane(right, 0)
      if (rightTotal < minLeaf) continue
      const left = f64x2.sub(node, right)
      const leftTotal = f64x2.extract_lane(left, 0)
      if (leftTotal < minLeaf) break
      const score =
        worthOf(f64x2.extract_lane(left, 1), leftTotal, isEntropy) +
        worthOf(f64x2.extract_lane(right, 1), rightTotal, isEntropy)
      if (!(score > load<f64>(tree, BEST_SCORE))) continue
      const goesLeft = pass == 0 && (someMissing || leftTotal >= rightTotal)
      store<f64>(tree, score, BEST_SCORE)
      v128.store(tree, left, BEST_SUMS)
      store<i32>(tree, feature, BEST_FEATURE)
      store<i32>(tree, ((bin - 1 + next) >> 1) + (goesLeft ? MISSING_LEFT : 0), BEST_SPLIT)
    }
  }
  return 1
}

/** Adds samples to the bins of a feature that begins with its column. */
function addAlone(
  codes: usize,
  from: usize,
  to: usize,
  pairs: usize,
  histogram: usize,
  top: u32,
): void {
  for (let at = from; at < to; at += 4) {
    const sample = <usize>load<u32>(at)
    const code = <u32>load<u8>(codes + sample)
    const slot = histogram + (<usize>(code > top ? 0 : code) << 4)
    v128.store(slot, f64x2.add(v128.load(slot), v128.load(pairs + (sample << 4))))
  }
}

/** Parts samples [start, end) of a tree; returns where those begin that go right. */
function partition(tree: usize, start: i32, end: i32, feature: i32, split: i32): i32 {
  const codes = <usize>at32(tree, COLUMNS, feature)
  const first = <u32>at32(tree, FIRST_CODE, feature)
  const hasMissing = <i32>load<u8>(address(tree, HAS_MISSING) + <usize>feature)
  const low = first + (<u32>split & 255)
  const high =
    first + <u32>at32(tree, N_BINS, feature) - 2 + <u32>(hasMissing == 1 && split < MISSING_LEFT)
  const width = high - low
  const samples = address(tree, SAMPLES)
  const scratch = address(tree, SCRATCH)
  let kept = samples + (<usize>start << 2)
  let moved = scratch
  for (let at = kept, last = samples + (<usize>end << 2); at < last; at += 4) {
    const sample = load<u32>(at)
    // Both places are written and one pointer moves: there is no branch to mispredict.
    const goes = <usize>(<u32>load<u8>(codes + <usize>sample) - low <= width)
    store<u32>(kept, sample)
    store<u32>(moved, sample)
    moved += goes << 2
    kept += (1 - goes) << 2
  }
  memory.copy(kept, scratch, moved - scratch)
  return <i32>((kept - samples) >> 2)
}

// @ts-ignore: decorator
@inline
function worthOf(positive: f64, total: f64, isEntropy: bool): f64 {
  const negative = total - positive
  return isEntropy
    ? timesLn(positive) + timesLn(negative) - timesLn(total)
    : (positive * positive + negative * negative) / total
}

function timesLn(x: f64): f64 {
  return x > 0 ? x * ln(x) : 0
}

/** See `drawBelow` in core/kernels/forest.ts. */
function drawBelow(state: usize, bound: i32): i32 {
  const a = load<u32>(state)
  const b = load<u32>(state, 4)
  const c = load<u32>(state, 8)
  const d = load<u32>(state, 12)
  const drawn = rotl<u32>(b * 5, 7) * 9
  store<u32>(state, a ^ d ^ b)
  store<u32>(state, b ^ c ^ a, 4)
  store<u32>(state, c ^ a ^ (b << 9), 8)
  store<u32>(state, rotl<u32>(d ^ b, 11), 12)
  return <i32>((<u64>drawn * <u64>(<u32>bound)) >> 32)
}
