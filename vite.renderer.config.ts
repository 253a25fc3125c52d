/** The page: `vite build -c vite.renderer.config.ts`, and the renderer of electron.vite.config.ts. */
import { join, resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { outFolder } from './scripts/out-folder.mjs'

const root = resolve(import.meta.dirname, 'src-renderer')

export default defineConfig({
  root,
  base: './',
  plugins: [svelte({ configFile: resolve(import.meta.dirname, 'svelte.config.js') })],
  build: {
    outDir: join(outFolder(import.meta.dirname), 'renderer'),
    emptyOutDir: true,
    target: 'chrome124',
    sourcemap: true,
    // Never data: URLs in place of files: the content security policy allows 'self' only.
    assetsInlineLimit: 0,
    // Loaded from the same machine.
    chunkSizeWarningLimit: 2000,
    // Scripts wait for the style sheets of their chunks without an inline polyfill.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { index: join(root, 'index.html') } },
  },
  server: { host: '127.0.0.1' },
})
