import { writeFileWhole } from './write-file-whole.ts'

/** What a cell may hold; null is an empty cell. */
type CsvCell = string | number | boolean | null

/**
 * Writes a table as CSV (RFC 4180: UTF-8, CRLF, quotes doubled), all or nothing.
 *
 * A spreadsheet runs a cell as a formula when it starts with =, +, - or @. Texts that do, and are
 * not numbers, get an apostrophe in front, which spreadsheets show as "this is text".
 *
 * @throws UserError as `writeFileWhole` does.
 */
export function writeCsv(
  path: string,
  header: readonly string[],
  rows: Iterable<readonly CsvCell[]>,
): void {
  let text = csvLine(header)
  for (const row of rows) text += csvLine(row)
  writeFileWhole(path, text)
}

/** One line of a CSV file, its end included. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`
}

function cellText(cell: CsvCell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const isNumber = cell.trim() !== '' && Number.isFinite(Number(cell))
  const text = /^[=+\-@\t\r]/.test(cell) && !isNumber ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
