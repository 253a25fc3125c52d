import { describe, expect, it } from 'vitest'
import type { TreatmentFacts } from '#shared/contract/work.ts'
import { treatmentText } from '#shared/core/plan/configuration-text.ts'
import { familyTitles, offeredBy, remedies } from '#shared/core/plan/ladder.ts'
import type { Remedy } from '#shared/core/plan/ladder.ts'
import { defaultSearch } from '#shared/core/plan/default-ranges.ts'
import type { Configuration, ModelChoice } from '#shared/core/plan/plan.ts'
import { secondsFor } from '../../../src-renderer/views/strategies/earlier-runs.ts'
import {
  modelSettings,
  searchSettings,
  settingProblem,
  treatmentSettings,
} from '../../../src-renderer/views/strategies/hyperparameters.ts'
import type { NumberSetting } from '../../../src-renderer/views/strategies/hyperparameters.ts'
import {
  contentKey,
  duplicated,
  firstConfigurations,
  isPlain,
  nameProblem,
  toggled,
  without,
  withReferences,
} from '../../../src-renderer/views/strategies/ladder.ts'
import {
  ladderFamilies,
  shownModels,
  visibleRungs,
} from '../../../src-renderer/views/strategies/ladder-view.ts'
import type { LadderInput, Rung } from '../../../src-renderer/views/strategies/ladder-view.ts'
import { effectText } from '../../../src-renderer/views/strategies/remedies.ts'
import { calibrationText } from '../../../src-renderer/views/strategies/words.ts'

const ground = { weightColumns: ['days', 'age'] }
const remedy = (id: string): Remedy => remedies.find((one) => one.id === id)!
const offer = (id: string, kind: ModelChoice['kind'] = 'gradient_boosting'): Configuration =>
  offeredBy(remedy(id), kind, ground)!
const toggle = (
  list: readonly Configuration[],
  id: string,
  kind: ModelChoice['kind'],
): readonly Configuration[] => toggled(list, remedy(id), kind, ground)
const names = (list: readonly Configuration[]): string[] => list.map(({ name }) => name)
const allOffered = remedies.flatMap((one) =>
  one.models.flatMap((kind) => offeredBy(one, kind, ground) ?? []),
)

it('a treatment says what it does to the counts of the data', () => {
  const classes = { positive: 'fraud', negative: 'sound' }
  const sizes = { positives: 100, negatives: 10_000 }
  const said = (id: string, of = sizes): string | null =>
    effectText({ ...classes, sizes: of }, offer(id))
  expect(said('weights.balanced')).toBe('Each fraud case counts 100 times')
  expect(said('under.random_under')).toBe('Throws away 9,700 sound cases a fold')
  expect(said('over.smote')).toBe('Makes up 3,233 fraud cases a fold')
  expect(said('under.tomek_links')).toBeNull()
  expect(said('weights.costs')).toBeNull()
  // The rarer class is not always the positive one.
  const turned = { positives: 10_000, negatives: 100 }
  expect(said('over.smote', turned)).toContain('sound')
  expect(said('weights.balanced', turned)).toBe('Each sound case counts 100 times')
  expect(effectText({ ...classes, sizes: null }, offer('over.smote'))).toBeNull()
})

