/** Runs svelte-check over the page, as soon as there is one: it refuses a folder without files. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'

const PAGE = 'src-renderer'

const files = existsSync(PAGE) ? readdirSync(PAGE, { recursive: true, encoding: 'utf8' }) : []
if (files.some((file) => file.endsWith('.svelte'))) {
  const { status } = spawnSync(
    process.execPath,
    [
      'node_modules/svelte-check/bin/svelte-check',
      ...['--workspace', PAGE, '--tsconfig', 'tsconfig.json', '--fail-on-warnings'],
    ],
    { stdio: 'inherit' },
  )
  process.exitCode = status ?? 1
}
