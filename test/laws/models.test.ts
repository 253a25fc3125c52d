/** What holds for every kind of model, whatever it learns. */
import { describe, expect, it } from 'vitest'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { fitModel, predictLogits, predictProbabilities } from '#shared/core/models/model.ts'
import type { Matrix, TrainingSet } from '#shared/core/models/model.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import type { ModelChoice } from '#shared/core/plan/plan.ts'
import {
  makeSamples,
  matrixOf,
  takeFeatures,
  takeSamples,
  upTo,
} from '../core/models/make-samples.ts'

/** Quick enough to be fitted many times. */
function quick(choice: ModelChoice): ModelChoice {
  switch (choice.kind) {
    case 'logistic_regression':
      return choice
    case 'gradient_boosting':
      return { ...choice, iterations: 25 }
    case 'two_stage':
      return { ...choice, filter: { ...choice.filter, iterations: 25 } as typeof choice.filter }
    case 'multilayer_perceptron':
      return { ...choice, hidden: [16, 8], learningRate: 0.01, epochs: 25, batchSize: 50 }
    case 'random_forest':
    case 'balanced_random_forest':
    case 'balanced_bagging':
    case 'isolation_forest':
      return { ...choice, trees: 20 }
    case 'easy_ensemble':
      return { ...choice, members: 3, rounds: 10 }
    case 'rus_boost':
      return { ...choice, rounds: 20 }
    case 'decision_tree':
    case 'self_paced_ensemble':
    case 'gaussian_naive_bayes':
      return choice
  }
}

const choices = Object.values(defaultModels).map(quick)
/** Models that are a function of the data: others also are one of what they draw. */
const determined = choices.filter(({ kind }) =>
  ['logistic_regression', 'gradient_boosting', 'decision_tree', 'gaussian_naive_bayes'].includes(
    kind,
  ),
)

const fit = (choice: ModelChoice, train: TrainingSet) => fitModel(choice, train, noCheckpoint)

/** Fits, then gives the logits of `X`. */
const logitsAfter = (choice: ModelChoice, train: TrainingSet, X: Matrix): Float64Array =>
  predictLogits(fit(choice, train).model, X)

function expectClose(got: Float64Array, want: Float64Array): void {
  expect(got).toHaveLength(want.length)
  for (let i = 0; i < want.length; i++) {
    expect(Math.abs(got[i]! - want[i]!)).toBeLessThan(1e-6 * (1 + Math.abs(want[i]!)))
  }
}

const flipped = (yTrue: Uint8Array): Uint8Array => yTrue.map((label) => 1 - label)

/** The same samples with the positives four times as far from the middle. */
const withFarPositives = (set: TrainingSet): TrainingSet => ({
  ...set,
  X: {
    ...set.X,
    values: set.X.values.map((x, at) => x * (set.yTrue[Math.floor(at / 5)] === 1 ? 4 : 1)),
  },
})

const train = makeSamples({ nSamples: 400, nFeatures: 5 })
const query = makeSamples({ nSamples: 150, nFeatures: 5, seed: 2 }).X

