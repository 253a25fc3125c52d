/** The desktop app: main process and workbench process, preload, and the page. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { outFolder } from './scripts/out-folder.mjs'
import type * as Compiler from './src-main/kernels/compile-kernels.ts'
import page from './vite.renderer.config.ts'

interface Package {
  readonly name: string
  readonly version: string
}

const out = outFolder(import.meta.dirname)
const source = (path: string): string => resolve(import.meta.dirname, path)

/**
 * Entries of worker threads lie beside their callers in the source; in the bundle all lie in one
 * folder and are JavaScript.
 */
const workerEntries: Plugin = {
  name: 'worker-entries',
  transform(code) {
    const pattern = /new URL\((['"])\.\/([\w-]+)\.ts\1, import\.meta\.url\)/g
    return pattern.test(code)
      ? { code: code.replace(pattern, 'new URL("./$2.js", import.meta.url)'), map: null }
      : null
  },
}

/** What isn't code goes beside the bundle, where src-main/resources.ts looks for it. */
const resourcesBeside: Plugin = {
  name: 'resources-beside',
  async generateBundle() {
    // Loaded where it lies, since it looks for its sources beside it; this file is bundled.
    const compiler = pathToFileURL(source('src-main/kernels/compile-kernels.ts')).href
    const { compiledKernels } = (await import(compiler)) as typeof Compiler
    for (const [name, bytes] of (await compiledKernels()).code) {
      this.emitFile({ type: 'asset', fileName: `kernels/${name}.wasm`, source: bytes })
    }
  },
  writeBundle({ dir }) {
    cpSync(source('migrations'), join(dir!, 'migrations'), { recursive: true })
    const { name, version } = JSON.parse(readFileSync(source('package.json'), 'utf8')) as Package
    writeFileSync(join(dir!, 'package.json'), JSON.stringify({ name, version, type: 'module' }))
  },
}

export default defineConfig({
  main: {
    plugins: [workerEntries, resourcesBeside],
    build: {
      outDir: join(out, 'main'),
      emptyOutDir: true,
      // Everything but what is native goes into the bundle; nothing else needs to be packed.
      externalizeDeps: { exclude: ['echarts', 'valibot'] },
      sourcemap: true,
      rolldownOptions: {
        input: {
          index: source('src-main/hosts/electron/index.ts'),
          'workbench-process': source('src-main/hosts/electron/workbench-process.ts'),
          // Worker threads, by the names of their sources.
          worker: source('src-main/jobs/worker.ts'),
          'csv-worker': source('src-main/files/csv/csv-worker.ts'),
          'report-worker': source('src-main/files/report/report-worker.ts'),
          'profile-worker': source('src-main/store/profile-worker.ts'),
        },
        checks: { bundlerTimings: false },
        // One folder: import.meta.dirname is the same everywhere.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: join(out, 'preload'),
      emptyOutDir: true,
      // A sandboxed preload is CommonJS and can require nothing but electron.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: source('src-main/hosts/electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: page,
})
