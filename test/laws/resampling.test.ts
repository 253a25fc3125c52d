/** What holds for every sampler of the registry. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import type { Matrix } from '#shared/core/math/matrix.ts'
import { createStream } from '#shared/core/math/random.ts'
import { resampledCounts } from '#shared/core/plan/resampled-counts.ts'
import type { SamplingChoice } from '#shared/core/plan/sampling-choice.ts'
import {
  defaultSamplings,
  leastMinority,
  leastSamples,
  samplingKinds,
} from '#shared/core/plan/sampling-kinds.ts'
import type { SamplerKind } from '#shared/core/plan/sampling-kinds.ts'
import { resample, samplers } from '#shared/core/resampling/resample.ts'
import type { Resampled, SamplingAids } from '#shared/core/resampling/sampler.ts'

/** Hyperparameters for sets of a dozen samples, in place of those that plans begin with. */
const small: Readonly<Partial<Record<SamplerKind, object>>> = {
  smote: { neighbors: 3 },
  smote_nc: { neighbors: 3 },
  smote_n: { neighbors: 3 },
  borderline_smote: { neighbors: 3, outerNeighbors: 5, variant: 2 },
  svm_smote: { neighbors: 3, outerNeighbors: 5 },
  kmeans_smote: { neighbors: 1, clusters: 2 },
  adasyn: { neighbors: 3 },
  instance_hardness: { folds: 2 },
  smote_enn: { neighbors: 3 },
  smote_tomek: { neighbors: 3 },
}

/** Samplers whose counts are those of the plan to the sample, wherever they do anything. */
const exact = new Set<SamplerKind>([
  ...(['random_over', 'random_under', 'smote', 'smote_nc', 'smote_n', 'borderline_smote'] as const),
  ...(['svm_smote', 'near_miss', 'cluster_centroids'] as const),
])

/** Samplers that draw nothing. */
const drawsNothing = new Set<SamplerKind>([
  ...(['near_miss', 'instance_hardness', 'tomek_links', 'edited_nearest_neighbors'] as const),
  ...(['repeated_edited_nearest_neighbors', 'all_k_nearest_neighbors'] as const),
  'neighborhood_cleaning',
])

interface Sample {
  readonly X: Matrix
  readonly yTrue: Uint8Array
  readonly weights: Float64Array | null
}

const nFeatures = 3

const setWith = (minority: fc.Arbitrary<number>): fc.Arbitrary<Sample> =>
  fc
    .record({
      minority,
      extra: fc.integer({ min: 0, max: 30 }),
      positiveIsMinority: fc.boolean(),
      weighted: fc.boolean(),
      seed: fc.nat(10_000),
    })
    .map(({ minority: least, extra, positiveIsMinority, weighted, seed }) => {
      const random = createStream(seed, 'law')
      const nSamples = 2 * least + extra
      const yTrue = new Uint8Array(nSamples).fill(positiveIsMinority ? 0 : 1)
      for (let placed = 0; placed < least;) {
        const i = random.below(nSamples)
        if (yTrue[i] === (positiveIsMinority ? 1 : 0)) continue
        yTrue[i] = positiveIsMinority ? 1 : 0
        placed++
      }
      // A grid in one feature, so that there are ties; the others are continuous or constant.
      const values = Float64Array.from({ length: nSamples * nFeatures }, (_, at) =>
        at % nFeatures === 0 ? random.below(4) : at % nFeatures === 1 ? random.uniform() : 7,
      )
      const weights = weighted ? Float64Array.from(yTrue, () => random.uniform()) : null
      return { X: { values, nSamples, nFeatures }, yTrue, weights }
    })

const ratio = fc.double({ min: 1, max: 6, noNaN: true })

function run(choice: SamplingChoice, sample: Sample, seed = 1): Resampled {
  const { X, yTrue, weights } = sample
  const stream = createStream(seed, 'law')
  return resample(choice, X, yTrue, weights, stream, noCheckpoint, null, aidsFor(choice, sample))
}

/** A grid is as good as categories; a sample is as hard as its second feature says. */
function aidsFor({ kind }: SamplingChoice, { X }: Sample): SamplingAids {
  return {
    isCategorical: Array.from(
      { length: X.nFeatures },
      (_, f) => kind === 'smote_n' || (kind === 'smote_nc' && f === 0),
    ),
    scoreOutOfFold: ({ yTrue }) =>
      Float64Array.from(yTrue, (y, i) => {
        const ease = X.values[i * X.nFeatures + 1]!
        return y === 1 ? ease : 1 - ease
      }),
  }
}

const rowOf = ({ values }: Matrix, i: number): number[] => [
  ...values.subarray(i * nFeatures, (i + 1) * nFeatures),
]

const countOf = (yTrue: Uint8Array, label: number): number =>
  yTrue.reduce((count, y) => count + (y === label ? 1 : 0), 0)

