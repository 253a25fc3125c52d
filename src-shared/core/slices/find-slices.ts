/**
 * Where positives are missed: parts of the data, by one column or two, in which decisions catch fewer
 * of the positives than elsewhere.
 *
 * Many parts are looked at, and some look bad by chance. So every part is tested against the rest
 * (exact, one-sided), p-values are adjusted for all that was looked at (Benjamini and Hochberg: of
 * what is called certain about one in twenty is not), and the share of missed positives is drawn
 * towards the common one, the more the fewer positives a part has. A part by two columns is only
 * named where it says more than either of its columns alone.
 */
import type { Column } from '../dataset/dataset.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Interval } from '../metrics/interval.ts'
import { wilsonInterval } from '../metrics/wilson.ts'
import { adjustPValues } from '../statistics/adjust-p-values.ts'
import { conditionText } from './condition.ts'
import type { SliceCondition } from './condition.ts'
import { drawnShare, hypergeometricTail, priorWeight } from './share-test.ts'
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
const MOST_PAIRED_COLUMNS = 24
const MOST_SLICES = 60

interface Part {
  readonly where: readonly SliceCondition[]
  /** Positions of the columns and the parts of them. */
  readonly at: readonly (readonly [column: number, part: number])[]
  readonly positives: number
  readonly missed: number
  readonly pValue: number
}

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
  const inPart = columns.map(({ partOf }) => Int32Array.from(rows, (row) => partOf[row]!))
  const tail = hypergeometricTail(positives, missed)
  const partsOf = (indices: readonly number[]): Part[] =>
    countParts(indices, columns, inPart, isMissed, tail)

  const alone = columns.map((_, column) => partsOf([column]))
  const best = alone.map((parts) => Math.min(1, ...parts.map(({ pValue }) => pValue)))
  const paired = Array.from(columns.keys())
    .filter((column) => columns[column]!.parts.length > 1)
    .sort((a, b) => best[a]! - best[b]! || a - b)
    .slice(0, MOST_PAIRED_COLUMNS)
    .sort((a, b) => a - b)
  const singles = alone.flat()
  const pValues = new Map(singles.map((part) => [keyOf(part.at), part.pValue]))
  const parts = [...singles]
  paired.forEach((first, i) => {
    checkpoint(0.4 + (0.4 * i) / paired.length)
    for (const second of paired.slice(i + 1)) parts.push(...partsOf([first, second]))
  })
  const adjusted = adjustPValues(
    Float64Array.from(parts, ({ pValue }) => pValue),
    'benjamini-hochberg',
  )
  const prior = priorWeight(
    singles.map((part) => ({ among: part.positives, found: part.missed })),
    missed / positives,
  )
  const worthNaming = parts
    .map((part, i) => ({ part, adjusted: adjusted[i]! }))
    .filter(
      ({ part }) =>
        part.missed * positives > missed * part.positives &&
        (part.at.length === 1 ||
          part.at.every((one) => part.pValue < (pValues.get(keyOf([one])) ?? 1))),
    )
    .sort(
      (a, b) =>
        a.adjusted - b.adjusted || a.part.pValue - b.part.pValue || b.part.missed - a.part.missed,
    )
    .slice(0, MOST_SLICES)
  const slices = worthNaming.map(({ part, adjusted: p }) =>
    describe(part, p, { columns, yTrue, decisions, positives, missed, prior }),
  )
  checkpoint(1)
  return {
    ...found,
    slices,
    tested: parts.length,
    pairedColumns: paired.length,
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

function keyOf(at: Part['at']): string {
  return at.map(([column, part]) => `${column} ${part}`).join(' ')
}

function countParts(
  indices: readonly number[],
  columns: readonly SlicedColumn[],
  inPart: readonly Int32Array[],
  isMissed: Uint8Array,
  tail: (positives: number, missed: number) => number,
): Part[] {
  const [first, second] = indices
  const widths = indices.map((column) => columns[column]!.parts.length)
  const width = widths[1] ?? 1
  const cells = widths[0]! * width
  const positives = new Int32Array(cells)
  const missed = new Int32Array(cells)
  const [a, b] = [inPart[first!]!, second === undefined ? null : inPart[second]!]
  for (let i = 0; i < isMissed.length; i++) {
    const [partA, partB] = [a[i]!, b === null ? 0 : b[i]!]
    if (partA < 0 || partB < 0) continue
    const cell = partA * width + partB
    positives[cell]!++
    missed[cell]! += isMissed[i]!
  }
  const parts: Part[] = []
  for (let cell = 0; cell < cells; cell++) {
    const count = positives[cell]!
    if (count < LEAST_POSITIVES || isMissed.length - count < LEAST_POSITIVES) continue
    const place = [Math.floor(cell / width), cell % width]
    const at = indices.map((column, k) => [column, place[k]!] as const)
    parts.push({
      at,
      where: at.map(([column, part]) => columns[column]!.parts[part]!),
      positives: count,
      missed: missed[cell]!,
      pValue: tail(count, missed[cell]!),
    })
  }
  return parts
}

function describe(
  { at, where, positives: inside, missed, pValue }: Part,
  adjusted: number,
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
