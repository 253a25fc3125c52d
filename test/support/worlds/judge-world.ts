/** What an analysis says of a world: the same steps as those of the program, in one thread. */
import type { ImbalanceVerdict } from '#shared/core/diagnosis/verdict.ts'
import type { Engine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { compareExperiment } from '#shared/core/pipeline/compare-experiment.ts'
import { diagnoseExperiment } from '#shared/core/pipeline/diagnose-experiment.ts'
import { evaluateRun } from '#shared/core/pipeline/evaluate-run.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import type { PreparedExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import { defaultModels, defaultPlan } from '#shared/core/plan/default-plan.ts'
import type { Configuration, Plan } from '#shared/core/plan/plan.ts'
import { costMatrixOf, datasetOf, worldRoles } from './world.ts'
import type { MadeTable, World } from './world.ts'

/** A line and a forest, as they are and treated. */
export function worldPlan(): Plan {
  const plan = defaultPlan()
  const named = (name: string): Configuration =>
    plan.configurations.find((configuration) => configuration.name === name)!
  const treated = named('lr_balanced')
  return {
    ...plan,
    folds: 4,
    innerFolds: 2,
    bootstrapDraws: 300,
    configurations: [
      named('lr'),
      { ...named('lr'), name: 'rf', model: defaultModels.random_forest },
      treated,
      {
        ...treated,
        name: 'brf',
        model: defaultModels.balanced_random_forest,
        weighting: { kind: 'none' },
      },
    ],
  }
}

export function prepareWorld(world: World, table: MadeTable, seed: number): PreparedExperiment {
  return prepareExperiment({
    dataset: datasetOf(table),
    fingerprint: '0'.repeat(64),
    roles: worldRoles,
    frame: {
      costs: costMatrixOf(world),
      ...{ casesPerDay: null, capacity: null, prevalence: null, commitment: null, currency: null },
    },
    plan: worldPlan(),
    planNotes: [],
    seed,
    folds: null,
  })
}

export function judgeWorld(world: World, seed: number, engine: Engine): ImbalanceVerdict {
  const { data, frameFacts } = prepareWorld(world, world.make(seed), seed)
  const runs = data.plan.configurations.map((configuration) => {
    const folds = Array.from({ length: data.plan.folds }, (_, fold) =>
      runFold(data, configuration, fold, noCheckpoint, engine),
    )
    const predictions = layOutOfFold(folds, data.yTrue.length)
    return { predictions, ...evaluateRun(data, configuration, predictions, noCheckpoint) }
  })
  const { comparison } = compareExperiment(data, runs, frameFacts, noCheckpoint)
  const reference = runs.find(({ result }) => result.name === comparison.reference)!
  return diagnoseExperiment(
    data,
    {
      reference: reference.predictions,
      ledger: comparison.ledger,
      known: reference.result,
      runs: runs.map(({ result, decisions }) => ({
        name: result.name,
        untreated: result.untreated,
        decisions,
      })),
      currency: null,
    },
    noCheckpoint,
    engine,
  )
}
