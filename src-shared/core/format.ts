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

/** Decimals that show 3 significant digits, at most 20. */
function decimalsFor(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0
  // toExponential rounds first, so that 9.996 counts as 10.0.
  const exponent = Number(value.toExponential(2).split('e')[1])
  return Math.min(20, Math.max(0, 2 - exponent))
}

function formatFixed(value: number, decimals: number): string {
  if (Number.isNaN(value)) return 'n/a'
  const magnitude = Math.abs(value)
  const text = magnitude === Infinity ? '∞' : magnitude.toFixed(decimals)
  const sign = value < 0 && /[1-9∞]/.test(text) ? MINUS : ''
  const [whole = '', fraction] = text.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return sign + grouped + (fraction === undefined ? '' : `.${fraction}`)
}
