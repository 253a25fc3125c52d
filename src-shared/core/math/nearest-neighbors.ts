/**
 * Exact nearest neighbours by brute force, tile by tile.
 *
 * Distances that decide are sums of squared differences in double precision, never
 * |a|² − 2ab + |b|², whose cancellation exchanges near neighbours. They are computed in one of two
 * ways that give the same result:
 *
 *   one by one   A tile of queries meets a block of candidates that fits into the processor's
 *                cache. A sum is abandoned as soon as it exceeds the k-th best so far.
 *   filtered     Kernels first look at points rounded to whole numbers of 12 bits or so, and name
 *                the few pairs that may still win; only of these is the distance computed.
 *
 * The filter loses no winner. Write x̂ for the rounded point in units of the data and e(x) = |x − x̂|
 * for what rounding moved x. By the triangle inequality |q − c| ≥ |q̂ − ĉ| − e(q) − e(c), so c can
 * only be nearer than the k-th best distance w where |q̂ − ĉ| ≤ w + e(q) + e(c). Rounded points lie
 * on a grid of 64 standard deviations either way; a point beyond, at most one in 4,096 per feature,
 * is compared one by one.
 */
import { QUERIES_PER_CALL, candidateCodeAt, codePairs } from './neighbor-filter.ts'
import type { NeighborKernels, NeighborMemory } from './neighbor-filter.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Matrix } from './matrix.ts'

export interface Neighbors {
  /** Neighbours per query. */
  readonly k: number
  /** Rows of X, nearest first; query i holds elements i · k to i · k + k − 1. */
  readonly rows: Int32Array
  /** Euclidean distances of `rows`. */
  readonly distances: Float64Array
}

/** Features that hold codes of categories. */
export interface Categories {
  /** Length nFeatures, 1 for such a feature. */
  readonly isCategorical: Uint8Array
  /** What a difference in one of them adds to the squared distance. */
  readonly mismatchSquare: number
}

/** A search under way: the k best of each query so far, in order. */
interface Search {
  readonly X: Matrix
  readonly queries: Int32Array
  readonly candidates: Int32Array
  readonly k: number
  readonly hasMissing: boolean
  readonly categories: Categories | null
  readonly rows: Int32Array
  readonly squares: Float64Array
}

const queriesPerTile = 32
/** Doubles in a block of candidates: 256 KiB, within the second-level cache of any processor. */
const blockValues = 32768
/** Features between two looks at whether a sum can still win. */
const stride = 8
/** Holds a place that no candidate has taken; higher than any row, so that it loses every tie. */
const noRow = 0x7fffffff

/**
 * The k nearest candidates of each query, in Euclidean distance.
 *
 * NaN stands for a missing value. The squared distance is then that over the features which both
 * rows have, times nFeatures ÷ their number; rows that have no feature in common are infinitely
 * far from each other.
 *
 * A row that is query and candidate is not its own neighbour; another row with the same values
 * is. Of candidates at one distance the lower row comes first.
 *
 * @param X          Finite, or NaN for missing.
 * @param queries    Rows of X.
 * @param candidates Rows of X, distinct.
 * @param k          At least 1.
 * @param kernels    What filters; null to compute all distances one by one. Changes no result.
 * @param categories Features whose values only are the same or not; NaN is a value of its own there.
 * @throws RangeError when some query has fewer than k candidates besides itself.
 *
 * O(queries · candidates · nFeatures) time, a few megabytes of memory beyond the result.
 * Deterministic: tiles change no result.
 */
export function nearestNeighbors(
  X: Matrix,
  queries: Int32Array,
  candidates: Int32Array,
  k: number,
  checkpoint: Checkpoint,
  kernels: NeighborKernels | null = null,
  categories: Categories | null = null,
): Neighbors {
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`k must be an integer from 1, got ${k}`)
  const rows = new Int32Array(queries.length * k).fill(noRow)
  const squares = new Float64Array(queries.length * k).fill(Infinity)
  const grid =
    kernels !== null &&
    categories === null &&
    queries.length * candidates.length >= leastFilteredPairs
      ? gridOf(X, queries, candidates)
      : null
  const hasMissing = grid === null && (lacksValues(X, queries) || lacksValues(X, candidates))
  const search: Search = { X, queries, candidates, k, hasMissing, categories, rows, squares }
  if (kernels === null || grid === null) searchOneByOne(search, checkpoint)
  else searchFiltered(search, grid, kernels, checkpoint)
  if (rows.includes(noRow)) {
    throw new RangeError(
      `candidates must hold ${k} rows besides the query, got ${candidates.length} in all`,
    )
  }
  return { k, rows, distances: squares.map((square) => Math.sqrt(square)) }
}

