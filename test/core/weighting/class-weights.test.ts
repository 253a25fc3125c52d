import fc from 'fast-check'
import { expect, it } from 'vitest'
import { balancedClassWeights, weightByClass } from '#shared/core/weighting/class-weights.ts'

it('gives 900 negatives and 100 positives the weights 5/9 and 5', () => {
  expect(balancedClassWeights({ negatives: 900, positives: 100 })).toEqual({
    negative: expect.closeTo(5 / 9, 15),
    positive: 5,
  })
})

it('lets both classes weigh the same, and all samples as much as before', () => {
  const count = fc.integer({ min: 1, max: 1e6 })
  fc.assert(
    fc.property(count, count, (negatives, positives) => {
      const { negative, positive } = balancedClassWeights({ negatives, positives })
      expect(negatives * negative).toBeCloseTo(positives * positive, 6)
      expect(negatives * negative + positives * positive).toBeCloseTo(negatives + positives, 6)
    }),
  )
})

it('leaves one class alone as it is', () => {
  expect(balancedClassWeights({ negatives: 7, positives: 0 })).toEqual({ negative: 1, positive: 1 })
  expect(balancedClassWeights({ negatives: 0, positives: 0 })).toEqual({ negative: 1, positive: 1 })
})

it('multiplies with the weights that samples already have', () => {
  const yTrue = Uint8Array.of(0, 1, 0)
  const classWeights = { negative: 0.5, positive: 3 }
  expect([...weightByClass(yTrue, classWeights, null)]).toEqual([0.5, 3, 0.5])
  expect([...weightByClass(yTrue, classWeights, Float64Array.of(2, 2, 0))]).toEqual([1, 6, 0])
})

it('refuses counts that are none, and weights of another length', () => {
  expect(() => balancedClassWeights({ negatives: -1, positives: 2 })).toThrow(RangeError)
  expect(() => balancedClassWeights({ negatives: 1, positives: 0.5 })).toThrow('positives must be')
  expect(() =>
    weightByClass(Uint8Array.of(0, 1), { negative: 1, positive: 1 }, Float64Array.of(1)),
  ).toThrow('sampleWeights must have one entry per sample (2), got 1')
})
