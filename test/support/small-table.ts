/** A small table with a learnable rare class, for tests of everything above a single method. */
import type { Dataset, Roles } from '#shared/core/dataset/dataset.ts'
import { createStream } from '#shared/core/math/random.ts'
import type { ExperimentRequest } from '#shared/core/pipeline/prepare-experiment.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import type { Configuration, Plan } from '#shared/core/plan/plan.ts'

/**
 * Two numeric features (one with missing values) that shift with the class, a category, an amount,
 * a weight, a group of three rows each, an identifier, and a target `fraud` of `yes` or `no`.
 */
export function smallTable(nRows = 400, seed = 1): Dataset {
  const stream = createStream(seed, 'small table')
  const labels = Int32Array.from({ length: nRows }, (_, row) => (row % 10 === 0 ? 1 : 0))
  const noise = (): number => stream.uniform() + stream.uniform() + stream.uniform() - 1.5
  const numeric = (name: string, value: (row: number) => number): Dataset['columns'][number] => ({
    kind: 'numeric',
    name,
    values: Float64Array.from({ length: nRows }, (_, row) => value(row)),
  })
  return {
    nRows,
    columns: [
      numeric('speed', (row) => noise() + labels[row]!),
      numeric('distance', (row) => (row % 17 === 3 ? NaN : noise() - 0.5 * labels[row]!)),
      numeric('amount', () => Math.round(1000 * stream.uniform()) / 10),
      {
        kind: 'categorical',
        name: 'country',
        codes: Int32Array.from(labels, (y) =>
          y === 1 && stream.uniform() < 0.5 ? 2 : stream.below(3),
        ),
        levels: ['at', 'de', 'fr'],
      },
      numeric('weight', (row) => 1 + (row % 3)),
      numeric('customer', (row) => Math.floor(row / 3)),
      {
        kind: 'categorical',
        name: 'id',
        codes: Int32Array.from(labels, (_, row) => row),
        levels: Array.from({ length: nRows }, (_, row) => `case ${row}`),
      },
      { kind: 'categorical', name: 'fraud', codes: labels, levels: ['no', 'yes'] },
    ],
  }
}

export const smallRoles: Roles = {
  target: 'fraud',
  positive: 'yes',
  id: null,
  time: null,
  group: null,
  amount: null,
  weight: null,
  ignore: ['weight', 'customer'],
}

/** The default plan with boosting of few iterations and few draws. */
export function quickPlan(names?: readonly string[]): Plan {
  const plan = defaultPlan()
  return {
    ...plan,
    folds: 3,
    innerFolds: 2,
    bootstrapDraws: 100,
    configurations: plan.configurations
      .filter(({ name }) => names === undefined || names.includes(name))
      .map((configuration): Configuration =>
        configuration.model.kind === 'gradient_boosting'
          ? { ...configuration, model: { ...configuration.model, iterations: 8, maxDepth: 3 } }
          : configuration,
      ),
  }
}

/** A request that can run; tests change what they are about. */
export function smallRequest(changes: Partial<ExperimentRequest> = {}): ExperimentRequest {
  return {
    dataset: smallTable(),
    fingerprint: 'f'.repeat(64),
    roles: smallRoles,
    frame: {
      costs: { truePositive: 0, falsePositive: 1, trueNegative: 0, falseNegative: 10 },
      casesPerDay: null,
      capacity: null,
      prevalence: null,
      minutesPerAlert: null,
      reviewHoursPerDay: null,
      commitments: [],
      currency: null,
    },
    plan: quickPlan(),
    planNotes: [],
    seed: 7,
    folds: null,
    ...changes,
  }
}
