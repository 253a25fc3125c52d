import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { UserError } from '#shared/contract/errors.ts'
import type { CsvOptions, CsvSink, CsvSummary } from '../files/csv/csv-types.ts'
import type { ImportHandle } from '../store/datasets.ts'
import type { Fingerprint } from '../store/fingerprint.ts'
import type { Project } from '../store/project.ts'
import { createPace } from './pace.ts'
import type { Progress } from './pace.ts'
import { pause } from './pause.ts'

export interface ImportedDataset {
  readonly versionId: number
  readonly fingerprint: string
  readonly summary: CsvSummary
  /** True when the project held the same table already, which is then used. */
  readonly known: boolean
}

export type ReadCsv = (
  path: string,
  options: CsvOptions,
  sink: CsvSink,
  onProgress: (fractionOfBytes: number) => void,
  cancelled: () => boolean,
) => Promise<CsvSummary>

/** Reads a CSV file into a project as a new dataset version, or finds the version that it is. */
export async function importCsv(
  {
    project,
    readCsv,
    createFingerprint,
    now,
  }: {
    readonly project: Project
    readonly readCsv: ReadCsv
    readonly createFingerprint: () => Fingerprint
    /** Milliseconds of a clock that never runs backwards. */
    readonly now: () => number
  },
  path: string,
  name: string,
  options: CsvOptions,
  watch: {
    readonly onProgress: (progress: Progress) => void
    readonly signal: AbortSignal
  },
): Promise<ImportedDataset> {
  // Opening and closing the project's file here would also drop SQLite's lock on it.
  if (isSameFile(path, project.file)) {
    throw new UserError('bad_input', `${path} is the project itself; name the file to import.`)
  }
  // In one record, because the reader's callbacks change it.
  const state: {
    handle: ImportHandle | null
    fingerprint: Fingerprint
    imported: Omit<ImportedDataset, 'summary'> | null
  } = { handle: null, fingerprint: createFingerprint(), imported: null }
  const pace = createPace('import', now, watch.onProgress)
  const sink: CsvSink = {
    begin() {
      state.handle?.abort()
      state.handle = project.datasets.begin({ name, sourceName: basename(path), options })
      state.fingerprint = createFingerprint()
    },
    async chunk(columns) {
      // Chunks come faster than they are written: without a pause nothing else gets a turn.
      await pause()
      state.handle!.appendChunk(columns)
      state.fingerprint.append(columns)
    },
    finish(summary, levels) {
      const columns = summary.columns.map(({ name: column, kind }, i) => {
        const texts = levels[i] ?? null
        return texts === null ? { name: column, kind } : { name: column, kind, levels: texts }
      })
      const fingerprint = state.fingerprint.finish(columns)
      const known = project.datasets.findByFingerprint(fingerprint)
      if (known === null) {
        const versionId = state.handle!.finish({ columns, fingerprint, summary })
        state.imported = { versionId, fingerprint, known: false }
      } else {
        state.handle!.abort()
        state.imported = { versionId: known.id, fingerprint, known: true }
      }
      state.handle = null
    },
  }
  try {
    const summary = await readCsv(
      path,
      options,
      sink,
      (fraction) => {
        pace.reach(fraction, `Reading ${basename(path)}`)
      },
      () => watch.signal.aborted,
    )
    if (state.imported === null) throw new Error('the reader ended without finishing')
    return { ...state.imported, summary }
  } catch (error) {
    try {
      state.handle?.abort()
    } catch {
      // The next start cleans up; what matters is why the import ended.
    }
    throw error
  }
}

function isSameFile(path: string, other: string): boolean {
  const [a, b] = [path, other].map((one) => statSync(one, { throwIfNoEntry: false }))
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev
}
