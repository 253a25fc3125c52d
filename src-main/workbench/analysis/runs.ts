/** Runs that go on in the background, one at a time. */
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import type { Args } from '#shared/contract/commands.ts'
import type { Plan } from '#shared/core/plan/plan.ts'
import { UserError } from '#shared/contract/errors.ts'
import type { DeskContext, Handler, OpenedProject } from '../desk/context.ts'
import { watchOf } from '../desk/watch-job.ts'

const tellStateEveryMs = 1000

/** Sets an experiment up, or finds the one that was set up alike, and queues its run. */
export const startRun: Handler<'run.start'> = (args, context) => {
  const opened = context.writableProject()
  const { versionId, roles, frame, seed, acknowledgements = [] } = args
  const experimentId = opened.workbench.order({
    datasetVersionId: versionId,
    roles,
    frame,
    plan: planOf(args),
    seed,
    givenFolds: null,
    name: null,
    acknowledgements,
  })
  return queueRun(experimentId, opened, context)
}

/** Goes on with an experiment where it was stopped. */
export const resumeRun: Handler<'run.resume'> = ({ experimentId }, context) => {
  const opened = context.writableProject()
  opened.workbench.experiment(experimentId)
  return queueRun(experimentId, opened, context)
}

/** What an experiment came to; null while it has not been evaluated. */
export const runOutcome: Handler<'run.outcome'> = ({ experimentId }, context) => {
  const { workbench } = context.project()
  workbench.experiment(experimentId)
  const outcome = workbench.outcome(experimentId)
  return outcome === null ? null : { experimentId, ...outcome }
}

/** What sampling before splitting would claim on the data of an experiment, as a job. */
export const demonstrateLeakage: Handler<'leakage.demonstrate'> = ({ experimentId }, context) => {
  const opened = context.project()
  const { datasetVersionId } = opened.workbench.experiment(experimentId)
  const { done } = context.jobs.start(
    {
      kind: 'report',
      title: 'Leakage demonstration (invalid on purpose)',
      versionId: datasetVersionId,
      experimentId,
    },
    (control) =>
      opened.workbench.demonstrateLeakage(
        experimentId,
        context.limits().workers,
        watchOf(control, opened),
      ),
  )
  return done
}

/** The plan that a page asks for: what it doesn't say is as in the default plan. */
export function planOf({
  folds,
  innerFolds,
  configurations,
  validation,
}: Pick<Args<'run.start'>, 'folds' | 'innerFolds' | 'configurations' | 'validation'>): Plan {
  const plan = { ...defaultPlan(), folds, innerFolds, configurations }
  return validation === undefined ? plan : { ...plan, validation }
}

/** Queues the run of an experiment, or finds the job that is on it. */
export function queueRun(
  experimentId: number,
  opened: OpenedProject,
  context: DeskContext,
): { readonly jobId: string; readonly experimentId: number } {
  const { workbench } = opened
  const known = context.jobs.active(['run']).find((job) => job.experimentId === experimentId)
  if (known !== undefined) return { jobId: known.jobId, experimentId }
  const experiment = workbench.experiment(experimentId)
  const tellState = stateTeller(opened, context)
  const { jobId, done } = context.jobs.start(
    {
      kind: 'run',
      title: titleOf(experiment.plan),
      versionId: experiment.datasetVersionId,
      experimentId,
      lane: 'run',
    },
    async (control) => {
      await workbench.run(experimentId, context.limits().workers, {
        ...watchOf(control, opened),
        onKept: tellState.soon,
      })
    },
  )
  // Whatever came of it is in the job; pages also need the state of the experiment.
  done.then(tellState.now, tellState.now)
  tellState.now()
  return { jobId, experimentId }
}

function titleOf({ configurations }: Plan): string {
  const names = configurations.map(({ name }) => name)
  const shown = names.slice(0, 3).join(', ')
  const more = names.length - 3
  return more > 0 ? `${shown} and ${more} more` : shown
}

/** Tells pages of folds that were saved, once a second at most. */
function stateTeller(
  opened: OpenedProject,
  context: DeskContext,
): { readonly now: () => void; readonly soon: () => void } {
  let toldAt = -Infinity
  const now = (): void => {
    if (opened.signal.aborted) return
    toldAt = context.services.now()
    try {
      context.projectChanged()
    } catch (error) {
      // The project may be out of reach; that is told where it is noticed.
      if (!(error instanceof UserError)) throw error
    }
  }
  return {
    now,
    soon: () => {
      if (context.services.now() - toldAt >= tellStateEveryMs) now()
    },
  }
}
