/**
 * Looks at the chunks of a file as they are read, and says what is in it. Memory is bounded by the
 * dictionaries, which the reader holds anyway, and by a few bytes a row for repeated rows.
 */
import { quantileSorted } from '#shared/core/math/quantile.ts'
import { createStream, sampleWithoutReplacement } from '#shared/core/math/random.ts'
import type { RandomStream } from '#shared/core/math/random.ts'

import type { CsvChunkColumn, CsvSummary } from './csv-types.ts'
import { classifyText } from './decimal-text.ts'
import type { CsvPreview, CsvPreviewColumn, CsvPreviewRow } from './preview-types.ts'
import { createRowHashes } from './row-hashes.ts'
import type { RowHashes } from './row-hashes.ts'
import { suggestRole } from './suggest-role.ts'

const shownRows = 60
const shownValues = 12
const shownContradictions = 8
/** Distinct numbers are counted up to here. */
const mostDistinctNumbers = 2_000
/** Rows that are drawn for medians, in values of all columns. */
const mostDrawnRows = 20_000
const mostDrawnValues = 4_000_000
const mostCellLength = 500

/** Numbers as many write them, that the reader takes for texts: 1.234,50 and 1,234.50. */
const grouped = /^[+-]?(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+,\d+)$/

/** What the reader hands over. */
export interface PreviewChunk {
  readonly columns: readonly CsvChunkColumn[]
  readonly nRows: number
  /** The line on which each row starts. */
  readonly lines: Int32Array
  /** The texts of a column that have come up since the last chunk, in order of their codes. */
  readonly newTexts: (column: number) => readonly string[]
}

export interface PreviewCollector {
  /** Forgets everything: the kind of a column was revised. */
  readonly begin: () => void
  chunk(chunk: PreviewChunk): void
  finish(
    summary: CsvSummary,
    levels: readonly (readonly string[] | null)[],
    sizeBytes: number,
  ): CsvPreview
}

interface NumberFacts {
  min: number
  max: number
  /** Null: there are too many. */
  counts: Map<number, number> | null
  /** Whether each number so far is larger than the one before: then all differ. */
  increasing: boolean
  last: number
}

interface TextFacts {
  counts: Int32Array
  /** 1 number, 2 number with another way of writing, 0 text; per code. */
  looks: Uint8Array
  nLevels: number
  firstTexts: { readonly row: number; readonly code: number }[]
}

type ColumnFacts =
  | { readonly kind: 'numeric'; readonly numbers: NumberFacts }
  | { readonly kind: 'categorical'; readonly texts: TextFacts }