describe.each(choices)('$kind', (choice) => {
  const plain = logitsAfter(choice, train, query)

  it('learns: known positives score higher than negatives on average', () => {
    const fresh = makeSamples({ nSamples: 400, nFeatures: 5, seed: 3 })
    // What looks for anomalies learns nothing where positives are none.
    const shown = choice.kind === 'isolation_forest' ? withFarPositives : (set: TrainingSet) => set
    const { X, yTrue } = shown(fresh)
    const probabilities = predictProbabilities(fit(choice, shown(train)).model, X)
    const meanOf = (label: number): number => {
      const ofLabel = probabilities.filter((_, i) => yTrue[i] === label)
      return ofLabel.reduce((sum, p) => sum + p, 0) / ofLabel.length
    }
    expect(meanOf(1)).toBeGreaterThan(meanOf(0) + 0.2)
  })

  it('gives the same bits every time, and after being cloned', () => {
    const again = fit(choice, train)
    expect(predictLogits(again.model, query)).toEqual(plain)
    expect(predictLogits(structuredClone(again.model), query)).toEqual(plain)
  })

  it('gives probabilities in [0, 1] that are the logistic function of the logits', () => {
    const { model } = fit(choice, train)
    predictProbabilities(model, query).forEach((p, i) => {
      expect(p).toBeCloseTo(1 / (1 + Math.exp(-plain[i]!)), 12)
    })
  })

  it('scores a sample by itself, whatever stands beside it', () => {
    const { model } = fit(choice, train)
    const order = upTo(150).map((i) => (i * 7) % 150)
    const { X } = takeSamples({ X: query, yTrue: new Uint8Array(150), weights: null }, order)
    expect(predictLogits(model, X)).toEqual(Float64Array.from(order, (i) => plain[i]!))
  })

  it('takes weights of 1 for no weights', () => {
    const weights = new Float64Array(400).fill(1)
    expectClose(logitsAfter(choice, { ...train, weights }, query), plain)
  })

  it('leaves what it is given as it is', () => {
    const weights = new Float64Array(400).fill(0.7)
    const given = { ...train, weights }
    const before = structuredClone(given)
    predictLogits(fit(choice, given).model, given.X)
    expect(given).toEqual(before)
  })

  it('lets a checkpoint cancel it, and reports fractions that never fall', () => {
    let calls = 0
    let latest = 0
    fitModel(choice, train, (fraction) => {
      calls++
      expect(fraction).toBeGreaterThanOrEqual(latest)
      expect(fraction).toBeLessThanOrEqual(1)
      latest = fraction
    })
    expect(latest).toBe(1)
    for (const cancelAt of [1, Math.ceil(calls / 2), calls]) {
      let left = cancelAt
      const cancel = (): void => {
        if (--left === 0) throw new Cancelled()
      }
      expect(() => fitModel(choice, train, cancel)).toThrow(Cancelled)
    }
  })

  describe('with little to learn from', () => {
    it('gives everyone the prior when there is one class only', () => {
      for (const label of [0, 1]) {
        const one = { ...train, yTrue: new Uint8Array(400).fill(label) }
        const { model, report } = fit(choice, one)
        const probabilities = new Set(predictProbabilities(model, query))
        // 400 samples of one class and half a sample credited to either.
        expect([...probabilities]).toEqual([
          expect.closeTo(label === 1 ? 400.5 / 401 : 0.5 / 401, 12),
        ])
        expect(report.iterations).toBe(0)
      }
    })

    it('sees one class only where the other one weighs nothing', () => {
      const weights = Float64Array.from(train.yTrue, (label) => label)
      const logits = new Set(logitsAfter(choice, { ...train, weights }, query))
      expect(logits.size).toBe(1)
      expect([...logits][0]).toBeGreaterThan(0)
    })

    it.each([
      ['one positive', { ...train, yTrue: train.yTrue.map((_, i) => (i === 17 ? 1 : 0)) }],
      ['two samples', takeSamples({ ...train, yTrue: train.yTrue.map((_, i) => i % 2) }, [0, 1])],
      ['only constant features', { ...train, X: { ...train.X, values: new Float64Array(2000) } }],
      [
        'extreme weights',
        { ...train, weights: Float64Array.from(upTo(400), (i) => (i % 2 === 0 ? 1e12 : 1e-12)) },
      ],
    ] satisfies [string, TrainingSet][])('stays finite and sure of nothing: %s', (_, few) => {
      const { model, report } = fit(choice, few)
      if (choice.kind !== 'multilayer_perceptron') expect(report.converged).toBe(true)
      for (const p of predictProbabilities(model, query)) {
        expect(p).toBeGreaterThan(0)
        expect(p).toBeLessThan(1)
      }
    })

    it('needs no features', () => {
      const none = { values: new Float64Array(0), nSamples: 400, nFeatures: 0 }
      const { model } = fit(choice, { ...train, X: none })
      expect(new Set(predictLogits(model, none)).size).toBe(1)
    })
  })

  it('refuses what does not fit together', () => {
    const empty = { X: matrixOf([]), yTrue: new Uint8Array(0), weights: null }
    expect(() => fit(choice, empty)).toThrow('must have samples')
    expect(() => fit(choice, { ...train, yTrue: new Uint8Array(3) })).toThrow('yTrue must have')
    expect(() => fit(choice, { ...train, yTrue: new Uint8Array(400).fill(2) })).toThrow('0 or 1')
    expect(() => fit(choice, { ...train, X: { ...train.X, nFeatures: 4 } })).toThrow('X must hold')
    const weighted = (weight: number): TrainingSet => ({
      ...train,
      weights: new Float64Array(400).fill(weight),
    })
    for (const weight of [-1, NaN, Infinity]) {
      expect(() => fit(choice, weighted(weight))).toThrow('weights must be finite')
    }
    expect(() => fit(choice, weighted(0))).toThrow('sum of weights')
    const { model } = fit(choice, train)
    expect(() => predictLogits(model, takeFeatures(query, [0, 1]))).toThrow(
      'X must have 5 features',
    )
  })
})

