/**
 * Gives the page its bridge, and nothing else of Electron. Sandboxed: this is bundled as CommonJS
 * and can require nothing but electron.
 */
import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge } from '#shared/contract/bridge.ts'
import type { Reply } from '#shared/contract/commands.ts'
import { ipcChannels } from './ipc-channels.ts'

/** Never hands on the IPC event itself: it reaches the sender. */
function listen(channel: string, listener: (data: never) => void): () => void {
  const forward = (_event: unknown, data: unknown): void => {
    listener(data as never)
  }
  ipcRenderer.on(channel, forward)
  return () => {
    ipcRenderer.removeListener(channel, forward)
  }
}

const bridge: Bridge = {
  host: 'electron',
  call: (command, args) => ipcRenderer.invoke(ipcChannels.call, command, args) as Promise<Reply>,
  onEvent: (listener) => listen(ipcChannels.event, listener),
  onConnection: (listener) => listen(ipcChannels.connection, listener),
}

contextBridge.exposeInMainWorld('steelyard', bridge)
