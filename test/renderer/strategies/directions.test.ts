import { describe, expect, it } from 'vitest'
import { monotoneText, runTitle } from '#shared/core/plan/configuration-text.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import type { Configuration, GradientBoostingChoice } from '#shared/core/plan/plan.ts'
import { carriedOver } from '#main/workbench/desk/drafts.ts'
import type { Draft } from '#shared/contract/work.ts'
import { settingsOf } from '../../../src-renderer/views/compare/configuration-text.ts'
import {
  columnDirections,
  foundColumns,
  withDirection,
} from '../../../src-renderer/views/strategies/directions.ts'
import { hyperparameterText } from '../../../src-renderer/views/strategies/words.ts'

const free: GradientBoostingChoice = defaultModels.gradient_boosting
const held = withDirection(withDirection(free, 'hour', 'increasing'), 'age', 'decreasing')
const columns = [
  { name: 'age', kind: 'numeric' },
  { name: 'Home_town', kind: 'categorical' },
  { name: 'hour', kind: 'numeric' },
] as const
const configuration = (model: Configuration['model']): Configuration => ({
  name: 'gbdt',
  model,
  sampling: { kind: 'none' },
  weighting: { kind: 'none' },
  calibration: { correction: false, calibrator: 'none' },
})

describe('directions of columns', () => {
  it('are set, changed and given up, whatever the order of choosing', () => {
    expect(held.monotone).toEqual([
      { column: 'age', direction: 'decreasing' },
      { column: 'hour', direction: 'increasing' },
    ])
    expect(withDirection(withDirection(free, 'age', 'decreasing'), 'hour', 'increasing')).toEqual(
      held,
    )
    expect(withDirection(held, 'age', 'increasing').monotone).toContainEqual({
      column: 'age',
      direction: 'increasing',
    })
    const given = withDirection(withDirection(held, 'age', 'free'), 'hour', 'free')
    expect(given).toEqual(free)
    expect('monotone' in given).toBe(false)
    expect(free).toEqual(defaultModels.gradient_boosting)
  })

  it('come with every column, and why some can have none', () => {
    const gone = withDirection(held, 'gone', 'increasing')
    expect(columnDirections(columns, gone)).toEqual([
      { column: 'age', direction: 'decreasing', obstacle: null },
      { column: 'Home_town', direction: 'free', obstacle: 'Categories have no order' },
      { column: 'hour', direction: 'increasing', obstacle: null },
      { column: 'gone', direction: 'increasing', obstacle: 'No column that models see' },
    ])
  })

  it('are found by a part of the name, or by being set', () => {
    const all = columnDirections(columns, held)
    const names = (text: string, onlyHeld: boolean): string[] =>
      foundColumns(all, text, onlyHeld).map(({ column }) => column)
    expect(names(' HO', false)).toEqual(['Home_town', 'hour'])
    expect(names('ho', true)).toEqual(['hour'])
    expect(names('', true)).toEqual(['age', 'hour'])
  })
})

describe('a configuration with directions', () => {
  it('says them wherever it is described', () => {
    expect(monotoneText(held)).toBe('rises with hour; falls with age')
    expect(hyperparameterText(configuration(held))).toMatch(/, rises with hour; falls with age$/)
    expect(runTitle(configuration(held))).toBe('Boosted trees, untreated, 2 monotone columns')
    const settings = settingsOf(configuration(withDirection(free, 'home_town', 'increasing')))
    expect(settings.at(-1)).toEqual({ label: 'Probability', text: 'rises with home_town' })
    const stages = { ...defaultModels.two_stage, filter: withDirection(free, 'a', 'increasing') }
    expect(runTitle(configuration(stages))).toMatch(/, 1 monotone column$/)
    expect(monotoneText(stages)).toBe('rises with a')
  })

  it('says nothing of them where there are none, and counts what is too long to name', () => {
    expect(monotoneText(free)).toBeNull()
    expect(runTitle(configuration(free))).toBe('Boosted trees, untreated')
    const many = Array.from({ length: 8 }, (_, i) => `v${i}`).reduce<GradientBoostingChoice>(
      (model, column) => withDirection(model, column, 'decreasing'),
      free,
    )
    expect(monotoneText(many)).toBe('falls with v0, v1, v2, v3, v4, v5 and 2 other columns')
  })

  it('gives up those whose columns another version lacks, in stages too', () => {
    const draft = {
      ...{ roles: null, frame: null, frameLocked: false, compared: [] },
      configurations: [
        configuration(held),
        configuration(withDirection(free, 'gone', 'increasing')),
        configuration({
          ...defaultModels.two_stage,
          filter: withDirection(held, 'gone', 'increasing'),
        }),
      ],
    } as unknown as Draft
    const version = { columns } as unknown as Parameters<typeof carriedOver>[1]
    expect(carriedOver(draft, version).configurations.map(({ model }) => model)).toEqual([
      held,
      free,
      { ...defaultModels.two_stage, filter: held },
    ])
  })
})
