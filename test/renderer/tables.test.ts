import { describe, expect, it, vi } from 'vitest'
import { createPages } from '../../src-renderer/components/pages.ts'
import type { LoadPage, PageRequest } from '../../src-renderer/components/pages.ts'
import {
  columnWindow,
  rowWindow,
  scrollTopFor,
} from '../../src-renderer/components/virtual-window.ts'
import { toCsv } from '../../src-renderer/format/csv.ts'

describe('the CSV of a table twin', () => {
  it('quotes what has to be, marks formulas as texts, and leaves numbers unrounded', () => {
    const csv = toCsv({
      head: [{ text: 'name' }, { text: 'cost, €', numeric: true }],
      rows: [
        ['a "b"', 1 / 3],
        ['=1+1', null],
        ['-3', NaN],
        ['line\nbreak', -0.5],
        ['\ud800', 1e21],
      ],
    })
    expect(csv).toBe(
      '\ufeffname,"cost, €"\r\n' +
        '"a ""b""",0.3333333333333333\r\n' +
        "'=1+1,\r\n" +
        '-3,\r\n' +
        '"line\nbreak",-0.5\r\n' +
        '\ufffd,1e+21\r\n',
    )
  })
})

describe('what of a long list is drawn', () => {
  const size = { rowCount: 1_000_000, rowHeight: 26, viewHeight: 500 }

  it.each([10, 1000, 307_000, 1_000_000, 100_000_000])(
    'covers the view for %i rows',
    (rowCount) => {
      const list = { ...size, rowCount }
      const { height } = rowWindow(list, 0)
      for (const share of [0, 0.1, 0.33333, 0.5, 0.9, 1]) {
        const scrollTop = Math.max(0, share * (height - list.viewHeight))
        const { first, end, offset } = rowWindow(list, scrollTop)
        const drawnTo = offset + (end - first) * list.rowHeight
        expect(offset).toBeLessThanOrEqual(scrollTop + 1e-6)
        expect(drawnTo).toBeGreaterThanOrEqual(Math.min(height, scrollTop + list.viewHeight) - 1e-6)
        expect(end - first).toBeLessThan(40)
        expect(first).toBeGreaterThanOrEqual(0)
        expect(end).toBeLessThanOrEqual(rowCount)
      }
      expect(rowWindow(list, height).end).toBe(rowCount)
      expect(height).toBeLessThanOrEqual(8_000_000)
    },
  )

  it('comes to any row that is jumped to', () => {
    for (const row of [0, 1, 499_999, 777_777, 999_999]) {
      const { first, end } = rowWindow(size, scrollTopFor(size, 0, row, 'start'))
      expect(row).toBeGreaterThanOrEqual(first)
      expect(row).toBeLessThan(end)
    }
    expect(scrollTopFor(size, 0, 3)).toBe(0)
  })

  it('leaves out columns beyond the view', () => {
    const lefts = Float64Array.from({ length: 201 }, (_, i) => i * 100)
    expect(columnWindow(lefts, 0, 500)).toEqual({ first: 0, end: 7 })
    expect(columnWindow(lefts, 5050, 500)).toEqual({ first: 48, end: 58 })
    expect(columnWindow(lefts, 19_500, 500)).toEqual({ first: 193, end: 200 })
    expect(columnWindow(new Float64Array(1), 0, 500)).toEqual({ first: 0, end: 0 })
  })
})

describe('pages of a table', () => {
  const rowCount = 1000
  const columnCount = 70

  function setUp(load: LoadPage) {
    const changed = vi.fn()
    const failed = vi.fn()
    const pages = createPages({ rowCount, columnCount, load, changed, failed, mostPages: 4 })
    return { pages, changed, failed }
  }
  const at = (firstRow: number, endRow: number, firstColumn = 0, endColumn = 10) => ({
    ...{ firstRow, endRow, firstColumn, endColumn },
  })
  const values: LoadPage = ({ firstRow, nRows, columns }) =>
    Promise.resolve(
      columns.map((column) =>
        Float64Array.from({ length: nRows }, (_, i) => (firstRow + i) * 1000 + column),
      ),
    )

  it('are asked for as they come into view, to the edges of the table', async () => {
    const asked: PageRequest[] = []
    const { pages, changed } = setUp((request) => {
      asked.push(request)
      return values(request)
    })
    pages.show(at(950, 1000, 60, 70))
    expect(pages.get(999, 69)).toBeUndefined()
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(2))
    expect(pages.get(999, 69)).toBe(999_069)
    expect(pages.get(950, 60)).toBe(950_060)
    expect(asked.map(({ firstRow, nRows, columns }) => [firstRow, nRows, columns.length])).toEqual([
      [900, 100, 32],
      [900, 100, 6],
    ])
  })

  it('that were scrolled past are not asked for, and old ones are forgotten', async () => {
    const asked: number[] = []
    const answers: (() => void)[] = []
    const { pages } = setUp((request) => {
      asked.push(request.firstRow)
      return new Promise((resolve) => answers.push(() => void values(request).then(resolve)))
    })
    for (let row = 0; row < 900; row += 100) pages.show(at(row, row + 10))
    expect(asked).toEqual([0, 100])
    for (let i = 0; i < 3; i++) {
      answers[i]?.()
      await vi.waitFor(() => expect(answers.length).toBeGreaterThan(Math.min(i + 1, 2)))
    }
    expect(asked).toEqual([0, 100, 800])
  })

  it('that fail are told of once and not asked for again before they are cleared', async () => {
    let works = false
    const load = vi.fn<LoadPage>((request) =>
      works ? values(request) : Promise.reject(new Error('gone')),
    )
    const { pages, failed } = setUp(load)
    pages.show(at(0, 10))
    await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce())
    pages.show(at(0, 10))
    expect(load).toHaveBeenCalledOnce()
    works = true
    pages.clear()
    pages.show(at(0, 10))
    await vi.waitFor(() => expect(pages.get(3, 2)).toBe(3002))
  })
})
