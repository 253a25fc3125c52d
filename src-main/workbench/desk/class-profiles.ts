/** The profile of a dataset version split by class, made in a thread of its own. */
import { Worker } from 'node:worker_threads'
import type { DatasetProfile } from '#shared/contract/data.ts'
import { UserError } from '#shared/contract/errors.ts'
import type { ProfileByClass } from '#shared/core/dataset/class-profile.ts'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import type { DeskContext, OpenedProject } from './context.ts'
import type { ProfileAnswer, ProfileWorkerData } from './profile-worker.ts'

interface Profiled {
  readonly positives: number
  readonly negatives: number
  readonly columns: readonly ProfileByClass[]
}

/** Per open project: by version, target and positive class. */
const cached = new WeakMap<OpenedProject, Map<string, Promise<Profiled>>>()
const mostCached = 4
const labelLength = 120

/** @throws UserError `dataset_not_found`; `bad_input` when the target isn't among the columns. */
export async function readProfile(
  { project }: Pick<DeskContext, 'project'>,
  versionId: number,
  roles: Roles,
): Promise<DatasetProfile> {
  const opened = project()
  const profiles = cached.get(opened) ?? new Map<string, Promise<Profiled>>()
  cached.set(opened, profiles)
  const key = JSON.stringify([versionId, roles.target, roles.positive])
  let profiled = profiles.get(key)
  if (profiled === undefined) {
    profiled = compute(opened, versionId, roles)
    profiles.set(key, profiled)
    profiled.catch(() => profiles.delete(key))
    for (const oldest of profiles.keys()) {
      if (profiles.size <= mostCached) break
      profiles.delete(oldest)
    }
  }
  const { positives, negatives, columns } = await profiled
  const unjudged = new Set([roles.target, ...roles.ignore])
  return {
    versionId,
    positives,
    negatives,
    columns: columns.map((column) =>
      unjudged.has(column.profile.name) ? { ...column, rocAuc: null } : column,
    ),
  }
}

async function compute(
  { project: { datasets, rows }, signal }: OpenedProject,
  versionId: number,
  { target, positive }: Roles,
): Promise<Profiled> {
  const version = datasets.get(versionId)
  if (version === null) {
    throw new UserError(
      'dataset_not_found',
      `The project has no dataset version ${versionId}. Import the data first.`,
    )
  }
  const targetAt = version.columns.findIndex(({ name }) => name === target)
  if (targetAt < 0) {
    throw new UserError(
      'bad_input',
      `The target ${JSON.stringify(shortened(target))} is not a column of these data. Choose another.`,
    )
  }
  const worker = new Worker(new URL('./profile-worker.ts', import.meta.url), {
    workerData: { positive } satisfies ProfileWorkerData,
  })
  let onAbort: (() => void) | undefined
  try {
    return await new Promise<Profiled>((resolve, reject) => {
      onAbort = () => {
        reject(new UserError('no_project', 'The project was closed.'))
      }
      signal.addEventListener('abort', onAbort)
      let positives = 0
      let sent = 0
      const columns: ProfileByClass[] = []
      const sendNext = (): void => {
        if (sent < version.columns.length) worker.postMessage(rows.readPacked(versionId, sent++))
      }
      const take = (answer: ProfileAnswer): void => {
        if ('refusal' in answer) throw new UserError(answer.refusal.code, answer.refusal.message)
        if ('positives' in answer) {
          positives = answer.positives
        } else {
          const bins = answer.column.bins.map((bin) => ({ ...bin, label: shortened(bin.label) }))
          columns.push({ ...answer.column, bins })
          if (columns.length === version.columns.length) {
            resolve({ positives, negatives: version.nRows - positives, columns })
          }
        }
        sendNext()
      }
      const orReject = (work: () => void): void => {
        try {
          work()
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      }
      worker.on('message', (answer: ProfileAnswer) => {
        orReject(() => {
          take(answer)
        })
      })
      worker.on('error', reject)
      worker.on('exit', (code) => {
        reject(new Error(`The thread that profiles columns ended with exit code ${code}.`))
      })
      orReject(() => {
        // One more than is worked on, so that the thread never waits.
        worker.postMessage(rows.readPacked(versionId, targetAt))
        sendNext()
      })
    })
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort)
    await worker.terminate()
  }
}

function shortened(text: string): string {
  return text.length > labelLength ? `${text.slice(0, labelLength).toWellFormed()}…` : text
}
