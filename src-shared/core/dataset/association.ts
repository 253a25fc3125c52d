/** What each column by itself has to do with the label: for a first look, before any model. */
import { chiSquareTails } from '../math/chi-square.ts'
import { ln } from '../math/elementary.ts'
import { argsortAscending } from '../math/order.ts'
import { quantileSorted } from '../math/quantile.ts'
import { blockSum } from '../math/sum.ts'
import { studentTails } from '../math/student-t.ts'
import type { CategoricalColumn } from './dataset.ts'

/** A numeric column against the label; null where it is undefined. Missing values are left out. */
export interface NumericAssociation {
  /** Samples with a value. */
  readonly nSamples: number
  /** Share of pairs of a positive and a negative in which the positive has the larger value. */
  readonly auc: number | null
  /** Pearson's correlation with the label, and its two-sided p-value by Student's t. */
  readonly pointBiserial: number | null
  readonly pointBiserialP: number | null
  /** Correlation of the mean ranks. */
  readonly spearman: number | null
  /** Largest distance between the distribution functions of the classes. */
  readonly ks: number | null
  /** Nats that the decile of a value says of the label. */
  readonly mutualInformation: number | null
  readonly mean: number | null
  /** With n − 1. */
  readonly standardDeviation: number | null
  readonly skewness: number | null
  /** 0 for a normal distribution. */
  readonly excessKurtosis: number | null
  readonly median: number | null
}

const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const

/**
 * @param values NaN for a missing one, length nSamples.
 * @param yTrue  0 or 1, length nSamples.
 * @throws RangeError when lengths differ.
 */
export function numericAssociation(values: Float64Array, yTrue: Uint8Array): NumericAssociation {
  requireAlike(values.length, yTrue.length)
  const isPresent = (_: number, i: number): boolean => !Number.isNaN(values[i])
  const x = values.filter(isPresent)
  const y = Float64Array.from(yTrue.filter(isPresent))
  const n = x.length
  const positives = blockSum(y)
  const negatives = n - positives
  const order = argsortAscending(x)
  const sorted = Float64Array.from(order, (i) => x[i]!)
  const moments = momentsOf(x)
  const correlation = pearson(x, y)
  const bothClasses = positives > 0 && negatives > 0
  return {
    nSamples: n,
    ...rankMeasures(sorted, order, y),
    pointBiserial: correlation,
    pointBiserialP: correlation === null || n < 3 ? null : correlationP(correlation, n - 2),
    mutualInformation: bothClasses ? mutualInformation(decileCounts(sorted, x, y)) : null,
    ...moments,
    median: n === 0 ? null : quantileSorted(sorted, 0.5),
  }
}

/** A categorical column against the label. A missing value is no level. */
export interface CategoricalAssociation {
  /** Those that some sample has, in the order of the column. */
  readonly levels: readonly string[]
  /** Per level. */
  readonly negatives: Float64Array
  readonly positives: Float64Array
  /** Share of positives per level. */
  readonly positiveRates: Float64Array
  /** Pearson's statistic without correction, its degrees of freedom and p-value. */
  readonly chiSquare: number | null
  readonly degrees: number
  readonly pValue: number | null
  /** In [0, 1]. */
  readonly cramersV: number | null
  /** Nats that the level says of the label. */
  readonly mutualInformation: number | null
  /** Σ (share of the positives − share of the negatives) · ln of their ratio, over levels with both. */
  readonly informationValue: number | null
}

/**
 * @param yTrue 0 or 1, length nSamples.
 * @throws RangeError when lengths differ.
 */
export function categoricalAssociation(
  { codes, levels }: CategoricalColumn,
  yTrue: Uint8Array,
): CategoricalAssociation {
  requireAlike(codes.length, yTrue.length)
  const byClass = [0, 1].map(() => new Float64Array(levels.length))
  codes.forEach((code, i) => {
    if (code >= 0) byClass[yTrue[i]!]![code]!++
  })
  const used = levels
    .map((_, code) => code)
    .filter((code) => byClass[0]![code]! + byClass[1]![code]! > 0)
  const [negatives, positives] = byClass.map((counts) =>
    Float64Array.from(used, (code) => counts[code]!),
  ) as [Float64Array, Float64Array]
  const [nNegatives, nPositives] = [blockSum(negatives), blockSum(positives)]
  const n = nNegatives + nPositives
  const degrees = Math.max(0, used.length - 1)
  const isDefined = nNegatives > 0 && nPositives > 0 && degrees > 0
  const chiSquare = isDefined
    ? blockSum(
        Float64Array.from(used, (_, k) => {
          const ofLevel = negatives[k]! + positives[k]!
          const terms = [negatives, positives].map((counts, label) => {
            const expected = (ofLevel * (label === 0 ? nNegatives : nPositives)) / n
            const apart = counts[k]! - expected
            return (apart * apart) / expected
          })
          return terms[0]! + terms[1]!
        }),
      )
    : null
  return {
    levels: used.map((code) => levels[code]!),
    negatives,
    positives,
    positiveRates: positives.map((count, k) => count / (count + negatives[k]!)),
    chiSquare,
    degrees,
    pValue: chiSquare === null ? null : chiSquareTails(chiSquare, degrees).upper,
    cramersV: chiSquare === null ? null : Math.sqrt(chiSquare / n),
    mutualInformation: isDefined ? mutualInformation([negatives, positives]) : null,
    informationValue: isDefined
      ? blockSum(
          positives.map((count, k) => {
            if (count === 0 || negatives[k] === 0) return 0
            const [ofPositives, ofNegatives] = [count / nPositives, negatives[k]! / nNegatives]
            return (ofPositives - ofNegatives) * ln(ofPositives / ofNegatives)
          }),
        )
      : null,
  }
}

