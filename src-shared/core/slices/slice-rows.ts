import { findColumn } from '../dataset/dataset.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { conditionTest } from './condition.ts'
import type { SliceCondition } from './condition.ts'

/** A cell of the confusion matrix, in words that need no matrix. */
export type ConfusionCell = 'missed' | 'caught' | 'false_alarm' | 'quiet'

const CELLS: Readonly<Record<ConfusionCell, readonly [truth: number, decision: number]>> = {
  missed: [1, 0],
  caught: [1, 1],
  false_alarm: [0, 1],
  quiet: [0, 0],
}

/**
 * The rows of a slice that were decided in one way.
 *
 * @param dataset Holds at least the columns of the conditions.
 * @param where   None: all rows.
 * @returns Rows, ascending.
 * @throws RangeError when a column is not there, or of another kind than its condition.
 */
export function sliceRows(
  dataset: Dataset,
  where: readonly SliceCondition[],
  cell: ConfusionCell,
  yTrue: Uint8Array,
  decisions: Uint8Array,
): Int32Array {
  const tests = where.map((condition) => {
    const column = findColumn(dataset, condition.column)
    if (column === null) throw new RangeError(`there is no column ${condition.column}`)
    return conditionTest(condition, column)
  })
  const [truth, decision] = CELLS[cell]
  return Int32Array.from(yTrue.keys()).filter(
    (row) =>
      yTrue[row] === truth && decisions[row] === decision && tests.every((test) => test(row)),
  )
}
