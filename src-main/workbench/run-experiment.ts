/** Whatever an experiment still lacks: its folds, their evaluation, the comparison. */
import type { FoldResult } from '#shared/core/pipeline/fold-result.ts'
import { isUntreated } from '#shared/core/plan/plan.ts'
import type { SearchChoice } from '#shared/core/plan/plan.ts'
import { inTable } from '#shared/core/pipeline/diagnose-experiment.ts'
import { rowsJudged } from '#shared/core/pipeline/set-apart.ts'
import type { PreparedExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import type { AnalysisResults, RunCurves } from '#shared/core/report/analysis.ts'
import { pendingTrials, searchSteps } from '#shared/core/search/search-steps.ts'
import type { TrialResult } from '#shared/core/search/search-steps.ts'
import type { WorkResults } from '../jobs/messages.ts'
import type { WorkerPool } from '../jobs/pool.ts'
import type { StoredTrial } from '../store/experiments.ts'
import { foldUnit, planUnits } from './cost-units.ts'
import type { PlannedUnit } from './cost-units.ts'
import type { Progress } from './pace.ts'
import { createTimeLeft } from './time-left.ts'

export interface ExperimentRun {
  readonly preparation: PreparedExperiment
  /** Fold results of earlier attempts. */
  readonly stored: readonly FoldResult[]
  /** How long some of them took, in milliseconds. */
  readonly timings: readonly {
    readonly configuration: string
    readonly fold: number
    readonly durationMs: number
  }[]
  /** Trials of searches of earlier attempts. */
  readonly trials: readonly StoredTrial[]
  readonly pool: WorkerPool
  readonly workers: number
  /** Milliseconds of a clock that never runs backwards. */
  readonly now: () => number
  /** Keeps a new fold result; called once for each. */
  readonly save: (result: FoldResult, durationMs: number) => void
  /** Keeps a new trial. */
  readonly saveTrial: (trial: StoredTrial) => void
  readonly onProgress: (progress: Progress) => void
}

/** Does the units that are missing and puts the results together. */
export async function runExperiment({
  preparation,
  stored,
  timings,
  trials,
  pool,
  workers,
  now,
  save,
  saveTrial,
  onProgress,
}: ExperimentRun): Promise<{
  /** Guardrails are not its business. */
  results: Omit<AnalysisResults, 'guardrails'>
  curves: readonly RunCurves[]
}> {
  const { data, assignment, datasetFacts, frameFacts, experimentFacts } = preparation
  const { plan } = data
  const held = Map.groupBy(stored, ({ configuration }) => configuration)
  const have = new Set(stored.map(({ configuration, fold }) => `${configuration} ${fold}`))
  const facts = {
    positives: datasetFacts.positives,
    negatives: datasetFacts.rows - datasetFacts.positives,
    nColumns: data.features.length,
  }
  const units = planUnits(plan, facts, (name, fold) => have.has(`${name} ${fold}`))
  const timeLeft = createTimeLeft(units, workers, now)
  for (const { configuration: name, fold, durationMs } of timings) {
    const configuration = plan.configurations.find((one) => one.name === name)
    if (configuration === undefined) continue
    timeLeft.learn(foldUnit(plan, facts, configuration, fold), durationMs)
  }

  let foldsLeft = units.filter(({ work }) => work.kind === 'fold').length
  const report = (position: number): void => {
    const milliseconds = timeLeft.milliseconds()
    onProgress({
      stage: foldsLeft > 0 ? 'folds' : 'evaluation',
      fraction: timeLeft.fraction(),
      secondsLeft: milliseconds === null ? null : milliseconds / 1000,
      detail: describe(units[position]!, plan.folds),
    })
  }
  const follow =
    (position: number) =>
    (fraction: number): void => {
      timeLeft.reach(position, fraction)
      report(position)
    }
  const finish = (position: number, durationMs: number): void => {
    timeLeft.finish(position, durationMs)
    if (units[position]!.work.kind === 'fold') foldsLeft--
    report(position)
  }

  /** Does the trials of a search in a fold, step by step; those of a step are work for all. */
  const searchIn = async (
    name: string,
    search: SearchChoice,
    fold: number,
    position: number,
  ): Promise<{ readonly results: readonly TrialResult[]; readonly durationMs: number }> => {
    const results: TrialResult[] = trials.filter(
      (trial) => trial.configuration === name && trial.fold === fold,
    )
    const inAll = searchSteps(search).reduce((sum, step) => sum + step.trials, 1)
    let totalMs = 0
    for (;;) {
      const pending = pendingTrials(search, results)
      if (pending.length === 0) return { results, durationMs: totalMs }
      await Promise.all(
        pending.map(async (place) => {
          const { result, durationMs } = await pool.run({
            kind: 'trial',
            configuration: name,
            fold,
            ...place,
          })
          saveTrial({ configuration: name, fold, ...result })
          results.push(result)
          totalMs += durationMs
          follow(position)(results.length / inAll)
        }),
      )
    }
  }

  type Evaluation = WorkResults['evaluate']
  const started: Promise<Evaluation | null>[] = []
  /** Settles when unit and all it waits for are done; with the evaluation where it is one. */
  const start = async (position: number): Promise<Evaluation | null> => {
    const { work, after } = units[position]!
    if (work.kind === 'fold') {
      const { configuration, fold } = work
      const { search } = configuration
      const tried =
        search === undefined ? null : await searchIn(configuration.name, search, fold, position)
      const { result, durationMs: fitMs } = await pool.run(
        {
          kind: 'fold',
          configuration: configuration.name,
          fold,
          ...(tried === null ? {} : { trials: tried.results }),
        },
        tried === null ? follow(position) : undefined,
      )
      const durationMs = fitMs + (tried?.durationMs ?? 0)
      save(result, durationMs)
      const { name } = configuration
      held.set(name, [...(held.get(name) ?? []), result])
      finish(position, durationMs)
      return null
    }
    if (work.kind === 'compare' || work.kind === 'diagnose') return null
    await Promise.all(after.map((other) => started[other]!))
    const { name } = work.configuration
    const folds = held.get(name) ?? []
    // The diagnosis looks again at an untreated run.
    if (!isUntreated(work.configuration)) held.delete(name)
    const { result, durationMs } = await pool.run(
      { kind: 'evaluate', configuration: name, folds },
      follow(position),
      true,
    )
    finish(position, durationMs)
    return result
  }
  units.forEach((_, position) => started.push(start(position)))

  const evaluations = new Map<string, Evaluation>()
  for (const evaluation of await Promise.all(started)) {
    if (evaluation !== null) evaluations.set(evaluation.result.name, evaluation)
  }
  const runs = plan.configurations.map(({ name }) => evaluations.get(name)!)
  const [comparing, diagnosing] = [units.length - 2, units.length - 1]
  const { result: compared, durationMs } = await pool.run(
    {
      kind: 'compare',
      runs: runs.map(({ result, decisions, doubt }) => ({ result, decisions, doubt })),
      frame: frameFacts,
    },
    follow(comparing),
  )
  finish(comparing, durationMs)
  const { reference, recommended, ledger } = compared.comparison
  const [{ result: slices }, diagnosed] = await Promise.all([
    pool.run({
      kind: 'slices',
      decisions: evaluations
        .get(recommended.name)!
        .decisions.find(({ rule }) => rule === recommended.rule)!.decisions,
    }),
    pool.run(
      {
        kind: 'diagnose',
        folds: held.get(reference) ?? [],
        ledger,
        known: evaluations.get(reference)!.result,
        runs: runs.map(({ result, decisions }) => ({
          name: result.name,
          untreated: result.untreated,
          decisions,
        })),
        currency: frameFacts.currency,
      },
      follow(diagnosing),
    ),
  ])
  finish(diagnosing, diagnosed.durationMs)
  return {
    results: {
      dataset: datasetFacts,
      frame: frameFacts,
      experiment: experimentFacts,
      configurations: runs.map(({ result }) => result),
      champion: compared.comparison.champion.name,
      comparison: compared.comparison,
      ledger: [...compared.comparison.ledger, ...compared.comparison.markers],
      repeated: null,
      operatingPoint: runs.find(
        ({ result }) => result.name === compared.comparison.recommended.name,
      )!.result.solver,
      sentence: compared.sentence,
      verdict: inTable(diagnosed.result, rowsJudged(assignment)),
      slices: { ...recommended, ...slices },
      costUncertainty: compared.costUncertainty,
    },
    curves: runs.map(({ curves }) => curves),
  }
}

function describe({ work }: PlannedUnit, nFolds: number): string {
  switch (work.kind) {
    case 'fold':
      return `Fitting ${work.configuration.name}, fold ${work.fold + 1} of ${nFolds}`
    case 'evaluate':
      return `Evaluating ${work.configuration.name}`
    case 'compare':
      return 'Comparing'
    case 'diagnose':
      return 'Diagnosing'
  }
}
