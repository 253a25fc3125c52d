import { describe, expect, it } from 'vitest'
import { defaultLosses, defaultModels, defaultWeightings } from '#shared/core/plan/default-plan.ts'
import { defaultSamplings } from '#shared/core/plan/sampling-kinds.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import { modelName, treatmentText } from '#shared/core/plan/configuration-text.ts'
import { settingsOf } from '../../../src-renderer/views/compare/configuration-text.ts'

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
  it('says the whole treatment, whatever it is of', () => {
    const { gradient_boosting, two_stage, easy_ensemble } = defaultModels
    const focal = { ...gradient_boosting, loss: defaultLosses.focal }
    const said = (more: Partial<Configuration>): string => treatmentText({ ...plain, ...more })
    expect(said({ model: focal, weighting: { kind: 'custom', negative: 1, positive: 9 } })).toBe(
      'focal loss, class weights 1\u00a0:\u00a09',
    )
    expect(said({ model: { ...two_stage, filter: focal } })).toBe('focal loss')
    expect(said({ model: easy_ensemble })).toBe('balanced draws')
    expect(said({ weighting: { kind: 'column', column: 'days' } })).toBe('weights from days')
    expect(said({ rules: [{ when: 'a > 1', then: 'alert' }] })).toBe('1 rule')
    // Nothing that is a treatment goes unsaid.
    const every = [
      ...Object.values(defaultSamplings).map((sampling) => ({ sampling })),
      ...Object.values(defaultWeightings)
        .filter(({ kind }) => kind !== 'none')
        .map((weighting) => ({ weighting })),
      ...Object.values(defaultLosses)
        .filter(({ kind }) => kind !== 'log_loss')
        .map((loss) => ({ model: { ...gradient_boosting, loss } })),
    ]
    const texts = every.map(said)
    expect(new Set(texts).size).toBe(texts.length)
    expect(texts).not.toContain('untreated')
  })

  it.each<[string, Partial<Configuration>]>([
    ['untreated', {}],
    ['recalibrated', { calibration: { correction: true, calibrator: 'auto' } }],
    ['class weights', { weighting: { kind: 'balanced' } }],
    [
      'SMOTE to 1\u00a0:\u00a03',
      { sampling: { kind: 'smote', targetImbalanceRatio: 3, neighbors: 5 } },
    ],
    [
      'under-sampled to 1\u00a0:\u00a03',
      { sampling: { kind: 'random_under', targetImbalanceRatio: 3 } },
    ],
  ])('says %s', (text, more) => {
    expect(treatmentText({ ...plain, ...more })).toBe(text)
  })

  it('names the model and everything that is set of it, each once', () => {
    expect(modelName(plain.model)).toBe('Boosted trees')
    const settings = settingsOf(plain)
    const labels = settings.map(({ label }) => label)
    expect(labels.slice(0, 3)).toEqual(['Model', 'Sampling', 'Weights'])
    expect(labels).toContain('Min child weight')
    expect(new Set(labels).size).toBe(labels.length)
    expect(settings.find(({ label }) => label === 'Learning rate')?.text).toBe('0.1')
  })
})
