import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { findLabelIssues } from '#shared/core/label-quality/label-issues.ts'
import type { LabelIssueMethod } from '#shared/core/label-quality/label-issues.ts'

const methods: readonly LabelIssueMethod[] = [
  'prune_by_class',
  'prune_by_noise_rate',
  'both',
  'confident_learning',
  'predicted_other',
]

const samples = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.double({ min: 0, max: 1, noNaN: true })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((pairs) => ({
    given: Uint8Array.from(pairs, ([label]) => label),
    probabilities: Float64Array.from(pairs, ([, p]) => p),
  }))

describe('findLabelIssues', () => {
  it('finds the two flips of a clear table', () => {
    const given = Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1)
    const probabilities = Float64Array.of(0.1, 0.95, 0.05, 0.1, 0.9, 0.9, 0.02, 0.95)
    for (const method of methods) {
      expect([...findLabelIssues(given, probabilities, method)], method).toEqual([6, 1])
    }
  })

  it('names only samples whose given class is the less probable, most doubtful first', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(...methods), ({ given, probabilities }, method) => {
        const confidence = Array.from(findLabelIssues(given, probabilities, method), (i) =>
          given[i] === 1 ? probabilities[i]! : 1 - probabilities[i]!,
        )
        expect(confidence.every((p) => p < 0.5)).toBe(true)
        expect(confidence).toEqual(confidence.toSorted((a, b) => a - b))
      }),
    )
  })

  it('names no more when a smaller share is asked for, and nothing for none', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (table, noiseShare) => {
        const { given, probabilities } = table
        const all = new Set(findLabelIssues(given, probabilities, 'prune_by_noise_rate'))
        const some = findLabelIssues(given, probabilities, 'prune_by_noise_rate', { noiseShare })
        expect(some.every((i) => all.has(i))).toBe(true)
      }),
    )
    const given = Uint8Array.of(0, 0, 1, 1)
    const none = { noiseShare: 0 }
    expect(
      findLabelIssues(given, Float64Array.of(0.9, 0, 1, 0), 'prune_by_noise_rate', none),
    ).toHaveLength(0)
  })

  it('refuses options out of range', () => {
    const call = (options: object) => () =>
      findLabelIssues(Uint8Array.of(0), Float64Array.of(0), 'both', options)
    expect(call({ noiseShare: 1.1 })).toThrow('noiseShare')
    expect(call({ leastPerClass: 0 })).toThrow('leastPerClass')
  })
})
