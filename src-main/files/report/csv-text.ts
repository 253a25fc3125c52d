import { csvLine } from '../write-csv.ts'
import type { ReportTable } from './report-table.ts'

/**
 * A table as the text of the file that `writeCsv` makes of it. Halves of surrogate pairs, which no
 * file in UTF-8 can hold and no link either, become U+FFFD here already.
 */
export function csvText({ header, rows }: Pick<ReportTable, 'header' | 'rows'>): string {
  return [header, ...rows].map(csvLine).join('').toWellFormed()
}
