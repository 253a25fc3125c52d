/** Numbers as the whole page shows them: `,` between thousands, a true minus sign, an en dash for nothing. */
import { wilsonInterval } from '#shared/core/metrics/wilson.ts'

const MINUS = '\u2212'
const NARROW_SPACE = '\u202f'
/** Lines may end between a sign and the symbol of a currency where nothing forbids it. */
const WORD_JOINER = '\u2060'

/** Stands for a number that there is none of; the reason belongs in a tooltip. */
export const NONE = '\u2013'

type Maybe = number | null | undefined

/** 5,412. Counts are never shortened. */
export function count(value: Maybe): string {
  return isNumber(value) ? fixed(value, 0) : NONE
}

/** €1,284.50: the money of one case, to the cent. */
export function cents(value: Maybe, currency: string | null): string {
  if (!isNumber(value)) return NONE
  const digits = fixed(Math.abs(value), 2)
  return withCurrency(signOf(value, digits), digits, currency)
}

export interface MoneyOptions {
  /** `+` before gains as well, for changes. */
  readonly sign?: boolean
}

/** €243k, €1.09M, €6,261, €0.42: totals with three significant digits, in full below 10,000. */
export function money(value: Maybe, currency: string | null, options: MoneyOptions = {}): string {
  if (!isNumber(value)) return NONE
  const digits = shortened(Math.abs(value))
  return withCurrency(signOf(value, digits, options.sign), digits, currency)
}

/** [€171k, €315k] */
export function moneyInterval(
  low: Maybe,
  high: Maybe,
  currency: string | null,
  options: MoneyOptions = {},
): string {
  return `[${money(low, currency, options)}, ${money(high, currency, options)}]`
}

/** 83.5 %: a fraction of cases. */
export function percent(fraction: Maybe, decimals = 1): string {
  return isNumber(fraction) ? `${fixed(100 * fraction, decimals)}${NARROW_SPACE}%` : NONE
}

/** Like `percent`, but never a bare 0 or 100 for a share that is neither: < 0.1 %, > 99.9 %. */
export function chance(fraction: Maybe, decimals = 1): string {
  if (!isNumber(fraction)) return NONE
  const least = 0.5 * 10 ** -(decimals + 2)
  if (fraction > 0 && fraction < least) return `< ${percent(2 * least, decimals)}`
  if (fraction < 1 && fraction > 1 - least) return `> ${percent(1 - 2 * least, decimals)}`
  return percent(fraction, decimals)
}

/** +12.0 pp: a difference of two fractions, in percentage points. */
export function points(difference: Maybe, decimals = 1): string {
  if (!isNumber(difference)) return NONE
  const digits = fixed(Math.abs(100 * difference), decimals)
  return `${signOf(difference, digits, true)}${digits}${NARROW_SPACE}pp`
}

/** 0.61: metrics in [0, 1], two decimals; three where runs differ in the third. */
export function rate(value: Maybe, decimals = 2): string {
  return isNumber(value) ? fixed(value, decimals) : NONE
}

/** Samples of the larger class to one of the smaller: 249 : 1. */
export function imbalance(ratio: number): string {
  return `${rate(ratio, ratio < 100 ? 1 : 0)} : 1`
}

/** [0.55, 0.67] */
export function interval(
  low: Maybe,
  high: Maybe,
  format: (value: Maybe) => string = (value) => rate(value),
): string {
  return `[${format(low)}, ${format(high)}]`
}

/** 0.158, 0.0408, 0.00330: three significant digits; more near 1, so as not to round up to it. */
export function threshold(value: Maybe): string {
  if (!isNumber(value)) return NONE
  if (value === Infinity) return 'above all scores'
  if (value <= 0) return '0'
  if (value >= 1) return value === 1 ? '1' : fixed(value, 3)
  if (value > 0.9995) return value.toFixed(Math.min(15, 2 + Math.ceil(-Math.log10(1 - value))))
  if (value < 1e-6) return value.toExponential(2).replace('e-', `e${MINUS}`)
  return value.toFixed(Math.min(20, 2 - Math.floor(Math.log10(value))))
}

/** Confidence interval of `successes` out of `trials`; everything is possible without a trial. */
export function wilson(
  successes: number,
  trials: number,
  level = 0.95,
): { readonly lower: number; readonly upper: number } {
  return wilsonInterval(successes, trials, level) ?? { lower: 0, upper: 1 }
}

