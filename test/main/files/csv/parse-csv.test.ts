import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Column } from '#shared/core/dataset/dataset.ts'
import type { CsvOptions, CsvSummary } from '#main/files/csv/csv-types.ts'
import { chunkRows, defaultCsvOptions, defaultMissing } from '#main/files/csv/csv-types.ts'
import { parseCsvSource } from '#main/files/csv/parse-csv-file.ts'
import { memorySource } from './memory-source.ts'

type Content = string | Uint8Array
type Cell = string | number | null

/** Columns as lists of cells: numbers, texts, null where missing. */
function parse(
  content: Content,
  options: Partial<CsvOptions> = {},
  blockBytes?: number,
): { table: Record<string, Cell[]>; summary: CsvSummary } {
  const source = memorySource(content, blockBytes)
  const { dataset, summary } = parseCsvSource(source, { ...defaultCsvOptions, ...options })
  const table = Object.fromEntries(dataset.columns.map((column) => [column.name, cellsOf(column)]))
  return { table, summary }
}

function cellsOf(column: Column): Cell[] {
  return column.kind === 'numeric'
    ? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value))
    : Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]!))
}

function kindsOf(summary: CsvSummary): Record<string, string> {
  return Object.fromEntries(summary.columns.map(({ name, kind }) => [name, kind]))
}

const nasty =
  '\ufeffnr,"te""xt",Größe\r\n' +
  '1,"x,""y""\r\nz",-2.5\r\n' +
  '-3,"",1e5\r\n' +
  '\r\n' +
  '4,plain,"-0.25"\n' +
  '5,"é世🙂\n",+7\r' +
  '-6.123456789012345678,t, -.5 \r\n' +
  'NA,"junk"zz"q",2\r\n' +
  '   \r\n' +
  '8,5" pipe,?\r\n' +
  '9007199254740993,"last"\t,3'

