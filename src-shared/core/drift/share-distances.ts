/** Distances between two divisions of cases over the same bins or categories. */
import { ln } from '../math/elementary.ts'
import { quantileSorted } from '../math/quantile.ts'
import { sortNumbers } from '../math/sort-numbers.ts'
import { type Measured, measured, undefinedBecause } from '../metrics/measured.ts'

const LN_2 = 0.6931471805599453

/** Shares below it are raised to it in the stability index, so that an empty bin is no infinity. */
const SHARE_FLOOR = 1e-4

const EMPTY = 'a side has no cases'

interface Shares {
  readonly reference: Float64Array
  readonly current: Float64Array
}

function sharesOf(reference: ArrayLike<number>, current: ArrayLike<number>): Shares | null {
  if (reference.length !== current.length) {
    throw new RangeError(
      `both sides need a count for every bin, got ${reference.length} and ${current.length}`,
    )
  }
  const shares = [reference, current].map((counts) => {
    let total = 0
    for (let i = 0; i < counts.length; i++) {
      if (!(counts[i]! >= 0 && counts[i]! < Infinity)) {
        throw new RangeError(`counts must be finite and at least 0, got ${counts[i]!}`)
      }
      total += counts[i]!
    }
    return total > 0 ? Float64Array.from(counts, (count) => count / total) : null
  })
  return shares[0] && shares[1] ? { reference: shares[0], current: shares[1] } : null
}

/**
 * Population stability index, Σ (a − e) ln(a / e) over bins with shares e of the reference and a of
 * the current cases, each at least 0.0001. At least 0; by convention below 0.1 stable, above 0.25
 * shifted. Noise alone gives about (bins − 1) (1 / n + 1 / m).
 *
 * @param referenceCounts, currentCounts Counts or weights ≥ 0 per bin, of one length.
 */
export function populationStability(
  referenceCounts: ArrayLike<number>,
  currentCounts: ArrayLike<number>,
): Measured {
  return sumOverBins(referenceCounts, currentCounts, (reference, current) => {
    const expected = Math.max(SHARE_FLOOR, reference)
    const actual = Math.max(SHARE_FLOOR, current)
    return (actual - expected) * ln(actual / expected)
  })
}

/**
 * Jensen-Shannon divergence in nats, in [0, ln 2]: mean information in a case about which side it
 * is from, when both are equally likely. Its root is a distance; ÷ ln 2 gives bits.
 */
export function jensenShannon(
  referenceCounts: ArrayLike<number>,
  currentCounts: ArrayLike<number>,
): Measured {
  const sum = sumOverBins(referenceCounts, currentCounts, (p, q) => {
    const middle = (p + q) / 2
    return ((p > 0 ? p * ln(p / middle) : 0) + (q > 0 ? q * ln(q / middle) : 0)) / 2
  })
  return sum.value === null ? sum : measured(Math.min(LN_2, Math.max(0, sum.value)))
}

/** Jensen-Shannon distance to base 2, √(divergence / ln 2), in [0, 1]. */
export function jensenShannonDistance(
  referenceCounts: ArrayLike<number>,
  currentCounts: ArrayLike<number>,
): Measured {
  const { value, reason } = jensenShannon(referenceCounts, currentCounts)
  return value === null ? undefinedBecause(reason) : measured(Math.sqrt(value / LN_2))
}

/** Total variation: share of cases that would have to change bins, in [0, 1]. */
export function totalVariation(
  referenceCounts: ArrayLike<number>,
  currentCounts: ArrayLike<number>,
): Measured {
  return sumOverBins(referenceCounts, currentCounts, (p, q) => Math.abs(p - q) / 2)
}

function sumOverBins(
  referenceCounts: ArrayLike<number>,
  currentCounts: ArrayLike<number>,
  term: (reference: number, current: number) => number,
): Measured {
  const shares = sharesOf(referenceCounts, currentCounts)
  if (shares === null) return undefinedBecause(EMPTY)
  let sum = 0
  for (let i = 0; i < shares.reference.length; i++) {
    sum += term(shares.reference[i]!, shares.current[i]!)
  }
  return measured(sum)
}

/**
 * Limits between bins of numbers: `decile`, at the quantiles 0.1 … 0.9 of the reference, repeated
 * ones merged; `width`, ten equal parts of its range (none where it is constant).
 *
 * @param reference At least one number, no NaN.
 * @returns Strictly increasing inner limits; bins are one more.
 */
export function driftEdges(reference: Float64Array, strategy: 'decile' | 'width'): Float64Array {
  const sorted = sortNumbers(reference.slice())
  const edges: number[] = []
  if (strategy === 'decile') {
    for (let i = 1; i <= 9; i++) {
      const edge = quantileSorted(sorted, i / 10)
      if (edge !== edges.at(-1)) edges.push(edge)
    }
    return Float64Array.from(edges)
  }
  const low = sorted[0]!
  const width = (sorted[sorted.length - 1]! - low) / 10
  if (!(width > 0)) return new Float64Array(0)
  return Float64Array.from({ length: 9 }, (_, i) => low + (i + 1) * width)
}

/** How many values fall into each bin: the number of limits strictly below a value is its bin. */
export function countInBins(values: Float64Array, edges: Float64Array): Float64Array {
  const counts = new Float64Array(edges.length + 1)
  for (const value of values) {
    let low = 0
    let high = edges.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (edges[middle]! < value) low = middle + 1
      else high = middle
    }
    counts[low]! += 1
  }
  return counts
}
