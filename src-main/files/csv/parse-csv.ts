/**
 * Reads a CSV file into chunks of typed columns: header, delimiter and kinds are inferred, the rows
 * go through `RowScanner`.
 *
 * The kinds of the columns are guessed from the first rows and proved by the rest: a column is
 * numeric when every value that is not missing is a number. Where a value proves the guess wrong,
 * the pass reads on to find all wrong guesses, and the file is read again from the start. A column
 * can only go from numbers to numbers with a decimal comma to texts, so there are at most three
 * passes, and the result does not depend on how many rows the guess looked at.
 */
import type { Checkpoint } from '#shared/core/math/checkpoint.ts'

import { InputError } from '../input-error.ts'
import type { ByteSource } from './byte-source.ts'
import type { CsvChunkColumn, CsvColumnSummary, CsvOptions, CsvSummary } from './csv-types.ts'
import { classifyText } from './decimal-text.ts'
import { firstInvalidUtf8 } from './first-invalid-utf8.ts'
import { inferDelimiter } from './infer-delimiter.ts'
import { MissingTexts } from './missing-texts.ts'
import { refuseForeignFile } from './refuse-foreign-file.ts'
import type { ColumnFindings, Doubt, Reading } from './row-scanner.ts'
import { COMMA_NUMBER, notUtf8, POINT_NUMBER, RowScanner, TEXT } from './row-scanner.ts'
import type { TextRecord } from './split-records.ts'
import { splitRecords } from './split-records.ts'

const maxColumns = 10_000

/** Rows whose texts decide the first guess at the kinds. */
const guessedRows = 1_000

const headBytes = 1 << 18
const blockBytes = 1 << 18

/** A single row beyond this is a quote that was never closed, and would fill the memory. */
const maxRecordBytes = 1 << 26

/** As `CsvSink`, but within one thread. */
interface CsvReceiver {
  begin(): void
  chunk(columns: readonly CsvChunkColumn[], nRows: number, context: ChunkContext): void
  finish(summary: CsvSummary, levels: readonly (readonly string[] | null)[]): void
}

/** What else can be had of a chunk while it is handed over. */
export interface ChunkContext {
  /** The line on which each row starts. */
  readonly lines: Int32Array
  /** The texts of a column that came up since this was last called for it, in order of codes. */
  readonly newTexts: (column: number) => readonly string[]
}

/** What is known of a column so far; revised between passes. */
interface ColumnPlan {
  readonly name: string
  readonly forced: 'numeric' | 'categorical' | undefined
  reading: Reading
  /** The first value that is not a plain number, and whether a number stood above it. */
  doubt: Doubt | null
  numbersBefore: boolean
}

interface Head {
  readonly delimiter: string
  readonly names: readonly string[]
  /** Index and line of the first byte after the header. */
  readonly dataStart: number
  readonly dataLine: number
  readonly firstRows: readonly TextRecord[]
}

/**
 * @param checkpoint  Called once a block with the fraction of the file read; may throw.
 * @throws InputError when the file is not a CSV table that these options allow: the message names
 *   the file, row and column.
 */
export function parseCsv(
  source: ByteSource,
  options: CsvOptions,
  receiver: CsvReceiver,
  checkpoint: Checkpoint,
): CsvSummary {
  const head = readHead(source, options)
  const columns = guessKinds(head, options)
  for (;;) {
    receiver.begin()
    const scanner = scanRows(source, options, head, columns, receiver, checkpoint)
    if (scanner.isFutile) {
      refuseRagged(source.name, scanner, columns.length)
      reviseKinds(source.name, columns, scanner.findings)
      continue
    }
    refuseOverflow(source.name, columns, scanner.findings)
    if (scanner.nRows === 0) {
      throw new InputError(
        `${source.name} has a header and no rows below it. There is nothing to import.`,
        { file: source.name },
      )
    }
    const summary = summarise(head, options, columns, scanner)
    receiver.finish(
      summary,
      scanner.dictionaries.map((dictionary) => dictionary?.levels() ?? null),
    )
    return summary
  }
}

