import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { openConnection } from '#main/store/connection.ts'

import { exampleExperiment, exampleFoldResult, importExample } from './examples.ts'
import { MIGRATIONS, open, refusal, scratchFolder } from './support.ts'

describe('the workspace of a project', () => {
  it('works on the latest version until another is selected', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const project = open(file)
    expect(project.workspace.selected()).toBeNull()
    const first = importExample(project, 'a', [10])
    const second = importExample(project, 'a', [20])
    expect(project.workspace.selected()).toBe(second)
    project.workspace.select(first)
    const third = importExample(project, 'a', [30])
    expect(project.workspace.selected()).toBe(first)
    refusal('dataset_not_found', () => project.workspace.select(third + 1))
    project.close()
    expect(open(file).workspace.selected()).toBe(first)
  })

  it('keeps one draft per version, and every change of a locked frame', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const project = open(file)
    const versionId = importExample(project, 'a', [10])
    expect(project.workspace.draft(versionId)).toBeNull()
    project.workspace.saveDraft(versionId, { notes: 'one' }, null)
    const change = { before: { frame: 1 }, after: { frame: 2 }, reason: 'because' }
    project.workspace.saveDraft(versionId, { notes: 'two' }, change)
    expect(() =>
      project.workspace.saveDraft(versionId, { notes: 'three' }, { ...change, reason: '' }),
    ).toThrow()
    expect(project.workspace.draft(versionId), 'all of it or nothing').toEqual({ notes: 'two' })
    expect(project.workspace.frameChanges(versionId)).toMatchObject([change])
    refusal('dataset_not_found', () => project.workspace.saveDraft(9, {}, null))
    project.close()

    const connection = openConnection(file, {
      create: false,
      migrationsDir: MIGRATIONS,
      program: 'test',
    })
    for (const statement of [
      `UPDATE frame_changes SET reason = 'x'`,
      'DELETE FROM frame_changes',
    ]) {
      expect(() => connection.database.exec(statement)).toThrow('does not change')
    }
    connection.close()
  })

  it('keeps operating points of runs, infinite ones as well', () => {
    const project = open(join(scratchFolder(), 'p.steelyard'))
    const versionId = importExample(project, 'a', [10])
    const experimentId = project.experiments.create(exampleExperiment('e', versionId))
    const keptId = project.workspace.keep(experimentId, 'plain', 0.25, 'cheapest')
    project.workspace.keep(experimentId, 'other', Infinity, '')
    expect(project.workspace.kept(versionId)).toMatchObject([
      { id: keptId, experimentId, configuration: 'plain', threshold: 0.25, reason: 'cheapest' },
      { configuration: 'other', threshold: Infinity, reason: '' },
    ])
    expect(project.workspace.kept(versionId + 1)).toEqual([])
    refusal('experiment_not_found', () => project.workspace.keep(experimentId, 'none', 1, ''))
  })
})

describe('the facts of experiments', () => {
  it('say how far each run is', () => {
    const project = open(join(scratchFolder(), 'p.steelyard'))
    expect(project.experimentFacts()).toEqual([])
    const versionId = importExample(project, 'a', [10])
    const wanted = exampleExperiment('e', versionId)
    const experimentId = project.experiments.create(wanted)
    project.experiments.saveFoldResult(experimentId, exampleFoldResult('other', 2), {
      durationMs: 5,
    })
    const [facts] = project.experimentFacts()
    expect(facts).toMatchObject({
      id: experimentId,
      name: 'e',
      roles: wanted.roles,
      frame: wanted.frame,
      folds: 5,
      innerFolds: 4,
      state: 'running',
      digest: null,
    })
    expect(facts!.runs.map(({ configuration }) => configuration)).toEqual(
      wanted.plan.configurations,
    )
    expect(facts!.runs.map(({ timings }) => [...timings])).toEqual([[], [[2, { durationMs: 5 }]]])
    for (const digest of ['old', 'new']) {
      project.experiments.saveAnalysis(experimentId, { results: '{}', digest, about: {} })
    }
    expect(project.experimentFacts()[0]).toMatchObject({ state: 'done', digest: 'new' })
  })
})
