/** Projects from creating to closing. */
import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { UserError } from '#shared/contract/errors.ts'
import type { Draft, ProjectState } from '#shared/contract/work.ts'
import { plainCsv, startImport } from './data-handlers.ts'
import type { DeskContext, Handlers } from './context.ts'
import { draftOf, saveDraft } from './drafts.ts'
import { newProjectPath } from './file-names.ts'

type Answered =
  | 'project.create'
  | 'project.open'
  | 'project.reopen'
  | 'project.sample'
  | 'project.state'
  | 'project.close'
  | 'draft.save'

export const projectHandlers: Pick<Handlers, Answered> = {
  'project.create': ({ name, fileId }, context) => {
    const path =
      fileId === null ? placeFor(name, context) : withSuffix(context.files.find(fileId).path)
    context.lifecycle.open(path, { create: true })
    return context.projectChanged()
  },

  'project.open': ({ fileId }, context) => {
    const { files } = context
    const { path, name, uploaded } = files.find(fileId)
    if (!uploaded) return openFile(path, context)
    // Refused before it is moved, the file can be opened later.
    context.lifecycle.requireIdle('open another project')
    const place = placeFor(name, context)
    moveFile(path, place)
    files.drop(fileId)
    try {
      return openFile(place, context)
    } catch (error) {
      rmSync(place, { force: true })
      throw error
    }
  },

  'project.reopen': ({ recentId }, context) => {
    const path = context.recents.find(recentId)
    if (path === null) {
      throw new UserError('project_not_found', 'This project is not in the list any more. Open it.')
    }
    return openFile(path, context)
  },

  'project.sample': async (_, context) => {
    const file = context.files.place('card-payments.csv')
    try {
      await context.services.writeCardSample(file.path, sample, () => false)
      const { project } = context.lifecycle.open(placeFor(sampleName, context), {
        create: true,
      })
      const { done } = startImport(
        { path: file.path, name: 'card-payments.csv' },
        { name: 'Card payments', options: plainCsv },
        context,
      )
      const versionId = await done
      saveDraft(project, versionId, { ...draftOf(project, versionId), ...sampleDraft }, null)
      return context.projectChanged()
    } finally {
      context.files.drop(file.fileId)
    }
  },

  'project.state': (_, { lifecycle, state }) => (lifecycle.current() === null ? null : state()),

  'project.close': (_, { lifecycle }) => {
    lifecycle.close()
    return null
  },

  'draft.save': ({ versionId, draft, reason }, context) => {
    const { project } = context.writableProject()
    saveDraft(project, versionId, draft, reason)
    return context.projectChanged()
  },
}

const sampleName = 'Card payments (sample)'

/** Enough frauds for five folds, and an analysis within a minute. */
const sample = { nRows: 50_000, seed: 1 }

const sampleDraft: Pick<Draft, 'roles' | 'classNames'> = {
  roles: {
    target: 'is_fraud',
    positive: '1',
    id: 'transaction_id',
    time: 'time',
    group: null,
    amount: 'amount',
    weight: null,
    ignore: [],
  },
  classNames: { positive: 'Fraud', negative: 'Legitimate' },
}

/** Opens the project in a file that exists. */
export function openFile(path: string, context: DeskContext): ProjectState {
  context.lifecycle.open(path, { create: false })
  return context.projectChanged()
}

function placeFor(name: string, { services }: DeskContext): string {
  mkdirSync(services.projectFolder, { recursive: true })
  return newProjectPath(services.projectFolder, name)
}

function withSuffix(path: string): string {
  return /\.steelyard$/i.test(path) ? path : `${path}.steelyard`
}

function moveFile(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    copyFileSync(from, to)
    rmSync(from)
  }
}
