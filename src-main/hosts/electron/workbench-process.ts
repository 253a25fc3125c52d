/**
 * Entry of the workbench's own process (a utilityProcess): the project, long queries and whatever
 * might crash live here, so that none of it takes the windows along.
 */
import type { ParentPort } from 'electron'
import { serve } from '#shared/contract/channel.ts'
import type { Reply } from '#shared/contract/commands.ts'
import { createDesk } from '../../workbench/desk.ts'
import type { Desk } from '../../workbench/desk.ts'
import { createDeskServices } from '../desk-services.ts'
import { splitLanes } from './lanes.ts'
import type { HostCommands } from './workbench-link.ts'

// Listening begins at once: what is asked while the desk is being set up waits for it.
const { parentPort: port } = process as unknown as { readonly parentPort: ParentPort }
const dataFolder = process.argv.at(-1)!
const deskSoon = createDeskServices('electron', dataFolder).then(createDesk)

const lanes = splitLanes({
  send: (message) => {
    port.postMessage(message)
  },
  onMessage: (listener) => {
    port.on('message', ({ data }) => {
      listener(data)
    })
  },
  // This process ends with the one that started it.
  onClose: () => undefined,
})

serve(
  {
    call: async (command, args) => (await deskSoon).call(command, args),
    onEvent(listener) {
      let forget: (() => void) | null = null
      void deskSoon.then((desk) => {
        forget = desk.onEvent(listener)
      })
      return () => forget?.()
    },
  },
  lanes.page,
)

const hostAnswers: {
  readonly [C in keyof HostCommands]: (
    desk: Desk,
    args: HostCommands[C]['args'],
  ) => Promise<Reply> | Reply
} = {
  grantFile: (desk, { path }) => ({ ok: true, result: desk.grantFile(path) }),
  openPath: (desk, { path }) => desk.openPath(path),
  async close(desk) {
    await desk.close()
    return { ok: true, result: null }
  },
}

serve(
  {
    // Only the main process speaks here.
    call: async (command, args) =>
      hostAnswers[command as keyof HostCommands](await deskSoon, args as never),
    onEvent: () => () => undefined,
  },
  lanes.host,
)
