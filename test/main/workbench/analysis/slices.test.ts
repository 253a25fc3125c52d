import { describe, expect, it } from 'vitest'
import { deskWith } from './support.ts'

const run = { experimentId: 1, name: 'lr' }
const all = { run, rule: 'tuned', where: [], firstRow: 0, nRows: 500, columns: [0, 3] } as const

describe('slices.find', () => {
  it('is what the results say of the recommended run', async () => {
    const { call, run: start } = await deskWith()
    await start()
    const { results } = (await call('run.outcome', { experimentId: 1 }))!
    const { slices } = results
    const { name, rule } = slices!
    const asked = await call('slices.find', { run: { ...run, name }, rule })
    expect(asked).toEqual(slices)
    expect(asked.reason).toBeNull()
    expect(asked.tested).toBeGreaterThan(0)
    const { tp, fn } = results.configurations
      .find((one) => one.name === name)!
      .operatingPoints.find((one) => one.rule === rule)!.confusion
    expect([asked.positives, asked.missed]).toEqual([tp + fn, fn])
  })

  it('refuses a run that is not there', async () => {
    const { call, run: start } = await deskWith()
    await start()
    await expect(
      call('slices.find', { run: { ...run, name: 'none' }, rule: 'tuned' }),
    ).rejects.toThrow(/has no run "none"/)
  })
})

describe('slices.rows', () => {
  it('parts the data into four cells, the highest probability first', async () => {
    const { call, run: start } = await deskWith()
    await start()
    const cells = ['missed', 'caught', 'false_alarm', 'quiet'] as const
    const parts = []
    for (const cell of cells) parts.push(await call('slices.rows', { ...all, cell }))
    const rows = parts.flatMap((part) => [...part.rows])
    expect(new Set(rows).size).toBe(400)
    expect(parts.reduce((sum, { total }) => sum + total, 0)).toBe(400)
    const { results } = (await call('run.outcome', { experimentId: 1 }))!
    const point = results.configurations
      .find(({ name }) => name === 'lr')!
      .operatingPoints.find(({ rule }) => rule === 'tuned')!
    const { tp, fp, fn, tn } = point.confusion
    expect(parts.map(({ total }) => total)).toEqual([fn, tp, fp, tn])
    for (const { probabilities } of parts) {
      expect([...probabilities]).toEqual([...probabilities].sort((a, b) => b - a))
    }
  })

  it('reads the rows as they are in the data', async () => {
    const { call, run: start } = await deskWith()
    await start()
    const where = [{ kind: 'text', column: 'country', text: 'fr' }] as const
    const page = await call('slices.rows', { ...all, where: [...where], cell: 'quiet' })
    const grid = await call('data.rows', { versionId: 1, firstRow: 0, nRows: 400, columns: [0, 3] })
    const [speed, country] = grid.columns.map(({ values }) => values)
    expect(page.columns[1]!.values).toEqual([...page.rows].map(() => 'fr'))
    expect([...page.columns[0]!.values]).toEqual([...page.rows].map((row) => speed![row]))
    expect([...page.rows].every((row) => country![row] === 'fr')).toBe(true)
    const part = await call('slices.rows', {
      ...all,
      where: [...where],
      cell: 'quiet',
      firstRow: 3,
      nRows: 2,
    })
    expect([...part.rows]).toEqual([...page.rows.slice(3, 5)])
    expect(part.total).toBe(page.total)
  })

  it('says what is wrong with a condition', async () => {
    const { call, run: start } = await deskWith()
    await start()
    const ask = (where: Parameters<typeof call<'slices.rows'>>[1]['where']) =>
      call('slices.rows', { ...all, where, cell: 'missed' })
    await expect(ask([{ kind: 'missing', column: 'none' }])).rejects.toThrow(/no column "none"/)
    await expect(ask([{ kind: 'text', column: 'speed', text: '1' }])).rejects.toThrow(
      /"speed" can't be asked for a text/,
    )
    await expect(call('slices.rows', { ...all, cell: 'missed', columns: [99] })).rejects.toThrow(
      /there are 8 columns/,
    )
  })
})
