/** Checks the types of the page: its components by svelte-check, its tests by the compiler. */
import { spawnSync } from 'node:child_process'

const checks = [
  [
    'node_modules/svelte-check/bin/svelte-check',
    ...['--workspace', 'src-renderer', '--tsconfig', 'tsconfig.json', '--fail-on-warnings'],
  ],
  ['node_modules/typescript/bin/tsc', '--project', 'test/renderer'],
]

for (const check of checks) {
  const { status } = spawnSync(process.execPath, check, { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
