import type { Column } from '../dataset/dataset.ts'
import { quantileSorted } from '../math/quantile.ts'
import { sortNumbers } from '../math/sort-numbers.ts'
import type { SliceCondition } from './condition.ts'

/** A column cut into parts: which part each row lies in, −1 for none that is looked at. */
export interface SlicedColumn {
  readonly parts: readonly SliceCondition[]
  readonly partOf: Int32Array
}

/** Numbers are cut at quartiles of all rows; where few values occur, each is a part. */
const NUMERIC_PARTS = 4
const MOST_VALUES = 6
/** Texts by how common they are among positives. */
const MOST_TEXTS = 12

/**
 * Cuts a column into parts that can be named in a sentence.
 *
 * Cuts are made without looking at decisions, so that they can't favour a part by chance.
 *
 * @param isCounted Per row 1 where it counts for how common a text is.
 */
export function sliceColumn(column: Column, isCounted: Uint8Array): SlicedColumn {
  return column.kind === 'numeric'
    ? sliceNumbers(column.name, column.values)
    : sliceTexts(column.name, column.codes, column.levels, isCounted)
}

function sliceNumbers(column: string, values: Float64Array): SlicedColumn {
  const present = sortNumbers(values.filter((value) => !Number.isNaN(value)))
  const parts: SliceCondition[] = []
  const cuts: number[] = []
  if (present.length > 0) {
    const distinct = firstDistinct(present)
    const wanted =
      distinct.length <= MOST_VALUES
        ? distinct.slice(1)
        : Array.from({ length: NUMERIC_PARTS - 1 }, (_, i) =>
            shortened(quantileSorted(present, (i + 1) / NUMERIC_PARTS)),
          )
    for (const cut of wanted) {
      if (cut > present[0]! && cut > (cuts.at(-1) ?? -Infinity)) cuts.push(cut)
    }
    for (let i = 0; i <= cuts.length; i++) {
      parts.push({ kind: 'range', column, from: cuts[i - 1] ?? null, below: cuts[i] ?? null })
    }
  }
  if (present.length < values.length) parts.push({ kind: 'missing', column })
  const partOf = new Int32Array(values.length)
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    let part = 0
    while (part < cuts.length && value >= cuts[part]!) part++
    partOf[row] = Number.isNaN(value) ? parts.length - 1 : part
  }
  return { parts, partOf }
}

/** The smallest distinct values, one more than may be parts at most. */
function firstDistinct(sorted: Float64Array): number[] {
  const found: number[] = []
  for (const value of sorted) {
    if (value === found.at(-1)) continue
    found.push(value)
    if (found.length > MOST_VALUES) break
  }
  return found
}

/** Three significant digits, so that a sentence can name the cut as it is. */
function shortened(value: number): number {
  return Number(value.toPrecision(3))
}

function sliceTexts(
  column: string,
  codes: Int32Array,
  levels: readonly string[],
  isCounted: Uint8Array,
): SlicedColumn {
  const counts = new Float64Array(levels.length)
  codes.forEach((code, row) => {
    if (code >= 0) counts[code]! += isCounted[row]!
  })
  const common = Array.from(counts.keys())
    .filter((code) => counts[code]! > 0)
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, MOST_TEXTS)
  const place = new Map(common.map((code, part) => [code, part]))
  const parts: SliceCondition[] = common.map((code) => ({
    kind: 'text',
    column,
    text: levels[code]!,
  }))
  if (codes.some((code) => code < 0)) parts.push({ kind: 'missing', column })
  return {
    parts,
    partOf: codes.map((code) => (code < 0 ? parts.length - 1 : (place.get(code) ?? -1))),
  }
}
