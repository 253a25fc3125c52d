import { InputError } from '../input-error.ts'
import { defaultCsvOptions } from './csv-types.ts'
import { parseCsvFile } from './parse-csv-file.ts'

/**
 * Reads which fold each sample belongs to: a CSV file with one column `fold`, one integer per row
 * of the table in its order.
 *
 * @returns The fold of each row, in 0 … k − 1 with every fold used, k ≥ 2. Length nRows.
 * @throws InputError when the column is missing, the number of rows differs, a value is no fold
 *   number or a fold between 0 and the largest is empty.
 */
export function readFoldFile(path: string, nRows: number): Int32Array {
  const { columns, nRows: nGiven } = parseCsvFile(path, defaultCsvOptions)
  const refuse = (message: string, row: number | null = null): never => {
    throw new InputError(`${path}${row === null ? '' : `, row ${row}`}: ${message}`, {
      file: path,
      row,
      column: 'fold',
    })
  }
  const column = columns.find(({ name }) => name === 'fold')
  if (column === undefined) {
    return refuse('there is no column "fold". A fold file has this header and a number per row.')
  }
  if (column.kind !== 'numeric') {
    const wrong = column.levels.find((level) => !/^\d+$/.test(level)) ?? column.levels[0]
    return refuse(`"${wrong ?? ''}" is not a fold number. Folds are the integers 0, 1, 2, …`)
  }
  if (nGiven !== nRows) {
    return refuse(`it has ${nGiven} rows, the table ${nRows}. Every row needs its fold.`)
  }
  const folds = new Int32Array(nRows)
  const counts: number[] = []
  column.values.forEach((value, i) => {
    if (!Number.isInteger(value) || value < 0 || value >= nRows) {
      const shown = Number.isNaN(value) ? 'an empty cell' : String(value)
      refuse(`${shown} is not a fold number. Folds are the integers 0, 1, 2, …`, i + 2)
    }
    folds[i] = value
    counts[value] = (counts[value] ?? 0) + 1
  })
  for (let fold = 0; fold < counts.length; fold++) {
    if (counts[fold] === undefined) {
      refuse(
        `no row has fold ${fold}, though the largest is ${counts.length - 1}. Number folds without gaps.`,
      )
    }
  }
  if (counts.length < 2) refuse('all rows have fold 0. At least two folds are needed.')
  return folds
}
