import { describe, expect, it } from 'vitest'
import type { Dataset } from '#shared/core/dataset/dataset.ts'
import { ExperimentRefused, prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import type { ExperimentRequest } from '#shared/core/pipeline/prepare-experiment.ts'
import { quickPlan, smallRequest, smallRoles, smallTable } from '../../support/small-table.ts'

const table = smallTable()

/** The table with one column changed. */
function changed(name: string, change: (values: Float64Array) => void): Dataset {
  return {
    ...table,
    columns: table.columns.map((column) => {
      if (column.name !== name || column.kind !== 'numeric') return column
      const values = column.values.slice()
      change(values)
      return { ...column, values }
    }),
  }
}

describe('prepareExperiment', () => {
  it('lays out target, features, folds and facts', () => {
    const { data, datasetFacts, frameFacts, experimentFacts } = prepareExperiment(smallRequest())
    expect(datasetFacts).toMatchObject({ rows: 400, positives: 40, prevalence: 0.1 })
    expect(datasetFacts.features).toEqual(['speed', 'distance', 'amount', 'country'])
    expect(datasetFacts.leftOut).toEqual([
      { column: 'weight', reason: 'ignored on request' },
      { column: 'customer', reason: 'ignored on request' },
      { column: 'id', reason: 'a different text in every row' },
    ])
    expect(frameFacts.bayesThreshold).toBeCloseTo(1 / 11, 12)
    expect(experimentFacts).toMatchObject({ seed: 7, folds: 3, foldsFrom: 'seed' })
    const positivesPerFold = [0, 0, 0]
    data.folds.forEach((fold, i) => (positivesPerFold[fold]! += data.yTrue[i]!))
    expect(positivesPerFold.toSorted()).toEqual([13, 13, 14])
  })

  it('compares a numeric target as a number', () => {
    const dataset: Dataset = {
      ...table,
      columns: [...table.columns.slice(0, 3), { ...table.columns[4]!, name: 'y' }],
    }
    const roles = { ...smallRoles, target: 'y', positive: ' 2.0', ignore: [] }
    const { datasetFacts } = prepareExperiment(smallRequest({ dataset, roles }))
    expect(datasetFacts.positives).toBe(133)
  })

  it('assumes costs from the prevalence and says so', () => {
    const { frame } = smallRequest()
    const { frameFacts } = prepareExperiment(smallRequest({ frame: { ...frame, costs: null } }))
    expect(frameFacts.costsAssumed).toBe(true)
    expect(frameFacts.costs.falseNegative).toBeCloseTo(0.9, 12)
    expect(frameFacts.costs.falsePositive).toBeCloseTo(0.1, 12)
    expect(frameFacts.bayesThreshold).toBeCloseTo(0.1, 12)
  })

  it('weighs decisions for the prevalence in use', () => {
    const { frame } = smallRequest()
    const { data } = prepareExperiment(smallRequest({ frame: { ...frame, prevalence: 0.02 } }))
    const weightOf = (label: number): number =>
      data.decisionWeights!.reduce((sum, w, i) => sum + (data.yTrue[i] === label ? w : 0), 0)
    expect(weightOf(1) / (weightOf(0) + weightOf(1))).toBeCloseTo(0.02, 12)
    expect(data.sampleWeights).toBeNull()
  })

  it('keeps groups in one fold', () => {
    const roles = { ...smallRoles, group: 'customer', ignore: ['weight'] }
    const { data } = prepareExperiment(smallRequest({ roles }))
    const foldOf = new Map<number, number>()
    data.groups!.forEach((group, i) => {
      expect(foldOf.get(group) ?? data.folds[i]).toBe(data.folds[i])
      foldOf.set(group, data.folds[i]!)
    })
    expect(foldOf.size).toBe(134)
  })

  it('adds the untreated runs and notes it', () => {
    const { data, experimentFacts } = prepareExperiment(
      smallRequest({ plan: quickPlan(['gbdt_balanced']) }),
    )
    expect(data.plan.configurations.map(({ name }) => name)).toEqual(['gbdt', 'gbdt_balanced'])
    expect(experimentFacts.notes[0]).toMatch(/gbdt was added/)
  })

  const refused: readonly [string, Partial<ExperimentRequest>, RegExp][] = [
    [
      'a target that is not there',
      { roles: { ...smallRoles, target: 'frod' } },
      /"frod".*"speed"/s,
    ],
    [
      'a positive value that never occurs',
      { roles: { ...smallRoles, positive: 'Yes' } },
      /"no", "yes"/,
    ],
    [
      'a column with two roles',
      { roles: { ...smallRoles, id: 'amount', time: 'amount' } },
      /both id and time/,
    ],
    [
      'one class only',
      {
        dataset: changed('amount', (values) => values.fill(1)),
        roles: { ...smallRoles, target: 'amount', positive: '1' },
      },
      /one class only/,
    ],
    [
      'rows without a label',
      { roles: { ...smallRoles, target: 'distance', positive: '1' } },
      /no value in 24 of 400 rows, first in row 4/,
    ],
    [
      'a weight below 0',
      {
        dataset: changed('weight', (values) => (values[5] = -1)),
        roles: { ...smallRoles, weight: 'weight', ignore: [] },
      },
      /row 6 has -1/,
    ],
    [
      'weights of texts',
      { roles: { ...smallRoles, weight: 'country' } },
      /"country" must hold numbers/,
    ],
    [
      'nothing to learn from',
      {
        roles: {
          ...smallRoles,
          ignore: ['speed', 'distance', 'amount', 'country', 'weight', 'customer'],
        },
      },
      /No column is left/,
    ],
    [
      'a cost column with gaps',
      {
        frame: {
          ...smallRequest().frame,
          costs: {
            truePositive: 0,
            falsePositive: 1,
            trueNegative: 0,
            falseNegative: { column: 'distance' },
          },
        },
      },
      /"distance".*row 4/,
    ],
    [
      'costs under which one decision is always right',
      {
        frame: {
          ...smallRequest().frame,
          costs: { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 1 },
        },
      },
      /frame can't be used/,
    ],
    [
      'capacity without cases per day',
      { frame: { ...smallRequest().frame, capacity: 5 } },
      /cases per day/,
    ],
    [
      'a fold file of another length',
      { folds: { assignment: new Int32Array(399), from: 'file' } },
      /399 rows and the data 400/,
    ],
    [
      'a fold without positives',
      {
        folds: {
          assignment: Int32Array.from({ length: 400 }, (_, i) => (i % 10 === 0 ? 0 : i % 3)),
          from: 'file',
        },
      },
      /Fold 1 .* 0 positives/,
    ],
    ['more folds than positives', { plan: { ...quickPlan(), folds: 50 } }, /40 positives/],
  ]
  it.each(refused)('refuses %s', (_, changes, message) => {
    const prepare = (): unknown => prepareExperiment(smallRequest(changes))
    expect(prepare).toThrow(ExperimentRefused)
    expect(prepare).toThrow(message)
  })
})