/** Whether a value is missing in one of the rows. */
function lacksValues({ values, nFeatures }: Matrix, rows: Int32Array): boolean {
  for (const row of rows) {
    const end = (row + 1) * nFeatures
    for (let i = row * nFeatures; i < end; i++) if (Number.isNaN(values[i]!)) return true
  }
  return false
}

function searchOneByOne(search: Search, checkpoint: Checkpoint): void {
  const { X, queries, candidates } = search
  const block = Math.max(1, Math.floor(blockValues / Math.max(1, X.nFeatures)))
  for (let tile = 0; tile < queries.length; tile += queriesPerTile) {
    const tileEnd = Math.min(tile + queriesPerTile, queries.length)
    for (let start = 0; start < candidates.length; start += block) {
      const end = Math.min(start + block, candidates.length)
      for (let query = tile; query < tileEnd; query++) {
        compete(search, query, start, end)
      }
      const tileDone = (tileEnd - tile) * (end / candidates.length)
      checkpoint((tile + tileDone) / queries.length)
    }
  }
}

/** Lets candidates [start, end) compete for the k places of a query. */
function compete(search: Search, query: number, start: number, end: number): void {
  const { X, queries, candidates, k, hasMissing, categories, rows, squares } = search
  const { values, nFeatures } = X
  const row = queries[query]!
  const rowAt = row * nFeatures
  const last = query * k + k - 1
  for (let c = start; c < end; c++) {
    const candidate = candidates[c]!
    if (candidate === row) continue
    const worst = squares[last]!
    let square = 0
    if (categories !== null) {
      square = mixedSquare(X, categories, row, candidate, worst)
    } else if (hasMissing) {
      square = squareOfPresent(X, row, candidate, worst)
    } else {
      const candidateAt = candidate * nFeatures
      for (let f = 0; f < nFeatures && square <= worst;) {
        const stop = Math.min(f + stride, nFeatures)
        for (; f < stop; f++) {
          const difference = values[rowAt + f]! - values[candidateAt + f]!
          square += difference * difference
        }
      }
    }
    if (square > worst || (square === worst && candidate > rows[last]!)) continue
    insert(search, query, square, candidate)
  }
}

/** Puts a candidate into its place among the k of a query; the last one drops out. */
function insert({ k, rows, squares }: Search, query: number, square: number, row: number): void {
  const first = query * k
  let place = first + k - 1
  while (
    place > first &&
    (squares[place - 1]! > square || (squares[place - 1]! === square && rows[place - 1]! > row))
  ) {
    squares[place] = squares[place - 1]!
    rows[place] = rows[place - 1]!
    place--
  }
  squares[place] = square
  rows[place] = row
}

/**
 * The squared distance that decides between neighbours, of two rows; or some part of it that exceeds
 * `enough`. For rows that may lack values.
 */
export function squaredDistance(X: Matrix, a: number, b: number, enough = Infinity): number {
  return squareOfPresent(X, a, b, enough)
}

function mixedSquare(
  { values, nFeatures }: Matrix,
  { isCategorical, mismatchSquare }: Categories,
  a: number,
  b: number,
  enough: number,
): number {
  const aAt = a * nFeatures
  const bAt = b * nFeatures
  let square = 0
  let present = 0
  let numeric = 0
  let mismatches = 0
  for (let f = 0; f < nFeatures && square <= enough; f++) {
    const [from, to] = [values[aAt + f]!, values[bAt + f]!]
    if (isCategorical[f] === 1) {
      if (from !== to && !(from !== from && to !== to)) mismatches++
      continue
    }
    numeric++
    const difference = from - to
    if (difference !== difference) continue
    square += difference * difference
    present++
  }
  if (square > enough) return square
  if (present === 0 && numeric > 0) return Infinity
  return square * (numeric / (present || 1)) + mismatches * mismatchSquare
}

