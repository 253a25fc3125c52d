/**
 * Where positives are missed: parts of the data, by one column or two, in which decisions catch fewer
 * of the positives than elsewhere; `share-search.ts` keeps chance out. A part by two columns is only
 * named where it says more than either of its columns alone.
 */
import type { Column } from '../dataset/dataset.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Interval } from '../metrics/interval.ts'
import { wilsonInterval } from '../metrics/wilson.ts'
import { conditionText } from './condition.ts'
import type { SliceCondition } from './condition.ts'
import { saysMoreThanEither, searchShares } from './share-search.ts'
import type { SearchedPart } from './share-search.ts'
import { drawnShare } from './share-test.ts'
import { sliceColumn } from './slice-bins.ts'
import type { SlicedColumn } from './slice-bins.ts'

export interface Slice {
  /** One condition, or two on different columns. */
  readonly where: readonly SliceCondition[]
  readonly text: string
  readonly tp: number
  readonly fn: number
  readonly fp: number
  readonly tn: number
  /** fn ÷ (tp + fn), with its 95 % interval (Wilson). */
  readonly missedShare: number
  readonly interval: Interval
  /** The same, drawn towards that of all positives. */
  readonly shrunkShare: number
  /** Positives missed beyond what the share outside would give. */
  readonly excess: number
  /** One-sided: so many misses or more if the slice were like the rest. */
  readonly pValue: number
  readonly adjusted: number
}

export interface SliceSearch {
  /** By rising adjusted p-value, then by falling excess. */
  readonly slices: readonly Slice[]
  /** Parts that were tested. */
  readonly tested: number
  /** Columns that were looked at in pairs; with many, those with the lowest p-values. */
  readonly pairedColumns: number
  readonly positives: number
  readonly missed: number
  /** Weight of the common share, in positives, when shares are drawn towards it; null: no bounds. */
  readonly priorPositives: number | null
  /** Why there is nothing to search; null where there is. */
  readonly reason: string | null
}

const LEVEL = 0.95
/** Positives that a part must have. */
const LEAST_POSITIVES = 10
const MOST_SLICES = 60

/**
 * Searches one column at a time and all pairs of columns.
 *
 * @param yTrue     0 or 1 per sample, length nSamples.
 * @param decisions 1 = called positive, length nSamples.
 * @throws RangeError when lengths differ.
 *
 * Degenerate: with fewer than 20 positives, or where none or all are missed, nothing is searched, and
 * `reason` says why. Parts with fewer than 10 positives are not looked at. Deterministic.
 */
export function findSlices(
  features: readonly Column[],
  yTrue: Uint8Array,
  decisions: Uint8Array,
  checkpoint: Checkpoint,
): SliceSearch {
  if (decisions.length !== yTrue.length) {
    throw new RangeError(
      `findSlices needs one decision per sample, got ${decisions.length} for ${yTrue.length} samples`,
    )
  }
  const rows = Int32Array.from(yTrue.keys()).filter((row) => yTrue[row] === 1)
  const isMissed = Uint8Array.from(rows, (row) => 1 - decisions[row]!)
  const positives = rows.length
  const missed = isMissed.reduce((sum, one) => sum + one, 0)
  const reason = reasonAgainst(positives, missed)
  const found = { positives, missed, reason }
  if (reason !== null) {
    return { ...found, slices: [], tested: 0, pairedColumns: 0, priorPositives: null }
  }
  const columns = features.map((column) => sliceColumn(column, yTrue))
  checkpoint(0.4)
  const inPart = columns.map((column) => Int32Array.from(rows, (row) => column.partOf[row]!))
  const { parts, pairedColumns, prior } = searchShares(
    columns,
    inPart,
    isMissed,
    LEAST_POSITIVES,
    partOf(checkpoint, 0.4, 0.8),
  )
  const saysMore = saysMoreThanEither(parts, ({ pValue }) => pValue)
  const slices = parts
    .filter((part) => part.found * positives > missed * part.among && saysMore(part))
    .sort((a, b) => a.adjusted - b.adjusted || a.pValue - b.pValue || b.found - a.found)
    .slice(0, MOST_SLICES)
    .map((part) => describe(part, { columns, yTrue, decisions, positives, missed, prior }))
  checkpoint(1)
  return {
    ...found,
    slices,
    tested: parts.length,
    pairedColumns,
    priorPositives: prior === Infinity ? null : prior,
  }
}

function reasonAgainst(positives: number, missed: number): string | null {
  if (positives < 2 * LEAST_POSITIVES) {
    return `${positives} positives are too few to be divided: a slice and its rest need ${LEAST_POSITIVES} each`
  }
  if (missed === 0) return 'no positive is missed'
  return missed === positives ? 'every positive is missed, in all slices alike' : null
}

function describe(
  { at, where, among: inside, found: missed, pValue, adjusted }: SearchedPart,
  all: {
    readonly columns: readonly SlicedColumn[]
    readonly yTrue: Uint8Array
    readonly decisions: Uint8Array
    readonly positives: number
    readonly missed: number
    readonly prior: number
  },
): Slice {
  let fp = 0
  let tn = 0
  for (let row = 0; row < all.yTrue.length; row++) {
    if (all.yTrue[row] === 1) continue
    if (!at.every(([column, part]) => all.columns[column]!.partOf[row] === part)) continue
    if (all.decisions[row] === 1) fp++
    else tn++
  }
  const common = all.missed / all.positives
  const outside = (all.missed - missed) / (all.positives - inside)
  return {
    where,
    text: where.map(conditionText).join(' and '),
    tp: inside - missed,
    fn: missed,
    fp,
    tn,
    missedShare: missed / inside,
    interval: wilsonInterval(missed, inside, LEVEL)!,
    shrunkShare: drawnShare({ among: inside, found: missed }, common, all.prior),
    excess: missed - inside * outside,
    pValue,
    adjusted,
  }
}
