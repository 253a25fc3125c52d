import { expect, it } from 'vitest'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import { plainEngine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { smallRequest, smallTable } from '../../support/small-table.ts'

const { data } = prepareExperiment(smallRequest({ dataset: smallTable(1500) }))

const [plain] = data.plan.configurations
const more = [
  { ...defaultModels.multilayer_perceptron, hidden: [8], epochs: 5 },
  { ...defaultModels.two_stage, filter: { ...defaultModels.gradient_boosting, iterations: 8 } },
].map((model) => ({ ...plain!, name: model.kind, model }))

const configurations = [...data.plan.configurations, ...more].flatMap(
  ({ name, model, ...rest }) => [
    { name, model, ...rest },
    ...(model.kind === 'gradient_boosting'
      ? [{ name: `${name} native`, model: { ...model, categoricals: 'native' as const }, ...rest }]
      : []),
  ],
)

it.each(configurations)(
  'folds are the same with compiled and with plain kernels: $name',
  async (configuration) => {
    const compiled = createKernelEngine(await loadKernels())
    const result = runFold(data, configuration, 1, noCheckpoint, compiled)
    expect(result).toEqual(runFold(data, configuration, 1, noCheckpoint, plainEngine))
    expect(result.importance!.permutation.some((drop) => drop > 0)).toBe(true)
  },
)
