/**
 * The JSON form of records: keys in snake_case, undefined numbers as null, infinite ones as text.
 *
 * Inside the program keys are camelCase. Only keys that the code names are converted, so texts of
 * the user (column names, levels) must stand as values, never as keys.
 */

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** camelCase to snake_case; a run of digits is a word of its own (eceEqualCount10). */
export function snakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Za-z])([0-9])/g, '$1_$2')
    .toLowerCase()
}

/** snake_case to camelCase; the inverse of `snakeCase` on keys that the code names. */
export function camelCase(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/**
 * A record as JSON data with snake_case keys.
 *
 * @throws RangeError on NaN: undefined results must be null with a reason long before this.
 */
export function toJson(value: unknown, path = '$'): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') {
    if (Number.isNaN(value)) throw new RangeError(`${path} is NaN`)
    return Number.isFinite(value) ? value : value > 0 ? 'Infinity' : '-Infinity'
  }
  if (Array.isArray(value)) return value.map((item, i) => toJson(item, `${path}[${i}]`))
  if (ArrayBuffer.isView(value) && 'length' in value) {
    return Array.from(value as Float64Array, (item, i) => toJson(item, `${path}[${i}]`))
  }
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [snakeCase(key), toJson(item, `${path}.${key}`)]),
    )
  }
  throw new RangeError(`${path} can't be JSON: ${typeof value}`)
}

/** Where results may hold an infinite number: a threshold that flags nothing. */
const infiniteKeys: ReadonlySet<string> = new Set([
  'threshold',
  'value',
  'perFold',
  'analytic',
  'tuned',
  'relativeChange',
])

/** A record from its JSON form: the inverse of `toJson` for results. */
export function fromJson(value: unknown, key = ''): unknown {
  if (value === 'Infinity' && infiniteKeys.has(key)) return Infinity
  if (Array.isArray(value)) return value.map((item) => fromJson(item, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const camel = camelCase(name)
      return [camel, fromJson(item, camel)]
    }),
  )
}

/** JSON text with sorted keys and no blanks: the same data gives the same bytes. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as Readonly<Record<string, Json>>).sort(([a], [b]) =>
      a < b ? -1 : 1,
    )
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
  }
  return JSON.stringify(value)
}
