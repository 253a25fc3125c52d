import { describe, expect, it } from 'vitest'
import { plainEngine } from '#shared/core/kernels.ts'
import { lossOf } from '#shared/core/kernels/network.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { recordTraining } from '#shared/core/insight/training-record.ts'
import type { FlowPoint, TrainingRecord } from '#shared/core/insight/training-record.ts'
import { fitModel, predictLogits } from '#shared/core/models/model.ts'
import type { TrainingSet } from '#shared/core/models/model.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import type { ModelChoice } from '#shared/core/plan/plan.ts'
import { makeSamples, upTo } from '../models/make-samples.ts'

const groups = ['easyNegatives', 'hardNegatives', 'easyPositives', 'hardPositives'] as const
const train = makeSamples({ nSamples: 600, nFeatures: 4, offset: -3 })
const boosting = { ...defaultModels.gradient_boosting, iterations: 20, maxDepth: 3 }
const network: ModelChoice = {
  ...defaultModels.multilayer_perceptron,
  hidden: [8],
  epochs: 12,
  patience: 12,
  learningRate: 0.01,
  batchSize: 50,
}

function recorded(choice: ModelChoice, set: TrainingSet = train): TrainingRecord {
  const record = recordTraining(set.yTrue)
  fitModel(choice, set, noCheckpoint, {
    engine: plainEngine,
    stream: createStream(0, 'model'),
    watch: record.watch,
  })
  return record.finish()
}

const sumOf = (point: FlowPoint, part: 'weight' | 'loss' | 'gradient'): number =>
  groups.reduce((sum, group) => sum + point[group][part], 0)

describe('recordTraining', () => {
  it('starts boosting at the prior: all positives are hard and all negatives easy', () => {
    const [first] = recorded(boosting).flow!.points
    const positives = train.yTrue.reduce((sum, y) => sum + y, 0)
    const p = positives / 600
    expect(first!.pass).toBe(1)
    expect(first!.hardPositives.weight).toBeCloseTo(p, 12)
    expect(first!.easyNegatives.weight).toBeCloseTo(1 - p, 12)
    expect(first!.meanLoss).toBeCloseTo(-p * Math.log(p) - (1 - p) * Math.log(1 - p), 12)
    // At the prior both classes pull alike: the gradients cancel out.
    expect(first!.hardPositives.gradient).toBeCloseTo(0.5, 9)
    expect(first!.hardPositives.loss).toBeCloseTo(
      (-p * Math.log(p)) / (-p * Math.log(p) - (1 - p) * Math.log(1 - p)),
      12,
    )
  })

  it.each([boosting, network])('$kind: shares add up to 1 and the loss falls', (choice) => {
    const { points, passes } = recorded(choice).flow!
    expect(passes).toBe(choice.kind === 'gradient_boosting' ? 20 : 12)
    for (const point of points) {
      for (const part of ['weight', 'loss', 'gradient'] as const) {
        expect(sumOf(point, part)).toBeCloseTo(1, 9)
      }
    }
    expect(points.at(-1)!.meanLoss).toBeLessThan(points[0]!.meanLoss)
  })

  it('sees focal loss take the pull from easy samples, at the same logits', () => {
    const easyPull = (gamma: number): number => {
      const record = recordTraining(Uint8Array.of(0, 0, 0, 1))
      record.watch.begin((isPositive, z) => lossOf(isPositive ? z : -z, 1, gamma))
      record.watch.see(null, 4, [-2, -2, 1, -1], [1, 1, 1, 1], 0)
      record.watch.endPass()
      return record.finish().flow!.points[0]!.easyNegatives.gradient
    }
    const easy = 1 / (1 + Math.exp(2))
    const hard = 1 / (1 + Math.exp(-1))
    expect(easyPull(0)).toBeCloseTo((2 * easy) / (2 * easy + 2 * hard), 12)
    expect(easyPull(2)).toBeLessThan(easyPull(0) / 5)
  })

  it('weighs with the weights of training', () => {
    const weights = Float64Array.from(train.yTrue, (y) => (y === 1 ? 9 : 1))
    const [first] = recorded(boosting, { ...train, weights }).flow!.points
    const positives = train.yTrue.reduce((sum, y) => sum + y, 0)
    expect(first!.hardPositives.weight + first!.easyPositives.weight).toBeCloseTo(
      (9 * positives) / (9 * positives + 600 - positives),
      12,
    )
  })

  it('keeps at most 32 points, evenly', () => {
    const { points, passes } = recorded({ ...boosting, iterations: 300, maxDepth: 1 }).flow!
    expect(passes).toBe(300)
    expect(points.length).toBeLessThan(32)
    const steps = points.slice(1).map(({ pass }, i) => pass - points[i]!.pass)
    expect(new Set(steps)).toEqual(new Set([16]))
  })

  it('gives the mean margin over passes: for boosting, that of its first trees', () => {
    const { margins } = recorded({ ...boosting, iterations: 3 })
    const expected = new Float64Array(600)
    for (const iterations of [1, 2]) {
      const { model } = fitModel({ ...boosting, iterations }, train, noCheckpoint)
      predictLogits(model, train.X).forEach((z, i) => (expected[i]! += z / 3))
    }
    const positives = train.yTrue.reduce((sum, y) => sum + y, 0)
    const base = Math.log(positives / (600 - positives)) / 3
    margins!.forEach((margin, i) => {
      const want = (train.yTrue[i] === 1 ? 1 : -1) * (expected[i]! + base)
      expect(margin).toBeCloseTo(want, 5)
    })
  })

  it.each([boosting, network])('$kind: a wrong label has a low margin', (choice) => {
    const wrong = upTo(600).filter((i) => i % 25 === 0)
    const yTrue = train.yTrue.map((y, i) => (wrong.includes(i) ? 1 - y : y))
    const margins = recorded(choice, { ...train, yTrue }).margins!
    const known = upTo(600).filter((i) => !Number.isNaN(margins[i]))
    expect(known.length).toBeGreaterThanOrEqual(540) // a tenth may be held out
    const mean = (samples: number[]): number =>
      samples.reduce((sum, i) => sum + margins[i]!, 0) / samples.length
    const isWrong = (i: number): boolean => wrong.includes(i)
    expect(mean(known.filter(isWrong))).toBeLessThan(mean(known.filter((i) => !isWrong(i))) - 1)
  })

  it('takes the shift of balanced batches back', () => {
    const balanced = recorded({ ...network, batches: 'balanced', epochs: 1 })
    // Untrained, the network says about the prior, not one half.
    const mean = balanced.margins!.filter((m, i) => train.yTrue[i] === 0 && m === m)
    expect(mean.reduce((sum, m) => sum + m, 0) / mean.length).toBeGreaterThan(1)
  })

  it('has nothing to tell of a model without passes, and changes no model', () => {
    expect(recorded(defaultModels.logistic_regression)).toEqual({ flow: null, margins: null })
    const one = { ...train, yTrue: new Uint8Array(600) }
    expect(recorded(boosting, one)).toEqual({ flow: null, margins: null })
    const record = recordTraining(train.yTrue)
    const means = { engine: plainEngine, stream: createStream(0, 'model') }
    const watched = fitModel(network, train, noCheckpoint, { ...means, watch: record.watch })
    expect(watched).toEqual(fitModel(network, train, noCheckpoint))
  })
})
