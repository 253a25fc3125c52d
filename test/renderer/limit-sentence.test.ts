import { expect, it } from 'vitest'
import { noLimits } from '#shared/core/frame/limits.ts'
import { limitSentence } from '../../src-renderer/views/frame/limit-sentence.ts'

it.each([
  [{}, ''],
  [{ capacity: 60 }, ''],
  [{ minutesPerAlert: 6 }, 'The hours are missing: minutes alone limit nothing.'],
  [
    { capacity: 60, minutesPerAlert: 6 },
    '60 alerts at 6 min take 6 h a day. The hours are missing: only alerts are limited.',
  ],
  [{ minutesPerAlert: 6, reviewHoursPerDay: 8 }, '8 h at 6 min are 80 alerts a day.'],
  [{ minutesPerAlert: 7, reviewHoursPerDay: 8 }, '8 h at 7 min are 68.6 alerts a day.'],
  [
    { minutesPerAlert: 6, reviewHoursPerDay: 8, capacity: 60 },
    '8 h at 6 min are 80 alerts a day; your limit of 60 alerts binds.',
  ],
  [
    { minutesPerAlert: 6, reviewHoursPerDay: 8, capacity: 120 },
    '8 h at 6 min are 80 alerts a day; they bind before your limit of 120 alerts.',
  ],
  [
    { minutesPerAlert: 6, reviewHoursPerDay: 8, capacity: 80 },
    '8 h at 6 min are 80 alerts a day, the same as your limit of 80 alerts.',
  ],
])('%j', (stated, sentence) => {
  expect(limitSentence({ ...noLimits, ...stated })).toBe(sentence)
})
