import { describe, expect, it } from 'vitest'
import { judgeSampling, samplingCards } from '#shared/core/plan/sampling-cards.ts'
import type { SamplingFacts } from '#shared/core/plan/sampling-cards.ts'
import { defaultSamplings, samplingKinds } from '#shared/core/plan/sampling-kinds.ts'
import type { SamplerKind } from '#shared/core/plan/sampling-kinds.ts'

const kinds = Object.keys(samplingKinds) as SamplerKind[]
const facts: SamplingFacts = {
  positives: 500,
  negatives: 20_000,
  numericColumns: 10,
  categoricalColumns: 0,
}

describe('samplingCards', () => {
  it.each(kinds)('say what %s is for in whole sentences', (kind) => {
    const { title, when, whenNot, needs, risks } = samplingCards[kind]
    expect(samplingCards[kind].kind).toBe(kind)
    expect(title).toBe(samplingKinds[kind].title)
    for (const text of [when, whenNot, needs, risks]) expect(text).toMatch(/^[A-Z].*\.$/)
  })
})

describe('judgeSampling', () => {
  it.each(kinds)('gives a reason for or against %s', (kind) => {
    for (const positives of [1, 3, 100, 500, 20_000]) {
      const { because } = judgeSampling(defaultSamplings[kind], { ...facts, positives })
      expect(because.length).toBeGreaterThan(0)
      for (const text of because) expect(text).not.toMatch(/NaN|undefined|Infinity|^[A-Z].*\.$/)
    }
  })

  it('refuses what cannot run', () => {
    expect(judgeSampling(defaultSamplings.smote, { ...facts, positives: 4 })).toEqual({
      verdict: 'unfit',
      because: ['it needs 6 samples of the rarer class and there are 4'],
    })
    expect(judgeSampling(defaultSamplings.smote_n, facts).verdict).toBe('unfit')
    expect(judgeSampling(defaultSamplings.smote_nc, { ...facts, numericColumns: 0 }).verdict).toBe(
      'unfit',
    )
  })

  it('doubts what loses or invents', () => {
    const verdictOf = (kind: SamplerKind, change: Partial<SamplingFacts>): string =>
      judgeSampling(defaultSamplings[kind], { ...facts, ...change }).verdict
    expect(verdictOf('smote', {})).toBe('fits')
    expect(verdictOf('smote', { categoricalColumns: 2 })).toBe('doubtful')
    expect(verdictOf('smote_nc', { categoricalColumns: 2 })).toBe('fits')
    expect(verdictOf('random_under', { positives: 50 })).toBe('doubtful')
    expect(verdictOf('random_over', { positives: 15_000 })).toBe('doubtful')
    expect(verdictOf('edited_nearest_neighbors', { commitment: 'precision' })).toBe('doubtful')
    expect(verdictOf('edited_nearest_neighbors', { negatives: 2_000_000 })).toBe('doubtful')
    expect(verdictOf('tomek_links', { negatives: 2_000_000 })).toBe('fits')
  })
})
