import type { GridColumn } from '#shared/contract/data.ts'
import type { ColumnValues } from '../../store/packed-column.ts'

/** Most characters of a text in the grid. */
const cellLength = 1000

/** Values of a column as a page shows them; long texts are cut. */
export function gridColumn(column: ColumnValues): GridColumn {
  const { name } = column
  if (column.kind === 'numeric') return { name, values: column.values }
  // A page holds the same texts again and again.
  const known = new Map<number, string>()
  const values = Array.from(column.codes, (code): string | null => {
    if (code < 0) return null
    let text = known.get(code)
    if (text === undefined) {
      text = cut(column.textOf(code))
      known.set(code, text)
    }
    return text
  })
  return { name, values }
}

function cut(text: string): string {
  return text.length > cellLength ? `${text.slice(0, cellLength).toWellFormed()}…` : text
}
