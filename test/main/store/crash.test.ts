/** Kills a process at seeded moments in the midst of its work and looks at what it left. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { describe, expect, it } from 'vitest'

import { openConnection } from '#main/store/connection.ts'
import { createStream } from '#shared/core/math/random.ts'

import { exampleExperiment, exampleFoldResult, HEADINGS, importExample, PLAN } from './examples.ts'
import { MIGRATIONS, open, openExisting, scratchFolder, startChild } from './support.ts'

/**
 * Lets a child work on `file` until it has reported `steps` steps and a little longer, and kills
 * it there.
 *
 * @returns What it had reported, without the first line `begun`.
 */
async function killAfter(
  work: string,
  file: string,
  steps: number,
  delayMs: number,
): Promise<string[]> {
  const child = startChild(work, file, MIGRATIONS)
  expect(await child.nextLine()).toBe('begun')
  const reported: string[] = []
  while (reported.length < steps) reported.push((await child.nextLine())!)
  await setTimeout(delayMs)
  await child.kill()
  for (let line = await child.nextLine(); line !== null; line = await child.nextLine()) {
    reported.push(line)
  }
  return reported
}

/** Looks at the database as the crash left it, before anything is put right. */
function inspect(file: string, sql: string): unknown[] {
  const options = { create: false, migrationsDir: MIGRATIONS, program: 'test' }
  const connection = openConnection(file, options)
  try {
    expect(connection.database.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(connection.database.pragma('foreign_key_check')).toEqual([])
    return connection.database.prepare(sql).all()
  } finally {
    connection.close()
  }
}

describe('a process that is killed', () => {
  const moments = Array.from({ length: 5 }, (_, seed) => {
    const stream = createStream(seed, 'moment')
    return { steps: seed * 2 + stream.below(2), delayMs: stream.below(12) }
  })

  it.each(moments)(
    'in an import, $steps chunks and $delayMs ms in, leaves whole chunks, which are cleaned up',
    async ({ steps, delayMs }) => {
      const file = join(scratchFolder(), 'p.steelyard')
      const project = open(file)
      const kept = importExample(project, 'a', [16384, 5000])
      const before = project.datasets.load(kept)
      project.close()

      const reported = await killAfter('import', file, steps, delayMs)
      const left = inspect(
        file,
        `SELECT first_row / 16384 AS chunk, count(*) AS columns FROM column_chunks
        JOIN dataset_versions ON dataset_versions.id = dataset_version_id
        WHERE state = 'importing' GROUP BY first_row ORDER BY first_row`,
      )
      expect(left.length).toBeGreaterThanOrEqual(reported.length)
      expect(left).toEqual(left.map((_, chunk) => ({ chunk, columns: HEADINGS.length })))

      const next = openExisting(file)
      expect(next.datasets.list().map(({ name }) => name)).toEqual(['a'])
      expect(next.datasets.load(kept)).toEqual(before)
      importExample(next, 'c', [100])
      next.close()
      expect(readdirSync(dirname(file))).toEqual(['p.steelyard'])
      expect(inspect(file, `SELECT name FROM datasets ORDER BY name`)).toEqual([
        { name: 'a' },
        { name: 'c' },
      ])
      expect(inspect(file, `PRAGMA freelist_count`)).toEqual([{ freelist_count: 0 }])
    },
  )

  it.each(moments)(
    'saving folds, $steps folds and $delayMs ms in, loses none that it had reported',
    async ({ steps, delayMs }) => {
      const file = join(scratchFolder(), 'p.steelyard')
      const project = open(file)
      const versionId = importExample(project, 'a', [5000])
      const id = project.experiments.create(exampleExperiment('e', versionId))
      expect(id).toBe(1)
      project.close()

      const reported = await killAfter('folds', file, steps, delayMs)
      inspect(file, 'SELECT 1')

      const { experiments, jobs } = openExisting(file)
      expect(jobs.interrupted()).toMatchObject([{ kind: 'run_experiment', state: 'queued' }])
      const all = PLAN.configurations.flatMap(({ name }) =>
        Array.from({ length: PLAN.folds }, (_, fold) => ({ configuration: name, fold })),
      )
      const completed = experiments.completedFolds(id)
      expect(completed.length).toBeGreaterThanOrEqual(reported.length)
      expect(completed).toEqual(all.slice(0, completed.length))

      // Going on gives what an undisturbed run gives.
      const missing = all.slice(completed.length)
      for (const { configuration, fold } of missing) {
        experiments.saveFoldResult(id, exampleFoldResult(configuration, fold), null)
      }
      expect(experiments.loadFoldResults(id)).toEqual(
        all.map(({ configuration, fold }) => exampleFoldResult(configuration, fold)),
      )
    },
  )
})
