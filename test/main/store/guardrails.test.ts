import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { openConnection } from '#main/store/connection.ts'
import { noHistory } from '#shared/core/guardrails/history.ts'
import type { FinalTest } from '#shared/core/pipeline/final-test.ts'

import { exampleExperiment, importExample } from './examples.ts'
import { MIGRATIONS, open, scratchFolder } from './support.ts'

const seen: FinalTest = {
  rows: 80,
  positives: 8,
  threshold: Infinity,
  confusion: { tp: 0, fp: 0, tn: 72, fn: 8 },
  recall: 0,
  recallInterval: null,
  precision: null,
  precisionInterval: null,
  alertsPer1000: 0,
  costPer1000: 1000,
  costPer1000Interval: null,
  averagePrecision: 0.4,
  rocAuc: 0.9,
}

function projectWithExperiment(): {
  readonly file: string
  readonly versionId: number
  readonly experimentId: number
} {
  const file = join(scratchFolder(), 'p.steelyard')
  const project = open(file)
  const versionId = importExample(project, 'a', [10])
  const experimentId = project.experiments.create(exampleExperiment('first', versionId))
  project.close()
  return { file, versionId, experimentId }
}

describe('what guardrails were told and answered', () => {
  it('is kept with the experiment, and answers pile up', () => {
    const { file, versionId, experimentId } = projectWithExperiment()
    const project = open(file)
    expect(project.guardrails.history(experimentId)).toBeNull()
    const answer = { guardrail: 'G21', finding: 'not scanned', reason: 'audited in March' }
    project.guardrails.save(experimentId, { ...noHistory, labelsScanned: true }, [answer])
    project.guardrails.save(experimentId, noHistory, [{ ...answer, guardrail: 'G10' }])
    project.close()
    const again = open(file)
    expect(again.guardrails.history(experimentId)).toEqual(noHistory)
    expect(again.guardrails.acknowledgements(versionId)).toMatchObject([
      { ...answer, experimentId },
      { ...answer, guardrail: 'G10', experimentId },
    ])
    expect(again.guardrails.acknowledgements(versionId + 1)).toEqual([])
  })

  it('does not change, and is not without a reason', () => {
    const { file, experimentId } = projectWithExperiment()
    const project = open(file)
    const answer = { guardrail: 'G21', finding: 'not scanned', reason: 'x' }
    expect(() =>
      project.guardrails.save(experimentId, noHistory, [{ ...answer, reason: '' }]),
    ).toThrow()
    expect(project.guardrails.history(experimentId), 'all of it or nothing').toBeNull()
    project.guardrails.save(experimentId, noHistory, [answer])
    project.close()
    const { database } = openConnection(file, {
      create: false,
      migrationsDir: MIGRATIONS,
      program: 'test',
    })
    expect(() => database.exec(`UPDATE acknowledgements SET reason = 'y'`)).toThrow(/not change/)
    database.close()
  })
})

describe('openings of the locked test set', () => {
  it('are kept as they were seen, an infinite threshold included', () => {
    const { file, versionId, experimentId } = projectWithExperiment()
    const project = open(file)
    const opening = {
      experimentId,
      configuration: 'lr',
      threshold: Infinity,
      reason: 'sign-off',
      result: seen,
    }
    project.finalTests.add(opening)
    project.finalTests.add({ ...opening, threshold: 0.5, result: { ...seen, threshold: 0.5 } })
    project.close()
    const stored = open(file).finalTests.list(versionId)
    expect(stored).toMatchObject([opening, { threshold: 0.5, result: { threshold: 0.5 } }])
    expect(stored[0]!.createdAt).toMatch(/^\d{4}-\d\d-\d\dT/)
  })

  it('are never taken back', () => {
    const { file, experimentId } = projectWithExperiment()
    const project = open(file)
    project.finalTests.add({
      ...{ experimentId, configuration: 'lr', threshold: 0.5, reason: 'x', result: seen },
    })
    project.close()
    const { database } = openConnection(file, {
      create: false,
      migrationsDir: MIGRATIONS,
      program: 'test',
    })
    expect(() => database.exec('DELETE FROM test_openings')).toThrow(/never taken back/)
    expect(() => database.exec(`UPDATE test_openings SET reason = 'y'`)).toThrow(/does not change/)
    database.close()
  })
})
