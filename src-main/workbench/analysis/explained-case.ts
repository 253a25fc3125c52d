import type { CaseExplanation } from '#shared/contract/decision.ts'
import { UserError } from '#shared/contract/errors.ts'
import type { Column } from '#shared/core/dataset/dataset.ts'
import { rowsInUse } from '#shared/core/pipeline/set-apart.ts'
import type { FoldSearch } from '#shared/core/pipeline/fold-result.ts'
import { configurationNamed } from '#shared/core/pipeline/experiment-data.ts'
import type { ModelChoice } from '#shared/core/plan/plan.ts'
import type { Handler } from '../desk/context.ts'
import { answered } from './answers.ts'
import { storedRun } from './stored-run.ts'

/**
 * What each column contributes to the score of a row. Models aren't kept: that of the fold which
 * judges the row is fitted again, to the same bits.
 */
export const explainedCase: Handler<'run.explain'> = ({ run, row }, context) => {
  const opened = context.project()
  const stored = storedRun(opened, run)
  const { folds } = stored.experiment
  if (row > folds.length) {
    throw new UserError('bad_arguments', `row: the data have ${folds.length} rows, got ${row}`)
  }
  const fold = folds[row - 1]!
  if (fold < 0) {
    throw new UserError('bad_input', `No fold judges row ${row}, so no model can explain it.`)
  }
  const rows = rowsInUse(folds)
  const sample = rows === null ? row - 1 : rows.indexOf(row - 1)
  return answered(opened, ['explain', run.experimentId, run.name, row], () =>
    opened.workbench.examine(run.experimentId, opened.signal, async (pool, data) => {
      const { model } = configurationNamed(data.plan, run.name)
      const search = opened.project.experiments
        .loadFoldNotes(run.experimentId)
        .find((notes) => notes.configuration === run.name && notes.fold === fold)?.search
      const { result } = await pool.run({
        kind: 'explain',
        configuration: run.name,
        fold,
        samples: Int32Array.of(sample),
        found: search === undefined || search === null ? null : foundModel(model, search),
      })
      if (result === null) {
        throw new UserError(
          'bad_input',
          'Only logistic regression and boosted trees have contributions that are exact.',
        )
      }
      const ofFold = stored.folds().find((one) => one.fold === fold)!
      return {
        run,
        row,
        fold,
        isPositive: data.yTrue[sample] === 1,
        expected: result.expected,
        logit: result.logits[0]!,
        probability: ofFold.probabilities[ofFold.samples.indexOf(sample)]!,
        columns: result.columns
          .map((name, i) => ({
            name,
            value: valueOf(data.features[i]!, sample),
            contribution: result.contributions[i]!,
          }))
          .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
      } satisfies CaseExplanation
    }),
  )
}

/** The model that a search chose for a fold. */
function foundModel(model: ModelChoice, { trials, chosen }: FoldSearch): ModelChoice {
  const winner = trials.findLast(({ trial }) => trial === chosen)
  return { ...model, ...winner?.hyperparameters }
}

function valueOf(column: Column, sample: number): string | number | null {
  if (column.kind === 'numeric') {
    const value = column.values[sample]!
    return Number.isNaN(value) ? null : value
  }
  const code = column.codes[sample]!
  return code < 0 ? null : (column.levels[code] ?? null)
}
