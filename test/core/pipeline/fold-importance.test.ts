import { describe, expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { plainEngine } from '#shared/core/kernels.ts'
import { createStream } from '#shared/core/math/random.ts'
import { samplesOfFold } from '#shared/core/pipeline/experiment-data.ts'
import { fitAndScore } from '#shared/core/pipeline/fit-and-score.ts'
import { foldImportance } from '#shared/core/pipeline/fold-importance.ts'
import type { FoldImportance } from '#shared/core/pipeline/fold-result.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import { runImportance } from '#shared/core/pipeline/run-importance.ts'
import { encoderOptions } from '#shared/core/pipeline/run-fold.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import type { ModelChoice } from '#shared/core/plan/plan.ts'
import { smallRequest, smallTable } from '../../support/small-table.ts'

const trees = { ...defaultModels.gradient_boosting, iterations: 20, maxDepth: 3 }
const { data } = prepareExperiment(smallRequest({ dataset: smallTable(3000) }))

function importanceOf(
  model: ModelChoice,
  of: ExperimentData = data,
  judged = samplesOfFold(of.folds, 0, 'inside'),
): FoldImportance | null {
  const scored = fitAndScore(
    of,
    samplesOfFold(of.folds, 0, 'outside'),
    judged,
    { encoder: encoderOptions, sampling: { kind: 'none' }, classWeights: null, model },
    createStream(1, 'sampling'),
    noCheckpoint,
  )
  return foldImportance(of, scored, judged, 0, plainEngine, noCheckpoint)
}

const columns = data.features.map(({ name }) => name)
const at = (name: string): number => columns.indexOf(name)

describe('foldImportance', () => {
  it.each([
    ['native categories', { ...trees, categoricals: 'native' }],
    ['one-hot categories', trees],
    ['logistic regression', defaultModels.logistic_regression],
  ] satisfies [string, ModelChoice][])('finds what tells the classes apart: %s', (_, model) => {
    const { permutation, gain, coefficients } = importanceOf(model)!
    expect(permutation).toHaveLength(columns.length)
    // The amount says nothing.
    for (const name of ['speed', 'distance', 'country']) {
      expect(permutation[at(name)]).toBeGreaterThan(permutation[at('amount')]!)
    }
    expect(permutation[at('speed')]).toBe(Math.max(...permutation))
    if (model.kind === 'gradient_boosting') {
      expect(gain!.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
      expect(gain![at('country')]).toBeGreaterThan(0.02)
      expect(coefficients).toBeNull()
    } else {
      expect(gain).toBeNull()
      expect(coefficients![at('speed')]).toBeGreaterThan(0.5)
      expect(coefficients![at('distance')]).toBeLessThan(-0.2)
      expect(coefficients![at('country')]).toBeNull()
    }
  })

  it('asks about a share of the samples, the rarer class first, at their prevalence', () => {
    const importance = importanceOf(trees)!
    expect(importance).toMatchObject({ samples: 300, repeats: 1 })
    const few = samplesOfFold(data.folds, 0, 'inside').slice(0, 120)
    expect(importanceOf(trees, data, few)!.samples).toBe(120)
  })

  it('is null where no positive is judged', () => {
    const negatives = samplesOfFold(data.folds, 0, 'inside').filter((i) => data.yTrue[i] === 0)
    expect(importanceOf(trees, data, negatives)).toBeNull()
  })

  it('does not mind weights that are all the same', () => {
    const decisionWeights = new Float64Array(3000).fill(2)
    const weighted = importanceOf(trees, { ...data, decisionWeights })!
    weighted.permutation.forEach((drop, i) => {
      expect(drop).toBeCloseTo(importanceOf(trees)!.permutation[i]!, 12)
    })
  })
})

describe('runImportance', () => {
  const fold = (permutation: number[], gain: number[] | null = null): FoldImportance => ({
    permutation,
    samples: 10,
    repeats: 1,
    gain,
    coefficients: gain === null ? [null, -2, null] : null,
  })

  it('gives means over the folds and their ends, the most important column first', () => {
    const folds = [fold([0.25, 0, 0.5], [0.5, 0, 0.5]), null, fold([0, 0, 1], [0.25, 0.25, 0.5])]
    const importance = runImportance(['a', 'b', 'c'], folds)!
    expect(importance.columns.map(({ column }) => column)).toEqual(['c', 'a', 'b'])
    expect(importance.columns[1]).toEqual({
      column: 'a',
      permutation: 0.125,
      gain: 0.375,
      coefficient: null,
      foldSpread: {
        permutation: { lower: 0, upper: 0.25 },
        gain: { lower: 0.25, upper: 0.5 },
        coefficient: null,
      },
    })
    expect(importance.samplesPerFold).toEqual([10, 10])
  })

  it('knows what a model does not have', () => {
    expect(runImportance(['a', 'b', 'c'], [fold([1, 0, 0])])!.columns[1]).toMatchObject({
      column: 'b',
      gain: null,
      coefficient: -2,
    })
    expect(runImportance(['a'], [null, null])).toBeNull()
  })
})
