import { describe, expect, it } from 'vitest'
import { csvOptions, importTable, openDesk, smallCsv, smallRoles } from './desk-support.ts'

describe('an import', () => {
  it('goes on as a job, and the new version is worked on', async () => {
    const desk = await openDesk()
    const versionId = await importTable(desk)
    const state = (await desk.ask('project.state'))!
    expect(state).toMatchObject({ versionId, draft: { roles: null, folds: 5, configurations: [] } })
    expect(state.datasets).toMatchObject([
      {
        versionId,
        name: 'cases',
        number: 1,
        nRows: 200,
        sourceName: 'cases.csv',
        columns: [
          { name: 'id', kind: 'categorical', missing: 0, levels: 200 },
          { name: 'amount', kind: 'numeric', missing: 0, levels: null },
          { name: 'country', levels: 3 },
          { name: 'visits', missing: 29 },
          { name: 'fraud', levels: 2 },
        ],
      },
    ])
    expect(desk.events.map(({ event }) => event)).toContain('data.imported')
    expect(await importTable(desk, smallCsv(), 'again'), 'the same table').toBe(versionId)
    expect(await importTable(desk, smallCsv(100))).not.toBe(versionId)
    await desk.ask('data.select', { versionId })
    expect((await desk.ask('project.state'))!.versionId).toBe(versionId)
  })

  it('that fails names file, row and column, never a path, and leaves nothing', async () => {
    const desk = await openDesk()
    await desk.ask('project.create', { name: 'A', fileId: null })
    const fileId = desk.file('ragged.csv', 'a,b\n1,2\n3\n')
    const { jobId } = await desk.ask('data.import', { fileId, name: 'x', options: csvOptions })
    const { state, reason } = await desk.ended(jobId)
    expect(state).toBe('failed')
    expect(reason).toMatch(/^ragged\.csv, row 3: the row has 1 cell/)
    expect(reason).not.toContain(desk.folder)
    expect((await desk.ask('project.state'))!.datasets).toEqual([])
    expect(desk.logged).toEqual([])
    const options = { ...csvOptions, ragged: 'pad' }
    const again = await desk.ask('data.import', { fileId, name: 'x', options })
    expect((await desk.ended(again.jobId)).state).toBe('done')
  })

  it('can be cancelled, and keeps the project from being closed while it goes on', async () => {
    const desk = await openDesk()
    await desk.ask('project.create', { name: 'A', fileId: null })
    const fileId = desk.file('large.csv', `a,b\n${'1.5,x\n'.repeat(2_000_000)}`)
    const { jobId } = await desk.ask('data.import', { fileId, name: 'x', options: csvOptions })
    expect(desk.desk.busy()).toBe(true)
    for (const command of ['project.close', 'project.sample'] as const) {
      expect((await desk.refusal(command)).message).toContain(
        '"Import large.csv" is still going on',
      )
    }
    expect(await desk.ask('job.cancel', { jobId })).toEqual({ cancelled: true })
    expect((await desk.ended(jobId)).state).toBe('cancelled')
    expect((await desk.ask('project.state'))!.datasets).toEqual([])
    await desk.ask('project.close')
    expect(await desk.ask('job.list')).toEqual([])
  })
})

