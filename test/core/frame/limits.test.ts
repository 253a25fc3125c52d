import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alertLimit,
  alertLimitLabel,
  alertLimitText,
  commitmentsText,
  committedRate,
  maxAlertShare,
  noLimits,
  withCommitment,
} from '#shared/core/frame/limits.ts'

const hours = { minutesPerAlert: 6, reviewHoursPerDay: 8 }

describe('alertLimit', () => {
  it.each([
    ['nothing stated', {}, null],
    ['alerts alone', { capacity: 60 }, { perDay: 60, setBy: 'alerts' }],
    ['hours alone', hours, { perDay: 80, setBy: 'review hours' }],
    ['alerts that bind', { ...hours, capacity: 60 }, { perDay: 60, setBy: 'alerts' }],
    ['hours that bind', { ...hours, capacity: 120 }, { perDay: 80, setBy: 'review hours' }],
    ['both the same', { ...hours, capacity: 80 }, { perDay: 80, setBy: 'alerts' }],
    ['no alert allowed', { ...hours, capacity: 0 }, { perDay: 0, setBy: 'alerts' }],
    ['minutes without hours', { minutesPerAlert: 6 }, null],
  ])('of %s', (_, stated, expected) => {
    expect(alertLimit({ ...noLimits, ...stated })).toEqual(expected)
  })

  it('keeps to both limits and leaves no room under both', () => {
    const stated = fc.record({
      capacity: fc.integer({ min: 0, max: 500 }),
      minutesPerAlert: fc.integer({ min: 1, max: 90 }),
      reviewHoursPerDay: fc.integer({ min: 1, max: 40 }),
    })
    fc.assert(
      fc.property(stated, (limits) => {
        const { perDay } = alertLimit(limits)!
        const takes = (perDay * limits.minutesPerAlert) / 60
        expect(perDay).toBeLessThanOrEqual(limits.capacity)
        expect(takes).toBeLessThanOrEqual(limits.reviewHoursPerDay * (1 + 1e-12))
        expect(perDay === limits.capacity || takes >= limits.reviewHoursPerDay * (1 - 1e-12)).toBe(
          true,
        )
      }),
    )
  })
})

describe('maxAlertShare', () => {
  it('is a share of the cases, at most all of them', () => {
    const limits = { ...noLimits, ...hours, casesPerDay: 1000 }
    expect(maxAlertShare(limits)).toBeCloseTo(0.08, 12)
    expect(maxAlertShare({ ...limits, casesPerDay: 50 })).toBe(1)
    expect(maxAlertShare({ ...limits, casesPerDay: null })).toBeNull()
    expect(maxAlertShare(noLimits)).toBeNull()
  })
})

describe('what limits are called', () => {
  it('says what binds wherever hours are stated', () => {
    const text = (stated: object): string | null => alertLimitText({ ...noLimits, ...stated })
    expect(text({})).toBeNull()
    expect(text({ capacity: 60 })).toBe('60 alerts a day')
    expect(text({ capacity: 60, minutesPerAlert: 6 })).toBe('60 alerts a day')
    expect(text(hours)).toBe('80 alerts a day (8 h of review at 6 min each)')
    expect(text({ ...hours, capacity: 60 })).toBe(
      '60 alerts a day (within 8 h of review at 6 min each)',
    )
    expect(text({ ...hours, capacity: 120 })).toBe(
      '80 alerts a day (8 h of review at 6 min each, less than the 120 alerts allowed)',
    )
  })

  it('is short where there is room for a label alone', () => {
    const label = (stated: object): string | null => alertLimitLabel({ ...noLimits, ...stated })
    expect(label({})).toBeNull()
    expect(label({ ...hours, capacity: 60 })).toBe('60 a day')
    expect(label({ ...hours, capacity: 120 })).toBe('80 a day, 8\u00a0h')
  })

  it('names every commitment', () => {
    expect(commitmentsText([])).toBeNull()
    expect(
      commitmentsText([
        { measure: 'recall', atLeast: 0.8 },
        { measure: 'precision', atLeast: 0.5 },
      ]),
    ).toBe('recall ≥ 0.8 and precision ≥ 0.5')
  })
})

describe('withCommitment', () => {
  it('holds at most one of each measure, recall first, in whatever order they come', () => {
    const step = fc.record({
      measure: fc.constantFrom('recall' as const, 'precision' as const),
      atLeast: fc.option(fc.constantFrom(0.2, 0.5, 1)),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        let commitments: ReturnType<typeof withCommitment> = []
        const last = new Map<string, number | null>()
        for (const { measure, atLeast } of steps) {
          commitments = withCommitment(commitments, measure, atLeast)
          last.set(measure, atLeast)
        }
        for (const measure of ['recall', 'precision'] as const) {
          expect(committedRate(commitments, measure)).toBe(last.get(measure) ?? null)
        }
        expect(commitments.map(({ measure }) => measure)).toEqual(
          ['recall', 'precision'].filter((one) => (last.get(one) ?? null) !== null),
        )
      }),
    )
  })
})
