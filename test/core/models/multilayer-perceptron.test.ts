import { describe, expect, it } from 'vitest'
import { lossOf, plainNetworkKernels as kernels } from '#shared/core/kernels/network.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { sigmoid } from '#shared/core/math/elementary.ts'
import { createStream } from '#shared/core/math/random.ts'
import {
  fitMultilayerPerceptron,
  multilayerPerceptronLogits,
} from '#shared/core/models/multilayer-perceptron.ts'
import type { Matrix, TrainingSet } from '#shared/core/models/model.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import type { MultilayerPerceptronChoice } from '#shared/core/plan/plan.ts'
import { makeSamples, matrixOf, takeSamples, upTo } from './make-samples.ts'

const small: MultilayerPerceptronChoice = {
  ...defaultModels.multilayer_perceptron,
  hidden: [8, 4],
  batchSize: 50,
  learningRate: 0.01,
  epochs: 60,
}

const fit = (choice: MultilayerPerceptronChoice, train: TrainingSet, seed = 1) =>
  fitMultilayerPerceptron(choice, train, noCheckpoint, kernels, createStream(seed, 'test'))

const logitsOf = (choice: MultilayerPerceptronChoice, train: TrainingSet, X: Matrix) =>
  multilayerPerceptronLogits(fit(choice, train).model, X, noCheckpoint, kernels)

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Log loss at the logits, per sample. */
const logLossOf = (logits: Float64Array, yTrue: Uint8Array): number =>
  mean(logits.map((z, i) => lossOf(yTrue[i] === 1 ? z : -z, 1, 0).loss))

/** Positive where two features have the same sign: nothing that a line could part. */
function checkered(nSamples: number, seed = 1): TrainingSet {
  const stream = createStream(seed, 'checkered')
  const rows = upTo(nSamples).map(() => [2 * stream.uniform() - 1, 2 * stream.uniform() - 1])
  const yTrue = Uint8Array.from(rows, ([a, b]) => (a! * b! > 0 ? 1 : 0))
  return { X: matrixOf(rows), yTrue, weights: null }
}

describe('the loss', () => {
  it('is log loss and the paper’s focal loss', () => {
    expect(lossOf(0, 1, 0).loss).toBeCloseTo(Math.LN2, 14)
    // Lin et al. (2017): at p = 0.9 and gamma 2 the loss is 100 times lower.
    const u = Math.log(0.9 / 0.1)
    expect(lossOf(u, 1, 0).loss / lossOf(u, 1, 2).loss).toBeCloseTo(100, 9)
  })

  it('has the derivative that differences show', () => {
    for (const gamma of [0, 0.5, 1, 2, 3.3]) {
      for (const u of [-6, -1, 0.3, 2, 7]) {
        const h = 1e-5
        const slope = (lossOf(u + h, 1.7, gamma).loss - lossOf(u - h, 1.7, gamma).loss) / (2 * h)
        expect(-lossOf(u, 1.7, gamma).pull).toBeCloseTo(slope, 7)
      }
    }
  })

  it('stays finite at logits that no double can exponentiate', () => {
    for (const gamma of [0, 1.5]) {
      expect(lossOf(-5000, 1, gamma)).toEqual({ loss: 5000, pull: 1 })
      expect(lossOf(5000, 1, gamma)).toEqual({ loss: 0, pull: 0 })
    }
  })
})

