import { describe, expect, it } from 'vitest'
import { proposeClassNames } from '../../../src-renderer/views/data/class-names.ts'

describe('names of the classes', () => {
  it('are the values where these are words', () => {
    expect(proposeClassNames('Class', 'bad', ['good'])).toEqual({
      positive: 'Bad',
      negative: 'Good',
    })
    expect(proposeClassNames('type', 'fraud', ['card', 'cash'])).toEqual({
      positive: 'Fraud',
      negative: 'Not fraud',
    })
  })

  it('come from the target where the values are an answer', () => {
    expect(proposeClassNames('stroke', '1', ['0'])).toEqual({
      positive: 'Stroke',
      negative: 'No stroke',
    })
    expect(proposeClassNames('is_fraud', 'yes', ['no']).positive).toBe('Fraud')
    expect(proposeClassNames('HIV', '1', ['0']).negative).toBe('No HIV')
  })

  it('are plain where nothing says more', () => {
    for (const target of ['Class', 'y', 'label', '', 'is_']) {
      expect(proposeClassNames(target, '1', ['0'])).toEqual({
        positive: 'Positive',
        negative: 'Negative',
      })
    }
  })

  it('keep to what the draft holds', () => {
    const { positive, negative } = proposeClassNames('x', '😀'.repeat(100), ['é'.repeat(300)])
    for (const name of [positive, negative]) {
      expect(name.length).toBeLessThanOrEqual(60)
      expect(name.isWellFormed()).toBe(true)
    }
  })
})