describe('parseCsv', () => {
  it('reads quotes, line ends, blanks and a byte-order mark', () => {
    const { table, summary } = parse(nasty)
    expect(table).toEqual({
      nr: [1, -3, 4, 5, Number('-6.123456789012345678'), null, 8, 9007199254740992],
      'te"xt': ['x,"y"\r\nz', null, 'plain', 'é世🙂\n', 't', 'junkzz"q"', '5" pipe', 'last\t'],
      Größe: [-2.5, 1e5, -0.25, 7, -0.5, 2, null, 3],
    })
    expect(summary.columns.map(({ missing }) => missing)).toEqual([1, 1, 1])
    expect(summary.notes).toEqual([
      'Column "nr" holds integers beyond 2^53 (row 13: "9007199254740993"), which are rounded as numbers. If they are identifiers, import the column as categorical.',
    ])
  })

  it('gives the same at every block size', () => {
    const late = `a;b;c;d\n${'1;2;3;u\n'.repeat(1500)}1,5;x;007;"v;\n"\n;"2,25";;w`
    for (const content of [nasty, late]) {
      const bytes = new TextEncoder().encode(content)
      const whole = JSON.stringify(parse(bytes))
      const step = content === nasty ? 1 : 997
      for (let size = 1; size <= bytes.length + 1; size += step) {
        if (JSON.stringify(parse(bytes, {}, size)) !== whole)
          expect(`block size ${size}`).toBe('equal')
      }
    }
  })

  it('gives the same at every block size for errors', () => {
    for (const content of [
      'a,b\n1,2\n"x\n',
      'a,b\n1,"x\ny"\n3\n4,5,6\n',
      'a,b\n1,x\n2,\u0000y\n',
    ]) {
      const whole = messageOf(content)
      for (let size = 1; size <= content.length; size++) {
        expect(messageOf(content, {}, size)).toBe(whole)
      }
    }
  })

  it('agrees with a slow plain reader on random tables', () => {
    const cell = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('1', '-2.5', '1e3', '', 'NA', '0', '7') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('x', '007', '1,5', '0x10', 'Infinity', ' 3 ', '1.', 'é'),
      },
      {
        weight: 1,
        arbitrary: fc.string({
          unit: fc.constantFrom('a', '1', '"', ',', ';', '\n', '\r', ' ', 'é'),
          maxLength: 5,
        }),
      },
    )
    const table = fc.integer({ min: 1, max: 4 }).chain((width) =>
      fc.tuple(
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
      ),
    )
    fc.assert(
      fc.property(table, ([rows, delimiter, lineEnd, blockBytes, endsWithLine]) => {
        const names = rows[0]!.map((_, i) => `c${i}`)
        const quote = (text: string): string =>
          /[",;\t|\r\n]/.test(text) || text.trim() === '' ? `"${text.replaceAll('"', '""')}"` : text
        const lines = [names, ...rows.map((row) => row.map(quote))].map((row) =>
          row.join(delimiter),
        )
        const content = lines.join(lineEnd) + (endsWithLine ? lineEnd : '')
        const got = parse(content, { delimiter }, blockBytes).table
        expect(got).toEqual(plainTable(names, rows, delimiter))
      }),
      { numRuns: 600 },
    )
  })

  it('hands out chunks of a fixed number of rows', () => {
    const content = `v,t\n${Array.from({ length: 2 * chunkRows + 5 }, (_, i) => `${i},t${i % 7}\n`).join('')}`
    const { table, summary } = parse(content)
    expect(summary.nRows).toBe(2 * chunkRows + 5)
    expect(table['v']!.every((value, i) => value === i)).toBe(true)
    expect(table['t']!.every((value, i) => value === `t${i % 7}`)).toBe(true)
  })

  it('revises a kind that a late value proves wrong', () => {
    const content = `a,b\n${'1,2\n'.repeat(40_000)}x,3\n`
    const { table, summary } = parse(content)
    expect(kindsOf(summary)).toEqual({ a: 'categorical', b: 'numeric' })
    expect(table['a']!.length).toBe(40_001)
    expect(table['a']!.at(-1)).toBe('x')
    expect(summary.notes).toEqual([
      'Column "a" is read as text: row 40002 holds "x", which is not a number. If it stands for a missing value, name it as one.',
    ])
  })
})

describe('delimiter', () => {
  it.each([
    ['a,b\n1,2\n', ','],
    ['a;b\n1,5;2\n', ';'],
    ['a\tb\nx,y\tz\n', '\t'],
    ['a|b\n1|2\n', '|'],
    ['"a,x";b\n1;2\n', ';'],
    ['name, first;b\nx;1\ny;2\n', ';'],
    ['a\n1\n', ','],
  ])('of %j is %j', (content, delimiter) => {
    expect(parse(content).summary.delimiter).toBe(delimiter)
  })
})