/**
 * Squared distance of two rows over the features that neither lacks, scaled up to all of them, or
 * some part of it that exceeds `enough`.
 */
function squareOfPresent(
  { values, nFeatures }: Matrix,
  a: number,
  b: number,
  enough: number,
): number {
  const aAt = a * nFeatures
  const bAt = b * nFeatures
  let square = 0
  let present = 0
  for (let f = 0; f < nFeatures && square <= enough; f++) {
    const difference = values[aAt + f]! - values[bAt + f]!
    if (difference !== difference) continue
    square += difference * difference
    present++
  }
  if (square > enough) return square
  return present === 0 && nFeatures > 0 ? Infinity : square * (nFeatures / (present || 1))
}

/** Below so many pairs the filter is not worth its preparation. */
const leastFilteredPairs = 4096
const filteredQueriesPerTile = 4096
/** The first candidates all pass; few of them make few distances that lead nowhere. */
const firstBlock = 64
const codesPerBlock = 16384 // 32 KiB, within the first-level cache
const largestBlock = 512
const rangeInDeviations = 64
const largestInt32 = 0x7fffffff
/** What rounding may do to a difference of two doubles and to sums of its squares, relative. */
const differenceRounding = 4e-16
const sumRounding = 1e-9

/** How points are rounded: x ↦ round((x − center) / step), at most `reach` either way. */
interface Grid {
  readonly center: Float64Array
  readonly centerSum: number
  readonly step: number
  readonly reach: number
}

/** @returns Null where values are missing or so large or small that squares leave the doubles. */
function gridOf({ values, nFeatures }: Matrix, ...rowLists: Int32Array[]): Grid | null {
  if (nFeatures === 0) return null
  const center = new Float64Array(nFeatures)
  const nRows = rowLists.reduce((sum, rows) => sum + rows.length, 0)
  for (const rows of rowLists) {
    for (const row of rows) {
      const at = row * nFeatures
      for (let f = 0; f < nFeatures; f++) center[f]! += values[at + f]!
    }
  }
  for (let f = 0; f < nFeatures; f++) center[f]! /= nRows
  let squares = 0
  let largest = 0
  for (const rows of rowLists) {
    for (const row of rows) {
      const at = row * nFeatures
      for (let f = 0; f < nFeatures; f++) {
        const deviation = Math.abs(values[at + f]! - center[f]!)
        squares += deviation * deviation
        if (deviation > largest) largest = deviation
      }
    }
  }
  if (!(squares < 1e200 && (squares > 1e-200 || squares === 0))) return null
  const range = Math.min(largest, rangeInDeviations * Math.sqrt(squares / (nRows * nFeatures)))
  // |c|² − 2 · q · c reaches 3 · nFeatures · reach² and has to stay within 31 bits.
  const reach = Math.min(32767, Math.floor(Math.sqrt(largestInt32 / (3 * nFeatures))))
  return {
    center,
    centerSum: center.reduce((sum, x) => sum + Math.abs(x), 0),
    step: range === 0 ? 1 : range / reach,
    reach,
  }
}

