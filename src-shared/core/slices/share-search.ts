/**
 * The search behind what is said of slices: of things, some of which are marked, parts by one column
 * or by two in which more are marked than elsewhere. The things are positives, marked where missed, or
 * cases, marked where they changed side.
 *
 * Many parts are looked at, and some look bad by chance. So every part is tested against the rest
 * (exact, one-sided), p-values are adjusted for all that was looked at (Benjamini and Hochberg), and
 * the share of marked ones is drawn towards the common one, the more the fewer there are.
 */
import type { Checkpoint } from '../math/checkpoint.ts'
import { adjustPValues } from '../statistics/adjust-p-values.ts'
import type { SliceCondition } from './condition.ts'
import { hypergeometricTail, priorWeight } from './share-test.ts'
import type { SlicedColumn } from './slice-bins.ts'

export interface SearchedPart {
  readonly where: readonly SliceCondition[]
  /** Positions of the columns, one or two ascending, and the part of each. */
  readonly at: readonly (readonly [column: number, part: number])[]
  readonly among: number
  readonly found: number
  /** One-sided: so many marked or more if the part were like the rest. */
  readonly pValue: number
  readonly adjusted: number
}

export interface ShareSearch {
  /** Column by column, then pair by pair. */
  readonly parts: readonly SearchedPart[]
  /** Columns that were looked at in pairs; with many, those with the lowest p-values. */
  readonly pairedColumns: number
  /** Weight of the common share when shares are drawn towards it; Infinity: no bounds. */
  readonly prior: number
}

const MOST_PAIRED_COLUMNS = 24

/**
 * Searches one column at a time and all pairs of columns.
 *
 * @param inPart   Per column the part that each thing lies in, −1 for none.
 * @param isMarked 1 where a thing is marked.
 * @param least    Things that a part, and what lies outside, must have.
 *
 * Cost: things × pairs of columns.
 */
export function searchShares(
  columns: readonly SlicedColumn[],
  inPart: readonly Int32Array[],
  isMarked: Uint8Array,
  least: number,
  checkpoint: Checkpoint,
): ShareSearch {
  const marked = isMarked.reduce((sum, one) => sum + one, 0)
  const tail = hypergeometricTail(isMarked.length, marked)
  const partsOf = (indices: readonly number[]): Tested[] =>
    countParts(indices, columns, inPart, isMarked, least).map((part) => ({
      ...part,
      pValue: tail(part.among, part.found),
    }))

  const alone = columns.map((_, column) => partsOf([column]))
  const best = alone.map((parts) => Math.min(1, ...parts.map(({ pValue }) => pValue)))
  const paired = Array.from(columns.keys())
    .filter((column) => columns[column]!.parts.length > 1)
    .sort((a, b) => best[a]! - best[b]! || a - b)
    .slice(0, MOST_PAIRED_COLUMNS)
    .sort((a, b) => a - b)
  const singles = alone.flat()
  const parts = [...singles]
  paired.forEach((first, i) => {
    checkpoint(i / paired.length)
    for (const second of paired.slice(i + 1)) parts.push(...partsOf([first, second]))
  })
  checkpoint(1)
  const adjusted = adjustPValues(
    Float64Array.from(parts, ({ pValue }) => pValue),
    'benjamini-hochberg',
  )
  return {
    parts: parts.map((part, i) => ({ ...part, adjusted: adjusted[i]! })),
    pairedColumns: paired.length,
    prior: priorWeight(singles, marked / isMarked.length),
  }
}

/**
 * Whether a part says more than its columns by themselves: parts by one column do, parts by two
 * where their p-value is below that of either.
 *
 * @param pValueOf Null where a part has none.
 */
export function saysMoreThanEither(
  parts: readonly SearchedPart[],
  pValueOf: (part: SearchedPart) => number | null,
): (part: SearchedPart) => boolean {
  const keyOf = (column: number, part: number): string => `${column} ${part}`
  const alone = new Map(
    parts
      .filter(({ at }) => at.length === 1)
      .map((one) => [keyOf(...one.at[0]!), pValueOf(one) ?? 1]),
  )
  return (one) => {
    if (one.at.length === 1) return true
    const pValue = pValueOf(one) ?? 1
    return one.at.every((place) => pValue < (alone.get(keyOf(...place)) ?? 1))
  }
}

/** How the parts of one column, or of two held against each other, are numbered. */
export interface PartCells {
  readonly nCells: number
  /** Of a thing; −1 where it lies in no part. */
  readonly cellOf: (thing: number) => number
}

/** @param indices One column or two; @param inPart As for `searchShares`. */
export function partCells(
  [first, second]: readonly number[],
  columns: readonly SlicedColumn[],
  inPart: readonly Int32Array[],
): PartCells {
  const a = inPart[first!]!
  const height = columns[first!]!.parts.length
  if (second === undefined) return { nCells: height, cellOf: (thing) => a[thing]! }
  const b = inPart[second]!
  const width = columns[second]!.parts.length
  return {
    nCells: height * width,
    cellOf: (thing) => (a[thing]! < 0 || b[thing]! < 0 ? -1 : a[thing]! * width + b[thing]!),
  }
}

/** The cell that a part has among those of its columns. */
export function cellOfPart(at: SearchedPart['at'], columns: readonly SlicedColumn[]): number {
  return at.reduce((cell, [column, part]) => cell * columns[column]!.parts.length + part, 0)
}

type Tested = Omit<SearchedPart, 'adjusted'>
type Counted = Omit<Tested, 'pValue'>

function countParts(
  indices: readonly number[],
  columns: readonly SlicedColumn[],
  inPart: readonly Int32Array[],
  isMarked: Uint8Array,
  least: number,
): Counted[] {
  const [height, width = 1] = indices.map((column) => columns[column]!.parts.length)
  const [first, second] = indices.map((column) => inPart[column]!)
  const among = new Int32Array(height! * width)
  const found = new Int32Array(height! * width)
  for (let thing = 0; thing < isMarked.length; thing++) {
    const [a, b] = [first![thing]!, second === undefined ? 0 : second[thing]!]
    if (a < 0 || b < 0) continue
    const cell = a * width + b
    among[cell]!++
    found[cell]! += isMarked[thing]!
  }
  const parts: Counted[] = []
  for (let a = 0; a < height!; a++) {
    for (let b = 0; b < width; b++) {
      const cell = a * width + b
      const count = among[cell]!
      if (count < least || isMarked.length - count < least) continue
      const at = indices.map((column, k) => [column, k === 0 ? a : b] as const)
      parts.push({
        at,
        where: at.map(([column, part]) => columns[column]!.parts[part]!),
        among: count,
        found: found[cell]!,
      })
    }
  }
  return parts
}
