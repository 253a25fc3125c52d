import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plainLogisticKernels } from '#shared/core/kernels/logistic.ts'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { softplus } from '#shared/core/math/elementary.ts'
import {
  fitLogisticRegression,
  logisticRegressionLogits,
} from '#shared/core/models/logistic-regression.ts'
import type { LogisticRegressionModel } from '#shared/core/models/logistic-regression.ts'
import type { TrainingSet } from '#shared/core/models/model.ts'
import { makeSamples, matrixOf, upTo } from './make-samples.ts'

/** Written by fixtures/elastic_net.py. */
interface Fixture {
  readonly X: readonly (readonly number[])[]
  readonly y: readonly number[]
  readonly weights: readonly number[]
  readonly cases: readonly {
    readonly weighted: boolean
    readonly c: number
    readonly l1_ratio: number
    readonly coefficients: readonly number[]
    readonly intercept: number
    readonly objective: number
  }[]
}

const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/elastic_net.json'), 'utf8'),
) as Fixture

function objectiveOf(
  { coefficients, intercept }: LogisticRegressionModel,
  { X, yTrue, weights }: TrainingSet,
  c: number,
  l1Ratio: number,
): number {
  const model = { kind: 'logistic_regression', coefficients, intercept } as const
  const logits = logisticRegressionLogits(model, X, noCheckpoint)
  const loss = logits.reduce(
    (sum, z, i) => sum + (weights?.[i] ?? 1) * softplus(yTrue[i] === 1 ? -z : z),
    0,
  )
  const penalty = coefficients.reduce(
    (sum, w) => sum + l1Ratio * Math.abs(w) + ((1 - l1Ratio) * w * w) / 2,
    0,
  )
  return penalty + c * loss
}

const trainOf = (weighted: boolean): TrainingSet => ({
  X: matrixOf(fixture.X),
  yTrue: Uint8Array.from(fixture.y),
  weights: weighted ? Float64Array.from(fixture.weights) : null,
})

describe.each(['newton', 'lbfgs'] as const)('elastic net by %s', (solver) => {
  const fit = (train: TrainingSet, c: number, l1Ratio: number) =>
    fitLogisticRegression({ c, l1Ratio }, train, noCheckpoint, plainLogisticKernels, solver)

  it.each(fixture.cases)(
    'agrees with scikit-learn: C $c, l1 ratio $l1_ratio, weighted $weighted',
    ({ weighted, c, l1_ratio: l1Ratio, coefficients, intercept, objective }) => {
      const train = trainOf(weighted)
      const { model, report } = fit(train, c, l1Ratio)
      expect(report.converged).toBe(true)
      const got = objectiveOf(model, train, c, l1Ratio)
      expect(Math.abs(got - objective)).toBeLessThan(1e-9 * objective)
      expect(model.intercept).toBeCloseTo(intercept, 5)
      coefficients.forEach((want, j) => {
        expect(model.coefficients[j]).toBeCloseTo(want, 5)
        if (want === 0) expect(model.coefficients[j]).toBe(0)
      })
    },
  )

  it('is the ridge fit, bit for bit, where the share of L1 is 0', () => {
    const train = makeSamples({ nSamples: 300, nFeatures: 5 })
    const ridge = fitLogisticRegression({ c: 1 }, train, noCheckpoint, plainLogisticKernels, solver)
    expect(fit(train, 1, 0)).toEqual(ridge)
  })

  it('gives all coefficients 0 under a penalty that no feature is worth', () => {
    const train = makeSamples({ nSamples: 200, nFeatures: 4 })
    const { model, report } = fit(train, 1e-6, 1)
    expect([...model.coefficients]).toEqual([0, 0, 0, 0])
    expect(report.converged).toBe(true)
    const positives = train.yTrue.reduce((sum, label) => sum + label, 0)
    expect(model.intercept).toBeCloseTo(Math.log(positives / (200 - positives)), 8)
  })

  it('converges on separable classes, repeated and constant features', () => {
    const rows = upTo(40).map((i) => [i - 19.5, i - 19.5, 3, 0])
    const train = {
      X: matrixOf(rows),
      yTrue: Uint8Array.from(upTo(40), (i) => (i < 20 ? 0 : 1)),
      weights: null,
    }
    for (const [c, l1Ratio] of [
      [1, 0.5],
      [1, 1],
      [1000, 1],
    ] as const) {
      const { model, report } = fit(train, c, l1Ratio)
      expect(report.converged).toBe(true)
      expect([...model.coefficients, model.intercept].every(Number.isFinite)).toBe(true)
      expect(model.coefficients[3]).toBe(0)
    }
  })

  it('stays finite under weights beyond reason', () => {
    const train = makeSamples({ nSamples: 50, nFeatures: 3 })
    const { model } = fit({ ...train, weights: new Float64Array(50).fill(1e300) }, 1, 0.5)
    expect([...model.coefficients, model.intercept].every(Number.isFinite)).toBe(true)
  })

  it('can be cancelled', () => {
    const train = makeSamples({ nSamples: 200, nFeatures: 4 })
    let left = 3
    const cancel = (): void => {
      if (--left === 0) throw new Cancelled()
    }
    expect(() =>
      fitLogisticRegression({ c: 1, l1Ratio: 0.5 }, train, cancel, plainLogisticKernels, solver),
    ).toThrow(Cancelled)
  })
})

it('comes to the same objective by both searches with more features than samples', () => {
  const train = makeSamples({ nSamples: 90, nFeatures: 150 })
  const [newton, lbfgs] = (['newton', 'lbfgs'] as const).map((solver) => {
    const { model, report } = fitLogisticRegression(
      { c: 1, l1Ratio: 0.8 },
      train,
      noCheckpoint,
      plainLogisticKernels,
      solver,
    )
    expect(report.converged).toBe(true)
    return objectiveOf(model, train, 1, 0.8)
  })
  expect(Math.abs(newton! - lbfgs!)).toBeLessThan(1e-8 * newton!)
})

it('refuses a share of L1 outside [0, 1]', () => {
  const train = makeSamples({ nSamples: 20, nFeatures: 2 })
  for (const l1Ratio of [-0.1, 1.1, NaN]) {
    expect(() => fitLogisticRegression({ c: 1, l1Ratio }, train, noCheckpoint)).toThrow('l1Ratio')
  }
})
