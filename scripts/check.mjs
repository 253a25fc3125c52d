/** `npm run check`: every gate, in the order of what it costs; stops at the first that is shut. */
import { spawnSync } from 'node:child_process'

const GATES = ['format', 'lint', 'types', 'imports', 'unused', 'test']

const npm = process.env['npm_execpath']
if (npm === undefined) throw new Error('run this as `npm run check`')

for (const gate of GATES) {
  console.log(`\n── ${gate}`)
  const { status } = spawnSync(process.execPath, [npm, 'run', '--silent', gate], {
    stdio: 'inherit',
  })
  if (status !== 0) {
    console.log(`\nThe gate ${gate} is shut: mend the above, then run npm run check again.`)
    process.exit(status ?? 1)
  }
}
