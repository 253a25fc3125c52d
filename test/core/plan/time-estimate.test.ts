import { expect, it } from 'vitest'
import { offeredBy, remedies } from '#shared/core/plan/ladder.ts'
import type { MemoryFacts } from '#shared/core/plan/memory-estimate.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import { foldSeconds, magnitudeText } from '#shared/core/plan/time-estimate.ts'

const facts: MemoryFacts = {
  ...{ positives: 300, negatives: 9700, nFeatures: 12, nByteColumns: 8, nFeaturesOfCodes: 6 },
  ...{ sharedBytes: 0, textBytes: 0 },
}
const plan = { folds: 5, innerFolds: 4 }
const offered = remedies.flatMap((remedy) =>
  remedy.models.flatMap((kind) => offeredBy(remedy, kind, { weightColumns: ['w'] }) ?? []),
)

it.each(offered.map((one) => [one.name, one] as const))('grows with the data: %s', (_, one) => {
  const seconds = foldSeconds(plan, one, facts)
  const more = { ...facts, positives: 3000, negatives: 97_000 }
  expect(seconds).toBeGreaterThan(0)
  expect(foldSeconds(plan, one, more)).toBeGreaterThan(seconds)
  expect(
    foldSeconds(plan, one, { ...facts, nFeatures: 50, nByteColumns: 40 }),
  ).toBeGreaterThanOrEqual(seconds)
})

it('knows what takes long', () => {
  const seconds = (name: string, of = facts): number =>
    foldSeconds(
      plan,
      offered.find((one) => one.name === name)!,
      of,
    )
  expect(seconds('gbdt')).toBeGreaterThan(seconds('lr'))
  expect(seconds('lr_repeated_edited_nearest_neighbors')).toBeGreaterThan(
    seconds('lr_edited_nearest_neighbors'),
  )
  // Comparing all samples with each other goes with their square.
  const tenfold = { ...facts, positives: 3000, negatives: 97_000 }
  const growth = (name: string): number => seconds(name, tenfold) / seconds(name)
  expect(growth('lr_edited_nearest_neighbors')).toBeGreaterThan(2 * growth('lr'))
})

it('counts the trials of a search: halving costs a part of all of them', () => {
  const gbdt = offered.find(({ name }) => name === 'gbdt')!
  const search = { trials: 27, factor: 3, metric: 'brier', ranges: {} } as const
  const seconds = (one: Pick<Configuration, 'model' | 'sampling' | 'search'>): number =>
    foldSeconds(plan, one, facts)
  const once = seconds(gbdt)
  const halving = seconds({ ...gbdt, search: { ...search, kind: 'successive_halving' } })
  const random = seconds({ ...gbdt, search: { ...search, kind: 'random' } })
  expect(halving).toBeGreaterThan(2 * once)
  expect(random).toBeGreaterThan(2 * halving)
})

it('is said as roughly as it is known', () => {
  expect([0.1, 5, 60, 500, 5000, 50_000].map(magnitudeText)).toEqual([
    ...['a second or two', 'some seconds', 'about a minute'],
    ...['some minutes', 'about an hour', 'hours'],
  ])
})
