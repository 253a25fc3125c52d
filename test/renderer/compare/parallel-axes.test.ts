import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ComparedRun, Estimate } from '#shared/contract/decision.ts'
import { unitsOf } from '../../../src-renderer/views/compare/figures.ts'
import {
  goodnessAt,
  lineAt,
  litRuns,
  parallelAxes,
  piecesOf,
  placeOf,
  steppedRange,
  stopsOf,
} from '../../../src-renderer/views/compare/parallel-axes.ts'
import type { ParallelAxis, Point } from '../../../src-renderer/views/compare/parallel-axes.ts'

type Values = Partial<Record<(typeof ids)[number], number | null>>

const ids = [
  'costPer1000',
  'recall',
  'precision',
  'averagePrecision',
  'rocAuc',
  'brier',
  'calibrationSlope',
] as const

function estimate(value: number | null, room: number | null): Estimate {
  const interval =
    value === null || room === null
      ? null
      : ({ lower: value - room, upper: value + room } as unknown as Estimate['interval'])
  return { value, interval, reason: value === null ? 'no case got an alert' : null }
}

/** A run; what is not given is 0.5. */
function run(values: Values, room: number | null = null): ComparedRun {
  return {
    alertsPer1000: estimate(3, null),
    ...Object.fromEntries(
      ids.map((id) => [id, estimate(values[id] === undefined ? 0.5 : values[id], room)]),
    ),
  } as unknown as ComparedRun
}

const frame = { costs: {}, currency: '€' } as unknown as Parameters<typeof unitsOf>[1]
const units = unitsOf({ casesPerDay: 2000 } as unknown as Parameters<typeof unitsOf>[0], frame)

function axisOf(id: (typeof ids)[number], runs: readonly ComparedRun[]): ParallelAxis {
  return parallelAxes(runs, units).find((axis) => axis.id === id)!
}

describe('parallel axes', () => {
  it('are those of the figures of which one end is better', () => {
    expect(parallelAxes([run({}), run({})], units).map(({ id }) => id)).toEqual(ids)
  })

  it('have the cheaper cost further up, in the unit of the tables', () => {
    const axis = axisOf('costPer1000', [run({ costPer1000: 500 }), run({ costPer1000: 400 })])
    expect(axis.direction).toBe('lower is better')
    expect(placeOf(axis, axis.goodness[1]!)).toBe(1)
    expect(placeOf(axis, axis.goodness[0]!)).toBe(0)
    expect(axis.texts).toEqual(['€30.0k', '€24.0k'])
    expect([axis.textOf(axis.scale.high), axis.textOf(axis.scale.low)]).toEqual([
      '€24.0k',
      '€30.0k',
    ])
  })

  it('are as wide as the intervals', () => {
    const axis = axisOf('recall', [run({ recall: 0.5 }, 0.1), run({ recall: 0.52 }, 0.1)])
    expect(axis.scale.low).toBeCloseTo(0.4, 12)
    expect(axis.scale.high).toBeCloseTo(0.62, 12)
    expect(axis.intervals[0]!.low).toBeCloseTo(0.4, 12)
    const brier = axisOf('brier', [run({ brier: 0.02 }, 0.01)])
    expect([brier.textOf(brier.intervals[0]!.low), brier.textOf(brier.intervals[0]!.high)]).toEqual(
      ['0.030', '0.010'],
    )
  })

  it('have 1 at the top of the slope, and as far below what is as far from it', () => {
    const axis = axisOf('calibrationSlope', [
      run({ calibrationSlope: 1.25 }),
      run({ calibrationSlope: 0.75 }),
      run({ calibrationSlope: 1 }),
    ])
    const places = axis.goodness.map((good) => placeOf(axis, good!))
    expect(places).toEqual([0.5, 0.5, 1])
    expect([axis.textOf(axis.scale.high), axis.textOf(axis.scale.low)]).toEqual(['1', '1 ± 0.50'])
    expect(axis.texts).toEqual(['1.25', '0.75', '1.00'])
    const far = axisOf('calibrationSlope', [run({ calibrationSlope: 3 })])
    expect(far.textOf(far.scale.low)).toBe('1 ± 2.00')
  })

  it('have a gap and its reason where a run has no value, never a zero', () => {
    const runs = [run({ precision: null }), run({ precision: 0.2 }), run({ precision: 0.4 })]
    const axis = axisOf('precision', runs)
    expect(axis.goodness).toEqual([null, 0.2, 0.4])
    expect(axis.texts[0]).toBeNull()
    expect(axis.reasons).toEqual(['no case got an alert', null, null])
    expect(axis.scale).toEqual({ low: 0.2, high: 0.4 })
  })

  it('hold any runs: equal ones, extreme ones and none with a value', () => {
    const between = (min: number, max: number) =>
      fc.option(fc.double({ min, max, noNaN: true }), { nil: null })
    const values = fc.record({
      costPer1000: between(-1e12, 1e12),
      ...Object.fromEntries(ids.slice(1, -1).map((id) => [id, between(0, 1)])),
      calibrationSlope: between(-1e6, 1e6),
    })
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 2, maxLength: 24 }),
        fc.boolean(),
        (given, areEqual) => {
          const runs = given.map((one) => run(areEqual ? given[0]! : one))
          for (const axis of parallelAxes(runs, units)) {
            const { low, high } = axis.scale
            expect(Number.isFinite(low) && Number.isFinite(high) && low < high).toBe(true)
            for (const good of axis.goodness) {
              if (good === null) continue
              const place = placeOf(axis, good)
              expect(place >= 0 && place <= 1).toBe(true)
            }
            expect(axis.textOf(low)).not.toMatch(/NaN|undefined/)
            expect(goodnessAt(axis, 1)).toBe(high)
            expect(goodnessAt(axis, 0)).toBe(low)
          }
        },
      ),
    )
  })

  it('don’t leave what is possible where all values are equal', () => {
    const axis = axisOf('recall', [run({ recall: 1 }), run({ recall: 1 })])
    expect(axis.scale).toEqual({ low: 0.94, high: 1 })
    expect(axisOf('recall', [run({ recall: 0 })]).scale).toEqual({ low: 0, high: 1 })
    expect(axisOf('precision', [run({ precision: null })]).scale).toEqual({ low: 0, high: 1 })
  })
})

