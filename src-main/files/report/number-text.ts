/** Numbers as the report prints them; money and the rest follow core/format.ts. */
import { formatMoney, formatMoneyTogether, formatNumber } from '#shared/core/format.ts'

/** Narrow no-break space, between a number and its unit. */
const THIN = '\u202f'
const MINUS = '\u2212'

/** What stands where there is no number and the reason is given elsewhere. */
export const NOTHING = '\u2013'

export interface Bounds {
  readonly lower: number
  readonly upper: number
}

/** `5,412`; never shortened. */
export function countText(value: number): string {
  return grouped(value.toFixed(0))
}

/** How an amount is written. */
export interface MoneyOptions {
  /** A plus before what is above 0. */
  readonly sign?: boolean
  /** What amounts are shown with; null for bare numbers. */
  readonly currency?: string | null
}

/** Three significant digits, `1,230`: for headlines, axes and the costs that somebody stated. */
export function moneyText(
  value: number,
  { sign = false, currency = null }: MoneyOptions = {},
): string {
  return (sign && value > 0 ? '+' : '') + formatMoney(value, currency)
}

/**
 * To the unit, or to three significant digits where that is finer: `215,775`, `3.14`; with a
 * currency large amounts are shortened as by `moneyText`.
 */
export function amountText(value: number, options: MoneyOptions = {}): string {
  return amountWithInterval(value, null, options)[0]
}

/** An amount and its interval with the decimals they share: `['3.14', '[0.41, 5.93]']`. */
export function amountWithInterval(
  value: number,
  interval: Bounds | null,
  { sign = false, currency = null }: MoneyOptions = {},
): readonly [string, string | null] {
  const numbers = interval === null ? [value] : [value, interval.lower, interval.upper]
  const [middle, lower, upper] = formatMoneyTogether(numbers, currency).map(
    (text, i) => (sign && numbers[i]! > 0 && /[1-9]/.test(text) ? '+' : '') + text,
  )
  return [middle!, interval === null ? null : `[${lower!}, ${upper!}]`]
}

/** How many come in a while, on average: `294`, `3.43`. */
export function frequencyText(value: number): string {
  return value < 100 ? formatNumber(value) : countText(value)
}

/** `83.5 %`, `0.172 %`; a share that only rounding makes whole is bounded: `> 99.9 %`. */
export function percentText(fraction: number): string {
  const percent = 100 * fraction
  if (percent < 100 && percent >= 99.95) return `>${THIN}99.9${THIN}%`
  if (percent > 0 && percent < 1) return `${formatNumber(percent)}${THIN}%`
  return `${fixedText(percent, 1)}${THIN}%`
}

/** Ends of an interval of shares, in percent without the sign: `[80.0, 86.6]`. */
export function percentInterval({ lower, upper }: Bounds): string {
  const digits = upper < 0.02 ? 2 : 1
  return `[${fixedText(100 * lower, digits)}, ${fixedText(100 * upper, digits)}]`
}

/** `12.0 points`: a difference of shares, without its sign. */
export function pointsText(fraction: number): string {
  return `${fixedText(100 * Math.abs(fraction), 1)} points`
}

/** A metric with a fixed number of decimals, `0.61`. */
export function fixedText(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals)
  return (value < 0 && /[1-9]/.test(text) ? MINUS : '') + grouped(text)
}

/** `[0.55, 0.67]` */
export function fixedInterval({ lower, upper }: Bounds, decimals: number): string {
  return `[${fixedText(lower, decimals)}, ${fixedText(upper, decimals)}]`
}

/** Three significant digits at both ends of [0, 1]: `0.158`, `0.0408`, `0.99987`. */
export function thresholdText(value: number): string {
  if (value > 1) return 'above 1 (no alert)'
  if (value <= 0) return '0'
  if (value === 1) return '1'
  if (value < 1e-6) return value.toExponential(2).replace('-', MINUS)
  const nearest = Math.min(value, 1 - value)
  const decimals = 2 - Number(nearest.toExponential(2).split('e')[1])
  return value.toFixed(Math.min(12, value > 0.5 ? Math.max(3, decimals - 1) : decimals))
}

/** `2 min 05 s`, `41.2 s` */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${formatNumber(seconds)} s`
  const whole = Math.round(seconds)
  return `${countText(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, '0')} s`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `20 Nov 2026, 16:22 UTC` of an ISO time in UTC; anything else as it is. */
export function timeText(iso: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}).*Z$/.exec(iso)
  const month = MONTHS[Number(parts?.[2]) - 1]
  return parts === null || month === undefined
    ? iso
    : `${Number(parts[3])} ${month} ${parts[1]!}, ${parts[4]!} UTC`
}

/** `1 run`, `3 runs` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}

function grouped(digits: string): string {
  const [whole = '', fraction] = digits.replace('-', MINUS).split('.')
  const commas = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? commas : `${commas}.${fraction}`
}
