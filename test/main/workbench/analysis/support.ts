/** A desk with a small table in its project, asked as a page would ask it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { Args, Command, EventMessage, Result } from '#shared/contract/commands.ts'
import type { ErrorReport } from '#shared/contract/errors.ts'
import type { Job } from '#shared/contract/work.ts'
import type { Dataset } from '#shared/core/dataset/dataset.ts'
import { createDeskServices } from '#main/hosts/desk-services.ts'
import { resources } from '#main/resources.ts'
import { createFingerprint } from '#main/store/fingerprint.ts'
import { openProject } from '#main/store/project.ts'
import type { Project } from '#main/store/project.ts'
import { createDesk } from '#main/workbench/desk.ts'
import type { Desk, DeskServices } from '#main/workbench/desk.ts'
import { quickPlan, smallRequest, smallRoles, smallTable } from '../../../support/small-table.ts'

const folders: string[] = []
const desks: Desk[] = []

afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

class Refused extends Error {
  readonly code: ErrorReport['code']

  constructor({ code, message }: ErrorReport) {
    super(message)
    this.code = code
  }
}

export interface TestDesk {
  readonly desk: Desk
  readonly file: string
  readonly versionId: number
  readonly events: EventMessage[]
  /** @throws Refused */
  readonly call: <C extends Command>(command: C, args: Args<C>) => Promise<Result<C>>
  /** Waits until a job has ended, and returns it. */
  readonly ended: (jobId: string) => Promise<Job>
  /** Starts a run and waits for it. */
  readonly run: (
    changes?: Partial<Args<'run.start'>>,
  ) => Promise<{ experimentId: number; job: Job }>
}

export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steelyard-desk-'))
  folders.push(folder)
  return folder
}

/** A project file with one dataset version; returns the path and the id of the version. */
export function projectWith(table: Dataset): { file: string; versionId: number } {
  const file = join(scratchFolder(), 'small.steelyard')
  const project = open(file)
  const versionId = importTable(project, table, 'small')
  project.close()
  return { file, versionId }
}

export function open(file: string): Project {
  return openProject(file, {
    create: true,
    migrationsDir: resources.migrations,
    program: 'test',
  })
}

function importTable(project: Project, table: Dataset, name: string): number {
  const handle = project.datasets.begin({ name, sourceName: `${name}.csv`, options: {} })
  const fingerprint = createFingerprint()
  for (let start = 0; start < table.nRows; start += 16_384) {
    const end = Math.min(table.nRows, start + 16_384)
    const chunk = table.columns.map((column) =>
      column.kind === 'numeric'
        ? { kind: column.kind, values: column.values.slice(start, end) }
        : { kind: column.kind, codes: column.codes.slice(start, end) },
    )
    handle.appendChunk(chunk)
    fingerprint.append(chunk)
  }
  const columns = table.columns.map((column) =>
    column.kind === 'numeric'
      ? { name: column.name, kind: column.kind }
      : { name: column.name, kind: column.kind, levels: column.levels },
  )
  return handle.finish({
    columns,
    fingerprint: fingerprint.finish(columns),
    summary: { notes: [] },
  })
}

/** What a page would ask to run on the small table. */
export function smallOrder(changes: Partial<Args<'run.start'>> = {}): Args<'run.start'> {
  const { frame, seed } = smallRequest()
  const plan = quickPlan(['lr', 'lr_balanced'])
  return {
    versionId: 1,
    roles: { ...smallRoles, ignore: [...smallRoles.ignore] },
    frame,
    seed,
    folds: plan.folds,
    innerFolds: plan.innerFolds,
    configurations: [...plan.configurations] as Args<'run.start'>['configurations'],
    acknowledgements: ['G08', 'G10', 'G21'].map((guardrail) => ({ guardrail, reason: 'a test' })),
    ...changes,
  }
}

/** Opens a project with the small table, or the one given, on a desk of its own. */
export async function deskWith(
  project: { file: string; versionId: number } = projectWith(smallTable()),
  changes: Partial<DeskServices> = {},
): Promise<TestDesk> {
  const folder = scratchFolder()
  const services = await createDeskServices('browser', folder)
  const desk = createDesk({ ...services, projectFolder: folder, ...changes })
  desks.push(desk)
  const events: EventMessage[] = []
  desk.onEvent((event) => {
    events.push(event)
  })
  const opened = await desk.openPath(project.file)
  if (!opened.ok) throw new Refused(opened.error)
  const call: TestDesk['call'] = async (command, args) => {
    const reply = await desk.call(command, args)
    if (!reply.ok) throw new Refused(reply.error)
    return reply.result as never
  }
  const ended = async (jobId: string): Promise<Job> => {
    for (;;) {
      const job = (await call('job.list', {})).find((one) => one.jobId === jobId)
      if (job === undefined) throw new Error(`there is no job ${jobId}`)
      if (job.state !== 'queued' && job.state !== 'running') return job
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  return {
    ...project,
    desk,
    events,
    call,
    ended,
    async run(runChanges) {
      const { jobId, experimentId } = await call('run.start', smallOrder(runChanges))
      return { experimentId, job: await ended(jobId) }
    },
  }
}
