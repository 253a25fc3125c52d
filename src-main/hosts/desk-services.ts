/** What the desk works with, the same in both hosts of the window. */
import { appendFileSync, existsSync, mkdirSync } from 'node:fs'
import { availableParallelism, homedir, totalmem, userInfo } from 'node:os'
import { join } from 'node:path'
import { previewCsv } from '../files/csv/preview-csv.ts'
import { readCsv } from '../files/csv/read-csv.ts'
import { makeReport } from '../files/report/make-report.ts'
import { writeCardSample } from '../files/sample/write-card-sample.ts'
import { writeFileWhole } from '../files/write-file-whole.ts'
import { createWorkerPool } from '../jobs/pool.ts'
import { createKernelEngine } from '../kernels/create-engine.ts'
import { loadKernels } from '../kernels/load-kernels.ts'
import { resources } from '../resources.ts'
import { createFingerprint } from '../store/fingerprint.ts'
import { wasLeftOpen } from '../store/lock-sidecar.ts'
import { profileColumns } from '../store/profile-columns.ts'
import { openProject } from '../store/project.ts'
import { version } from '../version.ts'
import type { DeskServices } from '../workbench/desk.ts'

/**
 * @param host         Who asks; Electron has dialogs of its own.
 * @param dataFolder   Where settings, recent projects, uploads and the log lie.
 */
export async function createDeskServices(
  host: DeskServices['host'],
  dataFolder: string,
): Promise<DeskServices> {
  const kernels = await loadKernels(resources.kernels)
  return {
    host,
    choosesFiles: host === 'electron',
    dataFolder,
    projectFolder: projectFolder(dataFolder),
    openProject: (path, { create }) =>
      openProject(path, {
        create,
        migrationsDir: resources.migrations,
        program: `Steelyard ${version}`,
      }),
    wasLeftOpen,
    readCsv,
    previewCsv,
    createFingerprint,
    createWorkerPool: (data, size) => createWorkerPool(data, size, kernels),
    profileColumns,
    writeCardSample,
    writeFileWhole,
    makeReport,
    now: () => performance.now(),
    clock: () => new Date(),
    program: { version, engine: createKernelEngine(kernels).name, command: 'steelyard' },
    machine: {
      platform: `${process.platform} ${process.arch}`,
      node: process.versions.node,
      electron: electronVersion(),
      processors: availableParallelism(),
      memoryBytes: memoryBytes(),
      user: userName(),
    },
    log: createLog(dataFolder),
  }
}

/** Only where Electron runs this is there such a version. */
function electronVersion(): string | null {
  const versions: Readonly<Record<string, string | undefined>> = process.versions
  return versions['electron'] ?? null
}

/** Where a person looks for their own files; beside the data where these were put elsewhere. */
function projectFolder(dataFolder: string): string {
  if ((process.env['STEELYARD_DATA'] ?? '') !== '') return join(dataFolder, 'projects')
  const documents = join(homedir(), 'Documents')
  return join(existsSync(documents) ? documents : homedir(), 'Steelyard')
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // An account without a name, as containers have.
    return ''
  }
}

/** What the system has, or lets this process have. */
function memoryBytes(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

/** Faults go to a file, since a window has no terminal; never what a user has typed. */
function createLog(dataFolder: string): (text: string) => void {
  const file = join(dataFolder, 'faults.log')
  return (text) => {
    try {
      mkdirSync(dataFolder, { recursive: true })
      appendFileSync(file, `${new Date().toISOString()} ${text}\n`, { mode: 0o600 })
    } catch {
      // A disk that is full must not make things worse.
    }
  }
}
