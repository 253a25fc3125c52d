import { describe, expect, it } from 'vitest'
import { treatmentText } from '#shared/core/plan/configuration-text.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import { secondsFor } from '../../../src-renderer/views/strategies/earlier-runs.ts'
import {
  modelSettings,
  settingProblem,
  treatmentSettings,
} from '../../../src-renderer/views/strategies/hyperparameters.ts'
import type { NumberSetting } from '../../../src-renderer/views/strategies/hyperparameters.ts'
import {
  allOffered,
  closedBecause,
  configurationOf,
  contentKey,
  duplicated,
  firstConfigurations,
  isPlain,
  nameProblem,
  remedyOf,
  toggled,
  without,
  withPlain,
} from '../../../src-renderer/views/strategies/ladder.ts'
import { models, remedies, untreated } from '../../../src-renderer/views/strategies/remedies.ts'
import { calibrationText } from '../../../src-renderer/views/strategies/words.ts'

const remedy = (id: string): (typeof remedies)[number] => remedies.find((one) => one.id === id)!
const names = (list: readonly Configuration[]): string[] => list.map(({ name }) => name)

describe('remedies', () => {
  it('are recognised in what they make, and each makes something else', () => {
    for (const one of remedies) {
      for (const { kind } of models) {
        const made = configurationOf(one, kind)
        if (made === null) expect(closedBecause(one, kind)).toMatch(/\.$/)
        else expect(remedyOf(made)).toBe(one)
      }
    }
    const offered = allOffered()
    expect(new Set(offered.map(contentKey)).size).toBe(offered.length)
    expect(new Set(names(offered)).size).toBe(offered.length)
  })

  it('say what they do with the counts of the data, and without', () => {
    const classes = { positive: 'fraud', negative: 'sound' }
    const sizes = { positives: 100, negatives: 10_000 }
    const said = remedies.map(
      ({ does, risks }) => does({ ...classes, sizes }) + risks({ ...classes, sizes }),
    )
    expect(said[1]).toContain('each fraud case 100 times')
    expect(said[3]).toContain('Throws away 9,700 sound cases a fold.')
    expect(said[4]).toContain('Makes up 3,233 fraud cases a fold')
    // The rarer class is not always the positive one.
    const turned = { positives: 10_000, negatives: 100 }
    expect(remedy('smote').does({ ...classes, sizes: turned })).toContain('sound')
    for (const { does, risks } of remedies) {
      expect(does({ ...classes, sizes: null }) + risks({ ...classes, sizes: null })).not.toMatch(
        /NaN|null|undefined/,
      )
    }
  })
})

describe('the list of configurations', () => {
  it('starts untreated', () => {
    expect(firstConfigurations().every(isPlain)).toBe(true)
  })

  it('takes in what a treatment has to beat', () => {
    const list = toggled([], remedy('focal'), 'multilayer_perceptron')
    expect(names(list)).toEqual(['mlp', 'mlp_focal'])
    expect(list.map(isPlain)).toEqual([true, false])
    const smote = configurationOf(remedy('smote'), 'gradient_boosting')!
    expect(names(withPlain([smote]))).toEqual(['gbdt', 'gbdt_smote'])
  })

  it('is the same again when a choice is taken back', () => {
    const before = firstConfigurations()
    const smote = remedy('smote')
    const once = toggled(before, smote, 'gradient_boosting')
    expect(toggled(once, smote, 'gradient_boosting')).toEqual(before)
    expect(toggled(before, remedy('focal'), 'logistic_regression')).toBe(before)
  })

  it('loses the treatments of a model with the last of its plain forms', () => {
    const list = toggled(firstConfigurations(), remedy('weights'), 'gradient_boosting')
    expect(names(toggled(list, untreated, 'gradient_boosting'))).toEqual(['lr'])
    expect(names(without(list, 'gbdt'))).toEqual(['lr'])
    expect(names(without(list, 'gbdt_balanced'))).toEqual(['lr', 'gbdt'])
    const two = duplicated(list, 'gbdt')
    expect(names(two)).toEqual(['lr', 'gbdt', 'gbdt_2', 'gbdt_balanced'])
    expect(names(without(two, 'gbdt'))).toEqual(['lr', 'gbdt_2', 'gbdt_balanced'])
    expect(names(duplicated(two, 'gbdt_2'))[3]).toBe('gbdt_3')
  })

  it('refuses names that a plan refuses', () => {
    const others = firstConfigurations()
    expect(nameProblem('gbdt', others)).toBe('Another configuration has this name.')
    for (const name of ['', 'two words', 'a/b', 'x'.repeat(61)]) {
      expect(nameProblem(name, others)).toMatch(/^Use 1 to 60/)
    }
    expect(nameProblem('übung_2.1-b', others)).toBeNull()
  })
})

