/** Projects of versions whose frames held one commitment and no review hours. */
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { smallTable } from '../../../support/small-table.ts'
import { deskWith, projectWith, smallOrder } from './support.ts'

const commitment = { measure: 'recall', atLeast: 0.5 } as const

it('opens, shows and runs on as before', async () => {
  const project = projectWith(smallTable())
  const order = smallOrder()
  const frame = { ...order.frame, casesPerDay: 100, capacity: 30, commitments: [commitment] }
  const desk = await deskWith(project)
  const { experimentId } = await desk.run({ frame })
  const { draft, experiments } = (await desk.call('project.state', {}))!
  const locked = { ...draft!, roles: order.roles, frame, frameLocked: true }
  await desk.call('draft.save', { versionId: 1, draft: locked, reason: null })
  const before = (await desk.call('run.outcome', { experimentId }))!
  await desk.desk.close()
  setBack(project.file)

  const again = await deskWith(project)
  const state = (await again.call('project.state', {}))!
  expect(state.draft).toEqual(locked)
  expect(state.experiments).toEqual(experiments)
  const after = (await again.call('run.outcome', { experimentId }))!
  expect(after.results).toEqual(before.results)
  expect(after.results.frame).toMatchObject({
    capacity: 30,
    minutesPerAlert: null,
    reviewHoursPerDay: null,
    commitments: [commitment],
  })
  // The locked frame is what it was: saving it again needs no reason.
  await again.call('draft.save', { versionId: 1, draft: locked, reason: null })
  // The same order is the same experiment, and another takes its folds over.
  expect(await again.run({ frame })).toMatchObject({ experimentId })
  const { runs } = await again.call('plan.preview', smallOrder({ frame }))
  expect(runs.map(({ foldsKept }) => foldsKept)).toEqual(runs.map(() => 3))
}, 60_000)

/** Writes every frame of a project in the form that earlier versions knew. */
function setBack(file: string): void {
  const database = new Database(file)
  const rewrite = (table: string, column: string): number => {
    const rows = database.prepare<[], { rowid: number; text: string }>(
      `SELECT rowid, ${column} AS text FROM ${table}`,
    )
    const update = database.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`)
    const all = rows.all()
    for (const { rowid, text } of all) {
      update.run(JSON.stringify(earlier(JSON.parse(text))), rowid)
    }
    return all.length
  }
  expect([
    rewrite('frames', 'frame'),
    rewrite('drafts', 'draft'),
    rewrite('analyses', 'results'),
  ]).toEqual([1, 1, 1])
  database.close()
}

/** A value whose frames, wherever they are, have the earlier form. */
function earlier(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(earlier)
  if (typeof value !== 'object' || value === null) return value
  const { commitments, ...rest } = value as Readonly<Record<string, unknown>>
  const kept = Object.entries(rest).filter(
    ([key]) =>
      !/^(minutesPerAlert|reviewHoursPerDay|minutes_per_alert|review_hours_per_day)$/.test(key),
  )
  return {
    ...Object.fromEntries(kept.map(([key, item]) => [key, earlier(item)])),
    ...(Array.isArray(commitments) ? { commitment: commitments[0] ?? null } : {}),
  }
}
