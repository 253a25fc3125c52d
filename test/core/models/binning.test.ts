import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainBoostingKernels as kernels } from '#shared/core/kernels/boosting.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import type { Matrix } from '#shared/core/math/matrix.ts'
import { binFeatures } from '#shared/core/models/binning.ts'
import { matrixOf, takeFeatures, upTo } from './make-samples.ts'

const hostile = fc.oneof(
  fc.constantFrom(NaN, 0, -0, Infinity, -Infinity, 1e300, 1, 1 + 1e-12, 5e-324),
  fc.integer({ min: -3, max: 3 }),
  fc.double(),
)

/** Bins together with the columns that hold them. */
function bin(X: Matrix, weights: Float64Array | null, maxBins: number) {
  const memory = kernels.open(X.nSamples)
  if (weights === null) memory.weights.fill(1)
  else memory.weights.set(weights)
  const binned = binFeatures(X, maxBins, memory, kernels, noCheckpoint)
  return { ...binned, nSamples: X.nSamples, columns: memory.columns }
}

/** Bin of each sample in a feature that has a column of its own or shares one; null = missing. */
function binsOf(binned: ReturnType<typeof bin>, feature: number): (number | null)[] {
  const column = binned.columnOf[feature]!
  const bins = binned.nBins[feature]!
  if (column < 0) return new Array<number>(binned.nSamples).fill(0)
  return Array.from(binned.columns[column]!, (code) => {
    const above = code - binned.firstCode[feature]! + 1
    if (above === bins && binned.hasMissing[feature] === 1) return null
    return above >= 1 && above < bins ? above : 0
  })
}

describe('bins of hostile values', () => {
  it('agree with the cuts: a bin is ≤ k exactly when its value is ≤ cuts[k]', () => {
    fc.assert(
      fc.property(
        fc.array(hostile, { minLength: 1, maxLength: 60 }),
        fc.constantFrom(2, 3, 5, 256),
        (values, maxBins) => {
          const X = matrixOf(values.map((value) => [value]))
          const binned = bin(X, null, maxBins)
          const cuts = binned.cuts[0]!
          const some = values.some((value) => !Number.isNaN(value))
          expect(binned.nBins[0]).toBeLessThan(maxBins)
          if (!some || binned.columnOf[0]! < 0) return
          binsOf(binned, 0).forEach((got, i) => {
            const x = Math.fround(values[i]!)
            if (Number.isNaN(x)) expect(got).toBeNull()
            else cuts.forEach((cut, k) => expect(got! <= k).toBe(x <= cut))
          })
        },
      ),
    )
  })

  it('hold every distinct value apart while there are enough of them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }), (values) => {
        const binned = bin(matrixOf(values.map((x) => [x])), null, 256)
        expect(binned.nBins[0]).toBe(new Set(values).size)
      }),
    )
  })
})

it('cuts a continuous feature into bins of nearly equal counts', () => {
  const X = matrixOf(upTo(10_000).map((i) => [Math.sqrt((i * 7919) % 10_000)]))
  const binned = bin(X, null, 11)
  const counts = new Array<number>(10).fill(0)
  for (const k of binsOf(binned, 0)) counts[k!]!++
  expect(counts).toEqual(new Array<number>(10).fill(1000))
})

it('spends no bins on a value that half of the samples share', () => {
  const X = matrixOf(upTo(2000).map((i) => [i % 2 === 0 ? 0 : i]))
  expect(bin(X, null, 11).nBins[0]).toBe(10)
})

it('sees a weight of 3 as the sample three times and 0 as none', () => {
  const values = upTo(500).map((i) => (i * 7919) % 1000)
  const weights = upTo(500).map((i) => i % 4)
  const weighted = bin(matrixOf(values.map((x) => [x])), Float64Array.from(weights), 16)
  const repeated = bin(
    matrixOf(values.flatMap((x, i) => new Array<number[]>(weights[i]!).fill([x]))),
    null,
    16,
  )
  expect(weighted.cuts[0]).toEqual(repeated.cuts[0])
})

describe('columns', () => {
  const letters = upTo(60).map((i) => (i * 13) % 7)
  const oneHot = matrixOf(letters.map((letter) => upTo(7).map((k) => (k === letter ? 1 : 0))))

  it('hold the 0/1 features of one categorical column together', () => {
    const binned = bin(oneHot, null, 256)
    expect(binned.columns).toHaveLength(1)
    for (const k of upTo(7)) {
      expect(binsOf(binned, k)).toEqual(letters.map((letter) => (k === letter ? 1 : 0)))
    }
  })

  it('hold features apart that are up together', () => {
    const binned = bin(takeFeatures(oneHot, [0, 1, 1, 2]), null, 256)
    expect([...binned.columnOf]).toEqual([0, 0, 1, 1])
  })

  it('leave out what is constant or never there', () => {
    const X = matrixOf(upTo(9).map((i) => [4, NaN, i, i === 3 ? NaN : 4]))
    const binned = bin(X, null, 256)
    expect([...binned.columnOf]).toEqual([-1, -1, 0, 1])
    expect([...binned.hasMissing]).toEqual([0, 1, 0, 1])
  })

  it('fit into a byte', () => {
    const wide = matrixOf(upTo(700).map((i) => upTo(350).map((k) => (2 * k === i ? 1 : 0))))
    const binned = bin(wide, null, 256)
    expect(binned.nCodes).toEqual([256, 96])
    expect(binsOf(binned, 300).indexOf(1)).toBe(600)
  })
})
