import { describe, expect, it } from 'vitest'
import { rateInterval } from '#shared/core/metrics/rate-interval.ts'
import { wilsonInterval } from '#shared/core/metrics/wilson.ts'

const of = Uint8Array.from({ length: 100 }, (_, i) => (i % 5 === 0 ? 1 : 0))
const among = Uint8Array.from({ length: 100 }, (_, i) => (i < 50 ? 1 : 0))
const ask = (changes: Partial<Parameters<typeof rateInterval>[0]>) =>
  rateInterval({
    of,
    among,
    weights: null,
    groups: null,
    level: 0.95,
    ...changes,
  })

describe('rateInterval', () => {
  it('is that of Wilson where counts say it all', () => {
    expect(ask({})).toEqual(wilsonInterval(10, 50, 0.95))
    expect(ask({ among: null })).toEqual(wilsonInterval(20, 100, 0.95))
    // A weight that all have in common says nothing more.
    expect(ask({ weights: new Float64Array(100).fill(2.5) })).toEqual(wilsonInterval(10, 50, 0.95))
  })

  it('is that of a mean where cases weigh differently or come in groups', () => {
    const weights = Float64Array.from(of, (y, i) => 1 + 3 * y + (i % 2))
    const weighted = ask({ weights })!
    expect(weighted.method).toMatch(/^of cases/)
    let [part, whole] = [0, 0]
    for (let i = 0; i < 50; i++) {
      whole += weights[i]!
      part += weights[i]! * of[i]!
    }
    expect(weighted.lower).toBeLessThan(part / whole)
    expect(weighted.upper).toBeGreaterThan(part / whole)
    const groups = Int32Array.from(of, (_, i) => Math.floor(i / 10))
    expect(ask({ groups })?.method).toMatch(/^of groups/)
  })

  it('takes parts of samples, where there is room for a part only', () => {
    const parts = Float64Array.from(of, () => 0.5)
    expect(ask({ among: parts })).toEqual(wilsonInterval(10, 50, 0.95))
  })

  it('has none of nothing', () => {
    expect(ask({ among: new Uint8Array(100) })).toBeNull()
  })
})