describe('kinds', () => {
  it('reads decimal commas in a file with semicolons', () => {
    const { table, summary } = parse('a;b;c\n1;1,5;1,5\n2,25;-3;1.5\n')
    expect(table).toEqual({ a: [1, 2.25], b: [1.5, -3], c: ['1,5', '1.5'] })
    expect(summary.notes).toEqual([
      'Column "a" has decimal commas (row 3 holds "2,25"); they are read as decimal points.',
      'Column "b" has decimal commas (row 2 holds "1,5"); they are read as decimal points.',
      'Column "c" is read as text: row 2 holds "1,5", which is not a number. If it stands for a missing value, name it as one.',
    ])
  })

  it('keeps leading zeros as text, and says so', () => {
    const { table, summary } = parse('zip,x\n10115,0.5\n00123,0\n')
    expect(table['zip']).toEqual(['10115', '00123'])
    expect(table['x']).toEqual([0.5, 0])
    expect(summary.notes[0]).toContain(
      'row 3 holds "00123", and a leading zero marks an identifier',
    )
  })

  it('keeps hexadecimal and Infinity as text, and says so', () => {
    const { summary } = parse('h,i\n0x10,Infinity\n0x11,1\n')
    expect(kindsOf(summary)).toEqual({ h: 'categorical', i: 'categorical' })
    expect(summary.notes.length).toBe(2)
  })

  it('obeys forced kinds', () => {
    const kinds = { zip: 'numeric', flag: 'categorical' } as const
    const { table } = parse('zip,flag\n00123,0\n7,1\n', { kinds })
    expect(table).toEqual({ zip: [123, 7], flag: ['0', '1'] })
  })

  it('takes other missing texts, numbers among them', () => {
    const { table } = parse('a,b,c\n-999, ,NA\n1,2,x\n', { missing: ['-999'] })
    expect(table).toEqual({ a: [null, 1], b: [null, 2], c: ['NA', 'x'] })
  })

  it('calls a column without values numeric and names it', () => {
    const { summary } = parse('a,b\n,1\nNA,2\n')
    expect(kindsOf(summary)).toEqual({ a: 'numeric', b: 'numeric' })
    expect(summary.notes).toEqual(['Column "a" holds no values.'])
  })

  it('marks texts that are all distinct', () => {
    const { summary } = parse('id,k\nA,x\nB,x\nC,y\n')
    expect(summary.columns.map(({ distinct, allDistinct }) => [distinct, allDistinct])).toEqual([
      [3, true],
      [2, false],
    ])
  })
})

describe('ragged rows', () => {
  const content = 'a,b,c\n1,2,x\n3,4\n5,6,y\n7,8,z,more\nt\n'

  it('are refused with the first of them and their number', () => {
    expect(messageOf(content)).toBe(
      'test.csv, row 3: the row has 2 cells, the header 3. So have 2 more rows another number of cells. Correct the file, or let such rows be skipped or padded (--ragged skip, --ragged pad).',
    )
  })

  it('are skipped without a trace of their values', () => {
    const { table, summary } = parse(content, { ragged: 'skip' })
    expect(table).toEqual({ a: [1, 5], b: [2, 6], c: ['x', 'y'] })
    expect([summary.raggedRows, summary.firstRaggedRow]).toEqual([3, 3])
    expect(summary.columns[2]!.distinct).toBe(2)
  })

  it('are padded with missing values', () => {
    const { table } = parse(content, { ragged: 'pad' })
    expect(table).toEqual({
      a: ['1', '3', '5', '7', 't'],
      b: [2, 4, 6, 8, null],
      c: ['x', null, 'y', 'z', null],
    })
  })
})

