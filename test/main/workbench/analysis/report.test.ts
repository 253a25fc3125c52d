import { expect, it } from 'vitest'
import { deskWith, smallOrder } from './support.ts'

it('report.make renders the report and its tables beside the host', async () => {
  const { call, run } = await deskWith()
  await expect(call('report.make', { experimentId: 1 })).rejects.toMatchObject({
    code: 'experiment_not_found',
  })
  await run({ frame: { ...smallOrder().frame, casesPerDay: 1000, currency: 'CHF' } })
  let ticks = 0
  const timer = setInterval(() => ticks++, 20)
  const report = await call('report.make', { experimentId: 1 })
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(5) // the host had its turns while the charts were loaded
  const { about, results } = (await call('run.outcome', { experimentId: 1 }))!
  expect(report.title).toBe('small.csv')
  expect(report.html).toContain(about.digest)
  expect(report.html).toMatch(/CHF\u00a0[\d.,]+/)
  expect(results.sentence).toContain('CHF\u00a0')
  expect(report.tables.map(({ name }) => name)).toContain('ledger')
  expect(report.tables[0]?.csv.split('\r\n')[0]).toMatch(/^measure,value/)
  expect(await call('report.make', { experimentId: 1 })).toBe(report)
})
