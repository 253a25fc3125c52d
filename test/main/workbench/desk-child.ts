/**
 * A program that dies in the middle of an import. Run as a script, it imports an endless file and
 * says when rows have been saved.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { writeFileSync } from 'node:fs'

/** Lets a child import into the project `Crashed` of a data folder, and kills it half way. */
export async function spawnImporter(folder: string): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url), folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const exited = new Promise((resolve) => child.once('exit', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'half way') break
  }
  child.kill('SIGKILL')
  await exited
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { createDeskServices } = await import('#main/hosts/desk-services.ts')
  const { createDesk } = await import('#main/workbench/desk.ts')
  const folder = process.argv[2]!
  const path = join(folder, 'large.csv')
  writeFileSync(path, `a,b\n${'1.25,x\n'.repeat(2_000_000)}`)
  const services = await createDeskServices('browser', folder)
  const desk = createDesk({ ...services, projectFolder: join(folder, 'projects') })
  await desk.call('project.create', { name: 'Crashed', fileId: null })
  desk.onEvent((message) => {
    if (message.event !== 'job.changed' || message.data.fraction < 0.2) return
    process.stdout.write('half way\n')
  })
  const { fileId } = desk.grantFile(path)
  const options = { delimiter: null, missing: null, ragged: 'refuse', kinds: {} }
  await desk.call('file.upload', { name: 'lost.csv', sizeBytes: 10 })
  await desk.call('data.import', { fileId, name: 'large', options })
}