describe.each(determined)('$kind, a function of the data', (choice) => {
  const plain = logitsAfter(choice, train, query)

  it('does not depend on the order of samples', () => {
    const order = upTo(400).map((i) => (i * 211) % 400)
    expectClose(logitsAfter(choice, takeSamples(train, order), query), plain)
  })

  it('does not depend on the order of features', () => {
    // Trees settle a tie of two features by their order. With weights of many digits features tie
    // only where they part the samples alike, so samples of the training set are decided alike.
    const weights = Float64Array.from(upTo(400), (i) => 0.5 + ((i * 0.6180339887) % 1))
    const order = [3, 0, 4, 2, 1]
    const X = takeFeatures(train.X, order)
    expectClose(
      logitsAfter(choice, { ...train, X, weights }, X),
      logitsAfter(choice, { ...train, weights }, train.X),
    )
  })

  it('takes a whole weight for as many repetitions, and weight 0 for absence', () => {
    const weights = Float64Array.from(upTo(400), (i) => i % 3)
    const repeated = takeSamples(
      train,
      upTo(400).flatMap((i) => new Array<number>(i % 3).fill(i)),
    )
    const weighted = logitsAfter(choice, { ...train, weights }, query)
    expectClose(weighted, logitsAfter(choice, repeated, query))
    expect(weighted).not.toEqual(plain)
  })

  it('turns all logits around when the labels are', () => {
    const other = { ...train, yTrue: flipped(train.yTrue) }
    expectClose(
      logitsAfter(choice, other, query).map((logit) => -logit),
      plain,
    )
  })

  it('does not mind a constant feature', () => {
    const withConstant = ({ values, nSamples, nFeatures }: Matrix): Matrix =>
      matrixOf(
        upTo(nSamples).map((i) => [...values.subarray(i * nFeatures, (i + 1) * nFeatures), 3]),
      )
    expectClose(
      logitsAfter(choice, { ...train, X: withConstant(train.X) }, withConstant(query)),
      plain,
    )
  })

  it('gives the prevalence where no feature tells the classes apart', () => {
    const X = { ...train.X, values: new Float64Array(2000) }
    const positives = train.yTrue.reduce((sum, label) => sum + label, 0)
    for (const p of predictProbabilities(fit(choice, { ...train, X }).model, query)) {
      expect(p).toBeCloseTo(positives / 400, 9)
    }
  })
})

it('trees decide training samples alike when a feature is stretched in order', () => {
  const choice = choices.find(({ kind }) => kind === 'gradient_boosting')!
  const values = train.X.values.map((x) => Math.round(x * 50)) // apart also as float32, stretched
  const whole = { ...train, X: { ...train.X, values } }
  const stretched = { ...train.X, values: values.map((x, at) => (at % 5 < 3 ? x ** 3 : x)) }
  expect(logitsAfter(choice, { ...whole, X: stretched }, stretched)).toEqual(
    logitsAfter(choice, whole, whole.X),
  )
})
