import { describe, expect, it } from 'vitest'
import { defaultLosses, defaultModels } from '#shared/core/plan/default-plan.ts'
import { offeredBy, remedies } from '#shared/core/plan/ladder.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import { deskWith, smallOrder } from './support.ts'
import { smallTable } from '../../../support/small-table.ts'

const ground = { weightColumns: [] }
const offer = (id: string, kind: Configuration['model']['kind']): Configuration =>
  offeredBy(
    remedies.find((one) => one.id === id)!,
    kind,
    ground,
  )!
const boosting = { ...defaultModels.gradient_boosting, iterations: 6, maxDepth: 2 }

describe('run.insight', () => {
  it('tells what training attended to, what was made from what, and what was tried', async () => {
    const { call, run } = await deskWith()
    const lr = offer('threshold', 'logistic_regression')
    const gbdt = { ...offer('threshold', 'gradient_boosting'), model: boosting }
    const configurations: Configuration[] = [
      lr,
      gbdt,
      { ...gbdt, name: 'focal', model: { ...boosting, loss: defaultLosses.focal } },
      offer('weights.balanced', 'logistic_regression'),
      { ...offer('over.smote', 'logistic_regression'), name: 'smote' },
      {
        ...{ ...lr, name: 'searched' },
        search: {
          ...({ kind: 'random', trials: 3, metric: 'brier', factor: 3 } as const),
          ranges: { c: { low: 0.01, high: 10, scale: 'log', whole: false } },
        },
      },
    ]
    const { experimentId, job } = await run({ configurations })
    expect(job.state).toBe('done')
    const { folds } = smallOrder()
    const insight = (name: string) => call('run.insight', { run: { experimentId, name } })

    const focal = await insight('focal')
    expect(focal.flows).toHaveLength(folds)
    expect(focal.flows.every((flow) => flow?.passes === 6)).toBe(true)
    expect(focal.ends.map(({ name }) => name)).toEqual(['gbdt', 'focal'])
    for (const { end } of focal.ends) {
      const shares = Object.values(end).map(({ gradient }) => gradient)
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
    }
    expect(focal.searches).toEqual([])
    expect(focal.examples).toEqual([])
    expect(focal.proof.every(({ madeFrom }) => madeFrom === null)).toBe(true)

    const smote = await insight('smote')
    expect(smote.flows.every((flow) => flow === null)).toBe(true)
    const table = smallTable()
    expect(smote.proof.reduce((sum, { judged }) => sum + judged, 0)).toBe(table.nRows)
    for (const { fold, madeFrom } of smote.proof) {
      expect(madeFrom?.parents[fold]).toBe(0)
      expect(madeFrom?.neighbors[fold]).toBe(0)
      expect(madeFrom?.parents.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0)
    }
    expect(smote.examples.length).toBeGreaterThan(1)
    for (const example of smote.examples) {
      for (const { name, parent, made, neighbor } of example.columns) {
        const column = table.columns.find((one) => one.name === name)!
        if (column.kind !== 'numeric') continue
        const at = (row: number): number | null =>
          Number.isNaN(column.values[row - 1]) ? null : column.values[row - 1]!
        expect(parent).toBe(at(example.parentRow))
        expect(neighbor).toBe(at(example.neighborRow))
        const known = typeof parent === 'number' && typeof neighbor === 'number'
        expect(made).toEqual(
          known
            ? expect.closeTo(parent + example.gap * (neighbor - parent), 9)
            : (parent ?? neighbor),
        )
      }
      expect(example.columns.map(({ name }) => name)).not.toContain(smallOrder().roles.target)
      // Every tenth row of the table is positive, and made-up samples have two of them as parents.
      expect([example.parentRow % 10, example.neighborRow % 10]).toEqual([1, 1])
    }

    // Contributions add up to the logit, of a model that has been searched for too.
    for (const name of ['focal', 'searched']) {
      const one = await call('run.explain', { run: { experimentId, name }, row: 11 })
      const sum = one.columns.reduce((total, { contribution }) => total + contribution, 0)
      expect(one.expected + sum).toBeCloseTo(one.logit, 9)
      expect(one.isPositive).toBe(true)
      const sizes = one.columns.map(({ contribution }) => Math.abs(contribution))
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    }
    const explained = (row: number, name = 'focal') =>
      call('run.explain', { run: { experimentId, name }, row })
    await expect(explained(table.nRows + 1)).rejects.toMatchObject({ code: 'bad_arguments' })

    const searched = await insight('searched')
    expect(searched.searches).toHaveLength(folds)
    for (const { trials, chosen } of searched.searches) {
      expect(trials.map(({ trial }) => trial)).toContain(chosen)
      expect(new Set(trials.map(({ trial }) => trial)).size).toBe(3)
    }
  })

  it('is asked of a run that is there', async () => {
    const { call, run } = await deskWith()
    const { experimentId } = await run()
    await expect(
      call('run.insight', { run: { experimentId, name: 'nobody' } }),
    ).rejects.toMatchObject({ code: 'experiment_not_found' })
  })
})

it('plan.facts are what treatments are judged by, without the table', async () => {
  const { call } = await deskWith()
  const { versionId, roles, frame } = smallOrder()
  const { card, plan, memory, weightColumns } = await call('plan.facts', {
    ...{ versionId, roles, frame: { ...frame, costs: null } },
  })
  expect(card).toMatchObject({ positives: 40, negatives: 360, hasCosts: false, costsPerRow: false })
  expect(card.numericColumns + card.categoricalColumns).toBe(plan.columns?.length)
  expect(card.nFeatures).toBe(memory.nFeatures)
  expect(weightColumns).toContain('amount')
  expect(weightColumns).not.toContain(roles.target)
  const costs = {
    ...{ truePositive: 0, falsePositive: 1, trueNegative: 0 },
    falseNegative: { column: 'amount' },
  }
  const stated = await call('plan.facts', { versionId, roles, frame: { ...frame, costs } })
  expect(stated.card).toMatchObject({ hasCosts: true, costsPerRow: true })
})
