/** How far each step of a project has come, as the spine shows it. */
import type { Draft, Job, ProjectState } from '#shared/contract/work.ts'
import { count, threshold } from '../format/numbers.ts'
import type { ViewId } from './route-hash.ts'

export type StepState = 'todo' | 'progress' | 'passed'

export interface Step {
  readonly state: StepState
  /** A word or number beside the name; empty where there is nothing to say. */
  readonly text: string
}

export const stepStateTexts: Readonly<Record<StepState, string>> = {
  todo: 'not started',
  progress: 'in progress',
  passed: 'done',
}

const untouched: Step = { state: 'todo', text: '' }

type StepId = Exclude<ViewId, 'start' | 'settings'>

export function stepsOf(
  project: ProjectState,
  jobs: readonly Job[],
): Readonly<Record<StepId, Step>> {
  const { draft } = project
  const version = project.datasets.find(({ versionId }) => versionId === project.versionId)
  const experiments = project.experiments.filter(
    ({ versionId }) => versionId === version?.versionId,
  )
  const latest = experiments.find(({ digest }) => digest !== null)
  const running = jobs.filter(({ kind, state }) => kind === 'run' && state === 'running').length
  const interrupted = experiments.filter(({ state }) => state === 'interrupted').length
  const importing = jobs.some(({ kind, state }) => kind === 'import' && state === 'running')
  const kept = project.kept.at(-1)

  const data: Step =
    version === undefined
      ? importing
        ? { state: 'progress', text: 'importing' }
        : untouched
      : {
          state: (draft?.roles ?? null) === null ? 'progress' : 'passed',
          text: `v${version.number}`,
        }
  const frame = frameStep(draft)
  const chosen = draft?.configurations.length ?? 0
  const hasTreated = latest?.runs.some(({ untreated }) => !untreated) ?? false
  const strategies: Step =
    chosen === 0 ? untouched : { state: hasTreated ? 'passed' : 'progress', text: count(chosen) }
  const runs: Step =
    running > 0
      ? { state: 'progress', text: 'running' }
      : interrupted > 0
        ? { state: 'progress', text: 'to resume' }
        : latest === undefined
          ? untouched
          : { state: 'passed', text: count(latest.runs.length) }
  const { scanned, decided: reviewed, total } = project.labels
  const labels: Step =
    total > 0
      ? {
          state: reviewed === total ? 'passed' : 'progress',
          text: `${count(reviewed)} / ${count(total)}`,
        }
      : scanned
        ? { state: 'progress', text: 'scanned' }
        : untouched
  const decided: Step =
    kept !== undefined
      ? { state: 'passed', text: threshold(kept.threshold) }
      : latest === undefined
        ? untouched
        : { state: 'progress', text: '' }
  const compared = draft?.compared.length ?? 0
  const compare: Step =
    compared < 2
      ? untouched
      : { state: draft?.notes === '' ? 'progress' : 'passed', text: count(compared) }
  const diagnosed: Step = latest === undefined ? untouched : { state: 'passed', text: '' }
  const sliced: Step = latest === undefined ? untouched : { state: 'progress', text: '' }
  const report: Step =
    latest === undefined
      ? untouched
      : { state: kept === undefined ? 'progress' : 'passed', text: '' }
  return {
    data,
    frame,
    diagnose: diagnosed,
    labels,
    threshold: decided,
    strategies,
    runs,
    compare,
    slices: sliced,
    report,
  }
}

function frameStep(draft: Draft | null): Step {
  if (draft === null) return untouched
  const { frame, frameLocked } = draft
  if (frame === null) return untouched
  if (frameLocked) return { state: 'passed', text: 'locked' }
  return { state: 'progress', text: frame.costs === null ? 'costs open' : '' }
}
