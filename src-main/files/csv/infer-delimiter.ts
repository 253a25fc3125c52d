import { splitRecords } from './split-records.ts'

const candidates = [',', ';', '\t', '|']

/** Records that decide; more would not change the answer of a table that has one. */
const maxRecords = 100

/**
 * The delimiter under which the first records look most like one table.
 *
 * For each candidate the cells of the header are counted, and the fraction of records that have as
 * many. The largest fraction wins among candidates that split the header at all, then the larger
 * number of cells, then the order comma, semicolon, tab, bar. A file that none of them splits has
 * one column, and comma is answered.
 *
 * @param start  Index of the first byte after a byte-order mark.
 */
export function inferDelimiter(head: Uint8Array, start: number, complete: boolean): string {
  let best = ','
  let bestFraction = 0
  let bestCells = 1
  for (const candidate of candidates) {
    const records = splitRecords(head, start, candidate.charCodeAt(0), complete, maxRecords)
    const nCells = records[0]?.cells.length ?? 0
    if (nCells < 2) continue
    const fraction =
      records.filter((record) => record.cells.length === nCells).length / records.length
    // The header always agrees with itself: where no other record does, that proves nothing.
    const agreement = records.length > 1 ? fraction - 1 / records.length : fraction
    if (
      bestCells === 1 ||
      agreement > bestFraction ||
      (agreement === bestFraction && nCells > bestCells)
    ) {
      best = candidate
      bestFraction = agreement
      bestCells = nCells
    }
  }
  return best
}
