/** What holds for every sampler of the registry. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import type { Matrix } from '#shared/core/math/matrix.ts'
import { createStream } from '#shared/core/math/random.ts'
import { resampledCounts } from '#shared/core/plan/resampled-counts.ts'
import type { SamplingChoice } from '#shared/core/plan/plan.ts'
import { resample } from '#shared/core/resampling/resample.ts'
import type { samplers } from '#shared/core/resampling/resample.ts'
import type { Resampled } from '#shared/core/resampling/sampler.ts'

/** A choice of each kind at the given ratio, and the fewest minority samples it works with. */
const choices: {
  readonly [Kind in keyof typeof samplers]: {
    readonly at: (ratio: number) => Extract<SamplingChoice, { readonly kind: Kind }>
    readonly least: number
  }
} = {
  random_under: {
    at: (targetImbalanceRatio) => ({ kind: 'random_under', targetImbalanceRatio }),
    least: 1,
  },
  smote: {
    at: (targetImbalanceRatio) => ({ kind: 'smote', targetImbalanceRatio, neighbors: 3 }),
    least: 4,
  },
}

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

function run(choice: SamplingChoice, { X, yTrue, weights }: Sample, seed = 1): Resampled {
  return resample(choice, X, yTrue, weights, createStream(seed, 'law'), noCheckpoint)
}

const rowOf = ({ values }: Matrix, i: number): number[] => [
  ...values.subarray(i * nFeatures, (i + 1) * nFeatures),
]

const countOf = (yTrue: Uint8Array, label: number): number =>
  yTrue.reduce((count, y) => count + (y === label ? 1 : 0), 0)

describe.each(Object.entries(choices))('sampler %s', (_, { at, least }) => {
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

  it('accounts for every synthetic sample: two distinct samples of one class and a gap', () => {
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
          expect(neighbor).not.toBe(parent)
          expect(gap).toBeGreaterThanOrEqual(0)
          expect(gap).toBeLessThan(1)
          expect(rowOf(X, position)).toEqual(
            rowOf(sample.X, parent).map((from, f) => from + gap * (to[f]! - from)),
          )
          expect([sample.yTrue[parent], sample.yTrue[neighbor]]).toEqual([
            yTrue[position],
            yTrue[position],
          ])
          expect(weights?.[position]).toBe(sample.weights?.[parent])
        }
      }),
    )
  })

  it('has exactly the counts that the plan announces', () => {
    fc.assert(
      fc.property(set, ratio, (sample, target) => {
        const result = run(at(target), sample)
        const [negatives, positives] = [countOf(sample.yTrue, 0), countOf(sample.yTrue, 1)]
        const wanted = resampledCounts(at(target), negatives, positives)
        expect(result.countsBefore).toEqual({ negatives, positives })
        expect(result.countsAfter).toEqual(wanted)
        expect(countOf(result.yTrue, 0)).toBe(wanted.negatives)
        expect(countOf(result.yTrue, 1)).toBe(wanted.positives)
        expect(result.X.nSamples).toBe(result.yTrue.length)
        expect(result.X.values).toHaveLength(result.yTrue.length * nFeatures)
      }),
    )
  })

  it('gives the same result for the same stream, and for most sets another for another', () => {
    fc.assert(
      fc.property(set, ratio, fc.nat(100), (sample, target, seed) => {
        expect(run(at(target), sample, seed)).toEqual(run(at(target), sample, seed))
      }),
      { numRuns: 30 },
    )
    const sample = fc.sample(setWith(fc.constant(12)), { numRuns: 20, seed: 1 }).at(-1)!
    const large = { ...sample, ...doubledMajority(sample) }
    expect(run(at(1), large, 1)).not.toEqual(run(at(1), large, 2))
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
    if (least > 1) {
      const tooFew = fc.sample(setWith(fc.constant(least - 1)), { numRuns: 1, seed: 2 })[0]!
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
