/** A project opened for one command, with the workbench on it, and whatever must be undone after. */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createWorkerPool } from '../../jobs/pool.ts'
import { readCsv } from '../../files/csv/read-csv.ts'
import { createFingerprint } from '../../store/fingerprint.ts'
import { openProject } from '../../store/project.ts'
import type { Project } from '../../store/project.ts'
import { createWorkbench } from '../../workbench/workbench.ts'
import type { Workbench } from '../../workbench/workbench.ts'
import { version } from '../../version.ts'
import type { Arguments } from './options.ts'
import { callersPath } from './requests.ts'

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
  const path = given.text('project')
  const folder = path === null ? mkdtempSync(join(tmpdir(), 'steelyard-')) : null
  try {
    const project = openProject(
      folder === null ? callersPath(path!) : join(folder, 'temporary.steelyard'),
      {
        create: create || folder !== null,
        migrationsDir: join(import.meta.dirname, '../../../migrations'),
        program: `steelyard ${version}`,
      },
    )
    try {
      const workbench = createWorkbench({
        project,
        readCsv,
        createFingerprint,
        createWorkerPool,
        now: () => performance.now(),
        program: { version, engine: 'plain TypeScript', command: commandLine() },
      })
      return await work({ project, workbench })
    } finally {
      project.close()
    }
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true })
  }
}

/** Threads for background work: what the user asked for, else one for each processor. */
export function workersOf(given: Arguments): number {
  return given.whole('workers', 1) ?? availableParallelism()
}

/** How the command was called, with file names in place of paths: reports travel. */
function commandLine(): string {
  const words = process.argv.slice(2).map((word) => (word.includes('/') ? basename(word) : word))
  const quoted = words.map((word) => (/^[\w.,:=+-]+$/u.test(word) ? word : `'${word}'`))
  return ['steelyard', ...quoted].join(' ')
}
