import type { Column } from './dataset.ts'

const PER_DAY = { second: 86_400, minute: 1440, hour: 24, day: 1 } as const

export type TimeUnit = keyof typeof PER_DAY

/** `2026-03-09`, with or without a time of day behind `T` or a blank, an offset or `Z`. */
const datePattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/

/**
 * The times of a column in days, from any fixed moment.
 *
 * @param unit What a numeric column counts; dates are read by ISO 8601, as UTC where they say no
 *   offset.
 * @returns One per row, or the first row (from 0) that has no time.
 */
export function daysOf(
  column: Column,
  unit: TimeUnit,
): { readonly days: Float64Array } | { readonly notATime: number } {
  const days =
    column.kind === 'numeric'
      ? column.values.map((value) => value / PER_DAY[unit])
      : daysOfTexts(column.codes, column.levels.map(daysOfText))
  const notATime = days.findIndex(Number.isNaN)
  return notATime < 0 ? { days } : { notATime }
}

function daysOfTexts(codes: Int32Array, levels: readonly number[]): Float64Array {
  return Float64Array.from(codes, (code) => (code < 0 ? NaN : levels[code]!))
}

function daysOfText(text: string): number {
  const match = datePattern.exec(text.trim())
  if (match === null) return NaN
  const [, year, month, day, hours = '0', minutes = '0', seconds = '0', offset = 'Z'] = match
  const [y, m, d] = [Number(year), Number(month), Number(day)]
  if (m < 1 || m > 12 || d < 1 || d > daysInMonth(y, m)) return NaN
  if (Number(hours) > 24 || Number(minutes) > 59 || Number(seconds) >= 61) return NaN
  const ofDay = (Number(hours) + (Number(minutes) + Number(seconds) / 60) / 60) / 24
  return daysSinceEpoch(y, m, d) + ofDay - offsetDays(offset)
}

function offsetDays(offset: string): number {
  if (offset === 'Z') return 0
  const digits = offset.slice(1).replace(':', '')
  const minutes = 60 * Number(digits.slice(0, 2)) + Number(digits.slice(2))
  return ((offset.startsWith('-') ? -1 : 1) * minutes) / 1440
}

function daysInMonth(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!
}

/** Days since 1970-01-01 in the Gregorian calendar. Source: Hinnant (2013), "chrono-Compatible
 * Low-Level Date Algorithms", days_from_civil. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
