/**
 * Exact nearest neighbours by brute force, tile by tile.
 *
 * A tile of queries meets a block of candidates that fits into the processor's cache, so memory
 * beyond the result is a few hundred kilobytes whatever the size of the data. Distances are sums
 * of squared differences in double precision, never |a|² − 2ab + |b|², whose cancellation
 * exchanges near neighbours. A sum is abandoned as soon as it exceeds the k-th best so far.
 */
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
 * A row that is query and candidate is not its own neighbour; another row with the same values
 * is. Of candidates at one distance the lower row comes first.
 *
 * @param X          All finite.
 * @param queries    Rows of X.
 * @param candidates Rows of X, distinct.
 * @param k          At least 1.
 * @throws RangeError when some query has fewer than k candidates besides itself.
 *
 * O(queries · candidates · nFeatures) time. Deterministic: tiles change no result.
 */
export function nearestNeighbors(
  X: Matrix,
  queries: Int32Array,
  candidates: Int32Array,
  k: number,
  checkpoint: Checkpoint,
): Neighbors {
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`k must be an integer from 1, got ${k}`)
  const rows = new Int32Array(queries.length * k).fill(noRow)
  const squares = new Float64Array(queries.length * k).fill(Infinity)
  const block = Math.max(1, Math.floor(blockValues / Math.max(1, X.nFeatures)))
  for (let tile = 0; tile < queries.length; tile += queriesPerTile) {
    const tileEnd = Math.min(tile + queriesPerTile, queries.length)
    for (let start = 0; start < candidates.length; start += block) {
      const end = Math.min(start + block, candidates.length)
      for (let query = tile; query < tileEnd; query++) {
        searchBlock(X, queries[query]!, candidates, start, end, rows, squares, query * k, k)
      }
      const tileDone = (tileEnd - tile) * (end / candidates.length)
      checkpoint((tile + tileDone) / queries.length)
    }
  }
  if (rows.includes(noRow)) {
    throw new RangeError(
      `candidates must hold ${k} rows besides the query, got ${candidates.length} in all`,
    )
  }
  return { k, rows, distances: squares.map((square) => Math.sqrt(square)) }
}

/** Lets candidates [start, end) compete for the k places from `first` on, kept in order. */
function searchBlock(
  { values, nFeatures }: Matrix,
  query: number,
  candidates: Int32Array,
  start: number,
  end: number,
  rows: Int32Array,
  squares: Float64Array,
  first: number,
  k: number,
): void {
  const last = first + k - 1
  const queryAt = query * nFeatures
  for (let c = start; c < end; c++) {
    const candidate = candidates[c]!
    if (candidate === query) continue
    const worst = squares[last]!
    const candidateAt = candidate * nFeatures
    let square = 0
    for (let f = 0; f < nFeatures && square <= worst;) {
      const stop = Math.min(f + stride, nFeatures)
      for (; f < stop; f++) {
        const difference = values[queryAt + f]! - values[candidateAt + f]!
        square += difference * difference
      }
    }
    if (square > worst || (square === worst && candidate > rows[last]!)) continue
    let place = last
    while (
      place > first &&
      (squares[place - 1]! > square ||
        (squares[place - 1]! === square && rows[place - 1]! > candidate))
    ) {
      squares[place] = squares[place - 1]!
      rows[place] = rows[place - 1]!
      place--
    }
    squares[place] = square
    rows[place] = candidate
  }
}