export function createPreviewCollector(): PreviewCollector {
  let columns: ColumnFacts[] = []
  let first: { readonly line: number; readonly values: Float64Array }[] = []
  let drawn: { line: number; readonly values: Float64Array }[] = []
  let stream: RandomStream = createStream(1, 'csv preview')
  let hashes: RowHashes = createRowHashes()
  let nRows = 0

  const valuesOf = (chunk: PreviewChunk, row: number): Float64Array =>
    Float64Array.from(chunk.columns, (column) =>
      column.kind === 'numeric' ? column.values[row]! : column.codes[row]!,
    )

  const draw = (chunk: PreviewChunk): void => {
    const room = Math.max(
      shownRows,
      Math.min(mostDrawnRows, Math.floor(mostDrawnValues / chunk.columns.length)),
    )
    for (let row = 0; row < chunk.nRows; row++) {
      const line = chunk.lines[row]!
      if (drawn.length < room) {
        drawn.push({ line, values: valuesOf(chunk, row) })
        continue
      }
      const place = stream.below(nRows + row + 1)
      if (place < room) drawn[place] = { line, values: valuesOf(chunk, row) }
    }
  }

  return {
    begin() {
      columns = []
      first = []
      drawn = []
      stream = createStream(1, 'csv preview')
      hashes = createRowHashes()
      nRows = 0
    },

    chunk(chunk) {
      if (columns.length === 0) columns = chunk.columns.map(({ kind }) => newFacts(kind))
      chunk.columns.forEach((column, position) => {
        const facts = columns[position]!
        if (column.kind === 'numeric' && facts.kind === 'numeric') {
          seeNumbers(facts.numbers, column.values)
        } else if (column.kind === 'categorical' && facts.kind === 'categorical') {
          learnTexts(facts.texts, chunk.newTexts(position))
          seeCodes(facts.texts, column.codes, chunk.lines)
        }
      })
      for (let row = 0; row < chunk.nRows && first.length < shownRows; row++) {
        first.push({ line: chunk.lines[row]!, values: valuesOf(chunk, row) })
      }
      draw(chunk)
      hashes.add(chunk.columns, chunk.nRows)
      nRows += chunk.nRows
    },

    finish(summary, levels, sizeBytes) {
      const textOf = (position: number, value: number): string | null => {
        const texts = levels[position] ?? null
        if (texts === null) return Number.isNaN(value) ? null : String(value)
        return value < 0 ? null : cut(texts[value]!)
      }
      const toRow = ({
        line,
        values,
      }: {
        readonly line: number
        readonly values: Float64Array
      }): CsvPreviewRow => ({
        row: line,
        cells: Array.from(values, (value, position) => textOf(position, value)),
      })
      const chosen = sampleWithoutReplacement(
        Int32Array.from(drawn, (_, place) => place),
        Math.min(shownRows, drawn.length),
        createStream(1, 'rows shown'),
      )
      const notes = [...summary.notes]
      const previewColumns = summary.columns.map(({ name, kind, missing }, position) => {
        const facts = columns[position]!
        const known =
          facts.kind === 'numeric'
            ? describeNumbers(facts.numbers, nRows, missing, () =>
                medianOf(drawn.map(({ values }) => values[position]!)),
              )
            : describeTexts(facts.texts, levels[position]!, nRows, missing)
        if (facts.kind === 'categorical' && isMostly(facts.texts, 2)) {
          const example = levels[position]!.find((text) => grouped.test(text))!
          notes.push(
            `Most values of "${name}" are numbers written with commas or with points between thousands (${JSON.stringify(example)}). They are read as text: write them as 1234.50, or in a file with semicolons as 1234,50.`,
          )
        }
        const suggestion = suggestRole({ name, kind, nRows, missing, ...known })
        const { range, ...rest } = known
        return {
          name,
          kind,
          missing,
          ...rest,
          range,
          suggestedRole: suggestion?.role ?? null,
          suggestionReason: suggestion?.reason ?? null,
        } satisfies CsvPreviewColumn
      })
      return {
        ...summary,
        notes,
        sizeBytes,
        columns: onlyOneOfEach(previewColumns),
        firstRows: first.map(toRow),
        randomRows: Array.from(chosen, (place) => drawn[place]!)
          .sort((a, b) => a.line - b.line)
          .map(toRow),
        repeatedRows: nRows - hashes.distinct,
      }
    },
  }
}

type Described = Pick<
  CsvPreviewColumn,
  'distinct' | 'allDistinct' | 'range' | 'values' | 'contradictions'
>

const noContradictions = { count: 0, rows: [] }

function newFacts(kind: 'numeric' | 'categorical'): ColumnFacts {
  return kind === 'numeric'
    ? {
        kind,
        numbers: {
          min: Infinity,
          max: -Infinity,
          counts: new Map(),
          increasing: true,
          last: -Infinity,
        },
      }
    : {
        kind,
        texts: {
          counts: new Int32Array(64),
          looks: new Uint8Array(64),
          nLevels: 0,
          firstTexts: [],
        },
      }
}

function seeNumbers(facts: NumberFacts, values: Float64Array): void {
  for (const value of values) {
    if (value !== value) {
      facts.increasing = false
      continue
    }
    if (value < facts.min) facts.min = value
    if (value > facts.max) facts.max = value
    if (value <= facts.last) facts.increasing = false
    facts.last = value
    if (facts.counts === null) continue
    facts.counts.set(value, (facts.counts.get(value) ?? 0) + 1)
    if (facts.counts.size > mostDistinctNumbers) facts.counts = null
  }
}

