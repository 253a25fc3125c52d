import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openConnection } from '#main/store/connection.ts'
import type { Project } from '#main/store/project.ts'
import { chainHash, createReviewStore } from '#main/store/reviews.ts'
import type { ReviewStore } from '#main/store/reviews.ts'
import { createStream } from '#shared/core/math/random.ts'
import { exampleQueue, exampleReview, importExample } from './examples.ts'
import { MIGRATIONS, open, openExisting, refusal, scratchFolder, startChild } from './support.ts'

function projectWithQueue(): { file: string; project: Project; queueId: number } {
  const file = join(scratchFolder(), 'p.steelyard')
  const project = open(file)
  const versionId = importExample(project, 'a', [50])
  const { queue, items } = exampleQueue(versionId, 20)
  return { file, project, queueId: project.reviews.createQueue(queue, items) }
}

/** Changes a closed project behind its back, as with a tool for databases. */
function tamper(file: string, sql: string): void {
  const database = new Database(file)
  database.pragma('foreign_keys = OFF')
  for (const { name } of database
    .prepare<[], { name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'review_events'`,
    )
    .all()) {
    database.exec(`DROP TRIGGER ${name}`)
  }
  database.exec(sql)
  database.close()
}

describe('scans', () => {
  it('come back as they were saved, the newest first', () => {
    const { project } = projectWithQueue()
    const arrays = {
      ranking: Int32Array.of(2, 0, 1),
      wrong: Float64Array.of(0.1, 0.01, 0.9),
      probabilities: Float64Array.of(0.2, 0.3, 1e-6),
      disagreement: Float64Array.of(0, 1.5, 2),
      repeats: Float64Array.of(0.2, 0.25, 0.3, 0.35, 0, 1e-6),
      byModel: Float64Array.of(0.1, 0.3, 0.5),
      marginRank: Float64Array.of(0, 0.5, 0),
      issues: Int32Array.of(2),
    }
    const about = { datasetVersionId: 1, roles: { target: 'y' }, record: { seed: 3 } }
    const first = project.reviews.saveScan(about, arrays)
    const second = project.reviews.saveScan({ ...about, record: { seed: 4 } }, arrays)
    expect(project.reviews.scans(1).map(({ id, record }) => [id, record])).toEqual([
      [second, { seed: 4 }],
      [first, { seed: 3 }],
    ])
    expect(project.reviews.scanArrays(first)).toEqual(arrays)
    expect(project.reviews.scans(2)).toEqual([])
  })
})

describe('queues', () => {
  it('come back with their items in order', () => {
    const { project, queueId } = projectWithQueue()
    const { queue, items } = exampleQueue(1, 20)
    const [stored] = project.reviews.queues()
    expect(stored).toMatchObject({ ...queue, id: queueId, nItems: 20 })
    expect(project.reviews.findQueue(queue.key)).toEqual(stored)
    expect(project.reviews.items(queueId)).toEqual(
      items.map(({ row, given, facts }, position) => ({ position, row, given, facts })),
    )
    expect(project.reviews.evidence(queueId, [3, 99, 1])).toEqual([
      { position: 3, ...items[3] },
      { position: 1, ...items[1] },
    ])
  })

  it('are all there or not at all, and never twice', () => {
    const { project } = projectWithQueue()
    const { queue, items } = exampleQueue(1, 5)
    expect(() => project.reviews.createQueue(queue, items)).toThrow(/already/)
    expect(() =>
      project.reviews.createQueue({ ...queue, key: 'b' }, [items[0]!, items[0]!]),
    ).toThrow(/UNIQUE/)
    expect(project.reviews.queues()).toHaveLength(1)
  })
})

describe('the log of reviews', () => {
  it('keeps what it is told in order, and passes over what it knows', () => {
    const { project, queueId } = projectWithQueue()
    const { reviews } = project
    expect(reviews.head()).toEqual({ events: 0, hash: '0'.repeat(64) })
    expect(reviews.append([exampleReview(queueId, 0), exampleReview(queueId, 1)])).toBe(2)
    expect(reviews.append([exampleReview(queueId, 1), exampleReview(queueId, 2)])).toBe(1)
    const events = reviews.events()
    expect(reviews.events(2)).toEqual(events.slice(2))
    expect(events.map(({ sequence, key }) => [sequence, key])).toEqual([
      [1, 'review-0'],
      [2, 'review-1'],
      [3, 'review-2'],
    ])
    expect(events[2]!.record).toEqual(exampleReview(queueId, 2).record)
    expect(events.map(({ previousHash }) => previousHash)).toEqual([
      '0'.repeat(64),
      events[0]!.hash,
      events[1]!.hash,
    ])
    expect(reviews.verify()).toEqual({ ...reviews.head(), brokenAt: null })
    expect(reviews.head()).toEqual({ events: 3, hash: events[2]!.hash })
  })

  it('hashes by the rule that its documentation states', () => {
    const { project, queueId } = projectWithQueue()
    project.reviews.append([exampleReview(queueId, 0)])
    const [event] = project.reviews.events()
    const text = JSON.stringify(['review-0', queueId, 0, JSON.stringify(event!.record)])
    expect(event!.hash).toBe(chainHash('0'.repeat(64), text))
  })

  it('refuses what it could not keep, and keeps what it had', () => {
    const { project, queueId } = projectWithQueue()
    const { reviews } = project
    reviews.append([exampleReview(queueId, 0)])
    expect(() =>
      reviews.append([exampleReview(queueId, 1), { ...exampleReview(queueId, 2), position: 400 }]),
    ).toThrow(/FOREIGN KEY/)
    expect(() => reviews.append([{ ...exampleReview(queueId, 1), record: { x: NaN } }])).toThrow(
      /NaN/,
    )
    expect(reviews.events()).toHaveLength(1)
    expect(reviews.verify().brokenAt).toBe(null)
  })

  it('does not let anybody change or remove an event', () => {
    const { file, project, queueId } = projectWithQueue()
    project.reviews.append([exampleReview(queueId, 0)])
    project.close()
    const database = new Database(file)
    expect(() => database.exec(`UPDATE review_events SET record = '{}'`)).toThrow(/does not change/)
    expect(() => database.exec('DELETE FROM review_events')).toThrow(/does not change/)
    expect(() => database.exec(`UPDATE review_items SET given = 1 - given`)).toThrow(
      /does not change/,
    )
    database.close()
  })

  it.each([
    [
      'a changed verdict',
      `UPDATE review_events SET record = '{"verdict":"keep"}' WHERE sequence = 3`,
      3,
    ],
    [
      'a verdict moved to another row',
      'UPDATE review_events SET position = 9 WHERE sequence = 2',
      2,
    ],
    ['an event taken out', 'DELETE FROM review_events WHERE sequence = 2', 3],
    [
      'an event taken out and the rest moved up',
      `DELETE FROM review_events WHERE sequence = 2;
      UPDATE review_events SET sequence = sequence - 1 WHERE sequence > 2`,
      2,
    ],
    [
      'an event put in',
      `INSERT INTO review_events SELECT 6, 'x', queue_id, position, record, hash, '${'ab'.repeat(32)}'
      FROM review_events WHERE sequence = 5`,
      6,
    ],
  ])('notices %s', (_, sql, brokenAt) => {
    const { file, project, queueId } = projectWithQueue()
    project.reviews.append(Array.from({ length: 5 }, (_, i) => exampleReview(queueId, i)))
    project.close()
    tamper(file, sql)
    expect(openExisting(file).reviews.verify().brokenAt).toBe(brokenAt)
  })

  it('taking out the last events leaves another head than was printed', () => {
    const { file, project, queueId } = projectWithQueue()
    project.reviews.append(Array.from({ length: 5 }, (_, i) => exampleReview(queueId, i)))
    const printed = project.reviews.head()
    project.close()
    tamper(file, 'DELETE FROM review_events WHERE sequence = 5')
    const { reviews } = openExisting(file)
    expect(reviews.verify().brokenAt).toBe(null)
    expect(reviews.head()).not.toEqual(printed)
  })

  it('says when the disk is full, loses nothing and goes on when there is room', () => {
    const { file, project, queueId } = projectWithQueue()
    project.reviews.append([exampleReview(queueId, 0)])
    project.close()
    const connection = openConnection(file, {
      create: false,
      migrationsDir: MIGRATIONS,
      program: 'test',
    })
    const reviews: ReviewStore = createReviewStore(connection)
    const { database } = connection
    const unlimited = database.pragma('max_page_count', { simple: true }) as number
    database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true }) as number}`)
    const long = (i: number): ReturnType<typeof exampleReview> => ({
      ...exampleReview(queueId, i),
      record: { note: 'n'.repeat(20_000) },
    })
    const { message } = refusal('disk_full', () => reviews.append([long(1)]))
    expect(message).toMatch(/disk is full.*Make room/)
    expect(reviews.head().events).toBe(1)
    database.pragma(`max_page_count = ${unlimited}`)
    expect(reviews.append([long(1)])).toBe(1)
    expect(reviews.verify()).toMatchObject({ events: 2, brokenAt: null })
    connection.close()
  })
})

describe('a process that is killed in the middle of verdicts', () => {
  const moments = Array.from({ length: 5 }, (_, seed) => {
    const stream = createStream(seed, 'review moment')
    return { steps: 1 + seed * 3, delayMs: stream.below(12) }
  })

  it.each(moments)(
    'after $steps verdicts and $delayMs ms: every one that was acknowledged is there, in order, once',
    async ({ steps, delayMs }) => {
      const { file, project, queueId } = projectWithQueue()
      project.close()
      const child = startChild('reviews', file, MIGRATIONS, String(queueId))
      expect(await child.nextLine()).toBe('begun')
      const reported: string[] = []
      while (reported.length < steps) reported.push((await child.nextLine())!)
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      await child.kill()
      for (let line = await child.nextLine(); line !== null; line = await child.nextLine()) {
        reported.push(line)
      }
      const { reviews } = openExisting(file)
      const keys = reviews.events().map(({ key }) => key)
      expect(keys.slice(0, reported.length)).toEqual(reported)
      expect(keys).toEqual(keys.map((_, i) => `review-${i}`))
      expect(reviews.verify()).toMatchObject({ events: keys.length, brokenAt: null })
    },
  )
})