it('has the gradient that differences show, through all layers', () => {
  const memory = kernels.open()
  const stream = createStream(4, 'gradient')
  const random = (length: number): Float32Array =>
    Float32Array.from({ length }, () => stream.uniform() - 0.5)
  const [first, last] = [
    { nIn: 3, nOut: 5, weights: random(15), biases: random(5) },
    { nIn: 5, nOut: 1, weights: random(5), biases: random(1) },
  ] as const
  const nRows = 7
  const input = random(3 * nRows)
  const rows = Int32Array.from(upTo(nRows))
  const yTrue = Uint8Array.from(rows, (r) => r % 2)
  const hidden = memory.float32(5 * nRows)
  const logits = memory.float32(nRows)
  const deltas = memory.float32(nRows)
  const loss = (): number => {
    kernels.forward(first, nRows, input, hidden, true)
    kernels.forward(last, nRows, hidden, logits, false)
    return kernels.loss(nRows, rows, yTrue, new Float32Array(nRows).fill(1), logits, deltas, {
      gamma: 2,
      positiveFactor: 1.5,
      negativeFactor: 0.5,
      positiveShift: -0.5,
      negativeShift: -0.2,
      scale: 1.5,
    })
  }
  loss()
  const back = memory.float32(5 * nRows)
  const gradient = memory.float32(20)
  kernels.backward(last, nRows, deltas, hidden, 1, memory.float32(5), back)
  kernels.addGradient(first, nRows, input, back, gradient)
  for (const [array, offset] of [
    [first.weights, 0],
    [first.biases, 15],
  ] as const) {
    array.forEach((value, i) => {
      const h = 2 ** -7
      array[i] = value + h
      const above = loss()
      array[i] = value - h
      const below = loss()
      array[i] = value
      expect(gradient[offset + i]).toBeCloseTo((above - below) / (2 * h), 3)
    })
  }
})

