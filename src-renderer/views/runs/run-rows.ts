/** What is known of the runs of an experiment, done or not. */
import type { ExperimentOutcome } from '#shared/contract/decision.ts'
import type { ExperimentFactsOfProject, Job, ProjectState } from '#shared/contract/work.ts'
import type { CalibrationStage } from '#shared/core/calibration/receipt.ts'
import type { ConfigurationResult } from '#shared/core/report/analysis.ts'
import { sigmoid, logit } from '#shared/core/math/elementary.ts'

type RunFacts = ExperimentFactsOfProject['runs'][number]

export interface RunRow {
  readonly facts: RunFacts
  readonly state: 'finished' | 'running' | 'waiting' | 'stopped'
  /** Null before the experiment has been evaluated. */
  readonly result: ConfigurationResult | null
  /** Of all folds that are done. */
  readonly seconds: number | null
}

export function runRows(
  experiment: ExperimentFactsOfProject,
  outcome: ExperimentOutcome | null,
): readonly RunRow[] {
  return experiment.runs.map((facts) => {
    const known = facts.foldSeconds.filter((one) => one !== null)
    return {
      facts,
      state: stateOf(facts, experiment.state),
      result: outcome?.results.configurations.find(({ name }) => name === facts.name) ?? null,
      seconds: known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0),
    }
  })
}

function stateOf(
  { foldsDone, folds }: RunFacts,
  experiment: ExperimentFactsOfProject['state'],
): RunRow['state'] {
  if (foldsDone >= folds) return 'finished'
  if (experiment !== 'running') return 'stopped'
  return foldsDone > 0 ? 'running' : 'waiting'
}

/** The experiment that is asked for, else the newest of the version that is worked on. */
export function shownExperiment(
  { experiments, versionId }: ProjectState,
  asked: string | undefined,
): ExperimentFactsOfProject | null {
  return (
    experiments.find(({ experimentId }) => String(experimentId) === asked) ??
    experiments.find((one) => one.versionId === versionId) ??
    experiments[0] ??
    null
  )
}

/** The job that works on an experiment, or is going to. */
export function jobOf(jobs: readonly Job[], experimentId: number): Job | null {
  return (
    jobs.find(
      (job) =>
        job.experimentId === experimentId && (job.state === 'running' || job.state === 'queued'),
    ) ?? null
  )
}

/** Observed to expected of the first stage and of the last, the probabilities that are used. */
export function observedToExpected(result: ConfigurationResult): {
  readonly raw: number | null
  readonly now: number | null
} {
  const { stages } = result.calibration
  return {
    raw: stages[0]?.observedToExpected ?? null,
    now: stages.at(-1)?.observedToExpected ?? null,
  }
}

/** True for an observed-to-expected ratio that is off by more than a seventh. */
export function isOff(ratio: number | null): boolean {
  return ratio !== null && (ratio > 8 / 7 || ratio < 7 / 8)
}

/**
 * How often a case with this score is positive, by the recalibration line of a stage; null where
 * the stage has none.
 *
 * @param score In (0, 1).
 */
export function meaningOf(score: number, { intercept, slope }: CalibrationStage): number | null {
  return intercept === null || slope === null ? null : sigmoid(intercept + slope * logit(score))
}
