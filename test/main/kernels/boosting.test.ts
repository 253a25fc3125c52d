/** The compiled kernels of gradient boosting give the bits of the plain ones. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import { plainBoostingKernels as plain } from '#shared/core/kernels/boosting.ts'
import type { BoostingKernels, BoostingLoss } from '#shared/core/kernels/boosting.ts'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import type { RandomStream } from '#shared/core/math/random.ts'
import { fitGradientBoosting } from '#shared/core/models/gradient-boosting.ts'
import type { TrainingSet } from '#shared/core/models/model.ts'
import { defaultLosses, defaultModels } from '#shared/core/plan/default-plan.ts'
import type { GradientBoostingChoice } from '#shared/core/plan/plan.ts'
import { makeSamples, matrixOf, upTo } from '../../core/models/make-samples.ts'

const modules = (await loadKernels())!
const compiled = createKernelEngine(modules).boosting

const hostileValue = fc.oneof(
  fc.constantFrom(NaN, 0, -0, Infinity, -Infinity, 1e300, -1e300, 5e-324, 1, 1 + 1e-12),
  fc.integer({ min: -3, max: 3 }),
  fc.double(),
)

/** What a family of kernels makes of one feature. */
function bin(
  kernels: BoostingKernels,
  values: readonly number[],
  weights: readonly number[] | null,
  maxValueBins: number,
) {
  const memory = kernels.open(values.length)
  try {
    memory.weights.set(weights ?? values.map(() => 1))
    memory.values.set(values)
    const codes = kernels.addColumn(memory)
    const bins = kernels.binFeature(
      memory,
      memory.values.subarray(0, values.length),
      maxValueBins,
      codes,
    )
    return { ...bins, codes: [...codes] }
  } finally {
    kernels.close(memory)
  }
}

describe('binFeature', () => {
  it('cuts hostile values alike', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(hostileValue, fc.constantFrom(0, 0.5, 1, 2, 3)), {
          minLength: 1,
          maxLength: 80,
        }),
        fc.constantFrom(1, 2, 3, 8, 255),
        fc.boolean(),
        (samples, maxValueBins, isWeighted) => {
          const values = samples.map(([value]) => value)
          const weights = isWeighted ? samples.map(([, weight]) => weight) : null
          expect(bin(compiled, values, weights, maxValueBins)).toEqual(
            bin(plain, values, weights, maxValueBins),
          )
        },
      ),
    )
  })

  it.each([1, 511, 512, 30_000])('cuts %d continuous values alike', (nSamples) => {
    const stream = createStream(5, 'values')
    const values = upTo(nSamples).map(() => (stream.uniform() - 0.4) * 2 ** stream.below(30))
    expect(bin(compiled, values, null, 255)).toEqual(bin(plain, values, null, 255))
  })
})

describe('derivatives', () => {
  const losses: BoostingLoss[] = [
    { kind: 'log_loss' },
    ...[0, 0.7, 1, 2, 3.5].map((gamma) => ({ kind: 'focal' as const, gamma, alpha: 0.2 })),
    { kind: 'margin', positive: -0.5, negative: -0.1, scale: 1 },
    { kind: 'margin', positive: 2, negative: -0.3, scale: 30 },
  ]

  function derivatives(kernels: BoostingKernels, loss: BoostingLoss, logits: Float64Array) {
    const { length } = logits
    const samples = kernels.open(length)
    try {
      kernels.addColumn(samples)
      const features = {
        nBins: Int32Array.of(1),
        firstSlot: Int32Array.of(1),
        hasMissing: Uint8Array.of(0),
        direction: Int8Array.of(0),
      }
      const memory = kernels.layOut(samples, [1], features, 1)
      memory.logits.set(logits)
      for (const i of upTo(length)) {
        memory.yTrue[i] = i % 2
        memory.weights[i] = 1 + (i % 5) / 4
      }
      const grid = { unit: 1.5 * 2 ** 22, sum: 1.5 * 2 ** 22 }
      // Two parts, of which the first has an odd length.
      const middle = Math.min(length, 7)
      kernels.updateGradients(memory, 0, middle, grid, loss)
      kernels.updateGradients(memory, middle, length, grid, loss)
      return { gradients: memory.gradients.slice(), totals: memory.totals.slice() }
    } finally {
      kernels.close(samples)
    }
  }

  it.each(losses)('are the same at 200,000 logits: $kind $gamma', (loss) => {
    const stream = createStream(6, 'logits')
    const logits = Float64Array.from(
      { length: 200_001 },
      () => (stream.uniform() - 0.5) * 10 ** stream.below(4),
    )
    expect(derivatives(compiled, loss, logits)).toEqual(derivatives(plain, loss, logits))
  })

  it.each(losses)('are the same at the ends of what doubles hold: $kind $gamma', (loss) => {
    const logits = Float64Array.of(
      ...[0, -0, 5e-324, 1e-17, 1e-16, 0.88, 0.8813735870195429, 0.89, 36, 37, 700, 707.9],
      ...[708, 708.1, 745, 745.2, 750, 1e10, 1e300].flatMap((logit) => [logit, -logit]),
    )
    expect(derivatives(compiled, loss, logits)).toEqual(derivatives(plain, loss, logits))
  })
})

