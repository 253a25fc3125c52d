import { UserError } from '#shared/contract/errors.ts'
import { takeRows } from '#shared/core/dataset/take-rows.ts'
import type { ThresholdRule } from '#shared/core/decision/operating-point.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import { inView, judgedView } from '#shared/core/pipeline/judged-view.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { decisionsBy } from '#shared/core/pipeline/run-decisions.ts'
import { rowsJudged } from '#shared/core/pipeline/set-apart.ts'
import { sliceRows } from '#shared/core/slices/slice-rows.ts'
import type { ColumnValues } from '../../store/packed-column.ts'
import type { Handler, OpenedProject } from '../desk/context.ts'
import { gridColumn } from '../desk/grid-column.ts'
import { answered } from './answers.ts'
import { storedRun } from './stored-run.ts'
import type { StoredRun } from './stored-run.ts'

/** Where a run misses positives, searched in a thread of its own. */
export const foundSlices: Handler<'slices.find'> = ({ run, rule }, context) => {
  const opened = context.project()
  const stored = storedRun(opened, run)
  return answered(opened, ['slices', run.experimentId, run.name, rule], () =>
    opened.workbench.examine(run.experimentId, opened.signal, async (pool, data) => {
      const { result } = await pool.run({
        kind: 'slices',
        decisions: decisionsOf(stored, data, rule).decisions,
      })
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
      const { yTrue, decisions, probabilities: all } = decisionsOf(stored, data, rule)
      const judged = rowsJudged(stored.experiment.folds)
      const table = project.datasets.load(versionId, [...new Set(where.map((one) => one.column))])
      const named = { nRows: version.nRows, columns: table.columns }
      const found = sliceRows(
        judged === null ? named : takeRows(named, judged),
        where,
        cell,
        yTrue,
        decisions,
      )
      found.sort((a, b) => all[b]! - all[a]! || a - b)
      return Promise.resolve({
        rows: judged === null ? found : found.map((sample) => judged[sample]!),
        probabilities: Float64Array.from(found, (sample) => all[sample]!),
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

/** What a run decided out of fold by a rule, of the samples that folds judge. */
function decisionsOf(
  { folds }: StoredRun,
  data: ExperimentData,
  rule: ThresholdRule,
): {
  readonly yTrue: Uint8Array
  readonly decisions: Uint8Array
  readonly probabilities: Float64Array
} {
  const view = judgedView(data)
  const predictions = inView(layOutOfFold(folds(), data.yTrue.length, data.folds), view)
  return {
    yTrue: view.data.yTrue,
    decisions: decisionsBy(rule, view.data, predictions),
    probabilities: predictions.probabilities,
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