function learnTexts(facts: TextFacts, texts: readonly string[]): void {
  const needed = facts.nLevels + texts.length
  if (needed > facts.counts.length) {
    const capacity = Math.max(needed, 2 * facts.counts.length)
    const counts = new Int32Array(capacity)
    counts.set(facts.counts)
    facts.counts = counts
    const looks = new Uint8Array(capacity)
    looks.set(facts.looks)
    facts.looks = looks
  }
  for (const text of texts) {
    facts.looks[facts.nLevels++] =
      classifyText(text).kind === 'number' ? 1 : grouped.test(text) ? 2 : 0
  }
}

function seeCodes(facts: TextFacts, codes: Int32Array, lines: Int32Array): void {
  const { counts, looks, firstTexts } = facts
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    if (code < 0) continue
    counts[code]!++
    if (firstTexts.length < shownContradictions && looks[code] !== 1) {
      firstTexts.push({ row: lines[row]!, code })
    }
  }
}

function describeNumbers(
  { min, max, counts, increasing }: NumberFacts,
  nRows: number,
  missing: number,
  median: () => number,
): Described {
  const commonest = [...(counts ?? [])].sort(([a, n], [b, m]) => m - n || a - b)
  return {
    distinct: counts?.size ?? null,
    allDistinct: missing === 0 && (increasing || counts?.size === nRows),
    range: missing === nRows ? null : { min: min + 0, median: median(), max: max + 0 },
    values: commonest.slice(0, shownValues).map(([value, count]) => ({
      text: String(value),
      count,
    })),
    contradictions: noContradictions,
  }
}

function describeTexts(
  facts: TextFacts,
  levels: readonly string[],
  nRows: number,
  missing: number,
): Described {
  const { counts, looks, nLevels, firstTexts } = facts
  let contradicting = 0
  for (let code = 0; code < nLevels; code++) if (looks[code] !== 1) contradicting += counts[code]!
  return {
    distinct: nLevels,
    allDistinct: missing === 0 && nLevels === nRows,
    range: null,
    values: commonestCodes(counts, nLevels).map((code) => ({
      text: cut(levels[code]!),
      count: counts[code]!,
    })),
    contradictions:
      contradicting > 0 && isMostly(facts, 1)
        ? {
            count: contradicting,
            rows: firstTexts.map(({ row, code }) => ({ row, text: cut(levels[code]!) })),
          }
        : noContradictions,
  }
}

/** Whether more than half of the values look this way. */
function isMostly({ counts, looks, nLevels }: TextFacts, look: number): boolean {
  let all = 0
  let alike = 0
  for (let code = 0; code < nLevels; code++) {
    all += counts[code]!
    if (looks[code] === look) alike += counts[code]!
  }
  return alike > all / 2
}

/** The commonest codes, at most `shownValues`, without sorting a million of them. */
function commonestCodes(counts: Int32Array, nLevels: number): number[] {
  const best: number[] = []
  for (let code = 0; code < nLevels; code++) {
    const count = counts[code]!
    if (count === 0) continue
    if (best.length === shownValues && count <= counts[best.at(-1)!]!) continue
    let place = best.length
    while (place > 0 && counts[best[place - 1]!]! < count) place--
    best.splice(place, 0, code)
    if (best.length > shownValues) best.pop()
  }
  return best
}

/** A table has one target, one time and so on: later columns give way. */
function onlyOneOfEach(columns: readonly CsvPreviewColumn[]): CsvPreviewColumn[] {
  const taken = new Set<string>()
  // The last column is where targets usually stand.
  const lastTarget = columns.findLastIndex(({ suggestedRole }) => suggestedRole === 'target')
  return columns.map((column, position) => {
    const role = column.suggestedRole
    if (role === null || role === 'ignore') return column
    const givesWay = role === 'target' ? position !== lastTarget : taken.has(role)
    taken.add(role)
    return givesWay ? { ...column, suggestedRole: null, suggestionReason: null } : column
  })
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values.filter((value) => value === value)).sort()
  return sorted.length === 0 ? 0 : quantileSorted(sorted, 0.5) + 0
}

function cut(text: string): string {
  return text.length > mostCellLength ? `${text.slice(0, mostCellLength).toWellFormed()}…` : text
}
