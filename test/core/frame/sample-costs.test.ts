import { describe, expect, it } from 'vitest'
import type { Dataset } from '#shared/core/dataset/dataset.ts'
import type { Frame } from '#shared/core/frame/frame.ts'
import {
  assumedCosts,
  checkFrame,
  FrameError,
  prevalenceWeights,
  resolveCosts,
} from '#shared/core/frame/sample-costs.ts'

const frame: Frame = {
  costs: { truePositive: 5, falsePositive: 5, trueNegative: 0, falseNegative: 200 },
  costsAssumed: false,
  casesPerDay: 1000,
  capacity: 120,
  prevalence: null,
  minutesPerAlert: null,
  reviewHoursPerDay: null,
  commitments: [],
  currency: null,
}
const withMissCost = (column: string): Frame => ({
  ...frame,
  costs: { ...frame.costs, falseNegative: { column } },
})
const dataset: Dataset = {
  nRows: 4,
  columns: [
    { kind: 'numeric', name: 'amount', values: Float64Array.of(10, 20, NaN, Infinity) },
    { kind: 'categorical', name: 'city', codes: Int32Array.of(0, -1, 0, 0), levels: ['Bonn'] },
  ],
}

describe('resolveCosts', () => {
  it('keeps constant costs as numbers', () => {
    const costs = resolveCosts(frame, dataset, Int32Array.of(0, 1))
    expect(costs).toEqual({ ...frame.costs, constant: true })
  })

  it('reads a column in the order of the samples, and only their rows', () => {
    const costs = resolveCosts(withMissCost('amount'), dataset, Int32Array.of(1, 0, 1))
    expect(costs.falseNegative).toEqual(Float64Array.of(20, 10, 20))
    expect(costs.constant).toBe(false)
  })

  it.each([
    ['amount', 2, /"amount".*falseNegative.*has no value in row 3/],
    ['amount', 3, /"amount".*falseNegative.*is Infinity in row 4/],
    ['city', 0, /"city", which holds text.*row 1 has "Bonn"/],
    ['fee', 0, /falseNegative.*"fee".*no such column/],
  ])('refuses column %s at row %d in words', (column, row, message) => {
    const read = (): unknown => resolveCosts(withMissCost(column), dataset, Int32Array.of(0, row))
    expect(read).toThrow(FrameError)
    expect(read).toThrow(message)
  })

  it('refuses a cost that is not finite', () => {
    const broken = { ...frame, costs: { ...frame.costs, truePositive: NaN } }
    expect(() => resolveCosts(broken, dataset, Int32Array.of(0))).toThrow(/truePositive.*NaN/)
  })
})

describe('prevalenceWeights', () => {
  const yTrue = Uint8Array.of(1, 0, 0, 0)

  it('gives the data the prevalence in use and keeps the sum of the weights', () => {
    const weights = prevalenceWeights(yTrue, null, 0.1)!
    expect(weights[0]).toBeCloseTo(0.4, 12)
    expect(weights[1]).toBeCloseTo(1.2, 12)
    expect(weights.reduce((a, b) => a + b)).toBeCloseTo(4, 12)
  })

  it('starts from the weighted prevalence where samples have weights', () => {
    const weights = prevalenceWeights(yTrue, Float64Array.of(3, 1, 2, 0), 0.2)!
    const total = weights.reduce((a, b) => a + b)
    expect(weights[0]! / total).toBeCloseTo(0.2, 12)
    expect(weights[2]! / weights[1]!).toBeCloseTo(2, 12)
    expect(weights[3]).toBe(0)
  })

  it('hands the sample weights back when the prevalence is that of the data', () => {
    const own = Float64Array.of(1, 2, 3, 4)
    expect(prevalenceWeights(yTrue, own, null)).toBe(own)
    expect(prevalenceWeights(yTrue, null, null)).toBeNull()
  })

  it('refuses what cannot be reweighted', () => {
    expect(() => prevalenceWeights(yTrue, null, 1)).toThrow(/\(0, 1\), got 1/)
    expect(() => prevalenceWeights(Uint8Array.of(0, 0), null, 0.1)).toThrow(/both classes/)
    expect(() => prevalenceWeights(yTrue, Float64Array.of(1, 0, 0, 0), 0.1)).toThrow(/both classes/)
  })
})