describe('hyperparameters', () => {
  it('are usual in what is offered, and change one thing', () => {
    for (const configuration of allOffered()) {
      const settings = [...treatmentSettings(configuration), ...modelSettings(configuration)]
      expect(new Set(settings.map(({ label }) => label)).size).toBe(settings.length)
      for (const setting of settings) {
        if ('options' in setting) {
          expect(setting.options.map(({ value }) => value)).toContain(setting.value)
          continue
        }
        expect(setting.value, setting.label).toBe(setting.usual)
        expect(settingProblem(setting, setting.value), setting.label).toBeNull()
        expect(contentKey(setting.change(setting.value)), setting.label).toBe(
          contentKey(configuration),
        )
        const other = setting.value === setting.max ? setting.min : setting.max
        expect(contentKey(setting.change(other)), setting.label).not.toBe(contentKey(configuration))
      }
    }
  })

  it('have their ranges in words', () => {
    const settings = modelSettings(configurationOf(untreated, 'gradient_boosting')!)
    const of = (label: string): NumberSetting =>
      settings.find((one): one is NumberSetting => one.label === label && !('options' in one))!
    expect(settingProblem(of('Depth'), 99)).toBe('From 1 to 16.')
    expect(settingProblem(of('Depth'), 2.5)).toBe('A whole number.')
    expect(settingProblem(of('Depth'), null)).toBe('Needs a number.')
    expect(settingProblem(of('Depth'), NaN)).toBe('Needs a number.')
    expect(settingProblem(of('Learning rate'), 0)).toBe('Above 0, at most 1.')
    expect(settingProblem(of('L2 penalty on leaves'), -1)).toBe('At least 0.')
  })
})

it('a configuration in words', () => {
  const weighted = configurationOf(remedy('weights'), 'logistic_regression')!
  const under = configurationOf(remedy('under'), 'logistic_regression')!
  expect(treatmentText(configurationOf(untreated, 'gradient_boosting')!)).toBe('untreated')
  expect(treatmentText({ ...weighted, sampling: under.sampling })).toBe(
    'under-sampled to 1\u00a0:\u00a03, class weights',
  )
  expect(calibrationText({ correction: true, calibrator: 'auto' })).toBe('odds shift + calibrator')
  expect(calibrationText({ correction: false, calibrator: 'none' })).toBe('as trained')
})

it('time is guessed from folds of the same model, those of the same remedy first', () => {
  const run = (
    configuration: Configuration,
    foldSeconds: readonly (number | null)[],
  ): { configuration: Configuration; foldSeconds: readonly (number | null)[] } => ({
    configuration,
    foldSeconds,
  })
  const [lr, gbdt] = firstConfigurations()
  const smote = configurationOf(remedy('smote'), 'gradient_boosting')!
  const project = {
    versionId: 1,
    experiments: [
      { versionId: 1, runs: [run(gbdt!, [2, 2, null]), run(smote, [8, null])] },
      { versionId: 2, runs: [run(lr!, [1])] },
    ],
  } as unknown as Parameters<typeof secondsFor>[1]
  expect(secondsFor([{ configuration: smote, folds: 3 }], project, 2)).toBe(12)
  const weighted = configurationOf(remedy('weights'), 'gradient_boosting')!
  expect(secondsFor([{ configuration: weighted, folds: 2 }], project, 1)).toBe(8)
  expect(secondsFor([{ configuration: lr!, folds: 5 }], project, 1)).toBeNull()
  expect(secondsFor([{ configuration: lr!, folds: 0 }], project, 1)).toBe(0)
})
