const QUOTE = 34
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/** One record of a CSV text. */
export interface TextRecord {
  /** The line it starts on, from 1. */
  readonly line: number
  /** Its cells as texts; bytes that are not UTF-8 show as U+FFFD. */
  readonly cells: readonly string[]
  /** Index and line at which the next record starts. */
  readonly end: number
  readonly endLine: number
}

/**
 * Splits the start of a file into records, plainly: for the header, the delimiter and a first guess
 * at types. The rest of the file goes through `RowScanner`, which reads the same grammar fast.
 *
 * A cell that starts with a quote ends at the next quote that is not doubled; what stands between
 * that and the delimiter is kept as text. Lines that are empty are skipped.
 *
 * @param complete  Whether `bytes` holds the file to its end; if not, a last record that its end
 *   cuts off is left out.
 */
export function splitRecords(
  bytes: Uint8Array,
  start: number,
  delimiter: number,
  complete: boolean,
  maxRecords: number,
): TextRecord[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const records: TextRecord[] = []
  let cells: string[] = []
  let cell = new Uint8Array(256)
  let length = 0
  const append = (byte: number): void => {
    if (length === cell.length) {
      const longer = new Uint8Array(2 * length)
      longer.set(cell)
      cell = longer
    }
    cell[length++] = byte
  }
  let line = 1
  let recordLine = 1
  let i = start
  const isLineEnd = (byte: number): boolean => byte === LINE_FEED || byte === CARRIAGE_RETURN
  const stepOverLineEnd = (): void => {
    i += bytes[i] === CARRIAGE_RETURN && bytes[i + 1] === LINE_FEED ? 2 : 1
    line++
  }

  while (i < bytes.length && records.length < maxRecords) {
    if (cells.length === 0 && isLineEnd(bytes[i]!)) {
      stepOverLineEnd()
      continue
    }
    if (cells.length === 0) recordLine = line
    length = 0
    if (bytes[i] === QUOTE) {
      i++
      while (i < bytes.length && !(bytes[i] === QUOTE && bytes[i + 1] !== QUOTE)) {
        if (bytes[i] === QUOTE) i++
        else if (bytes[i] === LINE_FEED) line++
        else if (bytes[i] === CARRIAGE_RETURN && bytes[i + 1] !== LINE_FEED) line++
        append(bytes[i]!)
        i++
      }
      if (i >= bytes.length) return records
      i++
    }
    while (i < bytes.length && bytes[i] !== delimiter && !isLineEnd(bytes[i]!)) {
      append(bytes[i]!)
      i++
    }
    if (i >= bytes.length && !complete) return records
    // A carriage return at the cut may have its line feed behind it.
    if (bytes[i] === CARRIAGE_RETURN && i + 1 >= bytes.length && !complete) return records
    cells.push(decoder.decode(cell.subarray(0, length)))
    if (i < bytes.length && bytes[i] === delimiter) {
      i++
      if (i < bytes.length) continue
      if (!complete) return records
      cells.push('')
    }
    if (i < bytes.length) stepOverLineEnd()
    records.push({ line: recordLine, cells, end: i, endLine: line })
    cells = []
  }
  return records
}
