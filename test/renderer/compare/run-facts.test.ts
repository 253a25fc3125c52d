import { describe, expect, it } from 'vitest'
import type { ExperimentFactsOfProject, ProjectState } from '#shared/contract/work.ts'
import {
  isFinished,
  reasonAgainst,
  runsOf,
  suggestedRuns,
  withChampion,
} from '../../../src-renderer/views/compare/run-facts.ts'

const roles = {
  ...{ target: 'fraud', positive: '1', id: null, time: null, group: null },
  ...{ amount: null, weight: null, ignore: [] },
}
const frame = {
  costs: { truePositive: 0, falsePositive: 1, trueNegative: 0, falseNegative: 9 },
  ...{
    casesPerDay: null,
    capacity: null,
    prevalence: null,
    minutesPerAlert: null,
    reviewHoursPerDay: null,
    commitments: [],
    currency: null,
  },
}

function experiment(
  experimentId: number,
  more: Partial<ExperimentFactsOfProject> = {},
  names: readonly string[] = ['lr', 'gbdt', 'gbdt_smote'],
): ExperimentFactsOfProject {
  return {
    experimentId,
    name: `experiment ${experimentId}`,
    versionId: 1,
    ...{ folds: 5, seed: 1, state: 'done', digest: 'abc', roles, frame },
    runs: names.map((name) => ({
      name,
      untreated: !name.includes('_'),
      configuration: { name },
      foldsDone: 5,
    })),
    ...more,
  } as unknown as ExperimentFactsOfProject
}

function project(...experiments: ExperimentFactsOfProject[]): ProjectState {
  return { versionId: 1, experiments } as unknown as ProjectState
}

function first(facts: ExperimentFactsOfProject) {
  return runsOf(project(facts))[0]!
}

describe('the runs that are compared before anybody has chosen', () => {
  it('are the newest, the cheapest untreated one as champion', () => {
    const costs: Readonly<Record<string, number>> = { lr: 9, gbdt: 4, gbdt_smote: 2 }
    const runs = suggestedRuns(project(experiment(2), experiment(1)), ({ name }) => costs[name]!)
    expect(runs).toEqual([
      { experimentId: 2, name: 'gbdt' },
      { experimentId: 2, name: 'lr' },
      { experimentId: 2, name: 'gbdt_smote' },
    ])
  })

  it('are six at most', () => {
    const many = experiment(1, {}, ['lr', ...Array.from({ length: 9 }, (_, i) => `t_${i}`)])
    expect(suggestedRuns(project(many), () => null)).toHaveLength(6)
  })

  it('are none where fewer than two are finished or all are of other data', () => {
    expect(suggestedRuns(project(experiment(1, {}, ['lr'])), () => null)).toEqual([])
    expect(suggestedRuns(project(experiment(1, { folds: 9 })), () => null)).toEqual([])
    expect(suggestedRuns(project(experiment(1, { versionId: 7 })), () => null)).toEqual([])
    expect(suggestedRuns(null, () => null)).toEqual([])
  })
})

describe('another champion', () => {
  const runs = ['a', 'b', 'c'].map((name) => ({ experimentId: 1, name }))

  it('changes places with the one before, so that the rest keep their colours', () => {
    expect(withChampion(runs, runs[2]!).map(({ name }) => name)).toEqual(['c', 'b', 'a'])
  })

  it('that is champion or not compared changes nothing', () => {
    expect(withChampion(runs, runs[0]!)).toEqual(runs)
    expect(withChampion(runs, { experimentId: 2, name: 'b' })).toEqual(runs)
  })
})

describe('what keeps a run from being compared', () => {
  const champion = first(experiment(1))

  it('is nothing within an experiment, or with the same plan', () => {
    expect(reasonAgainst(champion, runsOf(project(experiment(1)))[2]!)).toBeNull()
    const sameFrame = Object.fromEntries(Object.entries(frame).toReversed())
    expect(
      reasonAgainst(champion, first(experiment(2, { frame: sameFrame as typeof frame }))),
    ).toBeNull()
  })

  it.each<[Partial<ExperimentFactsOfProject>, string]>([
    [{ versionId: 2 }, 'on another version of the data'],
    [{ roles: { ...roles, ignore: ['x'] } }, 'with other roles of the columns'],
    [{ frame: { ...frame, capacity: 5 } }, 'in another decision frame'],
    [{ folds: 3 }, 'on 3 folds instead of 5'],
    [{ seed: 2 }, 'on other folds: seed 2, not 1'],
    [{ folds: 10 }, '5 of 10 folds are done'],
    [{ folds: 10, state: 'running' }, 'still running, 5 of 10 folds'],
  ])('%j: %s', (more, reason) => {
    const other = first(experiment(2, more))
    expect(reasonAgainst(champion, other)).toBe(reason)
    expect(isFinished(other)).toBe(!reason.includes('10 folds'))
  })
})
