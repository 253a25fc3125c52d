import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keepSmallest } from '#shared/core/losses/select-by-margin.ts'

const sample = fc.record({
  margin: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })),
  weight: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: 0, max: 5, noNaN: true })),
})
const share = fc.double({ min: 0.01, max: 1, noNaN: true })

function factorsOf(list: readonly { margin: number; weight: number }[], share: number) {
  const out = new Float64Array(list.length)
  const margins = Float64Array.from(list, ({ margin }) => margin)
  keepSmallest(
    margins,
    Float64Array.from(list, ({ weight }) => weight),
    share,
    out,
  )
  return out
}

it('keeps the share, of the smallest margins, ties alike', () => {
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 60 }), share, (list, part) => {
      const factors = factorsOf(list, part)
      const total = list.reduce((sum, { weight }) => sum + weight, 0)
      const kept = list.reduce((sum, { weight }, i) => sum + weight * factors[i]!, 0)
      expect(Math.abs(kept - part * total)).toBeLessThanOrEqual(1e-9 * (1 + total))
      list.forEach((a, i) => {
        list.forEach((b, j) => {
          if (a.weight === 0 || b.weight === 0) return
          if (a.margin < b.margin) expect(factors[i]).toBeGreaterThanOrEqual(factors[j]!)
          if (a.margin === b.margin) expect(factors[i]).toBe(factors[j])
          // Only those at the cut count in part.
          if (a.margin < b.margin && factors[j]! > 0) expect(factors[i]).toBe(1)
        })
      })
    }),
    { numRuns: 500 },
  )
})

it('takes a weight for as many repetitions, in any order', () => {
  const whole = fc.record({ margin: fc.integer({ min: -4, max: 4 }), weight: fc.nat(3) })
  fc.assert(
    fc.property(fc.array(whole, { minLength: 1, maxLength: 30 }), share, (list, part) => {
      fc.pre(list.some(({ weight }) => weight > 0))
      const repeated = list.flatMap((one) =>
        new Array<typeof one>(one.weight).fill({ ...one, weight: 1 }),
      )
      const factors = factorsOf(list, part)
      const ofRepeated = factorsOf(repeated, part)
      list.forEach(({ margin, weight }, i) => {
        if (weight === 0) return
        const same = repeated.findIndex((other) => other.margin === margin)
        expect(ofRepeated[same]).toBeCloseTo(factors[i]!, 9)
      })
      const turned = factorsOf([...list].reverse(), part).reverse()
      factors.forEach((factor, i) => {
        if (list[i]!.weight > 0) expect(turned[i]).toBeCloseTo(factor, 9)
      })
    }),
  )
})

it('keeps all where nothing weighs anything', () => {
  expect(factorsOf([{ margin: 1, weight: 0 }], 0.5)).toEqual(Float64Array.of(1))
})
