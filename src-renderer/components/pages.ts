/**
 * Pages of a table that is too large to have whole: blocks of rows and columns, asked for as they
 * come into view and kept for a while. Blocks that were scrolled past before their turn came are
 * not asked for.
 */

export interface PageRequest {
  readonly firstRow: number
  readonly nRows: number
  /** Positions of columns, rising. */
  readonly columns: readonly number[]
}

/** Values of one column of a page: numbers with NaN for missing, or texts with null for missing. */
export type PageValues = ArrayLike<number> | readonly (string | null)[]

/** @returns Values per column asked for. */
export type LoadPage = (request: PageRequest) => Promise<readonly PageValues[]>

export interface View {
  readonly firstRow: number
  /** Exclusive. */
  readonly endRow: number
  readonly firstColumn: number
  /** Exclusive. */
  readonly endColumn: number
}

export interface Pages {
  /** A value that has been loaded; undefined when it has not. */
  get(row: number, column: number): number | string | null | undefined
  /** What is in view now, and so to be loaded. */
  show(view: View): void
  /** Forgets everything, errors included. */
  clear(): void
}

interface PagesOptions {
  readonly rowCount: number
  readonly columnCount: number
  readonly load: LoadPage
  /** Something has been loaded. */
  readonly changed: () => void
  readonly failed: (error: unknown) => void
  readonly pageRows?: number
  readonly pageColumns?: number
  /** Pages to keep at most; those in view always stay. */
  readonly mostPages?: number
}

/** Requests on their way at a time: one that is answered while the next travels. */
const mostUnderway = 2

export function createPages({
  rowCount,
  columnCount,
  load,
  changed,
  failed,
  pageRows = 100,
  pageColumns = 32,
  mostPages = 64,
}: PagesOptions): Pages {
  const across = Math.max(1, Math.ceil(columnCount / pageColumns))
  const indexOf = (row: number, column: number): number =>
    Math.floor(row / pageRows) * across + Math.floor(column / pageColumns)

  /** In the order of their last use. */
  let loaded = new Map<number, readonly PageValues[]>()
  let underway = new Set<number>()
  let wanted: number[] = []
  /** Answers to what was asked before clear() are of no use. */
  let era = 0

  const next = (): void => {
    while (underway.size < mostUnderway) {
      const page = wanted.find((candidate) => !loaded.has(candidate) && !underway.has(candidate))
      if (page === undefined) return
      underway.add(page)
      void ask(page)
    }
  }

  const ask = async (page: number): Promise<void> => {
    const asked = era
    const firstRow = Math.floor(page / across) * pageRows
    const firstColumn = (page % across) * pageColumns
    const nColumns = Math.min(pageColumns, columnCount - firstColumn)
    try {
      const values = await load({
        firstRow,
        nRows: Math.min(pageRows, rowCount - firstRow),
        columns: Array.from({ length: nColumns }, (_, i) => firstColumn + i),
      })
      if (asked !== era) return
      loaded.set(page, values)
      changed()
    } catch (error) {
      if (asked !== era) return
      // Not again by itself: an error that stays would be asked for without end.
      loaded.set(page, [])
      failed(error)
    }
    underway.delete(page)
    forgetOld()
    next()
  }

  const forgetOld = (): void => {
    const inView = new Set(wanted)
    for (const page of loaded.keys()) {
      if (loaded.size <= mostPages) return
      if (!inView.has(page)) loaded.delete(page)
    }
  }

  return {
    get(row, column) {
      const values = loaded.get(indexOf(row, column))?.[column % pageColumns]
      return values === undefined ? undefined : values[row % pageRows]
    },
    show({ firstRow, endRow, firstColumn, endColumn }) {
      const pages: number[] = []
      const lastRow = Math.min(endRow, rowCount) - 1
      const lastColumn = Math.min(endColumn, columnCount) - 1
      for (let row = firstRow - (firstRow % pageRows); row <= lastRow; row += pageRows) {
        const start = firstColumn - (firstColumn % pageColumns)
        for (let column = start; column <= lastColumn; column += pageColumns) {
          pages.push(indexOf(row, column))
        }
      }
      wanted = pages
      for (const page of pages) {
        const values = loaded.get(page)
        if (values === undefined) continue
        loaded.delete(page)
        loaded.set(page, values)
      }
      next()
    },
    clear() {
      era++
      loaded = new Map()
      underway = new Set()
      wanted = []
    },
  }
}