describe('a range on an axis', () => {
  const runs = [
    run({ costPer1000: 500, recall: 0.5 }),
    run({ costPer1000: 400, recall: 0.7 }),
    run({ costPer1000: 450, recall: null }),
  ]
  const axes = parallelAxes(runs, units)

  it('leaves those lit that lie in every range', () => {
    const cheap = { low: -450, high: -400 }
    expect(litRuns(axes, new Map(), 3)).toEqual([true, true, true])
    expect(litRuns(axes, new Map([['costPer1000', cheap]]), 3)).toEqual([false, true, true])
    const both = new Map([
      ['costPer1000', cheap],
      ['recall', { low: 0, high: 1 }],
    ] as const)
    // A value that is not there lies in no range.
    expect(litRuns(axes, both, 3)).toEqual([false, true, false])
  })

  it('is moved by keys from run to run, and gone when all are in it', () => {
    const stops = stopsOf(axisOf('costPer1000', runs))
    expect(stops).toEqual([-500, -450, -400])
    const once = steppedRange(stops, null, 'low', 1)
    expect(once).toEqual({ low: -450, high: -400 })
    const twice = steppedRange(stops, once, 'low', 1)
    expect(twice).toEqual({ low: -400, high: -400 })
    expect(steppedRange(stops, twice, 'low', 1)).toEqual(twice)
    expect(steppedRange(stops, once, 'high', -1)).toEqual({ low: -450, high: -450 })
    expect(steppedRange(stops, twice, 'low', -Infinity)).toBeNull()
    expect(steppedRange(stops, null, 'low', Infinity)).toEqual(twice)
    expect(steppedRange([], null, 'low', 1)).toBeNull()
    expect(steppedRange([3], null, 'low', 1)).toBeNull()
  })

  it('by keys always holds a run, wherever it was before', () => {
    const number = fc.double({ min: -10, max: 10, noNaN: true })
    fc.assert(
      fc.property(
        fc.uniqueArray(number, { minLength: 1, maxLength: 24 }),
        fc.option(fc.tuple(number, number), { nil: null }),
        fc.constantFrom('low' as const, 'high' as const),
        fc.constantFrom(-Infinity, -1, 1, Infinity),
        (values, ends, end, by) => {
          const stops = values.toSorted((a, b) => a - b)
          const range = ends && { low: Math.min(...ends), high: Math.max(...ends) }
          const next = steppedRange(stops, range, end, by)
          if (next === null) return
          expect(stops.some((stop) => stop >= next.low && stop <= next.high)).toBe(true)
          expect(stops.every((stop) => stop >= next.low && stop <= next.high)).toBe(false)
        },
      ),
    )
  })
})

describe('the line under the pointer', () => {
  const level = (y: number | null): (Point | null)[] =>
    [0, 100, 200].map((x) => (y === null ? null : [x, y]))

  it('is the nearest within reach, the first of equals', () => {
    const lines = [level(10), level(50), level(50), level(null)]
    expect(lineAt(lines, [60, 14], 12)).toBe(0)
    expect(lineAt(lines, [60, 52], 12)).toBe(1)
    expect(lineAt(lines, [60, 30], 12)).toBeNull()
    expect(lineAt([], [0, 0], 12)).toBeNull()
  })

  it('is not there in a gap, but at a point between two', () => {
    const lines: (Point | null)[][] = [[[0, 10], null, [200, 10]]]
    expect(lineAt(lines, [100, 10], 12)).toBeNull()
    expect(lineAt(lines, [195, 12], 12)).toBe(0)
  })

  it('comes in pieces that leave out what is not there, and nothing else', () => {
    expect(piecesOf([1, null, 2, 3, null, null])).toEqual([
      { start: 0, items: [1] },
      { start: 2, items: [2, 3] },
    ])
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(9), { nil: null })), (line) => {
        const back: (number | null)[] = line.map(() => null)
        for (const { start, items } of piecesOf(line)) {
          items.forEach((item, i) => (back[start + i] = item))
        }
        expect(back).toEqual(line)
      }),
    )
  })
})
