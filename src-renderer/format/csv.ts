/** The numbers behind a chart, as they are shown beside it and written to a file. */

export interface TwinHead {
  readonly text: string
  readonly numeric?: boolean
  /** How its numbers are shown; the file has them unrounded. */
  readonly format?: (value: number) => string
}

export interface TwinTable {
  readonly head: readonly TwinHead[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/**
 * CSV of a table by RFC 4180, with a byte order mark so that spreadsheets read it as UTF-8.
 *
 * Texts that a spreadsheet would take for a formula get an apostrophe before them.
 */
export function toCsv({ head, rows }: TwinTable): string {
  const lines = [head.map(({ text }) => text), ...rows]
  return (
    '\ufeff' +
    lines
      .map((cells) => cells.map(field).join(',') + '\r\n')
      .join('')
      .toWellFormed()
  )
}

function field(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value)
  const isNumber = value.trim() !== '' && Number.isFinite(Number(value))
  const safe = /^[=+\-@\t\r]/.test(value) && !isNumber ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
