import { describe, expect, it } from 'vitest'
import { plainLogisticKernels } from '#shared/core/kernels/logistic.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { fitLogisticRegression } from '#shared/core/models/logistic-regression.ts'
import type { LogisticRegressionModel } from '#shared/core/models/logistic-regression.ts'
import type { TrainingSet } from '#shared/core/models/model.ts'
import { makeSamples, matrixOf, takeFeatures, upTo } from './make-samples.ts'

const solvers = ['newton', 'lbfgs'] as const

/** Gradient of ½ |w|² + C Σ w log loss, written down once more in the plainest way. */
function gradientAt(model: LogisticRegressionModel, { X, yTrue, weights }: TrainingSet, c: number) {
  const gradient = [...model.coefficients, 0]
  for (let i = 0; i < X.nSamples; i++) {
    const row = X.values.subarray(i * X.nFeatures, (i + 1) * X.nFeatures)
    const logit = row.reduce((sum, x, j) => sum + x * model.coefficients[j]!, model.intercept)
    const pull = c * (weights?.[i] ?? 1) * (1 / (1 + Math.exp(-logit)) - yTrue[i]!)
    row.forEach((x, j) => (gradient[j]! += pull * x))
    gradient[X.nFeatures]! += pull
  }
  return gradient
}

const separable: TrainingSet = {
  X: matrixOf([[-2], [-1], [-0.5], [0.5], [1], [2]]),
  yTrue: Uint8Array.of(0, 0, 0, 1, 1, 1),
  weights: null,
}

describe.each(solvers)('%s', (solver) => {
  const fit = (train: TrainingSet, c: number) =>
    fitLogisticRegression({ c }, train, noCheckpoint, plainLogisticKernels, solver)

  it('ends where the gradient is zero', () => {
    // 1,500 samples: more than one block, and a last block that is not full.
    const plain = makeSamples({ nSamples: 1500, nFeatures: 7 })
    const weights = Float64Array.from({ length: 1500 }, (_, i) => (i % 5) / 2)
    for (const train of [plain, { ...plain, weights }]) {
      for (const c of [0.01, 1, 100]) {
        const { model, report } = fit(train, c)
        expect(report.converged).toBe(true)
        for (const slope of gradientAt(model, train, c))
          expect(Math.abs(slope)).toBeLessThan(1e-6 * c)
      }
    }
  })

  it('agrees with scikit-learn on separable classes', () => {
    const { model } = fit(separable, 1)
    expect(model.coefficients[0]).toBeCloseTo(1.1761260473786046, 9)
    expect(model.intercept).toBeCloseTo(0, 9)
  })

  it('keeps to the bounds where nearly separable classes weigh a lot', () => {
    for (const c of [1e6, 1e12]) {
      const { model, report } = fit(separable, c)
      expect(report.converged).toBe(true)
      expect(model.coefficients[0]).toBeGreaterThan(10)
      expect(Number.isFinite(model.coefficients[0])).toBe(true)
    }
  })

  it('shares a repeated feature equally and gives a constant one nothing', () => {
    const train = makeSamples({ nSamples: 300, nFeatures: 3 })
    const repeated = takeFeatures(train.X, [0, 1, 2, 0])
    const withConstant = { ...repeated, values: repeated.values.slice() }
    for (let i = 0; i < 300; i++) withConstant.values[4 * i + 1] = 5
    const { model } = fit({ ...train, X: withConstant }, 1)
    expect(model.coefficients[0]).toBeCloseTo(model.coefficients[3]!, 8)
    expect(model.coefficients[1]).toBeCloseTo(0, 8)
  })

  it('finds the same fit when a feature is measured in other units', () => {
    const train = makeSamples({ nSamples: 400, nFeatures: 3 })
    const scaled = train.X.values.map((x, at) => (at % 3 === 0 ? 1e6 * x : x))
    const { model, report } = fit({ ...train, X: { ...train.X, values: scaled } }, 1)
    expect(report.converged).toBe(true)
    // In units so small the coefficient is hardly penalised any more: that of a weak penalty.
    const slopes = gradientAt(model, { ...train, X: { ...train.X, values: scaled } }, 1)
    expect(Math.abs(slopes[0]! / 1e6)).toBeLessThan(1e-6)
  })

  it('says so when weights are too large to converge, and stays finite', () => {
    const weights = new Float64Array(6).fill(1e300)
    const { model, report } = fit({ ...separable, weights }, 1)
    expect(report.converged).toBe(false)
    expect([...model.coefficients, model.intercept].every(Number.isFinite)).toBe(true)
  })
})

it('comes to the same optimum by both solvers, also beyond 300 features', () => {
  const narrow = makeSamples({ nSamples: 500, nFeatures: 20 })
  const base = makeSamples({ nSamples: 120, nFeatures: 310 })
  const sparse = base.X.values.map((x, at) => (at % 7 === 0 ? x : 0)) // mostly zeros, as one-hot
  for (const train of [narrow, base, { ...base, X: { ...base.X, values: sparse } }]) {
    const [newton, lbfgs] = solvers.map(
      (solver) =>
        fitLogisticRegression({ c: 1 }, train, noCheckpoint, plainLogisticKernels, solver).model,
    )
    expect(lbfgs!.intercept).toBeCloseTo(newton!.intercept, 8)
    for (const j of upTo(train.X.nFeatures)) {
      expect(lbfgs!.coefficients[j]).toBeCloseTo(newton!.coefficients[j]!, 8)
    }
  }
})

it('needs finite features and a C above 0', () => {
  const missing = { ...separable, X: matrixOf([[1], [2], [NaN], [3], [4], [5]]) }
  expect(() => fitLogisticRegression({ c: 1 }, missing, noCheckpoint)).toThrow(
    'logistic regression needs finite features, got NaN at sample 2, feature 0',
  )
  expect(() => fitLogisticRegression({ c: 0 }, separable, noCheckpoint)).toThrow('c must be')
})
