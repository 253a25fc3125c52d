import { describe, expect, it } from 'vitest'
import { createStream } from '#shared/core/math/random.ts'
import { normalQuantile } from '#shared/core/math/normal.ts'
import { studentQuantile } from '#shared/core/math/student-t.ts'
import { meanInterval } from '#shared/core/metrics/mean-interval.ts'

const stream = createStream(3, 'mean interval')
const normal = (): number => normalQuantile((stream.uint32() + 0.5) / 2 ** 32)
const rareAmounts = (n: number, share: number): Float64Array =>
  Float64Array.from({ length: n }, () => (stream.uniform() < share ? Math.exp(normal()) : 0))

/** Of how many of the samples an interval holds the truth. */
function coverage(rounds: number, truth: number, draw: () => Float64Array): number {
  let covered = 0
  for (let round = 0; round < rounds; round++) {
    const { lower, upper } = meanInterval(draw(), null, null, 0.95)!
    if (lower <= truth && truth <= upper) covered++
  }
  return covered / rounds
}

describe('meanInterval', () => {
  it('is that of Student where nothing is skewed', () => {
    const values = Float64Array.of(-3, -1, 0, 1, 3)
    const { lower, upper } = meanInterval(values, null, null, 0.95)!
    const reach = studentQuantile(0.975, 4) * Math.sqrt(5 / 5) // variance 20 / 4, of five
    expect(lower).toBeCloseTo(Math.max(-3, -reach), 12)
    expect(upper).toBeCloseTo(Math.min(3, reach), 12)
  })

  it('undoes the transformation of Hall', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => (i % 50 === 0 ? 10 : 0))
    const { lower, upper } = meanInterval(values, null, null, 0.9)!
    const mean = 0.2
    const deviations = Array.from(values, (value) => value - mean)
    const sumOf = (power: number): number => deviations.reduce((sum, d) => sum + d ** power, 0)
    const error = Math.sqrt(sumOf(2) / 999 / 1000)
    const skewness = sumOf(3) / sumOf(2) ** 1.5
    const q = studentQuantile(0.95, 999)
    for (const [limit, want] of [
      [lower, q],
      [upper, -q],
    ] as const) {
      const t = (mean - limit) / error
      expect(t + (skewness * t * t) / 3 + (skewness ** 2 * t ** 3) / 27 + skewness / 6).toBeCloseTo(
        want,
        9,
      )
    }
    expect(upper - mean).toBeGreaterThan(mean - lower)
  })

  it('holds the mean of rare amounts where a symmetric interval lies too low', () => {
    // Mean √e; 20 amounts expected among 400.
    expect(coverage(400, 0.05 * Math.exp(0.5), () => rareAmounts(400, 0.05))).toBeGreaterThan(0.91)
  })

  it('holds a mean difference of few and many events', () => {
    const differences = (n: number, share: number) => (): Float64Array =>
      Float64Array.from({ length: n }, () => {
        const u = stream.uniform()
        return u < share ? 1 : u < 2 * share ? -1 : 0
      })
    for (const draw of [differences(500, 0.03), differences(500, 0.2)]) {
      const held = coverage(400, 0, draw)
      expect(held).toBeGreaterThan(0.915)
      expect(held).toBeLessThan(0.985)
    }
  })

  it('moves and stretches with its values, and turns with their sign', () => {
    const values = rareAmounts(300, 0.1)
    const { lower, upper } = meanInterval(values, null, null, 0.95)!
    const scaled = meanInterval(
      values.map((value) => 1e120 * value),
      null,
      null,
      0.95,
    )!
    expect(scaled.lower / 1e120).toBeCloseTo(lower, 12)
    expect(scaled.upper / 1e120).toBeCloseTo(upper, 12)
    const turned = meanInterval(
      values.map((value) => -value),
      null,
      null,
      0.95,
    )!
    expect(turned.lower).toBeCloseTo(-upper, 12)
    expect(turned.upper).toBeCloseTo(-lower, 12)
  })

  it('weighs: a common weight says nothing, a weight of 0 leaves out', () => {
    const values = rareAmounts(200, 0.2)
    const alone = meanInterval(values, null, null, 0.95)!
    const common = meanInterval(values, new Float64Array(200).fill(7), null, 0.95)!
    expect(common.lower).toBeCloseTo(alone.lower, 12)
    expect(common.upper).toBeCloseTo(alone.upper, 12)
    const longer = Float64Array.from({ length: 300 }, (_, i) => values[i] ?? 99)
    const weights = Float64Array.from(longer, (_, i) => (i < 200 ? 1 : 0))
    const masked = meanInterval(longer, weights, null, 0.95)!
    expect(masked.lower).toBeCloseTo(alone.lower, 12)
    expect(masked.upper).toBeCloseTo(alone.upper, 12)
  })

  it('takes a group for one: copies that came together say nothing more', () => {
    const values = rareAmounts(150, 0.2)
    const alone = meanInterval(values, null, null, 0.95)!
    const copies = Float64Array.from({ length: 450 }, (_, i) => values[Math.floor(i / 3)]!)
    const groups = Int32Array.from(copies, (_, i) => Math.floor(i / 3))
    const grouped = meanInterval(copies, null, groups, 0.95)!
    expect(grouped.lower).toBeCloseTo(alone.lower, 12)
    expect(grouped.upper).toBeCloseTo(alone.upper, 12)
    expect(grouped.method).toBe('of groups, corrected for skewness')
    expect(meanInterval(values, null, new Int32Array(150).fill(-1), 0.95)).toMatchObject({
      lower: alone.lower,
      upper: alone.upper,
    })
  })

  it('stays among its values, and is a point where they are equal', () => {
    const one = Float64Array.from({ length: 100 }, (_, i) => (i === 0 ? 50 : 0))
    const { lower, upper } = meanInterval(one, null, null, 0.95)!
    expect(lower).toBe(0)
    expect(upper).toBeGreaterThan(0.5)
    expect(upper).toBeLessThanOrEqual(50)
    expect(meanInterval(Float64Array.of(3, 3), null, null, 0.95)).toMatchObject({
      lower: 3,
      upper: 3,
    })
  })

  it('is null with less than two units, and refuses what does not belong together', () => {
    const two = Float64Array.of(1, 2)
    expect(meanInterval(new Float64Array(0), null, null, 0.95)).toBeNull()
    expect(meanInterval(Float64Array.of(3), null, null, 0.95)).toBeNull()
    expect(meanInterval(two, Float64Array.of(0, 0), null, 0.95)).toBeNull()
    expect(meanInterval(two, Float64Array.of(1, 0), null, 0.95)).toBeNull()
    expect(meanInterval(two, null, Int32Array.of(4, 4), 0.95)).toBeNull()
    expect(() => meanInterval(two, Float64Array.of(1), null, 0.95)).toThrow('got 1 for 2')
    expect(() => meanInterval(two, null, Int32Array.of(1), 0.95)).toThrow('groups must have')
    expect(() => meanInterval(two, null, null, 1)).toThrow('level must lie in (0, 1), got 1')
  })
})
