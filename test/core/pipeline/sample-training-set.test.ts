import { describe, expect, it } from 'vitest'
import type { Column } from '#shared/core/dataset/dataset.ts'
import { encode, fitEncoder } from '#shared/core/encoding/encoder.ts'
import { completeEncoding, encodeForSampling } from '#shared/core/encoding/sampling-space.ts'
import { plainEngine } from '#shared/core/kernels.ts'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { fitAndScore } from '#shared/core/pipeline/fit-and-score.ts'
import { sampleTrainingSet } from '#shared/core/pipeline/sample-training-set.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { categoricalsInUse } from '#shared/core/plan/plan.ts'
import { defaultSamplings } from '#shared/core/plan/sampling-kinds.ts'
import type { SamplerKind } from '#shared/core/plan/sampling-kinds.ts'

const nRows = 240
const random = createStream(11, 'table')
const yTrue = Uint8Array.from({ length: nRows }, (_, i) => (i % 8 === 0 ? 1 : 0))
const numbers = (hasHoles: boolean, shift: number): Float64Array =>
  Float64Array.from(yTrue, (y) =>
    hasHoles && random.below(10) === 0 ? NaN : random.uniform() + shift * y,
  )
const cities: Column = {
  kind: 'categorical',
  name: 'city',
  levels: ['Rome', 'Oslo', 'Bonn'],
  codes: Int32Array.from(yTrue, () => random.below(4) - 1),
}
const jobs: Column = {
  kind: 'categorical',
  name: 'job',
  levels: ['cook', 'smith'],
  codes: Int32Array.from(yTrue, () => random.below(2)),
}
const children: Column = {
  kind: 'numeric',
  name: 'children',
  values: Float64Array.from(yTrue, () => random.below(5)),
}
const table: readonly Column[] = [
  { kind: 'numeric', name: 'age', values: numbers(true, 0.4) },
  { kind: 'numeric', name: 'income', values: numbers(false, 0.2) },
  cities,
  children,
]
const options = { missingIndicator: true, maxLevels: 10, missingLevel: true }
const all = Int32Array.from(yTrue, (_, i) => i)
const columnsFor = (kind: SamplerKind): readonly Column[] =>
  kind === 'smote_n' ? [cities, jobs] : table

describe('sampling space', () => {
  it.each(['one_hot', 'codes'] as const)('with %s leads to what models see', (categories) => {
    for (const categoricals of ['one_hot', 'codes'] as const) {
      const encoder = fitEncoder(table, all, { ...options, categoricals })
      const { X } = encodeForSampling(encoder, table, all, categories)
      const want = encode(encoder, table, all)
      expect(completeEncoding(encoder, X, categories)).toEqual(want)
    }
  })

  it('lacks what the table lacks', () => {
    const encoder = fitEncoder(table, all, options)
    const { X, isCategorical } = encodeForSampling(encoder, table, all, 'codes')
    expect(isCategorical).toEqual([false, false, true, false])
    const age = table[0] as Extract<Column, { kind: 'numeric' }>
    all.forEach((i) => {
      expect(Number.isNaN(X.values[4 * i])).toBe(Number.isNaN(age.values[i]))
    })
  })
})

describe.each(Object.keys(defaultSamplings) as SamplerKind[])('%s', (kind) => {
  const features = columnsFor(kind)
  const sampling = defaultSamplings[kind]
  const train = all.subarray(0, 200)
  const judged = all.subarray(200)

  it.each(['logistic_regression', 'gradient_boosting'] as const)('serves %s', (name) => {
    const model =
      name === 'gradient_boosting'
        ? ({ ...defaultModels[name], iterations: 5, categoricals: 'native' } as const)
        : defaultModels[name]
    const fitting = { encoder: options, sampling, classWeights: null, model, passport: true }
    const folds = Int32Array.from(yTrue, (_, i) => (i < 200 ? i % 4 : 4))
    const run = () =>
      fitAndScore(
        { features, yTrue, sampleWeights: null, folds },
        train,
        judged,
        fitting,
        createStream(3, 'sampling'),
        noCheckpoint,
      )
    const { scores, training } = run()
    expect(scores).toHaveLength(40)
    expect(scores.every((score) => score > 0 && score < 1)).toBe(true)
    expect(training.positives).toBeGreaterThan(0)
    expect(run().scores).toEqual(scores)
    const { passport } = training
    expect(passport === undefined).toBe(
      training.synthetic === 0 || kind === 'random_over' || kind === 'cluster_centroids',
    )
    if (passport === undefined) return
    expect(passport.examined).toBe(Math.min(500, training.synthetic))
    expect(passport.majorityShare).toBeGreaterThanOrEqual(0)
    expect(passport.majorityShare).toBeLessThanOrEqual(1)
    // All are made from training samples, and none from the fold that is judged.
    for (const counts of Object.values(passport.madeFrom)) {
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(training.synthetic)
      expect(counts[4]).toBe(0)
    }
    const keepsCategories = kind === 'smote_nc' || kind === 'smote_n'
    expect(passport.impossible.some(({ kind: what }) => what === 'mix')).toBe(!keepsCategories)
    expect(passport.impossible.some(({ column }) => column === 'children')).toBe(kind !== 'smote_n')
    for (const { parent, neighbor, nearest } of passport.samples) {
      expect(train).toContain(parent)
      expect(train).toContain(neighbor)
      expect(nearest[0]!.distance).toBeLessThanOrEqual(nearest.at(-1)!.distance)
    }
    expect(categoricalsInUse({ model, sampling })).toBe(
      name === 'gradient_boosting' && keepsCategories ? 'native' : 'one_hot',
    )
  })

  it('does not look at the judged samples', () => {
    const changed = features.map((column) =>
      column.kind === 'numeric'
        ? { ...column, values: column.values.map((x, i) => (i >= 200 ? 1e6 : x)) }
        : { ...column, codes: column.codes.map((code, i) => (i >= 200 ? 0 : code)) },
    )
    const sampled = [features, changed].map((columns) => {
      const encoder = fitEncoder(columns, train, options)
      const training = {
        encoder,
        features: columns,
        samples: train,
        yTrue: yTrue.subarray(0, 200),
        weights: null,
      }
      const means = { engine: plainEngine, stream: createStream(1, 'model') }
      const { resampled } = sampleTrainingSet(
        sampling,
        training,
        createStream(1, 'sampling'),
        noCheckpoint,
        means,
      )
      return resampled
    })
    expect(sampled[1]).toEqual(sampled[0])
    expect(sampled[0]!.X.values.every(Number.isFinite)).toBe(true)
  })

  // Random samplers are done at once.
  if (!kind.startsWith('random')) {
    it('can be cancelled', () => {
      const encoder = fitEncoder(features, train, options)
      const training = {
        encoder,
        features,
        samples: train,
        yTrue: yTrue.subarray(0, 200),
        weights: null,
      }
      const means = { engine: plainEngine, stream: createStream(1, 'model') }
      const stop = (): void => {
        throw new Cancelled()
      }
      expect(() =>
        sampleTrainingSet(sampling, training, createStream(1, 'sampling'), stop, means),
      ).toThrow(Cancelled)
    })
  }
})
