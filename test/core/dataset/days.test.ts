import { describe, expect, it } from 'vitest'
import { daysOf } from '#shared/core/dataset/days.ts'
import type { CategoricalColumn } from '#shared/core/dataset/dataset.ts'

const texts = (...levels: string[]): CategoricalColumn => ({
  kind: 'categorical',
  name: 'when',
  codes: Int32Array.from(levels, (_, i) => i),
  levels,
})
const read = (...levels: string[]): readonly number[] => {
  const result = daysOf(texts(...levels), 'day')
  if (!('days' in result)) throw new Error(`row ${result.notATime} has no time`)
  return [...result.days]
}

describe('daysOf', () => {
  it('agrees with the calendar of the engine', () => {
    const dates = [
      ...['1970-01-01', '2000-02-29', '1999-12-31', '2026-11-21', '1600-03-01', '2400-02-29'],
      ...['2025-03-01T00:18:20Z', '2025-03-01T23:59:59.5Z', '2025-03-01T05:30+05:30'],
    ]
    read(...dates).forEach((days, i) => {
      expect(days, dates[i]).toBeCloseTo(Date.parse(dates[i]!) / 86_400_000, 9)
    })
  })

  it('reads a time without an offset as UTC, with a blank or a T', () => {
    expect(read('2025-03-01 06:00', '2025-03-01T06:00')).toEqual(
      [0.25, 0.25].map((part) => Date.UTC(2025, 2, 1) / 86_400_000 + part),
    )
  })

  it('takes numbers by their unit', () => {
    const column = { kind: 'numeric' as const, name: 't', values: Float64Array.of(0, 86_400) }
    expect(daysOf(column, 'second')).toEqual({ days: Float64Array.of(0, 1) })
    expect(daysOf(column, 'day')).toEqual({ days: Float64Array.of(0, 86_400) })
  })

  it.each(['yesterday', '2025-02-30', '2025-13-01', '01.03.2025', '2025-03-01T25:00', ''])(
    'says which row has no time: %j',
    (text) => {
      expect(daysOf(texts('2025-03-01', text), 'day')).toEqual({ notATime: 1 })
    },
  )

  it('says which row misses one', () => {
    const column = { ...texts('2025-03-01'), codes: Int32Array.of(0, -1) }
    expect(daysOf(column, 'day')).toEqual({ notATime: 1 })
    const numbers = { kind: 'numeric' as const, name: 't', values: Float64Array.of(1, NaN) }
    expect(daysOf(numbers, 'hour')).toEqual({ notATime: 1 })
  })
})
