/**
 * node --import ./test/fakes/as-electron.ts out/main/index.js
 *
 * Starts the built app as Electron does: `electron` is the fake one, process.versions has it, and
 * 'ready' comes on its own. Waits for the window, asks what the workbench is, quits, and prints
 * what happened as one line of JSON.
 */
import { registerHooks } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { ipcChannels } from '#main/hosts/electron/ipc-channels.ts'
import { app, fake, launch } from './electron.ts'

const patienceMs = 10_000

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? {
          url: new URL('./electron.ts', import.meta.url).href,
          format: 'module-typescript',
          shortCircuit: true,
        }
      : next(specifier, context),
})
Object.defineProperty(process.versions, 'electron', { value: '45.0.0-fake' })

launch()
app.once('web-contents-created', () => void showAndQuit())

async function showAndQuit(): Promise<void> {
  const [window] = fake.windows
  const { webContents } = window!
  const until = performance.now() + patienceMs
  while (!window!.visible && performance.now() < until) await sleep(10)
  const event = { senderFrame: webContents.mainFrame, sender: webContents }
  const reply = await fake.invokeHandlers.get(ipcChannels.call)!(event, 'app.info', {})
  const { visible } = window!
  app.once('will-quit', () => {
    console.log(JSON.stringify({ url: webContents.mainFrame.url, visible, reply }))
    process.exit(0)
  })
  app.quit()
}