/** Numeric, one-hot, constant, gappy and huge features side by side. */
function mixedSamples(nSamples: number, stream: RandomStream): TrainingSet {
  const rows = upTo(nSamples).map(() => {
    const letter = stream.below(4)
    const x = stream.uniform()
    return [
      x,
      stream.below(5) === 0 ? NaN : stream.uniform() - 0.5,
      7,
      ...upTo(4).map((k) => (k === letter ? 1 : 0)),
      stream.below(11),
      1e30 * (stream.uniform() - 0.5),
      stream.below(300) === 0 ? Infinity : -x,
      stream.below(2),
    ]
  })
  const yTrue = Uint8Array.from(rows, ([x, y, , a]) =>
    x! + (y! > 0 ? 0.4 : 0) + 0.3 * a! + stream.uniform() > 1.3 ? 1 : 0,
  )
  return { X: matrixOf(rows), yTrue, weights: null }
}

const base: GradientBoostingChoice = { ...defaultModels.gradient_boosting, iterations: 12 }

/** A fit and its answers to the samples it was fitted on. */
function fitWith(
  kernels: BoostingKernels,
  choice: Partial<GradientBoostingChoice>,
  train: TrainingSet,
) {
  const stream = createStream(4, 'fit')
  const fitted = fitGradientBoosting({ ...base, ...choice }, train, kernels, noCheckpoint, stream)
  const { trees, baseLogit } = fitted.model
  return { ...fitted, scores: kernels.sumOfTrees(trees, baseLogit, train.X, noCheckpoint) }
}

