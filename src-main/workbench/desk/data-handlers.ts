/** Data on their way into the project, and what is shown of them. */
import { UserError } from '#shared/contract/errors.ts'
import type { CsvOptions } from '../../files/csv/csv-types.ts'
import { createPace } from '../pace.ts'
import { existingVersion } from '../existing-version.ts'
import { readProfile } from './class-profiles.ts'
import type { DeskContext, Handlers } from './context.ts'
import { carriedOver, draftOf, saveDraft } from './drafts.ts'
import { gridColumn } from './grid-column.ts'
import { datasetFacts } from './project-state.ts'

type Answered = 'data.preview' | 'data.import' | 'data.select' | 'data.profile' | 'data.rows'

/** Everything is inferred, and rows of other lengths are refused. */
export const plainCsv: CsvOptions = { delimiter: null, missing: null, ragged: 'refuse', kinds: {} }

export const dataHandlers: Pick<Handlers, Answered> = {
  'data.preview': async ({ fileId, options }, { files, jobs, lifecycle, services }) => {
    const file = files.find(fileId)
    // Opening and closing the project's file here would also drop SQLite's lock on it.
    if (lifecycle.isOpen(file.path)) {
      throw new UserError('bad_input', `${file.name} is the open project. Choose a CSV file.`)
    }
    const { done } = jobs.start(
      { kind: 'preview', title: `Look at ${file.name}`, replaces: `preview ${fileId}` },
      (job) => {
        const pace = createPace('import', services.now, ({ fraction, detail, secondsLeft }) => {
          job.progress(fraction, detail, secondsLeft)
        })
        return named(file, () =>
          services.previewCsv(
            file.path,
            options,
            (fraction) => {
              pace.reach(fraction, `Reading ${file.name}`)
            },
            () => job.signal.aborted,
          ),
        )
      },
    )
    return { ...(await done), fileId, name: file.name }
  },

  'data.import': ({ fileId, name, options }, context) => {
    const { jobId } = startImport(context.files.find(fileId), { name, options }, context)
    return { jobId }
  },

  'data.select': ({ versionId }, context) => {
    context.writableProject().project.workspace.select(versionId)
    return context.projectChanged()
  },

  'data.profile': ({ versionId, roles }, context) => readProfile(context, versionId, roles),

  'data.rows': ({ versionId, firstRow, nRows, columns }, context) => {
    const { project } = context.project()
    const version = existingVersion(project, versionId)
    const beyond = columns.find((position) => position >= version.columns.length)
    if (beyond !== undefined) {
      throw new UserError(
        'bad_arguments',
        `columns: there are ${version.columns.length} columns, got position ${beyond}`,
      )
    }
    const held = Math.max(0, Math.min(nRows, version.nRows - firstRow))
    if (held === 0) return { firstRow, nRows: 0, columns: [] }
    return {
      firstRow,
      nRows: held,
      columns: project.rows.read(versionId, columns, firstRow, held).map(gridColumn),
    }
  },
}

/** Imports a file as a new version of the open project, which is then worked on. */
export function startImport(
  file: { readonly path: string; readonly name: string },
  { name, options }: { readonly name: string; readonly options: CsvOptions },
  context: DeskContext,
): { readonly jobId: string; readonly done: Promise<number> } {
  const { project, workbench } = context.writableProject()
  const title = `Import ${file.name}`
  return context.jobs.start({ kind: 'import', title, lane: 'import' }, async (job) => {
    const before = project.workspace.selected()
    const { versionId } = await named(file, () =>
      workbench.importCsv(file.path, name, options, {
        signal: job.signal,
        onNotice: () => undefined,
        onProgress: ({ fraction, detail, secondsLeft }) => {
          job.progress(fraction, detail, secondsLeft)
        },
      }),
    )
    const version = project.datasets.get(versionId)!
    if (before !== null && before !== versionId && project.workspace.draft(versionId) === null) {
      saveDraft(project, versionId, carriedOver(draftOf(project, before), version), null)
    }
    project.workspace.select(versionId)
    job.concerns({ versionId })
    context.tell('data.imported', datasetFacts(version))
    context.projectChanged()
    return versionId
  })
}

/** A page knows a file by its name: errors name it so, too. */
async function named<T>(
  { path, name }: { readonly path: string; readonly name: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof UserError) || !error.message.includes(path)) throw error
    throw new UserError(error.code, error.message.replaceAll(path, name), { cause: error })
  }
}