/** A number of a column or an axis: three significant digits or more, 1,234 or 0.00123. */
export function plain(value: Maybe, digits = 4): string {
  if (!isNumber(value)) return NONE
  const magnitude = Math.abs(value)
  if (magnitude === Infinity) return value < 0 ? `${MINUS}∞` : '∞'
  if (magnitude >= 1e15 || (magnitude > 0 && magnitude < 1e-6)) {
    return value.toExponential(digits - 1).replaceAll('-', MINUS)
  }
  const rounded = Number(
    magnitude.toPrecision(Math.max(digits, Math.ceil(Math.log10(magnitude + 1)))),
  )
  const [whole = '', decimals = ''] = decimalText(rounded).split('.')
  const text = group(whole) + (decimals === '' ? '' : `.${decimals}`)
  return value < 0 && rounded > 0 ? MINUS + text : text
}

/** 40 s, 3 min, 1 h 5 min. */
export function duration(seconds: Maybe): string {
  if (!isNumber(seconds)) return NONE
  if (seconds < 0.95) return seconds < 0.095 ? '< 0.1 s' : `${fixed(seconds, 1)} s`
  if (seconds < 9.95) return `${fixed(seconds, 1).replace(/\.0$/, '')} s`
  if (seconds < 59.5) return `${fixed(seconds, 0)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return `${fixed(hours / 24, 0)} days`
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}

/** 412 MB, 4 GB: powers of 1,024, as systems show memory and files. */
export function bytes(value: Maybe): string {
  if (!isNumber(value)) return NONE
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB']
  let size = value
  let unit = 0
  while (size >= 1023.5 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  const text = fixed(size, unit === 0 || size >= 9.95 ? 0 : 1).replace(/\.0$/, '')
  return `${text} ${units[unit]!}`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 20 Nov 2026, 16:22, in the time of this machine. */
export function dateTime(moment: string | number | Date): string {
  const date = new Date(moment)
  return Number.isNaN(date.getTime()) ? NONE : `${dayOf(date)}, ${clock(date)}`
}

/** 16:22:07 */
export function timeOfDay(moment: string | number | Date): string {
  const date = new Date(moment)
  return Number.isNaN(date.getTime()) ? NONE : `${clock(date)}:${two(date.getSeconds())}`
}

/** Today, 09:41; the day alone when it is longer ago. */
export function recently(moment: string | number | Date, now: Date): string {
  const date = new Date(moment)
  if (Number.isNaN(date.getTime())) return NONE
  return dayOf(date) === dayOf(now) ? `Today, ${clock(date)}` : dayOf(date)
}

function dayOf(date: Date): string {
  return `${date.getDate()} ${months[date.getMonth()]!} ${date.getFullYear()}`
}

function clock(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function isNumber(value: Maybe): value is number {
  return value !== null && value !== undefined && !Number.isNaN(value)
}

function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return value < 0 ? `${MINUS}∞` : '∞'
  const magnitude = Math.abs(value)
  const [whole = '', fraction] = (
    magnitude < 1e21 ? magnitude.toFixed(decimals) : BigInt(magnitude).toString()
  ).split('.')
  const text = group(whole) + (fraction === undefined ? '' : `.${fraction}`)
  return signOf(value, text) + text
}

function group(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, ',')
}

/** The number without an exponent. */
function decimalText(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text
}

/** A sign for what is not shown as zero. */
function signOf(value: number, digits: string, plus = false): string {
  if (!/[1-9∞]/.test(digits)) return ''
  return value < 0 ? MINUS : plus && value > 0 ? '+' : ''
}

function shortened(magnitude: number): string {
  if (magnitude === Infinity) return '∞'
  if (magnitude >= 999.5e9) return magnitude.toExponential(2).replace('e+', 'e')
  if (magnitude >= 999.5e6) return `${threeDigits(magnitude / 1e9)}B`
  if (magnitude >= 999.5e3) return `${threeDigits(magnitude / 1e6)}M`
  if (magnitude >= 9999.5) return `${threeDigits(magnitude / 1e3)}k`
  if (magnitude >= 99.5 || magnitude === 0) return fixed(magnitude, 0)
  if (magnitude >= 9.95) return fixed(magnitude, Number.isInteger(magnitude) ? 0 : 1)
  return Number.isInteger(magnitude) ? fixed(magnitude, 0) : fixed(magnitude, 2)
}

/** 1.09, 44.0, 243. */
function threeDigits(value: number): string {
  return value >= 99.95 ? fixed(value, 0) : value >= 9.995 ? fixed(value, 1) : fixed(value, 2)
}

/** Symbols stand before the number, words and codes too, with a space: €6, CHF 6. */
function withCurrency(sign: string, digits: string, currency: string | null): string {
  if (currency === null || currency === '') return sign + digits
  const amount = /\p{L}$/u.test(currency) ? `${currency}\u00a0${digits}` : currency + digits
  return sign === '' ? amount : sign + WORD_JOINER + amount
}
