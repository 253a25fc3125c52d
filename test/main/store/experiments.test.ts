import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'

import { packNumbers } from '#main/store/packed-numbers.ts'
import type { Project } from '#main/store/project.ts'

import { exampleExperiment, exampleFoldResult, importExample, PLAN } from './examples.ts'
import { damage, open, openExisting, refusal, scratchFolder } from './support.ts'

function projectWithExperiment(): { file: string; project: Project; id: number } {
  const file = join(scratchFolder(), 'p.steelyard')
  const project = open(file)
  const versionId = importExample(project, 'a', [5000])
  return { file, project, id: project.experiments.create(exampleExperiment('e', versionId)) }
}

describe('experiments', () => {
  it('come back as they were set up', () => {
    const { file, project, id } = projectWithExperiment()
    project.close()
    const { experiments } = openExisting(file)
    const expected = { ...exampleExperiment('e', 1), id, state: 'planned' }
    expect(experiments.get(id)).toMatchObject(expected)
    expect(experiments.find('e')).toMatchObject(expected)
    expect(experiments.find('E')).toBeNull()
    expect(experiments.get(99)).toBeNull()
    expect(experiments.list()).toEqual([
      { id, name: 'e', datasetVersionId: 1, state: 'planned', createdAt: expect.any(String) },
    ])
  })

  it('have a name of their own, and nothing is kept of a refused one', () => {
    const { project, id } = projectWithExperiment()
    const { experiments } = project
    expect(
      refusal('experiment_exists', () => experiments.create(exampleExperiment('e', 1))).message,
    ).toContain('"e"')
    const twice = { ...PLAN, configurations: [PLAN.configurations[0]!, PLAN.configurations[0]!] }
    expect(() => experiments.create({ ...exampleExperiment('f', 1), plan: twice })).toThrow()
    expect(() => experiments.create(exampleExperiment('g', 99))).toThrow()
    expect(experiments.list().map((experiment) => experiment.id)).toEqual([id])
  })

  it('keep the trials of searches, the first of each place, in order', () => {
    const { file, project, id } = projectWithExperiment()
    const trial = { configuration: 'other', fold: 1, step: 0, trial: 2, value: 0.25 }
    const undefinedOne = { ...trial, trial: 0, value: null }
    const plain = { ...trial, configuration: 'plain' }
    for (const one of [trial, { ...trial, value: 0.5 }, undefinedOne, plain]) {
      project.experiments.saveTrial(id, one)
    }
    expect(() => {
      project.experiments.saveTrial(id, { ...trial, configuration: 'none' })
    }).toThrow('no configuration "none"')
    project.close()
    const { experiments } = openExisting(file)
    expect(experiments.loadTrials(id)).toEqual([plain, undefinedOne, trial])
    expect(experiments.get(id)!.state).toBe('running')
  })

  it('keep what folds of repeats came to, the first of each place, in order', () => {
    const { file, project, id } = projectWithExperiment()
    const one = { configuration: 'other', repeat: 2, fold: 1, samples: 80, meanCost: 0.1 + 0.2 }
    const earlier = { ...one, repeat: 1, meanCost: -3 }
    const plain = { ...one, configuration: 'plain' }
    for (const fold of [one, { ...one, meanCost: 9 }, earlier, plain]) {
      project.experiments.saveRepeatedFold(id, fold)
    }
    expect(() => {
      project.experiments.saveRepeatedFold(id, { ...one, configuration: 'none' })
    }).toThrow('no configuration "none"')
    project.close()
    expect(openExisting(file).experiments.loadRepeatedFolds(id)).toEqual([plain, earlier, one])
  })

  it('refuse what JSON would change in silence', () => {
    const { project, id } = projectWithExperiment()
    const { experiments } = project
    const experiment = exampleExperiment('f', 1)
    const frame = { ...experiment.frame, casesPerDay: NaN }
    expect(() => experiments.create({ ...experiment, frame })).toThrow(/frame.*NaN in casesPerDay/)
    const calibrator = { kind: 'isotonic', values: Float64Array.of(1) }
    expect(() =>
      experiments.saveFoldResult(id, { ...exampleFoldResult('plain', 0), calibrator }, null),
    ).toThrow(/typed array in values/)
    expect(experiments.completedFolds(id)).toEqual([])
  })

  it('keep fold results to the bit, an infinite threshold included', () => {
    const { file, project, id } = projectWithExperiment()
    // Saved as workers happen to finish, returned in the order of the plan.
    const order = [
      ['other', 3],
      ['plain', 1],
      ['other', 0],
      ['plain', 0],
    ] as const
    for (const [name, fold] of order) {
      const timing = { durationMs: fold }
      expect(project.experiments.saveFoldResult(id, exampleFoldResult(name, fold), timing)).toBe(
        true,
      )
    }
    project.close()

    const { experiments } = openExisting(file)
    const keys = [
      { configuration: 'plain', fold: 0 },
      { configuration: 'plain', fold: 1 },
      { configuration: 'other', fold: 0 },
      { configuration: 'other', fold: 3 },
    ]
    expect(experiments.completedFolds(id)).toEqual(keys)
    expect(experiments.loadFoldResults(id)).toEqual(
      keys.map(({ configuration, fold }) => exampleFoldResult(configuration, fold)),
    )
    expect(experiments.loadTimings(id)).toEqual(
      keys.map((key) => ({ ...key, timing: { durationMs: key.fold } })),
    )
  })

  it('keep the first result of a fold', () => {
    const { project, id } = projectWithExperiment()
    const { experiments } = project
    const first = exampleFoldResult('plain', 2)
    expect(experiments.saveFoldResult(id, first, null)).toBe(true)
    const second = { ...exampleFoldResult('plain', 3), fold: 2 }
    expect(experiments.saveFoldResult(id, second, { durationMs: 1 })).toBe(false)
    expect(experiments.loadFoldResults(id)).toEqual([first])
    expect(experiments.loadTimings(id)[0]!.timing).toBeNull()
  })

  it('refuse results that are not theirs', () => {
    const { project, id } = projectWithExperiment()
    const { experiments } = project
    const result = exampleFoldResult('plain', 0)
    expect(() => experiments.saveFoldResult(id, { ...result, configuration: 'x' }, null)).toThrow(
      /no configuration "x"/,
    )
    expect(() =>
      experiments.saveFoldResult(id, { ...result, corrected: new Float64Array(3) }, null),
    ).toThrow(/corrected must have 1000 values, got 3/)
  })

  it('are planned, then running, then done', () => {
    const { project, id } = projectWithExperiment()
    const { experiments } = project
    const state = (): unknown => experiments.get(id)!.state
    expect(state()).toBe('planned')
    experiments.saveFoldResult(id, exampleFoldResult('plain', 0), null)
    expect(state()).toBe('running')
    experiments.saveAnalysis(id, { results: '{}', digest: 'd', about: {} })
    expect(state()).toBe('done')
  })

  it('keep every analysis and return the latest, to the byte', () => {
    const { project, id } = projectWithExperiment()
    const { experiments } = project
    expect(experiments.latestAnalysis(id)).toBeNull()
    experiments.saveAnalysis(id, { results: '{"a":1}', digest: 'one', about: {} })
    const results = '{"a":1.0,  "b":"é\\u0000"}'
    experiments.saveAnalysis(id, { results, digest: 'two', about: { workers: 2 } })
    expect(experiments.latestAnalysis(id)).toEqual({
      results,
      digest: 'two',
      about: { workers: 2 },
      createdAt: expect.any(String),
    })
    refusal('experiment_not_found', () => {
      experiments.saveAnalysis(99, { results, digest: 'three', about: {} })
    })
  })

  it('load the results of one run alone', () => {
    const { project, id } = projectWithExperiment()
    for (const name of ['plain', 'other']) {
      project.experiments.saveFoldResult(id, exampleFoldResult(name, 1), null)
    }
    const results = project.experiments.loadFoldResults(id, 'other')
    expect(results).toEqual([exampleFoldResult('other', 1)])
    expect(project.experiments.loadFoldResults(id, 'none')).toEqual([])
  })

  it('copy results from run to run, to the bit, and leave what is there', () => {
    const { project, id } = projectWithExperiment()
    const { experiments } = project
    const to = experiments.create(exampleExperiment('f', 1))
    const timing = { durationMs: 5, version: '1' }
    for (const fold of [0, 1, 2, 3, 4]) {
      experiments.saveFoldResult(id, exampleFoldResult('plain', fold), timing)
    }
    experiments.saveFoldResult(to, exampleFoldResult('other', 2), null)
    const from = { experimentId: id, configuration: 'plain' }
    const target = { experimentId: to, configuration: 'other' }
    expect(experiments.copyFoldResults(from, target, [0, 2, 4, 99])).toBe(2)
    expect(experiments.copyFoldResults(from, target, [0, 2, 4])).toBe(0)
    expect(experiments.loadFoldResults(to)).toEqual([
      { ...exampleFoldResult('plain', 0), configuration: 'other' },
      exampleFoldResult('other', 2),
      { ...exampleFoldResult('plain', 4), configuration: 'other' },
    ])
    expect(experiments.loadTimings(to).map((one) => one.timing)).toEqual([timing, null, timing])
    expect(experiments.get(to)?.state).toBe('running')
    const missing = { experimentId: to, configuration: 'none' }
    expect(() => experiments.copyFoldResults(from, missing, [0])).toThrow(RangeError)
  })

  it('have no currency where they were saved before there was one', () => {
    const { file, project, id } = projectWithExperiment()
    project.close()
    const database = new Database(file)
    database.exec(`UPDATE frames SET frame = json_remove(frame, '$.currency')`)
    database.close()
    const reopened = openExisting(file)
    expect(reopened.experiments.get(id)?.frame.currency).toBeNull()
    expect(reopened.experimentFacts()[0]?.frame.currency).toBeNull()
  })

  it('say which fold is damaged', () => {
    const { file, project, id } = projectWithExperiment()
    const result = exampleFoldResult('other', 2)
    project.experiments.saveFoldResult(id, result, null)
    project.close()
    const content = readFileSync(file)
    damage(content, packNumbers(result.probabilities).blob.subarray(100, 400))
    writeFileSync(file, content)
    const { message } = refusal('project_damaged', () =>
      openExisting(file).experiments.loadFoldResults(id),
    )
    expect(message).toContain('fold 3 of configuration "other"')
  })
})
