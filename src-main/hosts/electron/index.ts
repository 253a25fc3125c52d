/** Entry of the desktop app, bundled as `out/main/index.js`. */
import { join } from 'node:path'
import { dataFolder } from '../data-folder.ts'
import { startElectronHost } from './electron-host.ts'

// Not awaited: Electron becomes ready only after this module has run. What must come before that is
// done before the first await inside.
startElectronHost({
  outFolder: join(import.meta.dirname, '..'),
  dataFolder: dataFolder(),
}).catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