function requireAlike(nValues: number, nLabels: number): void {
  if (nValues !== nLabels)
    throw new RangeError(`yTrue must have ${nValues} entries, got ${nLabels}`)
}

/** What hangs on the order of the values alone. */
function rankMeasures(
  sorted: Float64Array,
  order: Int32Array,
  y: Float64Array,
): Pick<NumericAssociation, 'auc' | 'spearman' | 'ks'> {
  const n = sorted.length
  const positives = blockSum(y)
  const negatives = n - positives
  const ranks = new Float64Array(n)
  let below = { positives: 0, negatives: 0 }
  let won = 0 // pairs in which the positive is above, a draw counting half
  let apart = 0
  for (let start = 0, end = 0; start < n; start = end) {
    while (end < n && sorted[end] === sorted[start]) end++
    let ofPositives = 0
    for (let at = start; at < end; at++) {
      ranks[order[at]!] = (start + end + 1) / 2
      ofPositives += y[order[at]!]!
    }
    const ofNegatives = end - start - ofPositives
    won += ofPositives * (below.negatives + ofNegatives / 2)
    below = {
      positives: below.positives + ofPositives,
      negatives: below.negatives + ofNegatives,
    }
    apart = Math.max(apart, Math.abs(below.positives / positives - below.negatives / negatives))
  }
  const bothClasses = positives > 0 && negatives > 0
  return {
    auc: bothClasses ? won / (positives * negatives) : null,
    spearman: pearson(ranks, y),
    ks: bothClasses ? apart : null,
  }
}

function momentsOf(
  x: Float64Array,
): Pick<NumericAssociation, 'mean' | 'standardDeviation' | 'skewness' | 'excessKurtosis'> {
  const n = x.length
  if (n === 0) return { mean: null, standardDeviation: null, skewness: null, excessKurtosis: null }
  const mean = blockSum(x) / n
  const square = x.map((value) => (value - mean) * (value - mean))
  const second = blockSum(square) / n
  const isConstant = x.every((value) => value === x[0])
  return {
    mean: isConstant ? x[0]! : mean,
    standardDeviation: n < 2 ? null : isConstant ? 0 : Math.sqrt((second * n) / (n - 1)),
    skewness: isConstant
      ? null
      : blockSum(square.map((value, i) => value * (x[i]! - mean))) /
        n /
        (second * Math.sqrt(second)),
    excessKurtosis: isConstant
      ? null
      : blockSum(square.map((value) => value * value)) / n / (second * second) - 3,
  }
}

/** Null where one of them is constant. */
function pearson(a: Float64Array, b: Float64Array): number | null {
  const isConstant = (values: Float64Array): boolean => values.every((value) => value === values[0])
  if (isConstant(a) || isConstant(b)) return null
  const centered = (values: Float64Array): Float64Array => {
    const mean = blockSum(values) / values.length
    return values.map((value) => value - mean)
  }
  const [u, v] = [centered(a), centered(b)]
  const product = (p: Float64Array, q: Float64Array): number =>
    blockSum(p.map((value, i) => value * q[i]!))
  const r = product(u, v) / (Math.sqrt(product(u, u)) * Math.sqrt(product(v, v)))
  return Math.min(Math.max(r, -1), 1)
}

function correlationP(r: number, degrees: number): number {
  const rest = 1 - r * r
  return rest <= 0 ? 0 : 2 * studentTails(-Math.abs(r) * Math.sqrt(degrees / rest), degrees).lower
}

/** Counts of the two classes per decile; equal deciles are one. */
function decileCounts(
  sorted: Float64Array,
  x: Float64Array,
  y: Float64Array,
): [Float64Array, Float64Array] {
  const edges = [...new Set(DECILES.map((q) => quantileSorted(sorted, q)))]
  const counts: [Float64Array, Float64Array] = [
    new Float64Array(edges.length + 1),
    new Float64Array(edges.length + 1),
  ]
  x.forEach((value, i) => {
    const bin = edges.filter((edge) => edge < value).length
    counts[y[i] === 1 ? 1 : 0][bin]!++
  })
  return counts
}

/** Between the class and the cell, in nats, from counts per class and cell. */
function mutualInformation([negatives, positives]: readonly [Float64Array, Float64Array]): number {
  const ofClass = [blockSum(negatives), blockSum(positives)]
  const n = ofClass[0]! + ofClass[1]!
  const terms = [negatives, positives].flatMap((counts, label) =>
    Array.from(counts, (count, cell) => {
      const ofCell = negatives[cell]! + positives[cell]!
      return count === 0 ? 0 : (count / n) * ln((count * n) / (ofClass[label]! * ofCell))
    }),
  )
  return Math.max(0, blockSum(terms))
}
