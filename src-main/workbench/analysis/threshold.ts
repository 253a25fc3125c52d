import { UserError } from '#shared/contract/errors.ts'
import type { RunBenefit, ThresholdData } from '#shared/contract/decision.ts'
import type { Handler } from '../desk/context.ts'
import { watchOf } from '../desk/watch-job.ts'
import { answered } from './answers.ts'
import { storedRun } from './stored-run.ts'
import type { StoredRun } from './stored-run.ts'

/** Everything that moves with the threshold of a run, computed in a thread of its own. */
export const thresholdData: Handler<'threshold.data'> = ({ run }, context) => {
  const opened = context.project()
  const stored = storedRun(opened, run)
  return answered(
    opened,
    ['threshold', run.experimentId, run.name, stored.known !== null],
    (): Promise<ThresholdData> =>
      opened.workbench.judge(
        run.experimentId,
        1,
        opened.signal,
        async (pool, { data, frameFacts }) => {
          const { result } = await pool.run({
            kind: 'threshold',
            folds: stored.folds(),
            bayes: frameFacts.bayesThreshold,
            known: stored.known,
          })
          const { curve, histogram, foldSpread, threshold, nested } = result
          const { costPer1000, recall, precision, alertsPer1000 } = nested
          return {
            run,
            untreated: stored.untreated,
            positives: result.positives,
            negatives: result.negatives,
            curve: unshared(curve),
            histogram: unshared(histogram),
            foldSpread: unshared(foldSpread),
            tuned: threshold.value,
            tunedRule: stored.known?.threshold.rule ?? 'least cost within the constraints',
            feasible: threshold.feasible,
            shortfall: threshold.shortfall,
            perFold: result.perFold,
            bayes: frameFacts.bayesThreshold,
            bayesReason: frameFacts.bayesThresholdReason,
            nested: {
              costPer1000: costPer1000.value!,
              costPer1000Interval: costPer1000.interval,
              recall: recall.value,
              recallInterval: recall.interval,
              precision: precision.value,
              precisionInterval: precision.interval,
              alertsPer1000: alertsPer1000.value!,
            },
            casesPerDay: frameFacts.casesPerDay,
            capacity: frameFacts.capacity,
            minutesPerAlert: frameFacts.minutesPerAlert,
            reviewHoursPerDay: frameFacts.reviewHoursPerDay,
            commitments: frameFacts.commitments,
            prevalenceInUse: data.prevalence.inUse,
          }
        },
      ),
  )
}

/** The decision curves of a run and of the reference that it is held against. */
export const runBenefit: Handler<'threshold.benefit'> = ({ run }, context) => {
  const opened = context.project()
  const { experimentId, name } = run
  const stored = storedRun(opened, run)
  const reference = opened.workbench.outcome(experimentId)?.results.comparison.reference ?? name
  const other = reference === name ? null : storedRun(opened, { experimentId, name: reference })
  return answered(opened, ['benefit', experimentId, name, reference], (): Promise<RunBenefit> =>
    opened.workbench.judge(
      experimentId,
      other === null ? 1 : Math.min(2, context.limits().workers),
      opened.signal,
      async (pool) => {
        const curveOf = async (one: StoredRun): Promise<RunBenefit['own']> =>
          (await pool.run({ kind: 'benefit', folds: one.folds() })).result
        const [own, beside] = await Promise.all([
          curveOf(stored),
          other === null ? null : curveOf(other),
        ])
        return { own, reference: beside }
      },
    ),
  )
}

/** Keeps an operating point, with the reason for it. */
export const keepThreshold: Handler<'threshold.keep'> = ({ run, threshold, reason }, context) => {
  const opened = context.writableProject()
  storedRun(opened, run)
  const because = reason.trim()
  if (because === '') throw new UserError('bad_input', 'Say why this threshold is kept.')
  opened.project.workspace.keep(run.experimentId, run.name, threshold, because)
  return context.projectChanged()
}

/** Opens the locked test set for a run, as a job that can be followed. */
export const openFinalTest: Handler<'test.open'> = async ({ run, threshold, reason }, context) => {
  const opened = context.writableProject()
  const { experiment } = storedRun(opened, run)
  if (reason.trim() === '') {
    throw new UserError('bad_input', 'Say why the locked test set is opened; it is kept.')
  }
  const { done } = context.jobs.start(
    {
      kind: 'run',
      title: `Final test of ${run.name}`,
      versionId: experiment.datasetVersionId,
      lane: 'run',
    },
    (control) =>
      opened.workbench.openFinalTest(
        run.experimentId,
        { configuration: run.name, threshold, reason },
        context.limits().workers,
        watchOf(control, opened),
      ),
  )
  await done
  return context.projectChanged()
}

/** Arrays out of shared memory, which can't cross to the page. */
function unshared<T extends object>(record: T): T {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key,
      value instanceof Float64Array ? value.slice() : (value as unknown),
    ]),
  ) as T
}
