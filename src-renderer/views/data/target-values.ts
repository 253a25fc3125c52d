/** Which values a stored column holds, found in rows from all over the table. */
import type { Session } from '../../state/session.svelte.ts'

const rowsAtOnce = 500
const places = 4
const mostValues = 12

/** @returns The commonest of the values found, and whether there were more. */
export async function sampleValues(
  session: Session,
  versionId: number,
  nRows: number,
  column: number,
): Promise<{ readonly values: readonly string[]; readonly more: boolean }> {
  const found = new Map<string, number>()
  for (const firstRow of firstRows(nRows)) {
    const page = await session.call('data.rows', {
      versionId,
      firstRow,
      nRows: Math.min(rowsAtOnce, nRows - firstRow),
      columns: [column],
    })
    const values = page.columns[0]?.values ?? []
    for (const value of values) {
      if (value === null || Number.isNaN(value)) continue
      const text = String(value)
      found.set(text, (found.get(text) ?? 0) + 1)
    }
  }
  const values = [...found].sort(([, a], [, b]) => b - a).map(([text]) => text)
  return {
    values: values.slice(0, mostValues),
    more: values.length > mostValues || nRows > places * rowsAtOnce,
  }
}

/** Where to look: evenly over the table, without looking twice. */
function firstRows(nRows: number): number[] {
  if (nRows <= places * rowsAtOnce) {
    return Array.from({ length: Math.ceil(nRows / rowsAtOnce) }, (_, i) => i * rowsAtOnce)
  }
  return Array.from({ length: places }, (_, i) =>
    Math.floor((i * (nRows - rowsAtOnce)) / (places - 1)),
  )
}
