import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Draft } from '#shared/contract/work.ts'
import { spawnImporter } from './desk-child.ts'
import { importTable, openDesk, scratchFolder, smallCsv, smallRoles } from './desk-support.ts'

describe('projects', () => {
  it.each([
    ['Fraud 2026', 'Fraud 2026'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['con', '_con'],
    ['كشف الاحتيال 🔍', 'كشف الاحتيال 🔍'],
    ['a\u0000b\u202ec', 'a_b_c'],
    ['ü'.repeat(200), 'ü'.repeat(80)],
    ['...', '_'],
  ])('are created under any name: %j', async (name, kept) => {
    const { ask, folder } = await openDesk()
    const state = await ask('project.create', { name, fileId: null })
    expect(state).toMatchObject({ name: kept, datasets: [], versionId: null, draft: null })
    expect(readdirSync(join(folder, 'projects'))).toContain(`${kept}.steelyard`)
    expect(readdirSync(folder)).not.toContain('etc')
  })

  it('of one name get files of their own, and opening one closes the other', async () => {
    const { ask, folder, events } = await openDesk()
    await ask('project.create', { name: 'A', fileId: null })
    expect((await ask('project.create', { name: 'A', fileId: null })).name).toBe('A 2')
    expect(readdirSync(join(folder, 'projects'))).toEqual(
      expect.arrayContaining(['A.steelyard', 'A 2.steelyard', 'A 2.steelyard.lock']),
    )
    expect(readdirSync(join(folder, 'projects'))).not.toContain('A.steelyard.lock')
    const [latest, before] = await ask('recent.list')
    expect([latest!.name, before!.name]).toEqual(['A 2', 'A'])
    expect(await ask('project.reopen', { recentId: before!.recentId })).toMatchObject({ name: 'A' })
    await ask('project.close')
    expect(await ask('project.state')).toBeNull()
    expect(events.at(-1)).toEqual({ event: 'project.changed', data: null })
  })

  it('stay open where another cannot be opened', async () => {
    const { ask, refusal, file, desk, folder } = await openDesk()
    await ask('project.create', { name: 'A', fileId: null })
    const fileId = file('table.csv', smallCsv())
    expect((await refusal('project.open', { fileId })).code).toBe('not_a_project')
    const { fileId: own } = desk.grantFile(join(folder, 'projects', 'A.steelyard'))
    const options = { delimiter: null, missing: null, ragged: 'refuse', kinds: {} }
    const { message } = await refusal('data.preview', { fileId: own, options })
    expect(message).toContain('is the open project')
    expect(await ask('project.state')).toMatchObject({ name: 'A' })
    expect((await refusal('project.reopen', { recentId: 'unknown' })).code).toBe(
      'project_not_found',
    )
  })

  it('are held by one desk: the second is told by whom', async () => {
    const first = await openDesk()
    const second = await openDesk()
    await first.ask('project.create', { name: 'A', fileId: null })
    const path = join(first.folder, 'projects', 'A.steelyard')
    const reply = await second.desk.openPath(path)
    expect(reply).toMatchObject({ ok: false, error: { code: 'project_locked' } })
    await first.ask('project.close')
    expect(await second.desk.openPath(path)).toMatchObject({ ok: true, result: { name: 'A' } })
  })

  it('that were sent move into the folder of projects', async () => {
    const other = await openDesk()
    await importTable(other)
    await other.ask('project.close')
    const bytes = readFileSync(join(other.folder, 'projects', 'Test.steelyard'))

    const { ask, refusal, folder } = await openDesk()
    const upload = { name: 'Sent.steelyard', sizeBytes: bytes.length }
    const { fileId } = await ask('file.upload', upload)
    expect((await refusal('project.open', { fileId })).message).toContain('not arrived whole')
    await ask('file.append', { fileId, bytes: new Uint8Array(bytes) })
    expect(await ask('project.open', { fileId })).toMatchObject({
      name: 'Sent',
      datasets: [{ nRows: 200 }],
      restored: null,
    })
    expect(readdirSync(join(folder, 'projects'))).toContain('Sent.steelyard')
    expect((await refusal('project.open', { fileId })).code).toBe('bad_input')
  })

  it('that were moved are noticed, said once, and found again', async () => {
    const desk = await openDesk()
    const { ask, refusal, folder, events } = desk
    const versionId = await importTable(desk)
    const { draft } = (await ask('project.state'))!
    const file = join(folder, 'projects', 'Test.steelyard')
    renameSync(file, `${file}.moved`)
    const save = { versionId, draft, reason: null }
    for (let attempt = 0; attempt < 2; attempt++) {
      const { code, message } = await refusal('draft.save', save)
      expect(code).toBe('project_not_found')
      expect(message).toContain('moved or deleted')
    }
    expect(events.filter(({ event }) => event === 'project.lost')).toHaveLength(1)
    expect(
      await ask('data.rows', { versionId, firstRow: 0, nRows: 1, columns: [0] }),
    ).toMatchObject({
      nRows: 1,
    })
    renameSync(`${file}.moved`, file)
    expect(await ask('draft.save', save)).toMatchObject({ versionId })
  })

  it('that a crash left tell what was put right', async () => {
    const folder = scratchFolder()
    mkdirSync(join(folder, 'projects'))
    await spawnImporter(folder)
    const { ask, logged } = await openDesk(folder)
    const [recent] = await ask('recent.list')
    expect(recent).toMatchObject({ name: 'Crashed', exists: true, interrupted: true })
    const state = await ask('project.reopen', { recentId: recent!.recentId })
    expect(state).toMatchObject({
      datasets: [],
      restored: { interruptedRuns: 0, removedImports: 1 },
    })
    expect(Date.parse(state.restored!.savedAt)).toBeGreaterThan(Date.now() - 600_000)
    expect(readdirSync(join(folder, 'uploads'))).toEqual([])
    await ask('project.close')
    const [closed] = await ask('recent.list')
    expect(closed!.interrupted).toBe(false)
    expect((await ask('project.reopen', { recentId: closed!.recentId })).restored).toBeNull()
    expect(logged).toEqual([])
  })

  it('with made-up data are ready to be analysed', async () => {
    const { ask, events } = await openDesk()
    const state = await ask('project.sample')
    expect(state).toMatchObject({
      name: 'Card payments (sample)',
      datasets: [{ nRows: 50_000, sourceName: 'card-payments.csv' }],
      draft: { roles: { target: 'is_fraud', positive: '1' }, classNames: { positive: 'Fraud' } },
    })
    expect(events.map(({ event }) => event)).toContain('data.imported')
    expect((await ask('project.sample')).name).toBe('Card payments (sample) 2')
  })
})

describe('drafts', () => {
  it('are kept per version, and a locked frame changes with a reason only', async () => {
    const desk = await openDesk()
    const { ask, refusal } = desk
    const versionId = await importTable(desk)
    const empty = (await ask('project.state'))!.draft!
    const frame = {
      costs: null,
      casesPerDay: 100,
      capacity: null,
      prevalence: null,
      minutesPerAlert: null,
      reviewHoursPerDay: null,
      commitments: [],
      currency: '€',
    }
    const locked: Draft = { ...empty, roles: smallRoles, frame, frameLocked: true }
    await ask('draft.save', { versionId, draft: locked, reason: null })
    const noted = { ...locked, notes: 'Looks plausible' }
    await ask('draft.save', { versionId, draft: noted, reason: null })
    const changed = { ...noted, frame: { ...frame, capacity: 5 } }
    for (const reason of [null, '  ']) {
      expect(
        (await refusal('draft.save', { versionId, draft: changed, reason })).message,
      ).toContain('locked')
    }
    const unlocked = { ...noted, frameLocked: false }
    expect((await refusal('draft.save', { versionId, draft: unlocked, reason: null })).code).toBe(
      'bad_input',
    )
    expect((await ask('project.state'))!.draft).toEqual(noted)
    await ask('draft.save', { versionId, draft: changed, reason: 'The team has shrunk' })
    await ask('project.close')
    const [recent] = await ask('recent.list')
    expect((await ask('project.reopen', { recentId: recent!.recentId })).draft).toEqual(changed)
    expect((await refusal('draft.save', { versionId: 9, draft: changed, reason: 'x' })).code).toBe(
      'dataset_not_found',
    )
  })

  it('of a new version start from the last, without the columns that are gone', async () => {
    const desk = await openDesk()
    const { ask } = desk
    const first = await importTable(desk)
    const { draft } = (await ask('project.state'))!
    const costs = {
      truePositive: 0,
      falsePositive: 5,
      trueNegative: 0,
      falseNegative: { column: 'amount' },
    }
    await ask('draft.save', {
      versionId: first,
      draft: {
        ...draft,
        roles: { ...smallRoles, ignore: ['country', 'visits'] },
        frame: {
          costs,
          casesPerDay: 10,
          capacity: 2,
          prevalence: null,
          minutesPerAlert: null,
          reviewHoursPerDay: null,
          commitments: [],
        },
        frameLocked: true,
        compared: [{ experimentId: 1, name: 'lr' }],
        notes: 'kept',
      },
      reason: null,
    })
    const without = smallCsv()
      .split('\n')
      .map((line) =>
        line
          .split(',')
          .filter((_, i) => i !== 1 && i !== 2)
          .join(','),
      )
      .join('\n')
    const second = await importTable(desk, without)
    const state = (await ask('project.state'))!
    expect(state.versionId).toBe(second)
    expect(state.draft).toMatchObject({
      roles: { target: 'fraud', id: 'id', amount: null, ignore: ['visits'] },
      frame: { costs: null, casesPerDay: 10, capacity: 2 },
      frameLocked: false,
      compared: [],
      notes: 'kept',
    })
    expect((await ask('data.select', { versionId: first })).draft).toMatchObject({
      roles: { amount: 'amount' },
      frameLocked: true,
    })
  })
})

describe('settings and recent projects', () => {
  it('survive, and damaged files are set aside and said', async () => {
    const folder = scratchFolder()
    const first = await openDesk(folder)
    const wanted = {
      theme: 'dark',
      textSize: 120,
      threads: 1,
      memoryCapBytes: null,
      reviewer: 'Ann',
    }
    const { reviewer, ...others } = wanted
    await Promise.all([
      first.ask('settings.change', { ...others, reviewer: undefined }),
      first.ask('settings.change', { reviewer }),
    ])
    expect(first.events.at(-1)).toEqual({ event: 'settings.changed', data: wanted })
    await first.ask('project.create', { name: 'A', fileId: null })
    await first.desk.close()
    expect(await (await openDesk(folder)).ask('settings.get')).toEqual(wanted)

    writeFileSync(join(folder, 'settings.json'), '{"theme": "da')
    writeFileSync(join(folder, 'recents.json'), '[]')
    const after = await openDesk(folder)
    expect(await after.ask('settings.get')).toMatchObject({ theme: 'system', textSize: 100 })
    expect(await after.ask('recent.list')).toEqual([])
    expect((await after.ask('app.info')).notices).toHaveLength(2)
    expect(readdirSync(folder)).toContain('settings.json.damaged')
    expect(readFileSync(join(folder, 'recents.json.damaged'), 'utf8')).toBe('[]')
  })

  it('forget a project when asked, and say when one is gone', async () => {
    const { ask, folder } = await openDesk()
    await ask('project.create', { name: 'A', fileId: null })
    await ask('project.close')
    renameSync(join(folder, 'projects', 'A.steelyard'), join(folder, 'elsewhere'))
    const [recent] = await ask('recent.list')
    expect(recent).toMatchObject({ name: 'A', exists: false, interrupted: false })
    expect(await ask('recent.remove', { recentId: recent!.recentId })).toEqual([])
  })
})

describe('files that are sent', () => {
  it('arrive in pieces of the size that was said, and no more', async () => {
    const { ask, refusal, folder } = await openDesk()
    const bytes = new TextEncoder().encode(smallCsv())
    const { fileId, name } = await ask('file.upload', {
      name: 'a/../b.csv',
      sizeBytes: bytes.length,
    })
    expect(name).toBe('a_.._b.csv')
    await ask('file.append', { fileId, bytes: bytes.subarray(0, 100) })
    expect(await ask('file.append', { fileId, bytes: bytes.subarray(100) })).toEqual({
      receivedBytes: bytes.length,
    })
    const options = { delimiter: null, missing: null, ragged: 'refuse', kinds: {} }
    expect(await ask('data.preview', { fileId, options })).toMatchObject({ name, nRows: 200 })
    expect((await refusal('file.append', { fileId, bytes: new Uint8Array(1) })).code).toBe(
      'bad_input',
    )
    expect((await refusal('data.preview', { fileId, options })).message).toContain(
      'no longer known',
    )

    const large = new Uint8Array(4 * 2 ** 20 + 1)
    const other = await ask('file.upload', { name: 'c.csv', sizeBytes: large.length })
    expect((await refusal('file.append', { fileId: other.fileId, bytes: large })).code).toBe(
      'bad_arguments',
    )
    expect((await refusal('file.upload', { name: 'd.csv', sizeBytes: 2 ** 50 })).code).toBe(
      'disk_full',
    )
    expect(readdirSync(join(folder, 'uploads'))).toHaveLength(1)
  })

  it('are removed with the desk, and those of dead programs at the next start', async () => {
    const folder = scratchFolder()
    mkdirSync(join(folder, 'uploads', '999999999-left'), { recursive: true })
    const { ask, desk } = await openDesk(folder)
    await ask('file.upload', { name: 'a.csv', sizeBytes: 10 })
    await desk.close()
    expect(readdirSync(join(folder, 'uploads'))).toEqual([])
  })
})
