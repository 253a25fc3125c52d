/** Files that are chosen or sent, and projects that were opened lately. */
import { UserError } from '#shared/contract/errors.ts'
import type { Handlers } from './context.ts'

type Answered = 'file.choose' | 'file.upload' | 'file.append' | 'recent.list' | 'recent.remove'

export const fileHandlers: Pick<Handlers, Answered> = {
  // A host that has dialogs answers this before it comes here.
  'file.choose': () => {
    throw new UserError(
      'not_supported',
      'This host has no dialogs: the page sends the file itself.',
    )
  },
  'file.upload': ({ name, sizeBytes }, { files }) => files.upload(name, sizeBytes),
  'file.append': ({ fileId, bytes }, { files }) => ({
    receivedBytes: files.append(fileId, bytes),
  }),
  'recent.list': (_, { recents }) => recents.list(),
  'recent.remove': ({ recentId }, { recents }) => {
    recents.remove(recentId)
    return recents.list()
  },
}