describe('the list of configurations', () => {
  it('starts untreated', () => {
    expect(firstConfigurations().every(isPlain)).toBe(true)
  })

  it('takes in what a treatment has to beat', () => {
    const list = toggle([], 'losses.focal', 'multilayer_perceptron')
    expect(names(list)).toEqual(['mlp', 'mlp_focal'])
    expect(list.map(isPlain)).toEqual([true, false])
    // What balances itself is held against a random forest; two stages against their thresholds.
    expect(names(toggle([], 'ensembles.easy_ensemble', 'easy_ensemble'))).toEqual([
      'rf',
      'easy_ensemble',
    ])
    expect(names(toggle([], 'stages.two_stage', 'two_stage'))).toEqual(['two_stage'])
  })

  it('has class weights beside every made-up sample', () => {
    const smote = toggle([], 'over.smote', 'gradient_boosting')
    expect(names(smote)).toEqual(['gbdt', 'gbdt_balanced', 'gbdt_smote'])
    expect(names(withReferences([offer('over.adasyn')]))).toEqual([
      'gbdt',
      'gbdt_balanced',
      'gbdt_adasyn',
    ])
    // Copies are not made up.
    expect(names(toggle([], 'over.random_over', 'gradient_boosting'))).toEqual([
      'gbdt',
      'gbdt_random_over',
    ])
    expect(names(toggle(smote, 'weights.balanced', 'gradient_boosting'))).toEqual(['gbdt'])
    const other = toggle(smote, 'weights.custom', 'gradient_boosting')
    expect(names(toggle(other, 'weights.balanced', 'gradient_boosting'))).toEqual([
      'gbdt',
      'gbdt_custom',
      'gbdt_smote',
    ])
  })

  it('is the same again when a choice is taken back', () => {
    const before = firstConfigurations()
    const once = toggle(before, 'under.near_miss', 'gradient_boosting')
    expect(names(once)).toEqual(['lr', 'gbdt', 'gbdt_near_miss'])
    expect(toggle(once, 'under.near_miss', 'gradient_boosting')).toEqual(before)
    expect(toggle(before, 'losses.focal', 'logistic_regression')).toBe(before)
  })

  it('loses the treatments of a model with the last of its plain forms', () => {
    const list = toggle(firstConfigurations(), 'weights.balanced', 'gradient_boosting')
    expect(names(toggle(list, 'threshold', 'gradient_boosting'))).toEqual(['lr'])
    expect(names(without(list, 'gbdt'))).toEqual(['lr'])
    expect(names(without(list, 'gbdt_balanced'))).toEqual(['lr', 'gbdt'])
    const two = duplicated(list, 'gbdt')
    expect(names(two)).toEqual(['lr', 'gbdt', 'gbdt_2', 'gbdt_balanced'])
    expect(names(without(two, 'gbdt'))).toEqual(['lr', 'gbdt_2', 'gbdt_balanced'])
    expect(names(duplicated(two, 'gbdt_2'))[3]).toBe('gbdt_3')
    const ensemble = toggle(list, 'ensembles.rus_boost', 'rus_boost')
    expect(names(without(ensemble, 'rf'))).toEqual(names(list))
  })

  it('knows a configuration again, whatever it is called and why it is tried', () => {
    const smote = offer('over.smote')
    const same = { ...smote, name: 'other', because: 'the rarer class is dense' }
    expect(contentKey(same)).toBe(contentKey(smote))
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

const facts: TreatmentFacts = {
  plan: {
    ...{ positives: 96, negatives: 23_904, hasCategories: true },
    numericColumns: ['amount', 'days', 'age'],
    columns: [
      { name: 'amount', kind: 'numeric' },
      { name: 'country', kind: 'categorical' },
    ],
    weightColumns: ['days', 'age'],
  },
  memory: {
    ...{ positives: 96, negatives: 23_904, nFeatures: 20, nByteColumns: 5, nFeaturesOfCodes: 4 },
    ...{ sharedBytes: 1e6, textBytes: 1e3 },
  },
  card: {
    ...{ positives: 96, negatives: 23_904, numericColumns: 3, categoricalColumns: 1 },
    ...{ nFeatures: 20, prevalenceInUse: 0.004, commitments: [] },
    ...{ hasCosts: true, costsPerRow: false },
  },
  weightColumns: ['days', 'age'],
}
const input: LadderInput = {
  chosen: firstConfigurations(),
  facts,
  ...{ folds: 5, innerFolds: 4, costs: new Map(), currency: '€' },
  classes: { positive: 'fraud', negative: 'sound', sizes: { positives: 77, negatives: 19_123 } },
  span: { factor: 1, unit: 'per 1,000 cases' },
  knownSeconds: () => null,
}

describe('the ladder on the screen', () => {
  const rungsOf = (of: LadderInput): Rung[] => ladderFamilies(of).flatMap(({ rungs }) => rungs)
  const rung = (id: string, of: LadderInput = input): Rung =>
    rungsOf(of).find((one) => one.remedy.id === id)!

  it('has every remedy once, family by family', () => {
    const families = ladderFamilies(input)
    expect(families.map(({ title }) => title)).toEqual(Object.values(familyTitles))
    expect(rungsOf(input).map((one) => one.remedy)).toEqual(remedies)
    for (const { rungs, lead } of families) expect(rungs).toContain(lead)
  })

  it('judges each on the data and says what it would take', () => {
    for (const {
      verdict,
      cells,
      remedy: { card },
    } of rungsOf(input)) {
      expect(verdict?.because, card.title).toMatch(/[^.]$/)
      for (const { needs, closed } of cells) {
        if (closed === null)
          expect(needs).toMatch(/^(a second|some|about a|hours).* a fold, .+B of memory$/)
        else expect(closed).toMatch(/\.$/)
      }
    }
    expect(rung('over.smote').verdict?.fit).toBe('speaks_against')
    expect(rung('over.smote_nc').verdict?.fit).toBe('fits')
    // What fits best stands for the family.
    expect(ladderFamilies(input).find(({ id }) => id === 'over')!.lead.remedy.id).toBe(
      'over.smote_nc',
    )
  })

  it('goes by what such a fold took, once one has been run', () => {
    const knownSeconds = ({ name }: Configuration): number | null => (name === 'gbdt' ? 75 : null)
    const { cells } = rung('threshold', { ...input, knownSeconds })
    const said = (kind: string) => cells.find((cell) => cell.kind === kind)?.needs
    expect(said('gradient_boosting')).toMatch(/^about 1 min/)
    expect(said('logistic_regression')).not.toMatch(/^about 1 min/)
  })

  it('closes what can’t run, with the reason, but lets it be taken out', () => {
    const smoteN = rung('over.smote_n')
    expect(smoteN.verdict?.fit).toBe('cannot_run')
    expect(smoteN.cells.every(({ closed }) => closed?.includes('SMOTE-NC takes both'))).toBe(true)
    const few = {
      ...facts,
      plan: { ...facts.plan, positives: 7 },
      card: { ...facts.card, positives: 7 },
    }
    const chosen = [...firstConfigurations(), offer('over.smote')]
    const smote = rung('over.smote', { ...input, facts: few, chosen })
    expect(smote.cells.find(({ kind }) => kind === 'gradient_boosting')?.closed).toBeNull()
    expect(smote.cells.find(({ kind }) => kind === 'logistic_regression')?.closed).toMatch(
      /needs at least 6/,
    )
    const noColumns = { ...facts, weightColumns: [] }
    expect(rung('weights.column', { ...input, facts: noColumns }).verdict).toEqual({
      fit: 'cannot_run',
      because: 'no column of numbers is there to take weights from',
    })
  })

  it('judges nothing before the data are known', () => {
    for (const { verdict, cells } of rungsOf({ ...input, facts: null })) {
      expect(verdict).toBeNull()
      for (const { needs } of cells) expect(needs).toBeNull()
    }
  })

  it('has a button for each model that is run untreated', () => {
    expect(shownModels(firstConfigurations())).toHaveLength(3)
    const chosen = [...firstConfigurations(), offer('threshold', 'random_forest')]
    expect(shownModels(chosen)).toContain('random_forest')
    expect(rung('over.smote', { ...input, chosen }).cells).toHaveLength(4)
  })

  it('shows what was paid, the least of all marked', () => {
    const costs = new Map([
      [contentKey(offer('threshold')), { costPer1000: 40, interval: null }],
      [
        contentKey(offer('over.smote')),
        { costPer1000: 30, interval: { lower: 20, upper: 41, level: 0.95, method: 'x' } },
      ],
    ]) as LadderInput['costs']
    const cell = (id: string) =>
      rung(id, { ...input, costs }).cells.find(({ kind }) => kind === 'gradient_boosting')
    expect(cell('over.smote')).toMatchObject({ cost: '€30', least: true })
    expect(cell('over.smote')?.said).toBe('€30 per 1,000 cases [€20, €41]')
    expect(cell('threshold')).toMatchObject({ least: false })
    expect(cell('over.adasyn')).toMatchObject({ cost: null, least: false })
  })

  it('shows of a closed family its lead and what was chosen, and finds by any word', () => {
    const chosen = [...firstConfigurations(), offer('over.adasyn')]
    const over = ladderFamilies({ ...input, chosen }).find(({ id }) => id === 'over')!
    const seen = (view: Partial<Parameters<typeof visibleRungs>[1]>): string[] =>
      visibleRungs(over, { isOpen: false, filter: 'all', text: '', ...view }).map(
        (one) => one.remedy.card.kind,
      )
    expect(seen({})).toEqual(['smote_nc', 'adasyn'])
    expect(seen({ isOpen: true })).toHaveLength(over.rungs.length)
    expect(seen({ filter: 'chosen' })).toEqual(['adasyn'])
    expect(seen({ filter: 'fits' })).not.toContain('smote_n')
    expect(seen({ text: 'border' })).toEqual(['borderline_smote', 'svm_smote', 'smote_tomek'])
    expect(seen({ text: 'BORDER clever' })).toEqual([])
  })
})

describe('hyperparameters', () => {
  it('are usual in what is offered, and change one thing', () => {
    for (const configuration of allOffered) {
      const search = defaultSearch(configuration.model)
      const settings = [
        ...treatmentSettings(configuration, ground.weightColumns),
        ...modelSettings(configuration),
      ]
      expect(new Set(settings.map(({ label }) => label)).size).toBe(settings.length)
      for (const setting of [...settings, ...searchSettings({ ...configuration, search })]) {
        const before = settings.includes(setting) ? configuration : { ...configuration, search }
        if ('options' in setting) {
          const values = setting.options.map(({ value }) => value)
          expect(values, setting.label).toContain(setting.value)
          expect(new Set(values).size).toBe(values.length)
          for (const value of values) {
            const changed = contentKey(setting.change(value))
            if (value !== setting.value) expect(changed, value).not.toBe(contentKey(before))
          }
          continue
        }
        expect(setting.value, setting.label).toBe(setting.usual)
        expect(settingProblem(setting, setting.value), setting.label).toBeNull()
        expect(contentKey(setting.change(setting.value)), setting.label).toBe(contentKey(before))
        const other = setting.value === setting.max ? setting.min : setting.max
        expect(contentKey(setting.change(other)), setting.label).not.toBe(contentKey(before))
      }
    }
  })

  it('change the kind of loss, sampling and weights', () => {
    const settings = (configuration: Configuration) => [
      ...treatmentSettings(configuration, ground.weightColumns),
      ...modelSettings(configuration),
    ]
    const change = (configuration: Configuration, label: string, value: string): Configuration => {
      const setting = settings(configuration).find((one) => one.label === label)!
      return 'options' in setting ? setting.change(value) : configuration
    }
    const mlp = offer('threshold', 'multilayer_perceptron')
    expect(treatmentText(change(mlp, 'Loss', 'ldam'))).toBe('LDAM loss')
    // An older way to ask for focal loss gives way.
    const focal = {
      ...mlp,
      model: { ...mlp.model, focalGamma: 2, focalAlpha: null },
    } as Configuration
    expect(treatmentText(focal)).toBe('focal loss')
    expect(settings(focal).map(({ label }) => label)).toContain('Focal γ')
    expect(treatmentText(change(focal, 'Loss', 'log_loss'))).toBe('untreated')
    const both = change(change(mlp, 'Sampling', 'adasyn'), 'Weights', 'column')
    expect(treatmentText(both)).toBe('ADASYN to 1\u00a0:\u00a03, weights from days')
    expect(treatmentText(change(both, 'Column of weights', 'age'))).toContain('weights from age')
  })

  it('have their ranges in words', () => {
    const settings = modelSettings(offer('threshold'))
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

it('calibration in words', () => {
  expect(calibrationText({ correction: true, calibrator: 'auto' })).toBe('odds shift + calibrator')
  expect(calibrationText({ correction: false, calibrator: 'beta' })).toBe('beta')
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
  const smote = offer('over.smote')
  const project = {
    versionId: 1,
    experiments: [
      { versionId: 1, runs: [run(gbdt!, [2, 2, null]), run(smote, [8, null])] },
      { versionId: 2, runs: [run(lr!, [1])] },
    ],
  } as unknown as Parameters<typeof secondsFor>[1]
  expect(secondsFor([{ configuration: smote, folds: 3 }], project, 2)).toBe(12)
  const weighted = offer('weights.balanced')
  expect(secondsFor([{ configuration: weighted, folds: 2 }], project, 1)).toBe(8)
  expect(secondsFor([{ configuration: lr!, folds: 5 }], project, 1)).toBeNull()
  expect(secondsFor([{ configuration: lr!, folds: 0 }], project, 1)).toBe(0)
})
