import { describe, expect, it } from 'vitest'
import { plainEngine } from '#shared/core/kernels.ts'
import type { NetworkKernels, NetworkMemory } from '#shared/core/kernels/network.ts'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { fitModel, predictLogits } from '#shared/core/models/model.ts'
import { defaultLosses, defaultModels } from '#shared/core/plan/default-plan.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import { makeSamples } from '../../core/models/make-samples.ts'

const engine = createKernelEngine(await loadKernels())
const compiled = engine.network
const plain = plainEngine.network

type Use = (kernels: NetworkKernels, memory: NetworkMemory) => readonly ArrayLike<number>[]

/** Copies of what `use` returns, by one engine. */
function resultOf(kernels: NetworkKernels, use: Use): Float64Array[] {
  const memory = kernels.open()
  try {
    return use(kernels, memory).map((array) => Float64Array.from(array))
  } finally {
    memory.release()
  }
}

function expectSame(use: Use): void {
  expect(resultOf(compiled, use)).toEqual(resultOf(plain, use))
}

function randomArray(
  memory: NetworkMemory,
  length: number,
  seed: number,
  spread = 1,
): Float32Array {
  const stream = createStream(seed, 'network test')
  const array = memory.float32(length)
  for (let i = 0; i < length; i++) array[i] = spread * (2 * stream.uniform() - 1)
  return array
}

const shapes = [1, 2, 3, 4, 5, 7, 8, 9, 12, 17].flatMap((nIn) =>
  [1, 2, 4, 7, 8, 9, 16, 20].map((nOut) => ({ nIn, nOut })),
)

describe('network kernels compute the bits of plain TypeScript', () => {
  it('forward, backward and in gradients, of any shape', () => {
    for (const { nIn, nOut } of shapes) {
      for (const nRows of [1, 2, 3, 4, 6, 13]) {
        expectSame((kernels, memory) => {
          const layer = {
            nIn,
            nOut,
            weights: randomArray(memory, nIn * nOut, 1),
            biases: randomArray(memory, nOut, 2),
          }
          const input = randomArray(memory, nRows * nIn, 3)
          const deltas = randomArray(memory, nRows * nOut, 4)
          const rectified = memory.float32(nRows * nOut)
          const output = memory.float32(nRows * nOut)
          const gradient = randomArray(memory, (nIn + 1) * nOut, 5)
          const back = memory.float32(nRows * nIn)
          kernels.forward(layer, nRows, input, rectified, true)
          kernels.forward(layer, nRows, input, output, false)
          kernels.addGradient(layer, nRows, input, deltas, gradient)
          const transposed = memory.float32(nIn * nOut)
          kernels.backward(layer, nRows, deltas, input, 1.25, transposed, back)
          return [rectified, output, gradient, back]
        })
      }
    }
  })

  it('for infinite and undefined sums', () => {
    for (const wild of [Infinity, -Infinity, NaN, 3e38]) {
      expectSame((kernels, memory) => {
        const weights = randomArray(memory, 5 * 9, 1, 10)
        weights[7] = wild
        const layer = { nIn: 5, nOut: 9, weights, biases: memory.float32(9) }
        const input = randomArray(memory, 6 * 5, 2, 10)
        const output = memory.float32(6 * 9)
        kernels.forward(layer, 6, input, output, true)
        return [output]
      })
    }
  })

  it('of the loss: log loss, focal, and with margins that are moved', () => {
    for (const [gamma, positiveShift, negativeShift, scale] of [
      [0, 0, 0, 1],
      [0.5, 0, 0, 1],
      [1, 0, 0, 1],
      [2, 0, 0, 1],
      [3.7, 0, 0, 1],
      [0, -0.5, -0.1, 1],
      [0, -0.5, -0.1, 30],
      [2, 1.25, -3, 0.3],
    ] as const) {
      expectSame((kernels, memory) => {
        const nRows = 200
        const logits = randomArray(memory, nRows, 1, 40)
        logits.set([0, -0, 1e-30, 800, -800, 3e38, -3e38])
        const rows = memory.int32(nRows)
        const yTrue = memory.bytes(nRows)
        const weights = memory.float32(nRows)
        for (let r = 0; r < nRows; r++) {
          rows[r] = (r * 37) % nRows
          yTrue[r] = r % 3 === 0 ? 1 : 0
          weights[r] = (r % 5) / 2
        }
        const derivatives = memory.float32(nRows)
        const factors = { positiveFactor: 1.5, negativeFactor: 0.5 }
        const loss = { gamma, ...factors, positiveShift, negativeShift, scale }
        const sum = kernels.loss(nRows, rows, yTrue, weights, logits, derivatives, loss)
        return [[sum], derivatives]
      })
    }
  })

  it('when dropping out, gathering and stepping', () => {
    for (const length of [1, 3, 4, 7, 130]) {
      expectSame((kernels, memory) => {
        const dropped = randomArray(memory, length, 1)
        kernels.dropOut(dropped, length, 0xdeadbeef, 0x60000000, 1.6)
        const rows = memory.int32(2)
        rows.set([2, 0])
        const gathered = memory.float32(2 * length)
        kernels.gather(randomArray(memory, 3 * length, 2), length, rows, 2, gathered)
        const arrays = [3, 4, 5, 6].map((seed) => randomArray(memory, length, seed)) as [
          Float32Array,
          Float32Array,
          Float32Array,
          Float32Array,
        ]
        for (let i = 0; i < length; i++) arrays[3][i] = Math.abs(arrays[3][i]!)
        const step = { scale: 1 / 7, decay: 1e-4, rate: 0.003 }
        kernels.adam(...arrays, length > 3 ? 1 : 0, length, step)
        return [dropped, gathered, ...arrays]
      })
    }
  })
})

