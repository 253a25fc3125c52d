/**
 * The fast reader of CSV rows: one pass over the bytes, straight into typed arrays.
 *
 * Grammar (RFC 4180, leniently): records end with LF, CR or CRLF; cells are separated by one
 * delimiter byte; a cell that starts with a quote ends at the next quote that is not doubled, and
 * may hold delimiters and line ends; what follows the closing quote is kept as text; a quote inside
 * an unquoted cell is an ordinary character. Empty lines are skipped.
 *
 * Blocks. `scan` is given a stretch of bytes and returns where the first incomplete record starts;
 * the caller brings those bytes again with more behind them. Values are written at the row's place
 * in the staging table, so that an unfinished row is simply overwritten; what else a row leaves
 * behind (levels it introduced, doubts about a column) is undone by `#rollback`. Hence the outcome
 * does not depend on how a file is cut into blocks. The byte after the stretch must be zero: no
 * digit, delimiter or line end, it stops every inner loop without a test of the index.
 *
 * Kinds. Each column is read in one way: as numbers, as numbers with a decimal comma, as texts, or
 * not at all. A text in a column of numbers is a doubt: it is noted, the pass goes on to collect
 * further doubts but hands out no more rows, and the caller starts again with the kinds revised.
 * Ragged rows that are refused are counted in the same way.
 *
 * Staging. Values and codes of up to `chunkRows` rows lie in one Float64Array, column after column.
 * Columns are eight elements longer than they need to be: at a power of two as stride, all columns
 * of a row would compete for the same few cache lines.
 */
import { InputError } from '../input-error.ts'
import type { CsvChunkColumn, CsvOptions } from './csv-types.ts'
import { chunkRows } from './csv-types.ts'
import { classifyText, losesDigits } from './decimal-text.ts'
import { firstInvalidUtf8 } from './first-invalid-utf8.ts'
import { isBlank, MissingTexts } from './missing-texts.ts'
import { binaryFile } from './refuse-foreign-file.ts'
import { NumberScanner } from './scan-number.ts'
import { hashBytes, hashFactor, hashStart, TextDictionary } from './text-dictionary.ts'

const QUOTE = 34
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const SEMICOLON = 59

/** Ways to read a column. Those of numbers are the byte of their decimal point. */
export const TEXT = 0
export const POINT_NUMBER = 46
export const COMMA_NUMBER = 44
const NOTHING = 255
export type Reading = typeof TEXT | typeof POINT_NUMBER | typeof COMMA_NUMBER

/** A value that speaks against the reading of its column. */
export interface Doubt {
  readonly row: number
  readonly text: string
  readonly kind: 'commaNumber' | 'leadingZero' | 'text'
}

/** What one pass knows about a column. */
export interface ColumnFindings {
  /** The first value that is not a plain number, or null. */
  firstDoubt: Doubt | null
  /** Whether a number stood above it. */
  numbersBefore: boolean
  /** Whether all doubts are decimal commas. */
  onlyCommas: boolean
  /** The first decimal literal beyond the range of doubles. */
  overflow: Doubt | null
  /** The first integer that a double cannot hold exactly. */
  rounded: Doubt | null
  missing: number
}

interface RowScannerSettings {
  readonly file: string
  readonly delimiter: number
  readonly columnNames: readonly string[]
  readonly readings: readonly Reading[]
  readonly options: CsvOptions
  /** The line on which the first row stands. */
  readonly firstLine: number
  /** `lines` are those on which the rows start; lent for the call. */
  readonly onChunk: (columns: readonly CsvChunkColumn[], nRows: number, lines: Int32Array) => void
}

export class RowScanner {
  readonly findings: readonly ColumnFindings[]
  readonly dictionaries: readonly (TextDictionary | null)[]
  nRows = 0
  raggedRows = 0
  firstRagged: { readonly row: number; readonly nCells: number } | null = null
  /** Whether this pass will have to be repeated or refused: it hands out no more rows. */
  isFutile = false
  /** The line on which the next record starts. */
  line: number

