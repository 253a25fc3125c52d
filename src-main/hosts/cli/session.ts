/** A project opened for one command, with the workbench on it, and whatever must be undone after. */
import { existsSync, rmSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { basename, join } from 'node:path'
import { UserError } from '#shared/contract/errors.ts'
import { createWorkerPool } from '../../jobs/pool.ts'
import { createKernelEngine } from '../../kernels/create-engine.ts'
import { loadKernels } from '../../kernels/load-kernels.ts'
import { readCsv } from '../../files/csv/read-csv.ts'
import { createFingerprint } from '../../store/fingerprint.ts'
import { openProject } from '../../store/project.ts'
import type { OpenOptions } from '../../store/connection.ts'
import type { Project } from '../../store/project.ts'
import { createWorkbench } from '../../workbench/workbench.ts'
import type { Workbench } from '../../workbench/workbench.ts'
import { version } from '../../version.ts'
import type { Arguments } from './options.ts'
import { callersPath } from './requests.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'

const defaultMemoryShare = 0.7 // the rest is for the system and the files it keeps in memory

const temporaryName = 'temporary.steelyard'

export interface Session {
  readonly project: Project
  readonly workbench: Workbench
}

/**
 * Opens the project that `--project` names, or a temporary one, and closes it whatever happens.
 *
 * @param create Make the project where there is none.
 */
export async function withSession<T>(
  given: Arguments,
  create: boolean,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const kernels = await loadKernels()
  const path = given.text('project')
  const folder = path === null ? makeTemporaryFolder(isHeld) : null
  try {
    const project = openProject(
      folder === null ? callersPath(path!) : join(folder, temporaryName),
      openOptions(create || folder !== null),
    )
    try {
      const workbench = createWorkbench({
        project,
        readCsv,
        createFingerprint,
        createWorkerPool: (data, size) => createWorkerPool(data, size, kernels),
        now: () => performance.now(),
        memoryCap: memoryCapOf(given),
        program: { version, engine: createKernelEngine(kernels).name, command: commandLine() },
      })
      return await work({ project, workbench })
    } finally {
      project.close()
    }
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true })
  }
}

function openOptions(create: boolean): OpenOptions {
  return {
    create,
    migrationsDir: join(import.meta.dirname, '../../../migrations'),
    program: `steelyard ${version}`,
  }
}

/** Whether some program has the project of a temporary folder open. */
function isHeld(folder: string): boolean {
  const file = join(folder, temporaryName)
  if (!existsSync(file)) return false
  try {
    openProject(file, openOptions(false)).close()
    return false
  } catch (error) {
    return error instanceof UserError && error.code === 'project_locked'
  }
}

/** Threads for background work: what the user asked for, else one for each processor. */
export function workersOf(given: Arguments): number {
  return given.whole('workers', 1) ?? availableParallelism()
}

/** Most memory to use, in bytes: what the user said, else a share of what there is. */
function memoryCapOf(given: Arguments): number {
  const limit = process.constrainedMemory()
  const available = limit > 0 ? Math.min(limit, totalmem()) : totalmem()
  return given.bytes('memory-cap') ?? defaultMemoryShare * available
}

/** How the command was called, with file names in place of paths: reports travel. */
function commandLine(): string {
  const words = process.argv.slice(2).map((word) => (word.includes('/') ? basename(word) : word))
  const quoted = words.map((word) => (/^[\w.,:=+-]+$/u.test(word) ? word : `'${word}'`))
  return ['steelyard', ...quoted].join(' ')
}