/** Reads the header and the first rows, and refuses what is no CSV table. */
function readHead(source: ByteSource, options: CsvOptions): Head {
  const file = source.name
  if (options.delimiter !== null && !/^[\t\x20-\x7e]$/.test(options.delimiter)) {
    throw new InputError(
      `The delimiter must be one ASCII character, got ${JSON.stringify(options.delimiter)}.`,
      { file },
    )
  }
  if (options.delimiter === '"') throw new InputError('A quote cannot be the delimiter.', { file })

  for (let wanted = headBytes; ; wanted *= 4) {
    const head = readStart(source, Math.min(wanted, maxRecordBytes))
    const complete = head.length >= source.sizeBytes
    refuseForeignFile(head, file)
    const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
    const delimiter = options.delimiter ?? inferDelimiter(head, start, complete)
    const code = delimiter.charCodeAt(0)
    const [header, ...firstRows] = splitRecords(head, start, code, complete, 1 + guessedRows)
    if (header === undefined) {
      if (!complete && wanted < maxRecordBytes) continue
      throw new InputError(
        head.subarray(start).every((byte) => byte === 10 || byte === 13)
          ? `${file} is empty. A CSV file starts with a row of column names.`
          : `${file}, row 1: the header opens a quoted text that never ends. Close the quote.`,
        { file, row: 1 },
      )
    }
    const invalid = firstInvalidUtf8(head, start, header.end)
    if (invalid >= 0) throw notUtf8(file, header.line, null, head[invalid]!)
    const names = header.cells.map((cell) => cell.trim())
    checkNames(file, header.line, names, options)
    return { delimiter, names, dataStart: header.end, dataLine: header.endLine, firstRows }
  }
}

function readStart(source: ByteSource, length: number): Uint8Array {
  const head = new Uint8Array(Math.min(length, source.sizeBytes))
  let have = 0
  while (have < head.length) {
    const read = source.read(head, have, head.length - have, have)
    if (read === 0) break
    have += read
  }
  return head.subarray(0, have)
}

function checkNames(
  file: string,
  row: number,
  names: readonly string[],
  options: CsvOptions,
): void {
  const refuse = (message: string, column: string | null = null): never => {
    throw new InputError(`${file}, row ${row}: ${message}`, { file, row, column })
  }
  if (names.length > maxColumns) {
    refuse(`the header has ${names.length} columns; at most ${maxColumns} can be imported.`)
  }
  if (names.length <= 2 && /^sep=.?$/i.test(names.join(''))) {
    refuse('this is the line in which Excel names the delimiter, not a header. Delete it.')
  }
  const blank = names.flatMap((name, i) => (name === '' ? [i + 1] : []))
  if (blank.length > 0) {
    const where =
      blank.length === 1 ? `column ${blank[0]!} has` : `columns ${blank.join(', ')} have`
    refuse(`${where} no name. Give every column a name in the header.`)
  }
  if (names.every((name) => classifyText(name).kind !== 'text')) {
    refuse(
      'every cell of the first row is a number, so the file seems to have no header. Add a first row with column names.',
    )
  }
  const positions = new Map<string, number[]>()
  names.forEach((name, i) => positions.set(name, [...(positions.get(name) ?? []), i + 1]))
  for (const [name, at] of positions) {
    if (at.length > 1) {
      refuse(
        `the name "${name}" is used by columns ${at.join(' and ')}. Give every column its own name.`,
        name,
      )
    }
  }
  for (const name of Object.keys(options.kinds)) {
    if (!positions.has(name)) {
      refuse(`a kind is given for column "${name}", which the header does not name.`, name)
    }
  }
}

