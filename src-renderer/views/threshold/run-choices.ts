import type { ExperimentOutcome } from '#shared/contract/decision.ts'
import type { ExperimentFactsOfProject, ProjectState, RunReference } from '#shared/contract/work.ts'

/** A run whose threshold can be looked at. */
export interface RunChoice {
  readonly run: RunReference
  readonly untreated: boolean
  readonly label: string
  readonly experiment: ExperimentFactsOfProject
}

/** The finished runs of the version that is worked on, newest experiment and untreated runs first. */
export function runChoices(project: ProjectState | null): RunChoice[] {
  if (project === null) return []
  const finished = project.experiments.filter(
    ({ versionId, state }) => versionId === project.versionId && state === 'done',
  )
  return finished.flatMap((experiment) => {
    const { experimentId } = experiment
    const choices = experiment.runs.map(({ name, untreated }) => ({
      run: { experimentId, name },
      untreated,
      label: untreated ? `${name}, untreated` : name,
      experiment,
    }))
    return [
      ...choices.filter(({ untreated }) => untreated),
      ...choices.filter(({ untreated }) => !untreated),
    ]
  })
}

/** The cheapest untreated run of an experiment; before that is known, its first. */
export function bestUntreated(
  choices: readonly RunChoice[],
  outcome: ExperimentOutcome | null,
): RunChoice | null {
  const [newest] = choices
  if (newest === undefined) return null
  const ofNewest = choices.filter(
    ({ run, untreated }) => untreated && run.experimentId === newest.run.experimentId,
  )
  const costOf = ({ run }: RunChoice): number =>
    outcome?.results.configurations.find(({ name }) => name === run.name)?.costPer1000 ?? Infinity
  return ofNewest.toSorted((a, b) => costOf(a) - costOf(b))[0] ?? newest
}
