import { describe, expect, it } from 'vitest'
import type { Args } from '#shared/contract/commands.ts'
import type { Project } from '#main/store/project.ts'
import { createDeskServices } from '#main/hosts/desk-services.ts'
import { deskWith, projectWith, scratchFolder, smallOrder } from './support.ts'
import { quickPlan, smallTable } from '../../../support/small-table.ts'

const { frame, roles } = smallOrder()
const asked = (changes: Partial<Args<'frame.preview'>['frame']>): Args<'frame.preview'> => ({
  versionId: 1,
  roles,
  frame: { ...frame, ...changes },
})

describe('frame.preview', () => {
  it('gives costs of rows, means, threshold and what nobody and everybody would cost', async () => {
    const { call } = await deskWith()
    const costs = {
      truePositive: 5,
      falsePositive: 5,
      trueNegative: 0,
      falseNegative: { column: 'amount' },
    }
    const preview = await call('frame.preview', asked({ costs }))
    const amount = smallTable().columns[2]!
    if (amount.kind !== 'numeric') throw new Error('amount holds numbers')
    expect(preview.rows).toHaveLength(5)
    expect(preview.rows[0]).toEqual({
      row: 1,
      label: 'positive',
      truePositive: 5,
      falsePositive: 5,
      trueNegative: 0,
      falseNegative: amount.values[0],
      bayesThreshold: 5 / (5 + amount.values[0]! - 5),
    })
    const missed = [...amount.values].filter((_, row) => row % 10 === 0)
    const mean = missed.reduce((sum, value) => sum + value, 0) / 40
    expect(preview.costs.falseNegative.mean).toBeCloseTo(mean, 10)
    expect(preview.costs.falseNegative.source).toEqual({ column: 'amount' })
    expect(preview.alertNobodyPer1000).toBeCloseTo(100 * mean, 8)
    expect(preview.alertEverybodyPer1000).toBeCloseTo(5000, 8)
    expect(preview).toMatchObject({
      positives: 40,
      negatives: 360,
      prevalenceInData: 0.1,
      prevalenceInUse: 0.1,
      bayesThreshold: null,
      bayesThresholdReason: 'costs differ from row to row',
    })
    const cheap = [...amount.values].filter((value) => value <= 5).length
    expect(preview.notes).toEqual([
      `In ${cheap} of 400 rows an alert costs at least as much as it can save: none is ever worth it.`,
    ])
  })

  it('weighs for the prevalence in use', async () => {
    const { call } = await deskWith()
    const preview = await call('frame.preview', asked({ prevalence: 0.02 }))
    expect(preview.alertNobodyPer1000).toBeCloseTo(200, 8)
    expect(preview.alertEverybodyPer1000).toBeCloseTo(980, 8)
    expect(preview.bayesThreshold).toBeCloseTo(1 / 11, 12)
  })

  it('assumes costs where none are stated, in no currency', async () => {
    const { call } = await deskWith()
    const preview = await call('frame.preview', asked({ costs: null, currency: '€' }))
    expect(preview.costsAssumed).toBe(true)
    expect(preview.alertNobodyPer1000).toBeCloseTo(preview.alertEverybodyPer1000, 9)
    expect(preview.notes[0]).toMatch(/Nobody has stated costs/)
  })

  const constant = { truePositive: 0, falsePositive: 1, trueNegative: 0, falseNegative: 10 }
  it.each<[string, Partial<Args<'frame.preview'>['frame']>, RegExp]>([
    ['an alert that is never worse', { costs: { ...constant, falsePositive: 0 } }, /alike/],
    ['a miss that gains', { costs: { ...constant, falseNegative: -1 } }, /must cost more/],
    [
      'a column of texts',
      { costs: { ...constant, falseNegative: { column: 'country' } } },
      /holds text/,
    ],
    [
      'a column with gaps',
      { costs: { ...constant, falseNegative: { column: 'distance' } } },
      /no value in row 4/,
    ],
    [
      'a column that is not there',
      { costs: { ...constant, falseNegative: { column: '__proto__' } } },
      /no such column/,
    ],
    ['capacity without cases', { capacity: 5 }, /cases per day/],
    ['a negative capacity', { capacity: -5, casesPerDay: 10 }, /at least 0/],
    ['hours without minutes', { casesPerDay: 10, reviewHoursPerDay: 8 }, /minutes/],
    ['no cases', { casesPerDay: 0 }, /above 0/],
    ['a prevalence of 1', { prevalence: 1, costs: null }, /prevalence in use must lie/],
    ['a commitment above 1', { commitments: [{ measure: 'recall', atLeast: 1.2 }] }, /commitment/],
  ])('refuses %s in words', async (_, changes, message) => {
    const { call } = await deskWith()
    await expect(call('frame.preview', asked(changes))).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringMatching(message),
    })
  })

  it('notes what no model could keep', async () => {
    const { call } = await deskWith()
    const notes = async (changes: Parameters<typeof asked>[0]): Promise<string> =>
      (await call('frame.preview', asked(changes))).notes.join(' ')
    const commitments = [{ measure: 'recall' as const, atLeast: 0.9 }]
    expect(await notes({ casesPerDay: 1000, capacity: 50, commitments })).toMatch(
      /About 100 positives arrive a day\. To catch 90 % of them takes 90 alerts .* allows 50/,
    )
    expect(await notes({ casesPerDay: 1000, capacity: 50 })).toMatch(/not all of them/)
    expect(await notes({ casesPerDay: 1000, capacity: 2000 })).toMatch(/no limit/)
    const hours = { casesPerDay: 1000, minutesPerAlert: 10, reviewHoursPerDay: 8 }
    expect(await notes({ ...hours, capacity: 90, commitments })).toMatch(
      /takes 90 alerts .* the review hours allow 48: both can't be kept/,
    )
    expect(await notes({ ...hours, reviewHoursPerDay: 400 })).toMatch(
      /What the review hours allow, 2,400 alerts a day, is no limit: only 1,000 cases/,
    )
    expect(await notes({ casesPerDay: 1000, capacity: 0 })).toMatch(/nothing can be caught/)
    const gains = { ...constant, truePositive: { column: 'amount' } }
    expect(await notes({ costs: gains })).toMatch(/never|ever worth it/)
  })
})

