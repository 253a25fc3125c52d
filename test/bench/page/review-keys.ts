/** A project with a queue of labels, and the time from a verdict's key to the next card. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from '@playwright/test'
import { createDeskServices } from '#main/hosts/desk-services.ts'
import { createDesk } from '#main/workbench/desk.ts'
import type { Args, Command, Result } from '#shared/contract/commands.ts'
import type { Job } from '#shared/contract/work.ts'
import { createStream } from '#shared/core/math/random.ts'

const nRows = 4000
const nColumns = 28
const queueSize = 400

/** Makes the project; minutes, so on the first run only. @returns Its file. */
export async function makeReviewProject(folder: string, name: string): Promise<void> {
  const csvPath = join(folder, 'payments.csv')
  writeFileSync(csvPath, paymentsCsv())
  process.env['STEELYARD_DATA'] = folder
  const desk = createDesk(await createDeskServices('browser', folder))
  const call = async <C extends Command>(command: C, args: Args<C>): Promise<Result<C>> => {
    const reply = await desk.call(command, args)
    if (!reply.ok) throw new Error(reply.error.message)
    return reply.result as Result<C>
  }
  const ended = (jobId: string): Promise<Job> =>
    new Promise((resolve) => {
      desk.onEvent(({ event, data }) => {
        if (event === 'job.changed' && data.jobId === jobId && data.endedAt !== null) resolve(data)
      })
    })
  try {
    await call('project.create', { name, fileId: null })
    const { fileId } = desk.grantFile(csvPath)
    const options = { delimiter: null, missing: null, ragged: 'refuse', kinds: {} } as const
    await ended((await call('data.import', { fileId, name: 'payments', options })).jobId)
    const state = (await call('project.state', {}))!
    const roles = {
      ...{ target: 'class', positive: '1', id: null, time: null, group: null },
      ...{ amount: 'amount', weight: null, ignore: [] },
    }
    const versionId = state.versionId!
    const draft = { ...structuredClone(state.draft!), roles }
    await call('draft.save', {
      versionId,
      draft,
      reason: null,
    })
    const ground = { versionId, roles, frame: null, seed: 1 }
    await ended((await call('labels.scan', { ...ground, repeats: 1, audit: false })).jobId)
    const queue = await call('queue.make', {
      ...ground,
      ...{ kind: 'suspicion', name: null, size: queueSize, controlShare: 0.15, actionability: 1 },
      ...{ secondsPerReview: 30, costPerReview: null, run: null, rows: null },
    })
    await ended(queue.jobId)
  } finally {
    await desk.close()
  }
}

function paymentsCsv(): string {
  const stream = createStream(0, 'bench', 'reviews')
  const names = Array.from({ length: nColumns }, (_, i) => `V${i + 1}`)
  const lines = Array.from({ length: nRows }, (_, row) => {
    const isFraud = row % 50 === 0
    const values = names.map((_, i) =>
      (stream.uniform() + stream.uniform() - 1 + (isFraud && i < 6 ? 0.6 : 0)).toFixed(4),
    )
    const amount = (300 * stream.uniform() * stream.uniform()).toFixed(2)
    return [...values, amount, Number(isFraud && row % 200 !== 0)].join(',')
  })
  return `${[...names, 'amount', 'class'].join(',')}\n${lines.join('\n')}\n`
}

/** Milliseconds from each key to the next card, painted; every verdict on disk in between. */
export async function measureReviews(
  browser: Browser,
  url: string,
  name: string,
  times: number,
): Promise<number[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  try {
    await page.goto(url)
    await page.getByRole('button', { name }).first().click()
    await page
      .getByRole('heading', { level: 1, name: 'payments' })
      .or(page.getByRole('navigation'))
      .first()
      .waitFor()
    await page.evaluate(() => {
      location.hash = '#/labels?queue=1'
    })
    await page.getByRole('heading', { name: 'What speaks for each side' }).waitFor()
    return await page.evaluate(async (wanted) => {
      const shown = (): string => document.querySelector('.evidence')?.textContent ?? ''
      const painted = (): Promise<void> =>
        new Promise((resolve) => {
          requestAnimationFrame(() => {
            setTimeout(resolve)
          })
        })
      const found: number[] = []
      for (let n = 0; n < wanted; n++) {
        // As fast as nobody reviews, so that cards ahead are fetched in time or not.
        await new Promise((resolve) => setTimeout(resolve, 250))
        const before = shown()
        const start = performance.now()
        window.dispatchEvent(new KeyboardEvent('keydown', { key: n % 5 === 0 ? 'w' : 'q' }))
        while (shown() === before) {
          if (performance.now() - start > 5000) throw new Error('the next card did not come')
          await painted()
        }
        found.push(performance.now() - start)
      }
      return found
    }, times)
  } finally {
    await page.close()
  }
}