  readonly #settings: RowScannerSettings
  readonly #missing: MissingTexts
  readonly #numbers = new NumberScanner()
  readonly #readings: Uint8Array
  /** 1 for the bytes that end an unquoted cell: delimiter, line ends, zero. */
  readonly #endsCell = new Uint8Array(256)
  #capacity = 64
  #staging: Float64Array<ArrayBuffer>
  #lines = new Int32Array(64)
  /** The next row in the staging table. */
  #row = 0

  // What the record in progress has left behind, until it is known to be whole and wanted.
  readonly #addedTo: TextDictionary[] = []
  #nAdded = 0
  #doubts: {
    readonly column: number
    readonly what: Doubt | 'overflow' | 'rounded'
    readonly text: string
  }[] = []
  #lineEndsInQuotes = 0

  // The content of the last quoted cell: a stretch of the block, or of the scratch buffer where
  // doubled quotes had to be undone.
  #quotedBytes: Uint8Array = new Uint8Array(0)
  #quotedStart = 0
  #quotedEnd = 0
  #scratch: Uint8Array<ArrayBuffer> = new Uint8Array(256)

  constructor(settings: RowScannerSettings) {
    this.#settings = settings
    this.line = settings.firstLine
    this.#missing = new MissingTexts(settings.options.missing)
    this.#readings = Uint8Array.from(settings.readings)
    this.dictionaries = settings.readings.map((reading) =>
      reading === TEXT ? new TextDictionary() : null,
    )
    this.findings = settings.readings.map(() => ({
      firstDoubt: null,
      numbersBefore: false,
      onlyCommas: true,
      overflow: null,
      rounded: null,
      missing: 0,
    }))
    for (const byte of [0, LINE_FEED, CARRIAGE_RETURN, settings.delimiter]) {
      this.#endsCell[byte] = 1
    }
    this.#staging = new Float64Array((this.#capacity + 8) * settings.readings.length)
  }

  /**
   * Reads the complete records of `bytes[from, to)`.
   *
   * @param bytes  `bytes[to]` must be zero.
   * @param atEnd  Whether the file ends at `to`; its last record must then end with a line end.
   * @returns The index at which the first incomplete record starts, `to` when there is none.
   * @throws InputError on a zero byte, on a text that is not UTF-8 and on a quote left open at the
   *   end of the file.
   */
  scan(bytes: Uint8Array, from: number, to: number, atEnd: boolean): number {
    const delimiter = this.#settings.delimiter
    const nColumns = this.#readings.length
    const columnReadings = this.#readings
    const dictionaries = this.dictionaries
    const numbers = this.#numbers
    const endsCell = this.#endsCell
    const compareNumbers = this.#missing.includesNumbers
    let staging = this.#staging
    let stride = this.#capacity + 8
    let i = from

    while (i < to) {
      const recordStart = i
      const row = this.#row
      let column = 0
      let byte = bytes[i]!
      if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN) {
        for (;;) {
          const reading = column < nColumns ? columnReadings[column]! : NOTHING
          if (reading === TEXT && byte !== QUOTE) {
            const start = i
            let hash = hashStart
            while (endsCell[byte] === 0) {
              hash = Math.imul(hash ^ byte, hashFactor)
              byte = bytes[++i]!
            }
            if (byte === 0) {
              if (i >= to) return this.#rollback(recordStart)
              throw binaryFile(this.#settings.file, this.line)
            }
            const dictionary = dictionaries[column]!
            let entry = dictionary.find(bytes, start, i, hash)
            if (entry < 0) entry = this.#addEntry(column, bytes, start, i, hash)
            staging[column * stride + row] = dictionary.codes[entry]!
          } else {
            let value = NaN
            if (reading !== NOTHING && reading !== TEXT) {
              value = numbers.scan(bytes, i, reading)
              const after = bytes[numbers.end]!
              if (
                (after !== delimiter && after !== LINE_FEED && after !== CARRIAGE_RETURN) ||
                (compareNumbers && value === value && this.#missing.has(bytes, i, numbers.end))
              ) {
                value = NaN
              }
            }
            if (value === value) {
              staging[column * stride + row] = value
              i = numbers.end
            } else {
              i = this.#readOddCell(bytes, i, to, atEnd, column)
              if (i < 0) return this.#rollback(recordStart)
            }
            byte = bytes[i]!
          }
          column++
          if (byte !== delimiter) break
          byte = bytes[++i]!
        }
      }
      // A carriage return at the cut may have its line feed behind it.
      if (byte === CARRIAGE_RETURN && i + 1 >= to && !atEnd) return this.#rollback(recordStart)
      const recordEnd = i
      i += byte === CARRIAGE_RETURN && bytes[i + 1] === LINE_FEED ? 2 : 1

      if (column === nColumns || this.#keepRagged(bytes, recordStart, recordEnd, column)) {
        this.#nAdded = 0
        if (this.#doubts.length > 0) this.#commitDoubts()
        this.nRows++
        this.#lines[row] = this.line
        if (++this.#row === this.#capacity) {
          this.#makeRoom()
          staging = this.#staging
          stride = this.#capacity + 8
        }
      } else {
        this.#undo()
      }
      this.line += 1 + this.#lineEndsInQuotes
      this.#lineEndsInQuotes = 0
    }
    return i
  }

  /** Hands out the rows of the last chunk. */
  finish(): void {
    if (this.#row > 0) this.#flush()
  }

  /**
   * Reads a cell that is not a plain number or plain text: quoted, empty, padded with blanks, a
   * missing value, a text in a column of numbers, or in no column at all.
   *
   * @returns The index of the byte that ends the cell, or −1 when the block ends first.
   */
  #readOddCell(
    bytes: Uint8Array,
    start: number,
    to: number,
    atEnd: boolean,
    column: number,
  ): number {
    let end: number
    let content = bytes
    let contentStart = start
    let contentEnd: number
    if (bytes[start] === QUOTE) {
      end = this.#readQuoted(bytes, start + 1, to, atEnd)
      if (end < 0) return -1
      content = this.#quotedBytes
      contentStart = this.#quotedStart
      contentEnd = this.#quotedEnd
    } else {
      end = this.#cellEnd(bytes, start, to)
      if (end < 0) return -1
      contentEnd = end
    }
    if (column >= this.#readings.length) return end
    const reading = this.#readings[column]!
    if (reading === NOTHING) return end

    const place = column * (this.#capacity + 8) + this.#row
    if (reading === TEXT) {
      const dictionary = this.dictionaries[column]!
      const hash = hashBytes(content, contentStart, contentEnd)
      let entry = dictionary.find(content, contentStart, contentEnd, hash)
      if (entry < 0) entry = this.#addEntry(column, content, contentStart, contentEnd, hash)
      this.#staging[place] = dictionary.codes[entry]!
    } else {
      this.#staging[place] = this.#readNumber(content, contentStart, contentEnd, column, reading)
    }
    return end
  }

  /** The careful way to a number: NaN where it is missing, a doubt where it is none. */
  #readNumber(
    bytes: Uint8Array,
    start: number,
    end: number,
    column: number,
    reading: number,
  ): number {
    if (this.#missing.has(bytes, start, end)) return NaN
    while (isBlank(bytes[start]!)) start++
    while (isBlank(bytes[end - 1]!)) end--
    const fast = this.#numbers.scan(bytes, start, reading)
    if (fast === fast && this.#numbers.end === end) return fast

    const text = new TextDecoder().decode(bytes.subarray(start, end))
    const { delimiter, columnNames, options } = this.#settings
    const found = classifyText(text)
    if (found.kind === 'number' && reading === COMMA_NUMBER && /[.eE]/.test(text)) {
      this.#doubt(column, { row: this.line, text, kind: 'text' })
      return NaN
    }
    if (found.kind === 'text') {
      this.#doubt(column, { row: this.line, text, kind: 'text' })
      return NaN
    }
    if (found.kind === 'leadingZero' && options.kinds[columnNames[column]!] !== 'numeric') {
      this.#doubt(column, { row: this.line, text, kind: 'leadingZero' })
      return NaN
    }
    if (found.kind === 'commaNumber' && reading !== COMMA_NUMBER) {
      const kind = delimiter === SEMICOLON ? 'commaNumber' : 'text'
      this.#doubt(column, { row: this.line, text, kind })
      return NaN
    }
    if (!Number.isFinite(found.value)) {
      this.#doubts.push({ column, what: 'overflow', text })
      return NaN
    }
    if (losesDigits(text)) this.#doubts.push({ column, what: 'rounded', text })
    return found.value
  }

  #doubt(column: number, what: Doubt): void {
    this.#doubts.push({ column, what, text: what.text })
  }

  /**
   * Finds the content of a quoted cell whose first byte is `start`.
   *
   * @returns The index of the byte that ends the cell, or −1 when the block ends first.
   */
  #readQuoted(bytes: Uint8Array, start: number, to: number, atEnd: boolean): number {
    let i = start
    let lineEnds = 0
    let length = -1 // of the copy in the scratch buffer, once there is one
    let contentEnd = -1
    for (;;) {
      if (i >= to) {
        if (atEnd) throw this.#openQuote()
        return -1
      }
      const byte = bytes[i]!
      if (byte === QUOTE) {
        if (bytes[i + 1] !== QUOTE) break
        if (length < 0) length = this.#startCopy(bytes, start, i)
        i++
      } else if (byte === LINE_FEED) {
        lineEnds++
      } else if (byte === CARRIAGE_RETURN) {
        if (bytes[i + 1] !== LINE_FEED) lineEnds++
      }
      if (length >= 0) length = this.#append(byte, length)
      i++
    }
    contentEnd = i++
    const cellEnd = this.#cellEnd(bytes, i, to)
    if (cellEnd < 0) return -1
    if (cellEnd > i) {
      if (length < 0) length = this.#startCopy(bytes, start, contentEnd)
      for (; i < cellEnd; i++) length = this.#append(bytes[i]!, length)
    }
    this.#lineEndsInQuotes += lineEnds
    if (length < 0) {
      this.#quotedBytes = bytes
      this.#quotedStart = start
      this.#quotedEnd = contentEnd
    } else {
      this.#append(0, length) // the byte that stops the number scanner
      this.#quotedBytes = this.#scratch
      this.#quotedStart = 0
      this.#quotedEnd = length
    }
    return cellEnd
  }

  #startCopy(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    if (this.#scratch.length < length) this.#scratch = new Uint8Array(2 * length)
    this.#scratch.set(bytes.subarray(start, end))
    return length
  }

  #append(byte: number, length: number): number {
    if (length === this.#scratch.length) {
      const larger = new Uint8Array(2 * length)
      larger.set(this.#scratch)
      this.#scratch = larger
    }
    this.#scratch[length] = byte
    return length + 1
  }

  /** The index of the byte that ends an unquoted stretch, or −1 when the block ends first. */
  #cellEnd(bytes: Uint8Array, start: number, to: number): number {
    let i = start
    while (this.#endsCell[bytes[i]!] === 0) i++
    if (bytes[i] !== 0) return i
    if (i >= to) return -1
    throw binaryFile(this.#settings.file, this.line)
  }

  #openQuote(): InputError {
    const { file } = this.#settings
    const row = this.line + this.#lineEndsInQuotes
    return new InputError(
      `${file}, row ${row}: a quoted text opens here and never ends. Close the quote, or double it ("") where it belongs to the text.`,
      { file, row },
    )
  }

  /** Adds a text to a column's dictionary once it is known to be text. */
  #addEntry(column: number, bytes: Uint8Array, start: number, end: number, hash: number): number {
    const { file, columnNames } = this.#settings
    for (let i = start; i < end; i++) if (bytes[i] === 0) throw binaryFile(file, this.line)
    const invalid = firstInvalidUtf8(bytes, start, end)
    if (invalid >= 0) throw notUtf8(file, this.line, columnNames[column]!, bytes[invalid]!)
    const dictionary = this.dictionaries[column]!
    this.#addedTo[this.#nAdded++] = dictionary
    return dictionary.add(bytes, start, end, hash, this.#missing.has(bytes, start, end))
  }

  /** Decides about a record of another number of cells; true when it becomes a row. */
  #keepRagged(bytes: Uint8Array, start: number, end: number, nCells: number): boolean {
    if (nCells === 0) return false
    const nColumns = this.#readings.length
    // A line of nothing but blanks is an empty line.
    if (nCells === 1 && bytes.subarray(start, end).every(isBlank)) return false
    this.raggedRows++
    this.firstRagged ??= { row: this.line, nCells }
    const { ragged } = this.#settings.options
    if (ragged === 'refuse') this.isFutile = true
    if (ragged !== 'pad') return false
    for (let column = nCells; column < nColumns; column++) {
      const missing = this.#readings[column] === TEXT ? -1 : NaN
      this.#staging[column * (this.#capacity + 8) + this.#row] = missing
    }
    return true
  }

  #commitDoubts(): void {
    for (const { column, what, text } of this.#doubts) {
      const findings = this.findings[column]!
      if (what === 'overflow' || what === 'rounded') {
        findings[what] ??= { row: this.line, text, kind: 'text' }
        continue
      }
      if (findings.firstDoubt === null) {
        findings.firstDoubt = what
        findings.numbersBefore ||= this.#stagedNumber(column)
      }
      if (what.kind !== 'commaNumber') {
        findings.onlyCommas = false
        this.#readings[column] = NOTHING
      }
      this.isFutile = true
    }
    this.#doubts.length = 0
  }

  /** Whether a number of this column waits in the staging table. */
  #stagedNumber(column: number): boolean {
    const start = column * (this.#capacity + 8)
    return this.#staging.subarray(start, start + this.#row).some((value) => value === value)
  }

  #rollback(recordStart: number): number {
    this.#undo()
    this.#lineEndsInQuotes = 0
    return recordStart
  }

  #undo(): void {
    for (let k = 0; k < this.#nAdded; k++) this.#addedTo[k]!.removeLast()
    this.#nAdded = 0
    this.#doubts.length = 0
  }

  #makeRoom(): void {
    if (this.#capacity === chunkRows) {
      this.#flush()
      return
    }
    const capacity = 4 * this.#capacity
    const staging = new Float64Array((capacity + 8) * this.#readings.length)
    for (let column = 0; column < this.#readings.length; column++) {
      const start = column * (this.#capacity + 8)
      staging.set(this.#staging.subarray(start, start + this.#row), column * (capacity + 8))
    }
    const lines = new Int32Array(capacity)
    lines.set(this.#lines)
    this.#lines = lines
    this.#staging = staging
    this.#capacity = capacity
  }

  #flush(): void {
    const nRows = this.#row
    this.#row = 0
    const columns = this.#settings.readings.map((reading, column): CsvChunkColumn => {
      const start = column * (this.#capacity + 8)
      const findings = this.findings[column]!
      let missing = 0
      if (reading === TEXT) {
        const codes = new Int32Array(nRows)
        for (let row = 0; row < nRows; row++) {
          const code = this.#staging[start + row]!
          codes[row] = code
          if (code < 0) missing++
        }
        findings.missing += missing
        return { kind: 'categorical', codes }
      }
      const values = this.#staging.slice(start, start + nRows)
      for (let row = 0; row < nRows; row++) {
        const value = values[row]!
        if (value !== value) missing++
      }
      findings.missing += missing
      if (findings.firstDoubt === null && missing < nRows) findings.numbersBefore = true
      return { kind: 'numeric', values }
    })
    if (!this.isFutile) this.#settings.onChunk(columns, nRows, this.#lines.subarray(0, nRows))
  }
}

/** The refusal of a text that is not UTF-8, naming its first wrong byte. */
export function notUtf8(
  file: string,
  row: number,
  column: string | null,
  byte: number,
): InputError {
  const where = column === null ? '' : `, column "${column}"`
  const hex = byte.toString(16).toUpperCase().padStart(2, '0')
  return new InputError(
    `${file}, row ${row}${where}: byte 0x${hex} is not valid UTF-8. The file was probably saved in an older encoding such as Windows-1252; save it as UTF-8 (in Excel: "CSV UTF-8").`,
    { file, row, column },
  )
}