/** Guesses how to read each column from the first rows. */
function guessKinds(head: Head, options: CsvOptions): ColumnPlan[] {
  const missing = new MissingTexts(options.missing)
  const rows = head.firstRows.filter(
    (row) => options.ragged === 'pad' || row.cells.length === head.names.length,
  )
  return head.names.map((name, position) => {
    const forced = Object.hasOwn(options.kinds, name) ? options.kinds[name] : undefined
    const plan: ColumnPlan = {
      name,
      forced,
      reading: forced === 'categorical' ? TEXT : POINT_NUMBER,
      doubt: null,
      numbersBefore: false,
    }
    if (forced !== undefined) return plan
    let nNumbers = 0
    for (const { cells, line } of rows) {
      const text = (cells[position] ?? '').replace(/^[ \t]+|[ \t]+$/g, '')
      if (missing.hasText(text)) continue
      const found = classifyText(text)
      if (found.kind !== 'number' && plan.doubt === null) {
        const kind =
          found.kind === 'commaNumber' && head.delimiter !== ';' ? ('text' as const) : found.kind
        plan.doubt = { row: line, text, kind }
        plan.numbersBefore = nNumbers > 0
      }
      if (found.kind === 'commaNumber' && head.delimiter === ';') {
        if (plan.reading === POINT_NUMBER) plan.reading = COMMA_NUMBER
      } else if (found.kind !== 'number') {
        plan.reading = TEXT
      }
      nNumbers++
    }
    return plan
  })
}

/** One pass over the rows. */
function scanRows(
  source: ByteSource,
  options: CsvOptions,
  head: Head,
  columns: readonly ColumnPlan[],
  receiver: CsvReceiver,
  checkpoint: Checkpoint,
): RowScanner {
  const scanner = new RowScanner({
    file: source.name,
    delimiter: head.delimiter.charCodeAt(0),
    columnNames: head.names,
    readings: columns.map((column) => column.reading),
    options,
    firstLine: head.dataLine,
    onChunk: (chunk, nRows, lines) => {
      receiver.chunk(chunk, nRows, {
        lines,
        newTexts: (column) => scanner.dictionaries[column]?.takeNewLevels() ?? [],
      })
    },
  })
  let buffer = new Uint8Array(2 * blockBytes)
  let have = 0
  let position = head.dataStart
  for (;;) {
    // Twice as much each time a record does not fit, or a long one would be scanned too often.
    const wanted = Math.max(blockBytes, have)
    if (buffer.length < have + wanted + 2) {
      const larger = new Uint8Array(have + wanted + 2)
      larger.set(buffer.subarray(0, have))
      buffer = larger
    }
    const read = source.read(buffer, have, wanted, position)
    position += read
    have += read
    const atEnd = read === 0 || position >= source.sizeBytes
    if (atEnd && have > 0 && buffer[have - 1] !== 10 && buffer[have - 1] !== 13) {
      buffer[have++] = 10
    }
    buffer[have] = 0
    const done = scanner.scan(buffer, 0, have, atEnd)
    buffer.copyWithin(0, done, have)
    have -= done
    checkpoint(source.sizeBytes === 0 ? 1 : Math.min(1, position / source.sizeBytes))
    if (atEnd) break
    if (have > maxRecordBytes) {
      throw new InputError(
        `${source.name}, row ${scanner.line}: this row is longer than 64 MiB. A quote that opens in it is probably never closed.`,
        { file: source.name, row: scanner.line },
      )
    }
  }
  scanner.finish()
  return scanner
}

function refuseRagged(file: string, scanner: RowScanner, nColumns: number): void {
  const first = scanner.firstRagged
  if (first === null) return
  const more = scanner.raggedRows - 1
  const others = more === 0 ? '' : ` So have ${more} more rows another number of cells.`
  throw new InputError(
    `${file}, row ${first.row}: the row has ${cells(first.nCells)}, the header ${nColumns}.${others} Correct the file, or let such rows be skipped or padded (--ragged skip, --ragged pad).`,
    { file, row: first.row },
  )
}

function cells(count: number): string {
  return count === 1 ? '1 cell' : `${count} cells`
}