describe('checkFrame', () => {
  const facts = { prevalence: 0.02, columns: dataset.columns }
  const check = (changes: Partial<Frame>): readonly string[] =>
    checkFrame({ ...frame, ...changes }, facts)
  const costs = (changes: Partial<Frame['costs']>): Partial<Frame> => ({
    costs: { ...frame.costs, ...changes },
  })

  it('has nothing to say about a sound frame', () => {
    expect(check({})).toEqual([])
    expect(checkFrame(withMissCost('amount'), facts)).toEqual([])
    expect(check({ minutesPerAlert: 6 })).toEqual([])
    expect(check({ minutesPerAlert: 6, reviewHoursPerDay: 30 })).toEqual([])
    expect(check({ capacity: 0, commitments: [{ measure: 'recall', atLeast: 1 }] })).toEqual([])
  })

  it.each<[string, Partial<Frame>, RegExp]>([
    ['NaN cost', costs({ falseNegative: NaN }), /falseNegative must be a finite cost, got NaN/],
    ['infinite cost', costs({ falsePositive: Infinity }), /falsePositive.*got Infinity/],
    [
      'free false alarm',
      costs({ falsePositive: 0 }),
      /falsePositive \(0\).*trueNegative \(0\).*alert is never worse/,
    ],
    [
      'free miss',
      costs({ falseNegative: 5 }),
      /falseNegative \(5\).*truePositive \(5\).*no alert is never worse/,
    ],
    ['unknown column', costs({ falseNegative: { column: 'fee' } }), /"fee".*no such column/],
    ['text column', costs({ falseNegative: { column: 'city' } }), /"city".*text/],
    ['capacity without cases', { casesPerDay: null }, /120 alerts per day.*casesPerDay/],
    ['negative capacity', { capacity: -1 }, /capacity.*got -1/],
    ['no cases', { casesPerDay: 0 }, /casesPerDay.*got 0/],
    ['prevalence 0', { prevalence: 0 }, /prevalence in use.*got 0/],
    ['prevalence NaN', { prevalence: NaN }, /prevalence in use.*got NaN/],
    [
      'commitment 0',
      { commitments: [{ measure: 'recall', atLeast: 0 }] },
      /recall.*\(0, 1\], got 0/,
    ],
    ['no minutes', { minutesPerAlert: 0 }, /minutes.*above 0, got 0/],
    [
      'no hours',
      { minutesPerAlert: 6, reviewHoursPerDay: 0 },
      /review hours.*above 0, got 0\. Leave them out/,
    ],
    [
      'hours without end',
      { minutesPerAlert: 6, reviewHoursPerDay: Infinity },
      /review hours.*finite number above 0, got Infinity/,
    ],
    ['hours without minutes', { reviewHoursPerDay: 8 }, /8 review hours.*state minutesPerAlert/],
    [
      'hours without cases',
      { casesPerDay: null, capacity: null, minutesPerAlert: 6, reviewHoursPerDay: 8 },
      /8 review hours.*state casesPerDay/,
    ],
    [
      'a measure twice',
      {
        commitments: [
          { measure: 'recall', atLeast: 0.5 },
          { measure: 'recall', atLeast: 0.8 },
        ],
      },
      /committed to once, got recall, recall/,
    ],
    [
      'commitment above 1',
      { commitments: [{ measure: 'precision', atLeast: 85 }] },
      /precision.*got 85/,
    ],
  ])('names one problem: %s', (_, changes, message) => {
    const problems = check(changes)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(message)
  })

  it('asks for both classes', () => {
    expect(checkFrame(frame, { ...facts, prevalence: 0 })).toHaveLength(1)
  })
})

it('assumes costs under which flagging all costs as much as flagging none', () => {
  const prevalence = 0.03
  const costs = assumedCosts(prevalence)
  expect(prevalence * costs.falseNegative).toBe((1 - prevalence) * costs.falsePositive)
  expect(costs.falseNegative / costs.falsePositive).toBeCloseTo(97 / 3, 12)
  expect(() => assumedCosts(1)).toThrow(RangeError)
})