describe('a multilayer perceptron', () => {
  it('learns what no line can part', () => {
    const fresh = checkered(500, 2)
    const logits = logitsOf(small, checkered(1500), fresh.X)
    const right = logits.filter((z, i) => z > 0 === (fresh.yTrue[i] === 1)).length
    expect(right / 500).toBeGreaterThan(0.93)
  })

  it('learns with dropout, balanced batches, focal loss, one to three layers', () => {
    const variants: Partial<MultilayerPerceptronChoice>[] = [
      { hidden: [16] },
      { hidden: [8, 8, 8] },
      { hidden: [24], dropout: 0.2 },
      { batches: 'balanced' },
      { focalGamma: 2, focalAlpha: 0.4 },
      { batchSize: 1200 },
    ]
    const fresh = checkered(500, 2)
    for (const variant of variants) {
      const logits = logitsOf({ ...small, epochs: 80, ...variant }, checkered(800), fresh.X)
      const right = logits.filter((z, i) => z > 0 === (fresh.yTrue[i] === 1)).length
      expect(right / 500, JSON.stringify(variant)).toBeGreaterThan(0.85)
    }
  })

  it('keeps the prevalence whatever the batches and weights show it', () => {
    const train = makeSamples({ nSamples: 3000, nFeatures: 3, offset: -4 })
    const prevalence = mean(Float64Array.from(train.yTrue))
    for (const batches of ['stratified', 'balanced'] as const) {
      const logits = logitsOf({ ...small, batches }, train, train.X)
      const shown = mean(logits.map(sigmoid))
      expect(shown / prevalence).toBeGreaterThan(0.7)
      expect(shown / prevalence).toBeLessThan(1.4)
    }
    const weights = Float64Array.from(train.yTrue, (label) => (label === 1 ? 10 : 1))
    const weighted = (10 * prevalence) / (1 + 9 * prevalence)
    const logits = logitsOf(small, { ...train, weights }, train.X)
    const weightedMean =
      logits.reduce((sum, z, i) => sum + weights[i]! * sigmoid(z), 0) /
      weights.reduce((sum, weight) => sum + weight, 0)
    expect(Math.abs(weightedMean / weighted - 1)).toBeLessThan(0.3)
  })

  it('starts from the prior', () => {
    const train = makeSamples({ nSamples: 1000, nFeatures: 3, offset: -4 })
    const still = { ...small, epochs: 1, learningRate: 1e-9 }
    const positives = train.yTrue.reduce((sum, label) => sum + label, 0)
    const { model } = fit(still, train)
    expect(model.baseLogit).toBeCloseTo(Math.log(positives / (1000 - positives)), 12)
  })

  it('returns the best epoch and stops when it has waited long enough', () => {
    const stream = createStream(3, 'noise')
    const noise = {
      ...makeSamples({ nSamples: 600, nFeatures: 10 }),
      yTrue: Uint8Array.from({ length: 600 }, () => (stream.uniform() < 0.4 ? 1 : 0)),
    }
    const patient = { ...small, hidden: [32], epochs: 200, patience: 5 }
    const { model, report } = fit(patient, noise)
    expect(report.converged).toBe(true)
    expect(report.iterations).toBeLessThan(100)
    // Training for exactly that many epochs gives the same parameters: they are of that epoch.
    const shorter = fit({ ...patient, epochs: report.iterations, patience: 200 }, noise)
    expect(shorter.model.parameters).toEqual(model.parameters)
    expect(shorter.report).toEqual({ iterations: report.iterations, converged: false })
    // Learnt by heart, noise would be predicted far worse than by its prevalence.
    const fresh = makeSamples({ nSamples: 600, nFeatures: 10, seed: 9 }).X
    const labels = Uint8Array.from({ length: 600 }, () => (stream.uniform() < 0.4 ? 1 : 0))
    const logits = multilayerPerceptronLogits(model, fresh, noCheckpoint, kernels)
    expect(logLossOf(logits, labels)).toBeLessThan(0.75)
  })

  it('is another model under another seed, and the same under the same', () => {
    const train = makeSamples({ nSamples: 300, nFeatures: 3 })
    expect(fit(small, train).model).toEqual(fit(small, train).model)
    expect(fit(small, train, 2).model).not.toEqual(fit(small, train).model)
  })

  it('does not see samples that weigh nothing', () => {
    const train = makeSamples({ nSamples: 300, nFeatures: 3 })
    const ghosts = Float64Array.from(upTo(300), (i) => (i % 2 === 0 ? 1 : 0))
    const changed = {
      ...train,
      X: { ...train.X, values: train.X.values.map((x, at) => (at % 6 < 3 ? x : x + 100)) },
    }
    expect(fit(small, { ...changed, weights: ghosts }).model).toEqual(
      fit(small, { ...train, weights: ghosts }).model,
    )
  })

  it('stays finite where features or weights leave single precision', () => {
    const train = makeSamples({ nSamples: 200, nFeatures: 3 })
    const huge = { ...train.X, values: train.X.values.map((x, at) => (at === 50 ? 1e300 : x)) }
    const { model } = fit(small, { ...train, X: huge })
    expect(model.parameters.every(Number.isFinite)).toBe(true)
    const weights = Float64Array.from(upTo(200), (i) => (i % 2 === 0 ? 1e200 : 1e-200))
    expect(fit(small, { ...train, weights }).model.parameters.every(Number.isFinite)).toBe(true)
    const wild = fit({ ...small, learningRate: 1e30 }, train)
    expect(wild.model.parameters.every(Number.isFinite)).toBe(true)
    expect(wild.report.converged).toBe(false)
  })

  it('refuses hyperparameters out of range and features that are not finite', () => {
    const train = makeSamples({ nSamples: 50, nFeatures: 2 })
    const wrong: Partial<MultilayerPerceptronChoice>[] = [
      { hidden: [] },
      { hidden: [3, 3, 3, 3] },
      { hidden: [0] },
      { batchSize: 0 },
      { epochs: 0 },
      { patience: 1.5 },
      { learningRate: 0 },
      { l2: -1 },
      { dropout: 1 },
      { validationShare: 0.6 },
      { focalGamma: -1 },
      { focalAlpha: 1 },
    ]
    for (const change of wrong) {
      const [name] = Object.keys(change)
      expect(() => fit({ ...small, ...change }, train)).toThrow(`${name} must be`)
    }
    const missing = takeSamples(train, upTo(50))
    missing.X.values[7] = NaN
    expect(() => fit(small, missing)).toThrow(
      'a multilayer perceptron needs finite features, got NaN at sample 3, feature 1',
    )
  })
})