describe('rows', () => {
  it('come for the columns asked for, in their order, as they were imported', async () => {
    const desk = await openDesk()
    const nRows = 40_000
    const rows = Array.from(
      { length: nRows },
      (_, i) => `${i},t${i % 30_000},${i % 3 === 0 ? '' : i / 8}`,
    )
    const versionId = await importTable(desk, `n,text,x\n${rows.join('\n')}\n`)
    const firstRow = 16_300
    const page = await desk.ask('data.rows', { versionId, firstRow, nRows: 200, columns: [2, 1] })
    expect(page).toMatchObject({ firstRow, nRows: 200 })
    expect(page.columns.map(({ name }) => name)).toEqual(['x', 'text'])
    const indices = Array.from({ length: 200 }, (_, i) => firstRow + i)
    expect(page.columns[0]!.values).toEqual(
      Float64Array.from(indices, (i) => (i % 3 === 0 ? NaN : i / 8)),
    )
    expect(page.columns[1]!.values).toEqual(indices.map((i) => `t${i % 30_000}`))

    const last = await desk.ask('data.rows', {
      versionId,
      firstRow: nRows - 2,
      nRows: 500,
      columns: [0],
    })
    expect(last.columns[0]!.values).toEqual(Float64Array.of(nRows - 2, nRows - 1))
    const beyond = { versionId, firstRow: nRows, nRows: 5, columns: [0] }
    expect(await desk.ask('data.rows', beyond)).toEqual({ firstRow: nRows, nRows: 0, columns: [] })
  })

  it('are refused for versions and columns that are not there', async () => {
    const desk = await openDesk()
    const versionId = await importTable(desk)
    const page = { versionId, firstRow: 0, nRows: 1, columns: [5] }
    expect((await desk.refusal('data.rows', page)).message).toContain('there are 5 columns')
    expect((await desk.refusal('data.rows', { ...page, versionId: 8 })).code).toBe(
      'dataset_not_found',
    )
    await desk.ask('project.close')
    expect((await desk.refusal('data.rows', page)).code).toBe('no_project')
  })

  it('cut texts that nobody could read', async () => {
    const desk = await openDesk()
    const versionId = await importTable(desk, `a,b\n${'x'.repeat(100_000)},1\ny,2\n`)
    const page = await desk.ask('data.rows', { versionId, firstRow: 0, nRows: 2, columns: [0] })
    expect(page.columns[0]!.values).toEqual([`${'x'.repeat(1000)}…`, 'y'])
  })
})

describe('the profile by class', () => {
  it('counts values, missing ones and texts of both classes', async () => {
    const desk = await openDesk()
    const versionId = await importTable(desk)
    const profile = await desk.ask('data.profile', { versionId, roles: smallRoles })
    expect(profile).toMatchObject({ versionId, positives: 20, negatives: 180 })
    const [id, amount, country, visits, fraud] = profile.columns
    expect(id!.bins).toHaveLength(13)
    expect(id!.bins.at(-1)!.label).toBe('188 more')
    for (const column of profile.columns) {
      const all = column.bins.reduce(
        (sum, { positives, negatives }) => sum + positives + negatives,
        0,
      )
      expect(all + column.missingPositives + column.missingNegatives).toBe(200)
    }
    expect(amount!.bins).toHaveLength(24)
    expect(country!.bins.map(({ label }) => label)).toEqual(['de', 'fr', 'at'])
    expect(visits!.missingPositives).toBe(3)
    expect(visits!.profile).toMatchObject({ missing: 29, distinct: 5 })
    expect(fraud).toMatchObject({ rocAuc: null })
    expect(fraud!.bins).toEqual([
      { label: 'no', positives: 0, negatives: 180 },
      { label: 'yes', positives: 20, negatives: 0 },
    ])
    const ignoring = { ...smallRoles, ignore: ['amount'] }
    const other = await desk.ask('data.profile', { versionId, roles: ignoring })
    expect(other.columns[1]!.rocAuc).toBeNull()
    expect(amount!.rocAuc).not.toBeNull()
  })

  it('answers for a class that never occurs, and refuses a target that is no column', async () => {
    const desk = await openDesk()
    const versionId = await importTable(desk)
    const never = { ...smallRoles, positive: 'maybe' }
    const profile = await desk.ask('data.profile', { versionId, roles: never })
    expect(profile.positives).toBe(0)
    expect(profile.columns.map(({ rocAuc }) => rocAuc)).toEqual([null, null, null, null, null])
    const gone = { ...smallRoles, target: 'y'.repeat(5000) }
    const { code, message } = await desk.refusal('data.profile', { versionId, roles: gone })
    expect(code).toBe('bad_input')
    expect(message.length).toBeLessThan(300)
  })
})