describe('bad files are refused with advice', () => {
  const bytes = (...parts: (string | readonly number[])[]): Uint8Array =>
    Uint8Array.from(
      parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part)),
    )

  it.each<[string, Content, Partial<CsvOptions>, RegExp]>([
    ['an empty file', '', {}, /is empty/],
    ['nothing but line ends', '\ufeff\n\r\n', {}, /is empty/],
    ['a header only', 'a,b\n', {}, /has a header and no rows/],
    ['a blank name', 'a,,c,\n1,2,3,4\n', {}, /row 1: columns 2, 4 have no name/],
    ['a name used twice', 'a,b, a\n1,2,3\n', {}, /name "a" is used by columns 1 and 3/],
    ["Excel's line", 'sep=;\na;b\n1;2\n', {}, /row 1: .* Excel names the delimiter/],
    ['no header', '1,2.5\n3,4\n', {}, /no header/],
    ['an open quote', 'a,b\n1,2\n3,"x\ny\n', {}, /row 3: a quoted text opens here and never ends/],
    ['an open quote in the header', 'a,"b\n1,2\n', {}, /row 1: the header opens a quoted text/],
    ['gzip', bytes([0x1f, 0x8b, 8, 0], 'xxxx'), {}, /gzip.*Unpack/],
    ['xlsx', bytes([0x50, 0x4b, 3, 4], 'xxxx'), {}, /xlsx.*save it as "CSV UTF-8"/],
    ['xls', bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0]), {}, /\.xls\)/],
    ['parquet', bytes('PAR1', [0, 1]), {}, /Parquet/],
    ['UTF-16', bytes([0xff, 0xfe], 'a\0,\0b\0'), {}, /UTF-16.*UTF-8/],
    ['a binary file', bytes('a,b\n1,', [0, 1, 2], '\n'), {}, /binary/],
    ['zero bytes far in', `a,b\n${'1,x\n'.repeat(5000)}2,\0\n`, {}, /row 5002.*binary/],
    ['Latin-1', bytes('a,b\n1,x\n2,caf', [0xe9], '\n'), {}, /row 3, column "b": byte 0xE9.*UTF-8/],
    ['a Latin-1 header', bytes('caf', [0xe9], ',b\n1,2\n'), {}, /row 1: byte 0xE9/],
    ['an overflow', 'a\n1\n-1e400\n', {}, /row 3, column "a": "-1e400" is beyond/],
    [
      'a text in a forced column',
      'a\n1\nx\n',
      { kinds: { a: 'numeric' } },
      /row 3, column "a": "x" is not a number/,
    ],
    [
      'a kind for no column',
      'a\n1\n',
      { kinds: { b: 'numeric' } },
      /"b", which the header does not name/,
    ],
    ['a long delimiter', 'a\n1\n', { delimiter: '::' }, /one ASCII character/],
    [
      'too many columns',
      `${Array.from({ length: 10_001 }, (_, i) => `c${i}`).join(',')}\n`,
      {},
      /10001 columns; at most 10000/,
    ],
  ])('%s', (_, content, options, message) => {
    expect(() => parse(content, options)).toThrow(message)
    expect(() => parse(content, options)).toThrow(
      expect.objectContaining({ code: 'bad_input' }) as Error,
    )
  })

  it('counts rows as lines of the file', () => {
    const content = 'a,b\n"1\n2\r\n3",x\n\n\r4,y,z\n'
    expect(messageOf(content)).toMatch(/^test.csv, row 7:/)
  })

  it('reads a header that is longer than the first block', () => {
    const names = Array.from({ length: 9000 }, (_, i) => `${'n'.repeat(60)}${i}`)
    const { summary } = parse(`${names.join(',')}\n${names.map((_, i) => i).join(',')}\n`)
    expect(summary.columns.length).toBe(9000)
    expect(summary.columns[8999]).toMatchObject({ name: names[8999], kind: 'numeric', missing: 0 })
  })
})

function messageOf(
  content: Content,
  options: Partial<CsvOptions> = {},
  blockBytes?: number,
): string {
  try {
    parse(content, options, blockBytes)
  } catch (error) {
    return (error as Error).message
  }
  return 'no error'
}

/** The rules of kinds, applied to finished cells one column at a time. */
function plainTable(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  delimiter: string,
): Record<string, Cell[]> {
  const isMissing = (text: string): boolean =>
    defaultMissing.includes(text.replace(/^[ \t]+|[ \t]+$/g, ''))
  const isNumber = (text: string): boolean =>
    /^[ \t]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[ \t]*$/.test(text) &&
    !/^[ \t]*[+-]?0\d/.test(text)
  const isComma = (text: string): boolean =>
    /^[ \t]*[+-]?\d+(,\d+)?[ \t]*$/.test(text) && !/^[ \t]*[+-]?0\d/.test(text)
  return Object.fromEntries(
    names.map((name, i) => {
      const texts = rows.map((row) => row[i]!)
      const values = texts.filter((text) => !isMissing(text))
      const numeric = values.every(isNumber)
      const commas = !numeric && delimiter === ';' && values.every(isComma)
      const cells = texts.map((text) => {
        if (isMissing(text)) return null
        return numeric || commas ? Number(text.replace(',', '.')) : text
      })
      return [name, cells]
    }),
  )
}
