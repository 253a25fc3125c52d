import { expect, it } from 'vitest'
import type { Frame } from '#shared/core/frame/frame.ts'
import { noLimits } from '#shared/core/frame/limits.ts'
import { frameForKey, readStoredFrame } from '#shared/core/frame/stored-frame.ts'

/** As the first version of the program wrote it, and as the last before there were several limits. */
const first = {
  costs: { truePositive: 5, falsePositive: 5, trueNegative: 0, falseNegative: 400 },
  costsAssumed: false,
  casesPerDay: 1000,
  capacity: 60,
  prevalence: null,
  commitment: { measure: 'recall', atLeast: 0.8 },
} as const
const last = { ...first, currency: '€', commitment: null }
const today: Frame = {
  ...{ costs: first.costs, costsAssumed: false, prevalence: null, currency: '€' },
  ...{ ...noLimits, casesPerDay: 1000, capacity: 60 },
}

it('reads frames of every earlier form, and its own', () => {
  expect(readStoredFrame<Frame>(first)).toEqual({
    ...today,
    currency: null,
    commitments: [first.commitment],
  })
  expect(readStoredFrame<Frame>(last)).toEqual(today)
  const whole: Frame = {
    ...today,
    minutesPerAlert: 6,
    reviewHoursPerDay: 8,
    commitments: [first.commitment, { measure: 'precision', atLeast: 0.5 }],
  }
  expect(readStoredFrame<Frame>(whole)).toEqual(whole)
})

it('knows an earlier frame by what it was known by, and tells new limits apart', () => {
  expect(frameForKey(readStoredFrame<Frame>({ ...last, commitment: first.commitment }))).toEqual({
    ...last,
    commitment: first.commitment,
  })
  expect(frameForKey(readStoredFrame<Frame>(last))).toEqual(last)
  const changed: readonly Frame[] = [
    today,
    { ...today, minutesPerAlert: 6 },
    { ...today, minutesPerAlert: 6, reviewHoursPerDay: 8 },
    { ...today, commitments: [first.commitment] },
    { ...today, commitments: [first.commitment, { measure: 'precision', atLeast: 0.5 }] },
  ]
  expect(new Set(changed.map((frame) => JSON.stringify(frameForKey(frame)))).size).toBe(5)
})
