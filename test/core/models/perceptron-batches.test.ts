import { describe, expect, it } from 'vitest'
import { createStream } from '#shared/core/math/random.ts'
import { balancedBatches, stratifiedBatches } from '#shared/core/models/perceptron-batches.ts'
import type { Batches } from '#shared/core/models/perceptron-batches.ts'

const positives = Int32Array.from({ length: 13 }, (_, i) => i)
const negatives = Int32Array.from({ length: 214 }, (_, i) => 100 + i)
const isPositive = (sample: number): boolean => sample < 100

function passOf(batches: Batches): number[][] {
  const out = new Int32Array(batches.longest)
  batches.next()
  return Array.from({ length: batches.count }, (_, b) => [...out.subarray(0, batches.fill(b, out))])
}

describe('stratified batches', () => {
  const stream = createStream(1, 'batches')
  const batches = stratifiedBatches(negatives, positives, 50, stream)

  it('meet every sample once, with the same share of positives', () => {
    const pass = passOf(batches)
    expect(pass.flat().sort((a, b) => a - b)).toEqual([...positives, ...negatives])
    for (const batch of pass) {
      expect(batch.length).toBeLessThanOrEqual(50)
      expect(batch.length).toBeGreaterThanOrEqual(44)
      expect([2, 3]).toContain(batch.filter(isPositive).length)
    }
  })

  it('differ from pass to pass', () => {
    expect(passOf(batches)).not.toEqual(passOf(batches))
  })

  it('may be one, or single samples', () => {
    expect(passOf(stratifiedBatches(negatives, positives, 1000, stream))).toHaveLength(1)
    const single = passOf(stratifiedBatches(negatives, positives, 1, stream))
    expect(single.flat().sort((a, b) => a - b)).toEqual([...positives, ...negatives])
  })
})

describe('balanced batches', () => {
  it('hold as many positives as negatives, and come round to every sample', () => {
    const pass = passOf(balancedBatches(negatives, positives, 40, createStream(2, 'batches')))
    expect(pass).toHaveLength(6)
    for (const batch of pass) {
      expect(batch).toHaveLength(40)
      expect(batch.filter(isPositive)).toHaveLength(20)
    }
    const times = new Map<number, number>()
    for (const sample of pass.flat()) times.set(sample, (times.get(sample) ?? 0) + 1)
    // 120 positives of 13: each 9 or 10 times; 120 negatives of 214: each once at most.
    for (const sample of positives) expect([9, 10]).toContain(times.get(sample))
    for (const sample of negatives) expect(times.get(sample) ?? 0).toBeLessThanOrEqual(1)
  })
})
