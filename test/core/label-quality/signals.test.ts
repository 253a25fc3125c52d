import { describe, expect, it } from 'vitest'
import {
  areaUnderMargin,
  averagedOverTraining,
} from '#shared/core/label-quality/area-under-margin.ts'
import { neighborEvidence } from '#shared/core/label-quality/neighbor-disagreement.ts'
import { positiveUnlabelled } from '#shared/core/label-quality/positive-unlabelled.ts'
import { plainEngine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { fitModel } from '#shared/core/models/model.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'

describe('areaUnderMargin', () => {
  it('is the mean margin over the steps of training', () => {
    const stream = createStream(5, 'margin')
    const nSamples = 200
    const values = Float64Array.from({ length: nSamples * 2 }, () => stream.uniform())
    const X = { values, nSamples, nFeatures: 2 }
    const given = Uint8Array.from({ length: nSamples }, (_, i) =>
      values[2 * i]! + values[2 * i + 1]! > 1.1 ? 1 : 0,
    )
    const fit = (iterations: number): Float64Array => {
      const choice = { ...defaultModels.gradient_boosting, iterations, maxDepth: 3 }
      const { model } = fitModel(
        choice,
        { X, yTrue: given, weights: null, featureNames: ['a', 'b'], isCategorical: [false, false] },
        noCheckpoint,
      )
      if (model.kind !== 'gradient_boosting') throw new Error('kind')
      const trees = iterations === 8 ? averagedOverTraining(model.trees) : model.trees
      return plainEngine.boosting.sumOfTrees(trees, model.baseLogit, X, noCheckpoint)
    }
    const steps = [1, 2, 3, 4, 5, 6, 7].map(fit)
    const { trees, baseLogit } = fitModel(
      { ...defaultModels.gradient_boosting, iterations: 8, maxDepth: 3 },
      { X, yTrue: given, weights: null, featureNames: ['a', 'b'], isCategorical: [false, false] },
      noCheckpoint,
    ).model as never as { trees: Parameters<typeof averagedOverTraining>[0]; baseLogit: number }
    steps.push(plainEngine.boosting.sumOfTrees(trees, baseLogit, X, noCheckpoint))
    const areas = areaUnderMargin(given, fit(8))
    areas.forEach((area, i) => {
      const mean = steps.reduce((sum, step) => sum + step[i]!, 0) / steps.length
      expect(area).toBeCloseTo(given[i] === 1 ? mean : -mean, 5)
    })
  })

  it('refuses logits of another table', () => {
    expect(() => areaUnderMargin(Uint8Array.of(1), new Float64Array(2))).toThrow('meanLogits')
  })
})

describe('positiveUnlabelled', () => {
  it('recovers label frequency and hidden positives where its assumptions hold', () => {
    // Half of the positives, all of which have x = 1, were found; g = 0.5 there and 0 elsewhere.
    const given = Uint8Array.of(1, 1, 1, 0, 0, 0, 0, 0, 0)
    const g = Float64Array.of(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0, 0, 0)
    const { labelFrequency, truePositive, hiddenPositives } = positiveUnlabelled(given, g)
    expect(labelFrequency).toBe(0.5)
    expect([...truePositive]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0])
    expect(hiddenPositives).toBe(3)
  })

  it('says nothing without positives, and stays within bounds at certainties', () => {
    expect(positiveUnlabelled(Uint8Array.of(0), Float64Array.of(0.4)).hiddenPositives).toBeNull()
    const { truePositive } = positiveUnlabelled(Uint8Array.of(1, 0, 0), Float64Array.of(0.2, 1, 0))
    expect([...truePositive]).toEqual([1, 1, 0])
  })
})

describe('neighborEvidence', () => {
  // Two groups on a line, one label out of place, one row twice with both labels.
  const values = Float64Array.of(0, 1, 2, 3, 10, 11, 12, 11)
  const X = { values, nSamples: 8, nFeatures: 1 }
  const given = Uint8Array.of(0, 0, 1, 0, 1, 1, 1, 0)
  const all = Int32Array.from(given.keys())

  it('counts neighbours with the other label', () => {
    const { disagreement } = neighborEvidence(X, given, all, 2, noCheckpoint)
    expect(disagreement[2]).toBe(1)
    expect(disagreement[0]).toBe(0.5)
    expect(disagreement[7]).toBe(1)
  })

  it('finds the same row with the other label, and no row that is merely close', () => {
    const { nearDuplicate } = neighborEvidence(X, given, all, 2, noCheckpoint)
    expect([...nearDuplicate]).toEqual([-1, -1, -1, -1, -1, 7, -1, 5])
  })

  it('has no evidence on a single row', () => {
    const one = neighborEvidence(
      { values: Float64Array.of(1), nSamples: 1, nFeatures: 1 },
      Uint8Array.of(1),
      Int32Array.of(0),
      5,
      noCheckpoint,
    )
    expect([...one.disagreement]).toEqual([0])
  })
})
