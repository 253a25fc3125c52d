import { describe, expect, it } from 'vitest'
import type { Configuration } from '#shared/core/plan/plan.ts'
import {
  modelText,
  settingsOf,
  treatmentText,
} from '../../../src-renderer/views/compare/configuration-text.ts'

const plain: Configuration = {
  name: 'gbdt',
  model: {
    ...{ kind: 'gradient_boosting', iterations: 100, maxDepth: 4, learningRate: 0.1 },
    ...{ lambda: 1, minChildWeight: 1, bins: 256 },
  },
  sampling: { kind: 'none' },
  weighting: { kind: 'none' },
  calibration: { correction: false, calibrator: 'none' },
}

describe('a configuration in words', () => {
  it.each<[string, Partial<Configuration>]>([
    ['untreated', {}],
    ['recalibrated', { calibration: { correction: true, calibrator: 'auto' } }],
    ['class weights', { weighting: { kind: 'balanced' } }],
    ['SMOTE to 1 : 3', { sampling: { kind: 'smote', targetImbalanceRatio: 3, neighbors: 5 } }],
    ['under-sampled to 1 : 3', { sampling: { kind: 'random_under', targetImbalanceRatio: 3 } }],
  ])('says %s', (text, more) => {
    expect(treatmentText({ ...plain, ...more })).toBe(text)
  })

  it('names the model and everything that is set of it, each once', () => {
    expect(modelText(plain)).toBe('Boosted trees')
    const settings = settingsOf(plain)
    const labels = settings.map(({ label }) => label)
    expect(labels.slice(0, 3)).toEqual(['Model', 'Sampling', 'Weights'])
    expect(labels).toContain('Min child weight')
    expect(new Set(labels).size).toBe(labels.length)
    expect(settings.find(({ label }) => label === 'Learning rate')?.text).toBe('0.1')
  })
})
