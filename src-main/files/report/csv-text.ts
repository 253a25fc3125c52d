import { printable } from './html.ts'
import type { Cell, ReportTable } from './report-table.ts'

/**
 * A table as RFC 4180 text: lines end in CRLF, numbers are written in full, null is empty.
 *
 * Texts that a spreadsheet would take for a formula get an apostrophe in front, as `writeCsv` does
 * it: names come from data that nobody has checked.
 */
export function csvText({ header, rows }: Pick<ReportTable, 'header' | 'rows'>): string {
  return [header, ...rows].map((row) => `${row.map(fieldText).join(',')}\r\n`).join('')
}

function fieldText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const isNumber = cell.trim() !== '' && Number.isFinite(Number(cell))
  const text = printable(/^[=+\-@\t\r]/.test(cell) && !isNumber ? `'${cell}` : cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
