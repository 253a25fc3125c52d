import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ComparedRun, Estimate, RunComparison } from '#shared/contract/decision.ts'
import { toCsv } from '../../../src-renderer/format/csv.ts'
import {
  comparisonTable,
  differenceOf,
  equivalenceOf,
  figuresOf,
  forestScale,
  placeOn,
  rangeOf,
  sentenceParts,
  settingRows,
  splitSentence,
  unitsOf,
} from '../../../src-renderer/views/compare/figures.ts'

function estimate(value: number | null, lower?: number, upper?: number): Estimate {
  const interval =
    lower === undefined || upper === undefined
      ? null
      : ({ lower, upper, level: 0.95 } as unknown as Estimate['interval'])
  return { value, interval, reason: value === null ? 'no alerts' : null }
}

function compared(name: string, cost: number, difference: Estimate | null): ComparedRun {
  return {
    run: { experimentId: 1, name },
    untreated: true,
    ...{ threshold: 0.25, feasible: true, shortfall: null, difference },
    costPer1000: estimate(cost, cost - 10, cost + 10),
    recall: estimate(cost / 1000, 0, 1),
    precision: estimate(null),
    alertsPer1000: estimate(2.5),
    averagePrecision: estimate(0.5),
    rocAuc: estimate(0.9),
    brier: estimate(0.01),
    calibrationSlope: estimate(1.1),
    verdict: difference === null ? 'champion' : 'cheaper',
    curves: { cost: [], precisionRecall: [] },
    reliability: [],
  } as unknown as ComparedRun
}

const comparison = {
  runs: [compared('lr', 500, null), compared('gbdt', 400, estimate(-100, -150, -50))],
  casesPerDay: 2000,
} as unknown as RunComparison
const frame = { costs: {}, currency: '€' } as unknown as Parameters<typeof unitsOf>[1]
const units = unitsOf(comparison, frame)

describe('the figures of compared runs', () => {
  const [cost, recall, precision, alerts] = figuresOf(units)
  const [champion, other] = comparison.runs as [ComparedRun, ComparedRun]

  it('are of a month where the cases of a day are known', () => {
    expect(cost!.label).toBe('Cost a month')
    expect(cost!.format(500 * cost!.factor)).toBe('€30.0k')
    expect(alerts!.label).toBe('Alerts a day')
    expect(alerts!.format(2.5 * alerts!.factor)).toBe('5')
  })

  it('are of 1,000 cases, in bare numbers, where nothing is known', () => {
    const open = unitsOf({ ...comparison, casesPerDay: null }, { ...frame!, costs: null })
    expect(open).toMatchObject({ currency: null, span: { factor: 1, unit: 'per 1,000 cases' } })
    expect(figuresOf(open)[3]!.label).toBe('Alerts per 1,000')
  })

  it('differ from the champion by points and amounts, or by nothing that can be said', () => {
    expect(recall!.formatDifference(differenceOf(recall!, other, champion)!)).toBe('−10.0\u202fpp')
    expect(differenceOf(precision!, other, champion)).toBeNull()
    expect(alerts!.formatDifference(0)).toBe('0')
    expect(alerts!.formatDifference(-12)).toBe('−12')
  })
})

describe('the scale of the forest plot', () => {
  it('has zero and all ends on it, and round ticks', () => {
    const scale = forestScale([null, estimate(-100, -150, -50)], 60)
    expect(scale.ticks).toEqual([-10_000, -5000, 0])
    expect(scale.min).toBeLessThan(-9000)
    expect(scale.max).toBeGreaterThan(0)
  })

  it('always has few ticks, zero among them, and places within it', () => {
    const end = fc.double({ min: -1e9, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(end, end, end)),
        fc.double({ min: 0.01, max: 1e4 }),
        (ends, factor) => {
          const differences = ends.map(([value, a, b]) =>
            estimate(value, Math.min(a, b), Math.max(a, b)),
          )
          const scale = forestScale(differences, factor)
          expect(scale.ticks).toContain(0)
          expect(scale.ticks.length).toBeLessThanOrEqual(5)
          for (const { interval } of differences) {
            expect(interval!.lower * factor).toBeGreaterThanOrEqual(scale.min)
            expect(interval!.upper * factor).toBeLessThanOrEqual(scale.max)
          }
        },
      ),
    )
  })

  it('keeps what lies beyond at its edge', () => {
    expect(placeOn({ min: 0, max: 4 }, 1)).toBe('25.00%')
    expect(placeOn({ min: 0, max: 4 }, -9)).toBe('0.00%')
    expect(placeOn({ min: 0, max: 4 }, 9)).toBe('100.00%')
    expect(placeOn({ min: 2, max: 2 }, 2)).toBe('0.00%')
  })

  it('of a figure without values is any', () => {
    expect(rangeOf([estimate(null)])).toEqual({ min: 0, max: 1 })
    const { min, max } = rangeOf([estimate(5)])
    expect(min).toBeLessThan(5)
    expect(max).toBeGreaterThan(5)
  })
})

