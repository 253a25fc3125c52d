/** `npm run build`: the kernels, the page and the bundle of the desktop app. */
import { buildAnew } from './build-app.mjs'

const kernels = '../src-main/kernels/build.ts'
await import(kernels)
process.exitCode = buildAnew('app') ? 0 : 1