it('drops the share that was asked for', () => {
  const memory = compiled.open()
  const values = memory.float32(100_000).fill(1)
  compiled.dropOut(values, values.length, 12345, Math.floor(0.3 * 2 ** 32), 1)
  const dropped = values.reduce((count, value) => count + (value === 0 ? 1 : 0), 0)
  memory.release()
  expect(Math.abs(dropped / 100_000 - 0.3)).toBeLessThan(0.01) // 7 standard deviations
})

describe('a perceptron with kernels', () => {
  const train = makeSamples({ nSamples: 1300, nFeatures: 5 })
  const choice = { ...defaultModels.multilayer_perceptron, epochs: 3 }

  it.each([
    ['as by default', choice],
    ['three layers, dropout', { ...choice, hidden: [9, 6, 3], dropout: 0.3, batchSize: 64 }],
    ['balanced, focal', { ...choice, hidden: [5], batches: 'balanced', focalGamma: 2 }],
    ['LDAM', { ...choice, hidden: [5], loss: defaultLosses.ldam }],
    ['self-paced', { ...choice, hidden: [5], loss: defaultLosses.self_paced }],
    [
      'hard mining in batches of several chunks',
      { ...choice, hidden: [7], batchSize: 1100, loss: defaultLosses.hard_mining },
    ],
    ['batches of several chunks', { ...choice, hidden: [7], batchSize: 1100, validationShare: 0 }],
  ] as const)('is the same fit and the same scores: %s', (_, variant) => {
    const [a, b] = [engine, plainEngine].map((by) => {
      const means = { engine: by, stream: createStream(3, 'fit') }
      const fitted = fitModel(variant, train, noCheckpoint, means)
      return { fitted, logits: predictLogits(fitted.model, train.X, noCheckpoint, by) }
    })
    expect(a).toEqual(b)
  })

  it('gives its memory back when cancelled', () => {
    const addressNow = (): number => {
      const memory = compiled.open()
      const { byteOffset } = memory.float32(1)
      memory.release()
      return byteOffset
    }
    const before = addressNow()
    const cancel = (): void => {
      throw new Cancelled()
    }
    const means = { engine, stream: createStream(3, 'fit') }
    expect(() => fitModel(choice, train, cancel, means)).toThrow(Cancelled)
    expect(addressNow()).toBe(before)
  })
})