describe('whole fits', () => {
  it.each<[string, Partial<GradientBoostingChoice>]>([
    ['defaults', {}],
    ['few bins', { bins: 5 }],
    ['no weight limit', { minChildWeight: 0, lambda: 0, maxDepth: 9 }],
    ['focal loss', { loss: { kind: 'focal', gamma: 2, alpha: 0.25 } }],
    ['LDAM', { loss: defaultLosses.ldam }],
    ['hard mining', { loss: defaultLosses.hard_mining, rowShare: 0.7 }],
    ['self-paced', { loss: defaultLosses.self_paced }],
    ['leaf-wise', { growth: 'leaf', maxLeaves: 9, maxDepth: 16 }],
    ['rows and columns drawn', { rowShare: 0.5, columnShare: 0.5 }],
    [
      'directions',
      {
        monotone: [
          { column: 'f0', direction: 'increasing' },
          { column: 'f7', direction: 'decreasing' },
        ],
      },
    ],
    [
      'early stopping',
      {
        earlyStopping: {
          validationShare: 0.3,
          patience: 2,
          metric: { kind: 'average_precision' },
        },
      },
    ],
  ])('give the same bits: %s', (_, choice) => {
    for (const nSamples of [30, 700, 3001]) {
      const stream = createStream(nSamples, 'samples')
      const samples = mixedSamples(nSamples, stream)
      const train = { ...samples, featureNames: upTo(samples.X.nFeatures).map((k) => `f${k}`) }
      expect(fitWith(compiled, choice, train)).toEqual(fitWith(plain, choice, train))
      const weights = Float64Array.from(upTo(nSamples), () => 3 * stream.uniform())
      const weighted = { ...train, weights }
      expect(fitWith(compiled, choice, weighted)).toEqual(fitWith(plain, choice, weighted))
    }
  })

  it('give the same bits on categories: few, many, rare, missing, drawn, bounded', () => {
    const choices: Partial<GradientBoostingChoice>[] = [
      {},
      { growth: 'leaf', maxLeaves: 12, rowShare: 0.7, columnShare: 0.7 },
      { minChildWeight: 0, lambda: 0, maxDepth: 9 },
      { loss: { kind: 'focal', gamma: 2, alpha: 0.25 } },
      { monotone: [{ column: 'x', direction: 'increasing' }] },
    ]
    for (const nSamples of [5, 40, 1031, 3000]) {
      const stream = createStream(nSamples, 'categories')
      const rows = upTo(nSamples).map(() => [
        stream.uniform(),
        stream.below(3),
        stream.below(4) === 0 ? NaN : Math.floor(255 * stream.uniform() ** 3),
        stream.below(40),
        stream.below(6) * 50, // codes with gaps
        stream.below(2),
        NaN,
      ])
      const yTrue = Uint8Array.from(rows, ([x, a, b]) =>
        Number(x! + (a === 1 ? 0.5 : 0) + ((b! * 37) % 11) / 11 + stream.uniform() > 1.6),
      )
      const train: TrainingSet = {
        X: matrixOf(rows),
        yTrue,
        weights: null,
        featureNames: ['x', 'a', 'b', 'c', 'd', 'e', 'f'],
        isCategorical: [false, true, true, true, true, false, true],
      }
      const weights = Float64Array.from(upTo(nSamples), () => stream.below(3))
      weights[0] = 1
      for (const choice of choices) {
        expect(fitWith(compiled, choice, train)).toEqual(fitWith(plain, choice, train))
        expect(fitWith(compiled, choice, { ...train, weights })).toEqual(
          fitWith(plain, choice, { ...train, weights }),
        )
      }
    }
  })

  it('give the same answers to values that are no codes', () => {
    const rows = upTo(400).map((i) => [i % 9, (i * 7) % 5])
    const yTrue = Uint8Array.from(rows, ([a, b]) => Number((a! * b!) % 3 === 1))
    const train = { X: matrixOf(rows), yTrue, weights: null, isCategorical: [true, false] }
    const { trees } = fitWith(plain, {}, train).model
    expect(trees.categorySets.length).toBeGreaterThan(0)
    fc.assert(
      fc.property(fc.array(fc.tuple(hostileValue, hostileValue), { minLength: 1 }), (values) => {
        const X = matrixOf(values)
        expect(compiled.sumOfTrees(trees, 0.5, X, noCheckpoint)).toEqual(
          plain.sumOfTrees(trees, 0.5, X, noCheckpoint),
        )
      }),
    )
  })

  it('give the same bits with any number of columns', () => {
    for (const nFeatures of [1, 2, 3, 5, 7, 8, 9, 15, 31, 33, 40]) {
      const train = makeSamples({ nSamples: 1500, nFeatures })
      expect(fitWith(compiled, {}, train)).toEqual(fitWith(plain, {}, train))
    }
  })

  it('give the same bits on tiny sets', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(hostileValue, hostileValue, fc.boolean()), {
          minLength: 1,
          maxLength: 20,
        }),
        (samples) => {
          const train = {
            X: matrixOf(samples.map(([a, b]) => [a, b])),
            yTrue: Uint8Array.from(samples, ([, , label]) => Number(label)),
            weights: null,
          }
          const choice = { iterations: 3, minChildWeight: 0.01 }
          expect(fitWith(compiled, choice, train)).toEqual(fitWith(plain, choice, train))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('free the memory when they are cancelled', () => {
    const train = makeSamples({ nSamples: 3000, nFeatures: 4 })
    for (const cancelAt of [1, 3, 20]) {
      let left = cancelAt
      const cancel = (): void => {
        if (--left === 0) throw new Cancelled()
      }
      const stream = createStream(0, 'fit')
      expect(() => fitGradientBoosting(base, train, compiled, cancel, stream)).toThrow(Cancelled)
      expect(fitWith(compiled, {}, train)).toEqual(fitWith(plain, {}, train))
    }
  })
})
