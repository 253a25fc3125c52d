/** Numbers in sentences and tables: 3 significant digits, `,` between thousands, a true minus sign. */

const MINUS = '\u2212'

/**
 * A number as a reader wants it: `1,230`, `41.2`, `−0.00123`; zeros at the end of the decimals are
 * dropped. Infinities become `∞`, NaN `n/a`.
 */
export function formatNumber(value: number): string {
  const rounded = Number.isFinite(value) ? Number(value.toPrecision(3)) : value
  const text = formatFixed(rounded, decimalsFor(value))
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/**
 * Numbers that will be compared, to one number of decimals: as many as give the largest of them 3
 * significant digits, e.g. `3.14`, `0.41`.
 */
export function formatTogether(...values: readonly number[]): string[] {
  const decimals = decimalsFor(Math.max(...values.map(Math.abs)))
  return values.map((value) => formatFixed(value, decimals))
}

/** A number and its interval, e.g. `3.14 [0.41, 5.93]`. */
export function formatWithInterval(
  value: number,
  interval: { readonly lower: number; readonly upper: number },
): string {
  const [middle, lower, upper] = formatTogether(value, interval.lower, interval.upper)
  return `${middle!} [${lower!}, ${upper!}]`
}

/**
 * An amount of money: as `formatNumber` where there is no currency, else with its symbol and from
 * 10,000 on with k, M or bn for thousands: `€41.2`, `−€6,261`, `€243k`, `CHF\u00a01.09M`.
 */
export function formatMoney(value: number, currency: string | null): string {
  if (currency === null) return formatNumber(value)
  const magnitude = Math.abs(value)
  if (magnitude < 9995 || magnitude === Infinity) {
    const text = magnitude >= 999.5 ? formatFixed(value, 0) : formatNumber(value)
    return withCurrency(text, currency)
  }
  const [unit, letter] = SHORTENED.find(([least]) => magnitude >= 0.9995 * least) ?? [1e3, 'k']
  const rounded = Number((value / unit).toPrecision(3))
  return withCurrency(formatFixed(rounded, decimalsFor(rounded)) + letter, currency)
}

const SHORTENED = [
  [1e9, 'bn'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/** An amount and its interval in one manner: `€3.14 [€0.41, €5.93]`. */
export function formatMoneyWithInterval(
  value: number,
  interval: { readonly lower: number; readonly upper: number },
  currency: string | null,
): string {
  const [middle, lower, upper] = formatMoneyTogether(
    [value, interval.lower, interval.upper],
    currency,
  )
  return `${middle!} [${lower!}, ${upper!}]`
}

/** Amounts that will be compared: to one number of decimals, or each shortened where one is. */
export function formatMoneyTogether(
  values: readonly number[],
  currency: string | null,
): readonly string[] {
  const isShortened = currency !== null && values.some((value) => Math.abs(value) >= 9995)
  return isShortened
    ? values.map((value) => formatMoney(value, currency))
    : formatTogether(...values).map((text) => withCurrency(text, currency))
}

/** The number with its currency in front, after the sign: `−€44`; words keep a distance. */
export function withCurrency(numberText: string, currency: string | null): string {
  if (currency === null || currency.trim() === '') return numberText
  const symbol = currency.trim()
  const front = /[\p{L}\p{N}.]$/u.test(symbol) ? `${symbol}\u00a0` : symbol
  const sign = /^[+\u2212]/.exec(numberText)?.[0] ?? ''
  return sign + front + numberText.slice(sign.length)
}

/** Decimals that show 3 significant digits, at most 20. */
function decimalsFor(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0
  // toExponential rounds first, so that 9.996 counts as 10.0.
  const exponent = Number(value.toExponential(2).split('e')[1])
  return Math.min(20, Math.max(0, 2 - exponent))
}

export function formatFixed(value: number, decimals: number): string {
  if (Number.isNaN(value)) return 'n/a'
  const magnitude = Math.abs(value)
  const text = magnitude === Infinity ? '∞' : magnitude.toFixed(decimals)
  const sign = value < 0 && /[1-9∞]/.test(text) ? MINUS : ''
  const [whole = '', fraction] = text.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return sign + grouped + (fraction === undefined ? '' : `.${fraction}`)
}