describe('the opening sentence', () => {
  it('is told from what it says of runs that miss a limit', () => {
    const limits = "gbdt can't keep every constraint: 3 alerts too many."
    expect(splitSentence(`lr is cheapest. ${limits}`, ['lr', 'gbdt'])).toEqual({
      main: 'lr is cheapest.',
      limits,
    })
    expect(splitSentence('lr is cheapest.', ['lr'])).toEqual({
      main: 'lr is cheapest.',
      limits: '',
    })
  })

  it('has its claim and its intervals set apart, and nothing is lost', () => {
    const sentence = 'gbdt is cheaper by €54k [€9k, €104k] a month: €67.5k against €121k.'
    const parts = sentenceParts(sentence)
    expect(parts.map(({ text }) => text).join('')).toBe(sentence)
    expect(parts.map(({ kind }) => kind)).toEqual(['lead', 'interval', 'lead', 'rest'])
  })

  it('says on what costs before it claims', () => {
    const [lead] = sentenceParts('On assumed costs: lr is cheaper. More.')
    expect(lead).toEqual({ text: 'On assumed costs: lr is cheaper', kind: 'lead' })
  })
})

describe('settings side by side', () => {
  it('start with those in which runs differ', () => {
    const set = (model: string, depth: string | null, seed: string) => [
      { label: 'Seed', text: seed },
      { label: 'Model', text: model },
      ...(depth === null ? [] : [{ label: 'Depth', text: depth }]),
    ]
    const rows = settingRows([set('trees', '4', '1'), set('logistic', null, '1')])
    expect(rows).toEqual([
      { label: 'Model', cells: ['trees', 'logistic'], isEqual: false },
      { label: 'Seed', cells: ['1', '1'], isEqual: true },
      { label: 'Depth', cells: ['4', '–'], isEqual: true },
    ])
  })
})

describe('the table as a file', () => {
  it('has every estimate unrounded with its ends, in the units that are shown', () => {
    const csv = toCsv(comparisonTable(comparison, units, ['lr', 'gbdt, as trained']))
    const [head, first, second] = csv.replace('\ufeff', '').trimEnd().split('\r\n')
    expect(head).toContain('Run,Verdict,Threshold,Shortfall,Cost a month,"Cost a month, lower"')
    expect(first).toMatch(/^lr,champion,0\.25,,30000,29400,30600,0\.5,0,1,,,,5,,/)
    expect(second).toMatch(/^"gbdt, as trained",cheaper,.*,-6000,-9000,-3000$/)
  })
})

describe('equivalence', () => {
  const interval = (lower: number, upper: number, level: number) => ({
    lower,
    upper,
    level,
    method: 'made up',
  })
  const run = (value: number, half: number) => ({
    difference: { value, interval: interval(value - half, value + half, 0.95), reason: null },
    difference90: interval(value - 0.84 * half, value + 0.84 * half, 0.9),
  })

  it('is in the zone, outside of it, or open with the cases that would tell', () => {
    expect(equivalenceOf(run(0.5, 1), 1000, 2)?.text).toBe('equal in practice')
    expect(equivalenceOf(run(-5, 1), 1000, 2)?.text).toBe('better by more than chance')
    expect(equivalenceOf(run(5, 1), 1000, 2)?.text).toBe('worse by more than chance')
    expect(equivalenceOf(run(1, 3), 1000, 2)?.text).toMatch(
      /^undecided; about [\d,]+ cases decide$/,
    )
    expect(equivalenceOf({ difference: null, difference90: null }, 1000, 2)).toBeNull()
  })
})
