import { expect, it } from 'vitest'
import { wilsonInterval } from '#shared/core/metrics/wilson.ts'

it('agrees with the worked examples of Newcombe (1998), table I, score method', () => {
  const rounded = (successes: number, trials: number): number[] => {
    const { lower, upper } = wilsonInterval(successes, trials, 0.95)!
    return [Number(lower.toFixed(4)), Number(upper.toFixed(4))]
  }
  expect(rounded(81, 263)).toEqual([0.2553, 0.3662])
  expect(rounded(15, 148)).toEqual([0.0624, 0.1605])
  expect(rounded(0, 20)).toEqual([0, 0.1611])
  expect(rounded(1, 29)).toEqual([0.0061, 0.1718])
})

it('mirrors, stays inside [0, 1] and has nothing to say without trials', () => {
  const few = wilsonInterval(2, 17, 0.9)!
  const many = wilsonInterval(15, 17, 0.9)!
  expect(many.lower).toBeCloseTo(1 - few.upper, 14)
  expect(wilsonInterval(20, 20, 0.95)!.upper).toBe(1)
  expect(wilsonInterval(0, 0, 0.95)).toBeNull()
  expect(() => wilsonInterval(3, 2, 0.95)).toThrow('got 3 of 2')
  expect(() => wilsonInterval(1, 2, 1)).toThrow('level must lie in (0, 1), got 1')
})