describe.each(Object.keys(samplers) as SamplerKind[])('sampler %s', (kind) => {
  const at = (targetImbalanceRatio: number): SamplingChoice => {
    const choice = { ...defaultSamplings[kind], ...small[kind] } as SamplingChoice
    return 'targetImbalanceRatio' in choice ? { ...choice, targetImbalanceRatio } : choice
  }
  const least = Math.max(leastMinority(at(1)), Math.ceil(leastSamples(at(1)) / 2))
  const set = setWith(fc.integer({ min: least, max: 12 }))

  it('keeps originals as they are, first and in order, and changes nothing that it is given', () => {
    fc.assert(
      fc.property(set, ratio, (sample, target) => {
        const before = structuredClone(sample)
        const { X, yTrue, weights, origin } = run(at(target), sample)
        expect(sample).toEqual(before)
        const originals = [...origin].filter((i) => i >= 0)
        expect([...origin.subarray(0, originals.length)]).toEqual(originals)
        expect(originals).toEqual([...new Set(originals)].sort((a, b) => a - b))
        originals.forEach((i, position) => {
          expect(rowOf(X, position)).toEqual(rowOf(sample.X, i))
          expect(yTrue[position]).toBe(sample.yTrue[i])
          expect(weights?.[position]).toBe(sample.weights?.[i])
        })
      }),
    )
  })

  it('accounts for every synthetic sample by parents and a gap, or by its values', () => {
    fc.assert(
      fc.property(set, ratio, (sample, target) => {
        const { X, yTrue, weights, origin, synthetic } = run(at(target), sample)
        const nSynthetic = origin.filter((i) => i === -1).length
        expect(synthetic.parent).toHaveLength(nSynthetic)
        expect(synthetic.neighbor).toHaveLength(nSynthetic)
        expect(synthetic.gap).toHaveLength(nSynthetic)
        for (let s = 0; s < nSynthetic; s++) {
          const [parent, neighbor, gap] = [
            synthetic.parent[s]!,
            synthetic.neighbor[s]!,
            synthetic.gap[s]!,
          ]
          const position = X.nSamples - nSynthetic + s
          const to = rowOf(sample.X, neighbor)
          if (samplingKinds[kind].does !== 'shrinks' && kind !== 'random_over') {
            expect(neighbor).not.toBe(parent)
          }
          expect(gap).toBeGreaterThanOrEqual(-1)
          expect(gap).toBeLessThan(1)
          const interpolated = rowOf(sample.X, parent).map(
            (from, f) => from + gap * (to[f]! - from),
          )
          const made = synthetic.values?.subarray(s * nFeatures, (s + 1) * nFeatures)
          expect(rowOf(X, position)).toEqual(made === undefined ? interpolated : [...made])
          expect(sample.yTrue[parent]).toBe(yTrue[position])
          expect(weights?.[position]).toBe(sample.weights?.[parent])
        }
      }),
    )
  })

  it('has the counts that the plan announces, or no more where nobody can know', () => {
    fc.assert(
      fc.property(set, ratio, (sample, target) => {
        const result = run(at(target), sample)
        const [negatives, positives] = [countOf(sample.yTrue, 0), countOf(sample.yTrue, 1)]
        const wanted = resampledCounts(at(target), negatives, positives)
        const after = { negatives: countOf(result.yTrue, 0), positives: countOf(result.yTrue, 1) }
        expect(result.countsBefore).toEqual({ negatives, positives })
        expect(result.countsAfter).toEqual(after)
        expect(result.X.nSamples).toBe(result.yTrue.length)
        expect(result.X.values).toHaveLength(result.yTrue.length * nFeatures)
        const isUnchanged = result.yTrue.length === sample.yTrue.length
        if (exact.has(kind) && !(isUnchanged && result.notes.length > 0)) {
          expect(after).toEqual(wanted)
        } else if (kind !== 'instance_hardness') {
          // Rounding by sample or by cluster.
          const slack = samplingKinds[kind].does === 'grows' ? Math.min(negatives, positives) : 0
          expect(after.negatives).toBeLessThanOrEqual(Math.max(wanted.negatives, negatives) + slack)
          expect(after.positives).toBeLessThanOrEqual(Math.max(wanted.positives, positives) + slack)
        }
        expect(after.negatives).toBeGreaterThan(0)
        expect(after.positives).toBeGreaterThan(0)
      }),
    )
  })

  it('keeps missing values apart: one is missing where both parents lack it, no other', () => {
    fc.assert(
      fc.property(set, fc.nat(1000), (sample, seed) => {
        const random = createStream(seed, 'holes')
        const values = sample.X.values.map((x) => (random.below(4) === 0 ? NaN : x))
        const holed = { ...sample, X: { ...sample.X, values } }
        const { X, origin, synthetic } = run(at(1), holed)
        origin.forEach((i, position) => {
          if (i >= 0) expect(rowOf(X, position)).toEqual(rowOf(holed.X, i))
        })
        if (synthetic.values !== undefined) return
        synthetic.parent.forEach((parent, s) => {
          const [a, b] = [rowOf(holed.X, parent), rowOf(holed.X, synthetic.neighbor[s]!)]
          rowOf(X, X.nSamples - synthetic.parent.length + s).forEach((value, f) => {
            expect(Number.isNaN(value)).toBe(Number.isNaN(a[f]!) && Number.isNaN(b[f]!))
          })
        })
      }),
      { numRuns: 30 },
    )
  })

  it('answers tables that say nothing: one positive, two rows, all equal', () => {
    const tables: readonly (readonly [number, number, number])[] = [
      [1, 1, 0],
      [1, 20, 1],
      [8, 20, 0],
      [1, 20, 0],
    ]
    for (const [minority, majority, spread] of tables) {
      const nSamples = minority + majority
      const values = Float64Array.from({ length: nSamples * nFeatures }, (_, i) => spread * (i % 7))
      const yTrue = new Uint8Array(nSamples).fill(1, majority)
      const sample = { X: { values, nSamples, nFeatures }, yTrue, weights: null }
      try {
        const { X } = run(at(1), sample)
        expect(X.values.every(Number.isFinite)).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
        expect((error as Error).message).toMatch(/need|must/)
      }
    }
  })

  // Samplers that draw see the order in what they draw.
  if (drawsNothing.has(kind)) {
    it('does not look at the order of rows and columns', () => {
      fc.assert(
        fc.property(set, fc.nat(1000), (sample, seed) => {
          const random = createStream(seed, 'order')
          // Whole numbers that are all different, so that sums are exact and distances hardly tie.
          const values = sample.X.values.map(() => random.below(1 << 20) / (1 << 20))
          const original = { ...sample, X: { ...sample.X, values } }
          const order = Array.from(sample.yTrue, (_, i) => i)
          order.sort((a, b) => values[a * nFeatures]! - values[b * nFeatures]!)
          const turned = {
            X: {
              ...sample.X,
              values: Float64Array.from(
                order.flatMap((i) =>
                  kind === 'instance_hardness'
                    ? rowOf(original.X, i)
                    : rowOf(original.X, i).reverse(),
                ),
              ),
            },
            yTrue: Uint8Array.from(order, (i) => sample.yTrue[i]!),
            weights: null,
          }
          const kept = [...run(at(2), turned).origin].map((i) => order[i]!).sort((a, b) => a - b)
          expect(kept).toEqual([...run(at(2), original).origin])
        }),
        { numRuns: 40 },
      )
    })
  }

  it('gives the same result for the same stream, and for most sets another for another', () => {
    fc.assert(
      fc.property(set, ratio, fc.nat(100), (sample, target, seed) => {
        expect(run(at(target), sample, seed)).toEqual(run(at(target), sample, seed))
      }),
      { numRuns: 30 },
    )
    if (drawsNothing.has(kind)) return
    const sample = fc.sample(setWith(fc.constant(12)), { numRuns: 20, seed: 1 }).at(-1)!
    const large = { ...sample, ...doubledMajority(sample) }
    const results = [1, 2, 3, 4].map((seed) => JSON.stringify(run(at(1), large, seed)))
    expect(new Set(results).size).toBeGreaterThan(1)
  })

  it('does not look at what the classes are called', () => {
    fc.assert(
      fc.property(set, ratio, (sample, target) => {
        fc.pre(2 * countOf(sample.yTrue, 1) !== sample.yTrue.length)
        const flipped = { ...sample, yTrue: sample.yTrue.map((y) => 1 - y) }
        const [result, other] = [run(at(target), sample), run(at(target), flipped)]
        expect(other.X).toEqual(result.X)
        expect(other.origin).toEqual(result.origin)
        expect(other.yTrue).toEqual(result.yTrue.map((y) => 1 - y))
      }),
    )
  })

  it(`works from ${least} of the minority on, and throws a RangeError below`, () => {
    const fewest = fc.sample(setWith(fc.constant(least)), { numRuns: 1, seed: 2 })[0]!
    expect(() => run(at(1), { ...fewest, ...doubledMajority(fewest) })).not.toThrow()
    if (leastMinority(at(1)) > 1) {
      const few = leastMinority(at(1)) - 1
      const tooFew = fc.sample(setWith(fc.constant(few)), { numRuns: 1, seed: 2 })[0]!
      const action = () => run(at(1), { ...tooFew, ...doubledMajority(tooFew) })
      expect(action).toThrow(RangeError)
    }
    for (const label of [0, 1]) {
      const X = { values: new Float64Array(9 * nFeatures), nSamples: 9, nFeatures }
      const oneClass = { X, yTrue: new Uint8Array(9).fill(label), weights: null }
      expect(() => run(at(1), oneClass)).toThrow(RangeError)
    }
  })
})

/** The same set with every majority sample twice, so that a ratio of 1 always asks for a change. */
function doubledMajority({ X, yTrue }: Sample): Sample {
  const minority = countOf(yTrue, 1) <= countOf(yTrue, 0) ? 1 : 0
  const rows = [...yTrue].flatMap((y, i) => (y === minority ? [i] : [i, i]))
  return {
    X: {
      values: Float64Array.from(rows.flatMap((i) => rowOf(X, i))),
      nSamples: rows.length,
      nFeatures,
    },
    yTrue: Uint8Array.from(rows, (i) => yTrue[i]!),
    weights: null,
  }
}
