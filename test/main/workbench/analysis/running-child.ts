/** Runs the small order on a project file, and dies as a crash would when two folds are saved. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDeskServices } from '#main/hosts/desk-services.ts'
import { createDesk } from '#main/workbench/desk.ts'
import { quickPlan, smallRequest, smallRoles } from '../../../support/small-table.ts'

const file = process.argv[2]!
const folder = mkdtempSync(join(tmpdir(), 'steelyard-desk-'))
const services = await createDeskServices('browser', folder)
let foldsDone = 0
const desk = createDesk({
  ...services,
  projectFolder: folder,
  createWorkerPool(data, size) {
    const pool = services.createWorkerPool(data, size)
    return {
      ...pool,
      async run(work, ...more) {
        const done = await pool.run(work, ...more)
        if (work.kind === 'fold' && ++foldsDone === 3) process.kill(process.pid, 'SIGKILL')
        return done
      },
    }
  },
})
await desk.openPath(file)
const { frame, seed } = smallRequest()
const { folds, innerFolds, configurations } = quickPlan(['lr', 'lr_balanced'])
await desk.call('run.start', {
  versionId: 1,
  roles: smallRoles,
  frame,
  seed,
  folds,
  innerFolds,
  configurations,
  acknowledgements: [{ guardrail: 'G21', reason: 'a test' }],
})