describe('plan.preview', () => {
  it('says what a plan would take without loading the table', async () => {
    const loads: (readonly string[] | undefined)[] = []
    const { openProject } = await createDeskServices('browser', scratchFolder())
    const spied = (project: Project): Project => ({
      ...project,
      datasets: {
        ...project.datasets,
        load(versionId, names) {
          loads.push(names)
          return project.datasets.load(versionId, names)
        },
      },
    })
    const { call } = await deskWith(projectWith(smallTable()), {
      openProject: (path, options) => spied(openProject(path, options)),
    })
    await call('project.state', {})
    expect(loads).toEqual([])
    const plan = await call('plan.preview', smallOrder())
    expect(plan.runs.map(({ name, untreated }) => [name, untreated])).toEqual([
      ['lr', true],
      ['lr_balanced', false],
    ])
    expect(plan.memoryBytes).toBeGreaterThan(100e6)
    expect(plan.memoryBytes).toBeLessThan(plan.memoryCapBytes)
    expect(plan.workers).toBeGreaterThan(0)
    expect(plan.notes[0]).toMatch(/^Needs about \d+ MB of memory/)
    expect(loads).toEqual([['fraud']])
  })

  it('says what stands against it', async () => {
    const { call } = await deskWith()
    const [lr] = quickPlan(['lr']).configurations as Args<'plan.preview'>['configurations']
    const odd = { ...lr!, model: { kind: 'logistic_regression' as const, c: -1 } }
    const preview = await call('plan.preview', smallOrder({ configurations: [odd] }))
    expect(preview.runs[0]?.refusedBecause).toMatch(/c must be a finite number above 0/)
    const nothing = await call('plan.preview', smallOrder({ configurations: [] }))
    expect(nothing).toMatchObject({ runs: [], memoryBytes: 0 })
    expect(nothing.notes[0]).toMatch(/Choose at least one/)
    await expect(
      call('plan.preview', smallOrder({ folds: 20, innerFolds: 20, roles: rareRoles })),
    ).rejects.toMatchObject({ code: 'bad_input' })
  })

  it('says when memory is too small, and by what', async () => {
    const { call } = await deskWith()
    await call('settings.change', { threads: 64, memoryCapBytes: 256 * 2 ** 20 })
    const preview = await call('plan.preview', smallOrder())
    expect(preview.memoryCapBytes).toBe(256 * 2 ** 20)
    expect(preview.workers).toBeLessThan(10)
    expect(preview.memoryBytes).toBeLessThanOrEqual(preview.memoryCapBytes)
    expect(preview.notes[0]).toMatch(/64 would need/)
  })
})

/** A class of 4 rows. */
const rareRoles = { ...roles, target: 'customer', positive: '3', ignore: ['weight'] }
