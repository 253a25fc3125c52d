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
import { isUntreated } from '#shared/core/plan/plan.ts'
import type { Configuration, Plan } from '#shared/core/plan/plan.ts'
import { costMatrixOf, datasetOf, worldRoles } from './world.ts'
import type { MadeTable, World } from './world.ts'

/** A line and a forest, as they are and treated. */
function worldPlan(): Plan {
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

function prepareWorld(
  world: World,
  table: MadeTable,
  seed: number,
  folds: Int32Array | null = null,
): PreparedExperiment {
  return prepareExperiment({
    dataset: datasetOf(table),
    fingerprint: '0'.repeat(64),
    roles: worldRoles,
    frame: {
      costs: costMatrixOf(world),
      ...{
        casesPerDay: null,
        capacity: null,
        prevalence: null,
        minutesPerAlert: null,
        reviewHoursPerDay: null,
        commitments: [],
        currency: null,
      },
    },
    plan: worldPlan(),
    planNotes: [],
    seed,
    folds: folds === null ? null : { assignment: folds, from: 'file' },
  })
}

export function judgeWorld(world: World, seed: number, engine: Engine): ImbalanceVerdict {
  return judge(prepareWorld(world, world.make(seed), seed), engine)
}

/** Every run, the comparison and the verdict. */
export function judge({ data, frameFacts }: PreparedExperiment, engine: Engine): ImbalanceVerdict {
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

/**
 * What runs cost on 20,000 fresh rows of a world, per 1,000: fitted on the rows of the world alone,
 * each with the threshold that these gave. The truth that verdicts on treatments are held against.
 */
export function freshCosts(
  world: World,
  seed: number,
  engine: Engine,
): { readonly untreated: number; readonly treated: number } {
  const nRows = world.make(seed).given.length
  const table = world.make(seed, nRows + FRESH_ROWS)
  const folds = Int32Array.from(table.given.keys(), (row) => (row < nRows ? 0 : 1))
  const { data } = prepareWorld(world, table, seed, folds)
  const least = { untreated: Infinity, treated: Infinity }
  for (const configuration of data.plan.configurations) {
    const { samples, probabilities, tunedThreshold } = runFold(
      data,
      configuration,
      1,
      noCheckpoint,
      engine,
    )
    const { falsePositive, falseNegative } = world.costs
    let cost = 0
    samples.forEach((sample, i) => {
      const isAlert = probabilities[i]! >= tunedThreshold.value
      if (data.yTrue[sample] === 1) cost += isAlert ? 0 : falseNegative
      else if (isAlert) cost += falsePositive
    })
    const kind = isUntreated(configuration) ? 'untreated' : 'treated'
    least[kind] = Math.min(least[kind], (1000 * cost) / samples.length)
  }
  return least
}

const FRESH_ROWS = 20_000
