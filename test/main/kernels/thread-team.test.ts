/** Fits by several threads give the bits of fits by one. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKernelMemory } from '#main/kernels/arena.ts'
import { createKernelEngine, helperFunctions } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import {
  createTeamChannel,
  createThreadTeam,
  offerSeat,
  recallHelper,
} from '#main/kernels/thread-team.ts'
import type { TeamChannel } from '#main/kernels/thread-team.ts'
import { plainEngine } from '#shared/core/kernels.ts'
import type { Engine } from '#shared/core/kernels.ts'
import type { BoostingKernels } from '#shared/core/kernels/boosting.ts'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { fitGradientBoosting } from '#shared/core/models/gradient-boosting.ts'
import { fitModel } from '#shared/core/models/model.ts'
import type { TrainingSet } from '#shared/core/models/model.ts'
import { defaultLosses, defaultModels } from '#shared/core/plan/default-plan.ts'
import type { GradientBoostingChoice } from '#shared/core/plan/plan.ts'
import { makeSamples } from '../../core/models/make-samples.ts'

const modules = (await loadKernels())!
const alone = createKernelEngine(modules).boosting
const base: GradientBoostingChoice = { ...defaultModels.gradient_boosting, iterations: 4 }

interface Crew {
  readonly channel: TeamChannel
  readonly engine: Engine
  readonly kernels: BoostingKernels
  readonly helpers: readonly Worker[]
}

const nReady = ({ channel }: Crew): number => createThreadTeam(channel, {}).nReady()

const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const sendToSeat = (helper: Worker, channel: TeamChannel, seat: number): void => {
  offerSeat(channel, seat)
  helper.postMessage({ type: 'help', channel, seat })
}

async function createCrew(nHelpers: number): Promise<Crew> {
  const channel = createTeamChannel(createKernelMemory(), nHelpers)
  const helpers = Array.from({ length: nHelpers }, (_, seat) => {
    const helper = new Worker(new URL('../../../src-main/jobs/worker.ts', import.meta.url))
    const cancelFlag = new Int32Array(new SharedArrayBuffer(4))
    helper.postMessage({ type: 'open', data: {}, kernels: modules, cancelFlag, channel: null })
    sendToSeat(helper, channel, seat)
    return helper
  })
  const engine = createKernelEngine(modules, channel)
  const crew = { channel, helpers, engine, kernels: engine.boosting }
  await until(() => nReady(crew) === nHelpers)
  return crew
}

const crews = new Map<number, Crew>()
beforeAll(async () => {
  for (const nHelpers of [1, 2, 3]) crews.set(nHelpers, await createCrew(nHelpers))
})
afterAll(async () => {
  const helpers = [...crews.values()].flatMap((crew) => crew.helpers)
  await Promise.all(helpers.map((helper) => helper.terminate()))
})

function fitWith(
  kernels: BoostingKernels,
  choice: Partial<GradientBoostingChoice>,
  train: TrainingSet,
) {
  const stream = createStream(4, 'fit')
  return fitGradientBoosting({ ...base, ...choice }, train, kernels, noCheckpoint, stream)
}

function weightsOf(nSamples: number): Float64Array {
  const stream = createStream(5, 'weights')
  return Float64Array.from({ length: nSamples }, () => Math.floor(3 * stream.uniform()))
}

describe.each([1, 2, 3])('with %i helpers', (nHelpers) => {
  it.each<[string, Partial<GradientBoostingChoice>]>([
    ['defaults', {}],
    ['focal loss', { loss: { kind: 'focal', gamma: 2, alpha: 0.25 } }],
    ['LDAM', { loss: defaultLosses.ldam }],
    ['leaf-wise', { growth: 'leaf', maxLeaves: 20, maxDepth: 16 }],
    ['rows and columns drawn', { rowShare: 0.6, columnShare: 0.5 }],
    ['stumps', { maxDepth: 1 }],
  ])('a fit has the same bits: %s', (_, choice) => {
    const { kernels } = crews.get(nHelpers)!
    for (const [nSamples, nFeatures] of [
      [8_191, 3],
      [8_193, 9],
      [40_001, 11],
    ] as const) {
      const train = makeSamples({ nSamples, nFeatures })
      const weighted = { ...train, weights: weightsOf(nSamples) }
      for (const set of [train, weighted]) {
        expect(fitWith(kernels, choice, set)).toEqual(fitWith(alone, choice, set))
      }
    }
  })

  it('trees of a forest are the same, whoever grows them', () => {
    const train = makeSamples({ nSamples: 3000, nFeatures: 6 })
    for (const kind of ['random_forest', 'balanced_random_forest', 'rus_boost'] as const) {
      const fitBy = (engine: Engine) =>
        fitModel(defaultModels[kind], train, noCheckpoint, {
          engine,
          stream: createStream(4, 'fit'),
        })
      expect(fitBy(crews.get(nHelpers)!.engine)).toEqual(fitBy(plainEngine))
    }
  })

  it('small and hopeless sets are fitted alike', () => {
    const { kernels } = crews.get(nHelpers)!
    for (const train of [
      makeSamples({ nSamples: 1, nFeatures: 1 }),
      makeSamples({ nSamples: 50, nFeatures: 2 }),
      makeSamples({ nSamples: 20_000, nFeatures: 1, offset: -100 }),
      makeSamples({ nSamples: 20_000, nFeatures: 1 }),
    ]) {
      expect(fitWith(kernels, {}, train)).toEqual(fitWith(alone, {}, train))
    }
  })

  it('a cancelled fit leaves all of them ready for the next one', () => {
    const crew = crews.get(nHelpers)!
    const train = makeSamples({ nSamples: 20_000, nFeatures: 4 })
    for (const cancelAt of [1, 5, 12]) {
      let left = cancelAt
      const cancel = (): void => {
        if (--left === 0) throw new Cancelled()
      }
      const stream = createStream(0, 'fit')
      expect(() => fitGradientBoosting(base, train, crew.kernels, cancel, stream)).toThrow(
        Cancelled,
      )
      expect(nReady(crew)).toBe(nHelpers)
    }
    expect(fitWith(crew.kernels, {}, train)).toEqual(fitWith(alone, {}, train))
  })

  it('helpers may leave and come back', async () => {
    const crew = crews.get(nHelpers)!
    const { channel, kernels, helpers } = crew
    const train = makeSamples({ nSamples: 20_000, nFeatures: 4 })
    const expected = fitWith(alone, {}, train)
    const back = once(helpers[0]!, 'message')
    recallHelper(channel, 0)
    expect(await back).toEqual([{ type: 'back' }])
    expect(nReady(crew)).toBe(nHelpers - 1)
    expect(fitWith(kernels, {}, train)).toEqual(expected)
    sendToSeat(helpers[0]!, channel, 0)
    await until(() => nReady(crew) === nHelpers)
    expect(fitWith(kernels, {}, train)).toEqual(expected)
  })
})

it('makes all calls of a round, wherever they are made', () => {
  const { channel } = crews.get(2)!
  const functions = helperFunctions(modules, channel)
  const memory = new Int32Array(channel.memory.buffer, 1024, 6 * 16)
  memory.fill(-1)
  const logits = new Float64Array(channel.memory.buffer, 4096, 6)
  logits.fill(0)
  for (let k = 0; k < 6; k++) memory[16 * k] = k
  const calls = Array.from({ length: 6 }, (_, k) => ({
    name: 'addLeafValue',
    given: [memory.byteOffset + 64 * k, 1, logits.byteOffset, k + 1],
  }))
  createThreadTeam(channel, functions).run(calls)
  expect([...logits]).toEqual([1, 2, 3, 4, 5, 6])
})
