import { describe, expect, it } from 'vitest'
import { rateInterval } from '#shared/core/decision/rate-interval.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { wilsonInterval } from '#shared/core/metrics/wilson.ts'

const of = Uint8Array.from({ length: 100 }, (_, i) => (i % 5 === 0 ? 1 : 0))
const among = Uint8Array.from({ length: 100 }, (_, i) => (i < 50 ? 1 : 0))
const ask = (changes: Partial<Parameters<typeof rateInterval>[0]>) =>
  rateInterval({
    of,
    among,
    weights: null,
    groups: null,
    draws: 500,
    level: 0.95,
    stream: createStream(1, 'rate'),
    checkpoint: noCheckpoint,
    ...changes,
  })

describe('rateInterval', () => {
  it('is that of Wilson where counts say it all', () => {
    expect(ask({})).toEqual(wilsonInterval(10, 50, 0.95))
    expect(ask({ among: null })).toEqual(wilsonInterval(20, 100, 0.95))
    // A weight that all have in common says nothing more.
    expect(ask({ weights: new Float64Array(100).fill(2.5) })).toEqual(wilsonInterval(10, 50, 0.95))
  })

  it('draws cases where they weigh differently or come in groups', () => {
    const weights = Float64Array.from(of, (y, i) => 1 + 3 * y + (i % 2))
    const weighted = ask({ weights })!
    expect(weighted.method).toMatch(/^case bootstrap/)
    let [part, whole] = [0, 0]
    for (let i = 0; i < 50; i++) {
      whole += weights[i]!
      part += weights[i]! * of[i]!
    }
    expect(weighted.lower).toBeLessThan(part / whole)
    expect(weighted.upper).toBeGreaterThan(part / whole)
    const groups = Int32Array.from(of, (_, i) => Math.floor(i / 10))
    expect(ask({ groups })?.method).toMatch(/^group bootstrap/)
  })

  it('has none of nothing', () => {
    expect(ask({ among: new Uint8Array(100) })).toBeNull()
  })
})
