import { expect, it } from 'vitest'
import { blockSum } from '#shared/core/math/sum.ts'

it('sums the asked range, block by block', () => {
  const values = Float64Array.from({ length: 5000 }, (_, i) => i)
  expect(blockSum(values)).toBe((4999 * 5000) / 2)
  expect(blockSum(values, 10, 20)).toBe(145)
  expect(blockSum(values, 7, 7)).toBe(0)
})

it('loses less to rounding than a running sum', () => {
  const values = new Float64Array(1_000_000).fill(0.1)
  const running = values.reduce((sum, value) => sum + value, 0)
  expect(Math.abs(blockSum(values) - 100_000)).toBeLessThan(Math.abs(running - 100_000) / 50)
})
