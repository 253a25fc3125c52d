/** Numbers of a column as its table shows them: as many decimals as tell its values apart. */
import { NONE, count, plain } from '../../format/numbers.ts'

export type FormatNumber = (value: number | null | undefined) => string

const MINUS = '\u2212'

/**
 * @param largest   Largest magnitude in the column, which decides on the decimals.
 * @param integers  Whether all its values are integers.
 */
export function columnNumbers(largest: number, integers: boolean): FormatNumber {
  const decimals = integers || !(largest > 0) ? 0 : Math.max(2, Math.ceil(2 - Math.log10(largest)))
  return (value) => {
    if (value === null || value === undefined || Number.isNaN(value)) return NONE
    const magnitude = Math.abs(value)
    if (magnitude >= 1e15 || decimals > 8) return plain(value, 3)
    if (magnitude >= 999.5 || (integers && Number.isInteger(value))) return count(value)
    const text = magnitude.toFixed(decimals)
    return value < 0 && /[1-9]/.test(text) ? MINUS + text : text
  }
}

/** The same from the range of a column alone. */
export function numbersInRange(range: {
  readonly min: number
  readonly median: number
  readonly max: number
}): FormatNumber {
  const { min, median, max } = range
  return columnNumbers(
    Math.max(Math.abs(min), Math.abs(max)),
    [min, median, max].every((value) => Number.isInteger(value)),
  )
}