/** Settles the doubts of a pass. */
function reviseKinds(
  file: string,
  columns: readonly ColumnPlan[],
  findings: readonly ColumnFindings[],
): void {
  columns.forEach((column, i) => {
    const { firstDoubt, numbersBefore, onlyCommas } = findings[i]!
    if (firstDoubt === null) return
    if (column.doubt === null) {
      column.doubt = firstDoubt
      column.numbersBefore = numbersBefore
    }
    if (onlyCommas && column.reading === POINT_NUMBER) {
      column.reading = COMMA_NUMBER
    } else if (column.forced === 'numeric') {
      throw new InputError(
        `${file}, row ${firstDoubt.row}, column "${column.name}": ${quoted(firstDoubt.text)} is not a number, and the column was asked to be numeric. Correct the value, name it as a missing value, or import the column as categorical.`,
        { file, row: firstDoubt.row, column: column.name },
      )
    } else {
      column.reading = TEXT
    }
  })
}

function refuseOverflow(
  file: string,
  columns: readonly ColumnPlan[],
  findings: readonly ColumnFindings[],
): void {
  columns.forEach((column, i) => {
    const overflow = findings[i]!.overflow
    if (overflow === null) return
    throw new InputError(
      `${file}, row ${overflow.row}, column "${column.name}": ${quoted(overflow.text)} is beyond the largest number (about 1.8e308). Correct the value, or import the column as categorical.`,
      { file, row: overflow.row, column: column.name },
    )
  })
}

function summarise(
  head: Head,
  options: CsvOptions,
  columns: readonly ColumnPlan[],
  scanner: RowScanner,
): CsvSummary {
  const notes: string[] = []
  if (scanner.firstRagged !== null) {
    const count = scanner.raggedRows === 1 ? '1 row has' : `${scanner.raggedRows} rows have`
    const treatment =
      options.ragged === 'skip'
        ? 'left out'
        : 'kept: cells they lack are missing, surplus cells are dropped'
    notes.push(
      `${count} another number of cells than the header (first: row ${scanner.firstRagged.row}) and were ${treatment}.`,
    )
  }
  const summaries = columns.map((column, i): CsvColumnSummary => {
    const { missing, rounded } = scanner.findings[i]!
    notes.push(...columnNotes(column, scanner.nRows, missing, rounded))
    const nLevels = scanner.dictionaries[i]?.nLevels ?? null
    return {
      name: column.name,
      kind: nLevels === null ? 'numeric' : 'categorical',
      missing,
      distinct: nLevels,
      allDistinct: nLevels !== null && nLevels === scanner.nRows,
    }
  })
  return {
    nRows: scanner.nRows,
    delimiter: head.delimiter,
    raggedRows: scanner.raggedRows,
    firstRaggedRow: scanner.firstRagged?.row ?? null,
    columns: summaries,
    notes,
  }
}

/** What the user should know about how a column was read. */
function columnNotes(
  { name, reading, doubt, numbersBefore }: ColumnPlan,
  nRows: number,
  missing: number,
  rounded: Doubt | null,
): string[] {
  if (missing === nRows) return [`Column "${name}" holds no values.`]
  if (rounded !== null) {
    return [
      `Column "${name}" holds integers beyond 2^53 (row ${rounded.row}: ${quoted(rounded.text)}), which are rounded as numbers. If they are identifiers, import the column as categorical.`,
    ]
  }
  if (doubt === null) return []
  const where = `row ${doubt.row} holds ${quoted(doubt.text)}`
  if (reading === COMMA_NUMBER) {
    return [`Column "${name}" has decimal commas (${where}); they are read as decimal points.`]
  }
  if (doubt.kind === 'leadingZero') {
    return [
      `Column "${name}" is read as text: ${where}, and a leading zero marks an identifier. To read it as numbers, ask for the column to be numeric.`,
    ]
  }
  if (numbersBefore || looksNumeric(doubt)) {
    return [
      `Column "${name}" is read as text: ${where}, which is not a number. If it stands for a missing value, name it as one.`,
    ]
  }
  return []
}

/** Texts that someone may have meant as a number: worth a word even in the first row. */
function looksNumeric({ kind, text }: Doubt): boolean {
  return kind === 'commaNumber' || /^[+-]?(?:0x[\da-f]+|inf|infinity|\d+,\d+)$/i.test(text)
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
