import { describe, expect, it } from 'vitest'
import { biasCorrectedBest } from '#shared/core/decision/bias-corrected-best.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream, type RandomStream } from '#shared/core/math/random.ts'

const shared = { weights: null, groups: null, level: 0.95, checkpoint: noCheckpoint }
const meanOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
const coinCosts = (nSamples: number, chance: number, stream: RandomStream): Float64Array =>
  Float64Array.from({ length: nSamples }, () => (stream.uniform() < chance ? 1 : 0))

/** The procedure as the paper words it: draw rows, choose on them, pay on the others. */
function plainVersion(
  costs: readonly Float64Array[],
  weights: Float64Array,
  groups: readonly number[],
  draws: number,
  stream: RandomStream,
): { meanCost: number; sorted: number[] } {
  const names = [...new Set(groups)]
  const rowsOf = names.map((name) => [...groups.keys()].filter((row) => groups[row] === name))
  const outcomes: number[] = []
  for (let draw = 0; draw < draws; draw++) {
    const units = names.map(() => stream.below(names.length))
    const chosenOn = units.flatMap((unit) => rowsOf[unit]!)
    const paidOn = names.flatMap((_, unit) => (units.includes(unit) ? [] : rowsOf[unit]!))
    if (paidOn.length === 0) continue
    const cost = (k: number, rows: number[]): number =>
      rows.reduce((sum, row) => sum + weights[row]! * costs[k]![row]!, 0) /
      rows.reduce((sum, row) => sum + weights[row]!, 0)
    const totals = costs.map((_, k) => cost(k, chosenOn))
    outcomes.push(cost(totals.indexOf(Math.min(...totals)), paidOn))
  }
  return { meanCost: meanOf(outcomes), sorted: outcomes.sort((a, b) => a - b) }
}

describe('biasCorrectedBest', () => {
  it('is right about the best of 12 equally good competitors, which looks 10 % too cheap', () => {
    const chance = 0.1
    const naive: number[] = []
    const corrected: number[] = []
    for (let repeat = 0; repeat < 60; repeat++) {
      const stream = createStream(7, 'simulation', repeat)
      const costs = Array.from({ length: 12 }, () => coinCosts(2000, chance, stream))
      naive.push(Math.min(...costs.map(meanOf)))
      corrected.push(biasCorrectedBest({ ...shared, costs, draws: 60, stream })!.meanCost)
    }
    // The mean of 60 repeats is off by about 0.0067 / √60 = 0.0009 at most.
    expect(meanOf(naive)).toBeLessThan(0.092)
    expect(Math.abs(meanOf(corrected) - chance)).toBeLessThan(0.0027)
  })

  it.each([
    ['samples', Array.from({ length: 40 }, (_, i) => i)],
    [
      'groups of one to four samples',
      Array.from({ length: 40 }, (_, i) => Math.floor(Math.sqrt(6 * i))),
    ],
  ])('agrees with drawing rows one by one: %s', (_, groups) => {
    const stream = createStream(3, 'plain')
    const costs = [0.3, 0.35, 0.4].map((chance) => coinCosts(40, chance, stream))
    costs[2] = costs[2]!.map((cost) => 1.5 * cost)
    const weights = Float64Array.from(groups, (_, i) => 1 + (i % 3))
    const draws = 6000
    const plain = plainVersion(costs, weights, groups, draws, stream)
    const isGrouped = new Set(groups).size < 40
    const got = biasCorrectedBest({
      ...shared,
      costs,
      weights,
      groups: isGrouped ? Int32Array.from(groups) : null,
      draws,
      stream,
    })!
    const spread =
      plain.sorted[Math.floor(0.975 * draws)]! - plain.sorted[Math.floor(0.025 * draws)]!
    expect(Math.abs(got.meanCost - plain.meanCost)).toBeLessThan(0.02 * spread)
    expect(Math.abs(got.interval.lower - plain.sorted[Math.floor(0.025 * draws)]!)).toBeLessThan(
      0.06 * spread,
    )
    expect(Math.abs(got.interval.upper - plain.sorted[Math.floor(0.975 * draws)]!)).toBeLessThan(
      0.06 * spread,
    )
  })

  it('draws samples with a negative group number alone', () => {
    const stream = createStream(1, 'costs')
    const costs = [coinCosts(50, 0.2, stream), coinCosts(50, 0.3, stream)]
    const of = (groups: Int32Array | null): number =>
      biasCorrectedBest({ ...shared, costs, groups, draws: 50, stream: createStream(2, 'draws') })!
        .meanCost
    expect(of(new Int32Array(50).fill(-1))).toBe(of(null))
  })

  it('is the plain cost where the choice cannot matter', () => {
    const costs = [new Float64Array(30).fill(4), new Float64Array(30).fill(4)]
    const got = biasCorrectedBest({ ...shared, costs, draws: 20, stream: createStream(1, 'x') })!
    expect(got.meanCost).toBe(4)
    expect(got.interval).toMatchObject({ lower: 4, upper: 4, level: 0.95 })
  })

  it('is null where nothing is ever left out', () => {
    const stream = createStream(1, 'x')
    expect(
      biasCorrectedBest({ ...shared, costs: [Float64Array.of(3)], draws: 20, stream }),
    ).toBeNull()
    const oneGroup = new Int32Array(5)
    expect(
      biasCorrectedBest({
        ...shared,
        costs: [new Float64Array(5)],
        groups: oneGroup,
        draws: 20,
        stream,
      }),
    ).toBeNull()
  })

  it('can be cancelled between draws, and refuses an empty task', () => {
    const stream = createStream(1, 'x')
    const costs = [new Float64Array(10)]
    const cancel = (fraction: number): void => {
      if (fraction > 0.4) throw new Error('cancelled')
    }
    expect(() =>
      biasCorrectedBest({ ...shared, costs, draws: 10, stream, checkpoint: cancel }),
    ).toThrow('cancelled')
    expect(() => biasCorrectedBest({ ...shared, costs: [], draws: 10, stream })).toThrow(RangeError)
    expect(() => biasCorrectedBest({ ...shared, costs, draws: 0, stream })).toThrow(/draws/)
  })
})
