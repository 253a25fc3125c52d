import { UserError } from '#shared/contract/errors.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { decisionsBy } from '#shared/core/pipeline/run-decisions.ts'
import { sliceRows } from '#shared/core/slices/slice-rows.ts'
import type { ColumnValues } from '../../store/row-reader.ts'
import type { Handler, OpenedProject } from '../desk/context.ts'
import { gridColumn } from '../desk/grid-column.ts'
import { answered } from './answers.ts'
import { storedRun } from './stored-run.ts'

/** Where a run misses positives, searched in a thread of its own. */
export const foundSlices: Handler<'slices.find'> = ({ run, rule }, context) => {
  const opened = context.project()
  const stored = storedRun(opened, run)
  return answered(opened, ['slices', run.experimentId, run.name, rule], () =>
    opened.workbench.examine(run.experimentId, opened.signal, async (pool, data) => {
      const predictions = layOutOfFold(stored.folds(), data.yTrue.length)
      const decisions = decisionsBy(rule, data, predictions)
      const { result } = await pool.run({ kind: 'slices', decisions })
      return { name: run.name, rule, ...result }
    }),
  )
}

/** The rows behind a number of the table of slices. */
export const rowsOfSlice: Handler<'slices.rows'> = async (args, context) => {
  const { run, rule, where, cell, firstRow, nRows, columns } = args
  const opened = context.project()
  const { project } = opened
  const stored = storedRun(opened, run)
  const { datasetVersionId: versionId } = stored.experiment
  const version = project.datasets.get(versionId)!
  const beyond = columns.find((position) => position >= version.columns.length)
  if (beyond !== undefined) {
    throw new UserError(
      'bad_arguments',
      `columns: there are ${version.columns.length} columns, got position ${beyond}`,
    )
  }
  for (const { kind, column } of where) {
    const known = version.columns.find(({ name }) => name === column)
    if (known === undefined) {
      throw new UserError('bad_input', `The data have no column "${column}". Search again.`)
    }
    const fits = kind === 'missing' || (kind === 'range') === (known.kind === 'numeric')
    if (!fits) {
      throw new UserError('bad_input', `Column "${column}" can't be asked for a ${kind}.`)
    }
  }
  const { rows, probabilities } = await answered(
    opened,
    ['slice rows', run.experimentId, run.name, rule, where, cell],
    () => {
      const { data } = opened.workbench.judging(run.experimentId)
      const predictions = layOutOfFold(stored.folds(), data.yTrue.length)
      const table = project.datasets.load(versionId, [...new Set(where.map((one) => one.column))])
      const found = sliceRows(
        { nRows: data.yTrue.length, columns: table.columns },
        where,
        cell,
        data.yTrue,
        decisionsBy(rule, data, predictions),
      )
      const { probabilities: all } = predictions
      found.sort((a, b) => all[b]! - all[a]! || a - b)
      return Promise.resolve({
        rows: found,
        probabilities: Float64Array.from(found, (row) => all[row]!),
      })
    },
  )
  const shown = rows.slice(firstRow, firstRow + nRows)
  return {
    total: rows.length,
    rows: shown,
    probabilities: probabilities.slice(firstRow, firstRow + nRows),
    columns: shown.length === 0 ? [] : readRows(opened, versionId, columns, shown).map(gridColumn),
  }
}

/** Rows that lie anywhere, which the store reads one by one: it keeps what it has decoded. */
function readRows(
  { project }: OpenedProject,
  versionId: number,
  columns: readonly number[],
  rows: Int32Array,
): ColumnValues[] {
  const single = Array.from(rows, (row) => project.rows.read(versionId, columns, row, 1))
  return columns.map((_, i): ColumnValues => {
    const first = single[0]![i]!
    const values = single.map((row) => row[i]!)
    return first.kind === 'numeric'
      ? {
          ...first,
          values: Float64Array.from(values, (one) =>
            one.kind === 'numeric' ? one.values[0]! : NaN,
          ),
        }
      : {
          ...first,
          codes: Int32Array.from(values, (one) =>
            one.kind === 'categorical' ? one.codes[0]! : -1,
          ),
        }
  })
}
