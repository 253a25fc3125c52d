/** How a file is read; what the page starts with and what it may change. */
import type { Args } from '#shared/contract/commands.ts'

export type CsvOptions = Args<'data.preview'>['options']

/** Ragged rows are counted first and decided on afterwards, so they don't end the first reading. */
export const firstOptions: CsvOptions = {
  delimiter: null,
  missing: null,
  ragged: 'skip',
  kinds: {},
}

/** What the reader takes for a missing value unless it is told otherwise, besides the empty text. */
export const usualMissing: readonly string[] = [
  ...['NA', 'N/A', 'n/a', 'NaN', 'nan', 'null', 'NULL', '#N/A', '?'],
]

export const delimiters: readonly { readonly value: string; readonly label: string }[] = [
  { value: ',', label: 'Comma' },
  { value: ';', label: 'Semicolon' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Vertical bar' },
  { value: ' ', label: 'Space' },
]

export function delimiterName(delimiter: string): string {
  const known = delimiters.find(({ value }) => value === delimiter)
  return known?.label.toLowerCase() ?? `"${delimiter}"`
}

/** "NA, n/a, ?" as texts. A comma separates; a text that holds one can't be named here. */
export function parseMissing(text: string): string[] {
  const texts = text.split(',').map((part) => part.trim())
  return [...new Set(texts.filter((part) => part !== ''))]
}

/** Takes texts for missing values, besides those that already are. */
export function withMissing(options: CsvOptions, texts: readonly string[]): CsvOptions {
  const missing = [...new Set([...(options.missing ?? usualMissing), ...texts])]
  return { ...options, missing: missing.slice(0, 100) }
}

export function withKind(
  options: CsvOptions,
  column: string,
  kind: 'numeric' | 'categorical' | null,
): CsvOptions {
  const kinds = Object.fromEntries(
    Object.entries(options.kinds).filter(([name]) => name !== column),
  )
  return { ...options, kinds: kind === null ? kinds : { ...kinds, [column]: kind } }
}
