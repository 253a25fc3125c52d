/** A desk on a folder of its own, with the services that hosts have. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { Command, EventMessage, Reply, Result } from '#shared/contract/commands.ts'
import type { ErrorReport } from '#shared/contract/errors.ts'
import type { Job } from '#shared/contract/work.ts'
import { createDeskServices } from '#main/hosts/desk-services.ts'
import { createDesk } from '#main/workbench/desk.ts'
import type { Desk, DeskServices } from '#main/workbench/desk.ts'

const folders: string[] = []
const desks: Desk[] = []

afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steelyard-desk-'))
  folders.push(folder)
  return folder
}

export interface TestDesk {
  readonly desk: Desk
  readonly folder: string
  readonly events: EventMessage[]
  /** Texts that were logged: faults and damaged files. */
  readonly logged: string[]
  /** The result of a command that must succeed. */
  readonly ask: <C extends Command>(command: C, args?: unknown) => Promise<Result<C>>
  /** The refusal of a command that must not. */
  readonly refusal: (command: Command, args?: unknown) => Promise<ErrorReport>
  /** Writes a file beside the projects and makes it known; its handle. */
  readonly file: (name: string, text: string | Uint8Array) => string
  /** Waits until a job has ended. */
  readonly ended: (jobId: string) => Promise<Job>
}

export async function openDesk(
  folder = scratchFolder(),
  more: Partial<DeskServices> = {},
): Promise<TestDesk> {
  const logged: string[] = []
  const desk = createDesk({
    ...(await createDeskServices('browser', folder)),
    projectFolder: join(folder, 'projects'),
    log: (text) => logged.push(text),
    ...more,
  })
  desks.push(desk)
  const events: EventMessage[] = []
  desk.onEvent((message) => events.push(message))
  const call = (command: Command, args: unknown): Promise<Reply> => desk.call(command, args)
  return {
    desk,
    folder,
    events,
    logged,
    async ask(command, args = {}) {
      const reply = await call(command, args)
      if (!reply.ok) throw new Error(`${command}: ${reply.error.code}: ${reply.error.message}`)
      return reply.result as Result<typeof command>
    },
    async refusal(command, args = {}) {
      const reply = await call(command, args)
      if (reply.ok) throw new Error(`${command} was not refused`)
      return reply.error
    },
    file(name, text) {
      const path = join(folder, name)
      writeFileSync(path, text)
      return desk.grantFile(path).fileId
    },
    async ended(jobId) {
      for (;;) {
        const reply = await call('job.list', {})
        const jobs = (reply.ok ? reply.result : []) as readonly Job[]
        const job = jobs.find((one) => one.jobId === jobId)
        if (job === undefined) throw new Error(`there is no job ${jobId}`)
        if (job.endedAt !== null) return job
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
  }
}

export const csvOptions = { delimiter: null, missing: null, ragged: 'refuse', kinds: {} }

/** A table with a rare class: id, amount, a few categories, a text, and the label. */
export function smallCsv(nRows = 200): string {
  const lines = Array.from({ length: nRows }, (_, i) =>
    [
      `c${i}`,
      ((i * 37) % 101) / 4,
      ['de', 'fr', 'at'][i % 3],
      i % 7 === 0 ? '' : i % 5,
      i % 10 === 0 ? 'yes' : 'no',
    ].join(','),
  )
  return `id,amount,country,visits,fraud\n${lines.join('\n')}\n`
}

/** Opens a new project and imports a table; the id of its version. */
export async function importTable(
  { ask, file, ended }: TestDesk,
  text = smallCsv(),
  name = 'cases',
): Promise<number> {
  if ((await ask('project.state')) === null) {
    await ask('project.create', { name: 'Test', fileId: null })
  }
  const fileId = file(`${name}.csv`, text)
  const { jobId } = await ask('data.import', { fileId, name, options: csvOptions })
  const { state, reason, versionId } = await ended(jobId)
  if (state !== 'done') throw new Error(`the import ended as ${state}: ${reason}`)
  return versionId!
}

export const smallRoles = {
  target: 'fraud',
  positive: 'yes',
  id: 'id',
  time: null,
  group: null,
  amount: 'amount',
  weight: null,
  ignore: [],
}