function searchFiltered(
  search: Search,
  grid: Grid,
  kernels: NeighborKernels,
  checkpoint: Checkpoint,
): void {
  const { X, queries, candidates } = search
  const nPairs = codePairs(X.nFeatures)
  const blockSize = Math.max(
    8,
    Math.min(largestBlock, Math.floor(codesPerBlock / (2 * nPairs)) & ~7),
  )
  const memory = kernels.allocate({
    nFeatures: X.nFeatures,
    nQueries: Math.min(queries.length, filteredQueriesPerTile),
    nCandidates: blockSize,
  })
  try {
    for (let tile = 0; tile < queries.length; tile += filteredQueriesPerTile) {
      const tileEnd = Math.min(tile + filteredQueriesPerTile, queries.length)
      searchTile(search, tile, tileEnd, grid, kernels, memory, (tileDone) => {
        checkpoint((tile + (tileEnd - tile) * tileDone) / queries.length)
      })
    }
  } finally {
    kernels.release(memory)
  }

  function searchTile(
    { k, squares }: Search,
    tile: number,
    tileEnd: number,
    { step }: Grid,
    { filter }: NeighborKernels,
    { queryCodes, thresholds, candidateCodes, candidateNorms, hits }: NeighborMemory,
    tick: (fractionDone: number) => void,
  ): void {
    const nQueries = tileEnd - tile
    const rowCodes = new Int16Array(2 * nPairs)
    const queryNorms = new Float64Array(nQueries)
    const queryErrors = new Float64Array(nQueries) // in steps; Infinity where the grid is left
    for (let query = 0; query < nQueries; query++) {
      queryErrors[query] = roundRow(X, queries[tile + query]!, grid, rowCodes)
      queryCodes.set(rowCodes, 2 * nPairs * query)
      queryNorms[query] = normOf(rowCodes)
    }
    const far: number[] = []
    for (let start = 0, size = firstBlock; start < candidates.length;) {
      const end = Math.min(start + Math.min(size, blockSize), candidates.length)
      const padded = (end - start + 7) & ~7
      let largestError = 0
      far.length = 0
      candidateCodes.fill(0, 0, padded * 2 * nPairs)
      for (let c = 0; c < padded; c++) {
        candidateNorms[c] = largestInt32 // above any threshold
        if (start + c >= end) continue
        const error = roundRow(X, candidates[start + c]!, grid, rowCodes)
        if (error === Infinity) {
          far.push(start + c)
          continue
        }
        for (let f = 0, at = candidateCodeAt(c, nPairs); f < 2 * nPairs; f += 2, at += 16) {
          candidateCodes[at] = rowCodes[f]!
          candidateCodes[at + 1] = rowCodes[f + 1]!
        }
        candidateNorms[c] = normOf(rowCodes)
        largestError = Math.max(largestError, error)
      }
      for (let first = 0; first < nQueries; first += QUERIES_PER_CALL) {
        const last = Math.min(first + QUERIES_PER_CALL, nQueries)
        for (let query = first; query < last; query++) {
          const worst = squares[(tile + query) * k + k - 1]!
          const reached = Math.sqrt(worst) / step + queryErrors[query]! + largestError
          const square = reached * reached * (1 + sumRounding) + 1 - queryNorms[query]!
          thresholds[query] = square < largestInt32 - 1 ? Math.floor(square) : largestInt32 - 1
        }
        const nHits = filter(memory, first, last, padded)
        for (let h = 0; h < nHits; h++) {
          const hit = hits[h]!
          const query = Math.floor(hit / blockSize)
          const c = start + hit - query * blockSize
          compete(search, tile + first + query, c, c + 1)
        }
        for (const c of far) {
          for (let query = first; query < last; query++) compete(search, tile + query, c, c + 1)
        }
        tick((start + (end - start) * (last / nQueries)) / candidates.length)
      }
      size *= 2
      start = end
    }
  }
}

/**
 * Writes the codes of a row.
 *
 * @returns |x − x̂| in steps; Infinity where a value lies beyond the grid, and all codes are then 0.
 */
function roundRow(
  { values, nFeatures }: Matrix,
  row: number,
  { center, centerSum, step, reach }: Grid,
  codes: Int16Array,
): number {
  const at = row * nFeatures
  let squares = 0
  let sizes = centerSum
  for (let f = 0; f < nFeatures; f++) {
    const value = values[at + f]!
    const scaled = (value - center[f]!) / step
    const code = Math.floor(scaled + 0.5)
    if (!(code >= -reach && code <= reach)) {
      codes.fill(0)
      return Infinity
    }
    codes[f] = code
    squares += (scaled - code) * (scaled - code)
    sizes += Math.abs(value)
  }
  return Math.sqrt(squares) * (1 + sumRounding) + (differenceRounding * sizes) / step
}

/** |x̂|² in steps. */
function normOf(codes: Int16Array): number {
  let norm = 0
  for (const code of codes) norm += code * code
  return norm
}
