/** What the rows of a slice have in common, column by column. */
import type { Column } from '../dataset/dataset.ts'
import { formatNumber } from '../format.ts'

export type SliceCondition =
  /** From `from` on and below `below`; null where there is no such end. Never a missing value. */
  | {
      readonly kind: 'range'
      readonly column: string
      readonly from: number | null
      readonly below: number | null
    }
  | { readonly kind: 'text'; readonly column: string; readonly text: string }
  | { readonly kind: 'missing'; readonly column: string }

/** `amount below 12`, `amount from 12 to below 40`, `country is fr`, `age is missing`. */
export function conditionText(condition: SliceCondition): string {
  const { column } = condition
  switch (condition.kind) {
    case 'missing':
      return `${column} is missing`
    case 'text':
      return `${column} is ${condition.text}`
    case 'range': {
      const { from, below } = condition
      if (from === null)
        return below === null ? `${column} has a value` : `${column} below ${formatNumber(below)}`
      return below === null
        ? `${column} from ${formatNumber(from)}`
        : `${column} from ${formatNumber(from)} to below ${formatNumber(below)}`
    }
  }
}

/**
 * Whether rows meet a condition.
 *
 * @throws RangeError when the column is of another kind than the condition.
 */
export function conditionTest(condition: SliceCondition, column: Column): (row: number) => boolean {
  if (column.kind === 'numeric') {
    const { values } = column
    if (condition.kind === 'missing') return (row) => Number.isNaN(values[row])
    if (condition.kind === 'range') {
      const from = condition.from ?? -Infinity
      const below = condition.below ?? Infinity
      return (row) => values[row]! >= from && values[row]! < below
    }
  } else {
    const { codes, levels } = column
    if (condition.kind === 'missing') return (row) => codes[row]! < 0
    if (condition.kind === 'text') {
      const wanted = levels.indexOf(condition.text)
      return (row) => wanted >= 0 && codes[row] === wanted
    }
  }
  throw new RangeError(`column ${column.name} can't be asked for a ${condition.kind}`)
}
