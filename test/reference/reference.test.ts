/** Every case of the golden files whose kind has a handler; `run.ts` prints them as a table. */
import { describe, expect, it } from 'vitest'
import { checkCase } from './checker.ts'
import { loadGoldenFiles, loadHandlers, referenceFolder } from './load.ts'
import { createTableReader } from './table.ts'

const folder = referenceFolder()

if (folder === null) {
  it.skip('reference values (no reference folder: ../shared/reference or STEELYARD_REFERENCE)')
} else {
  const handlers = await loadHandlers()
  const files = loadGoldenFiles(folder)
  const readTable = createTableReader(folder)

  it('the reference folder holds golden files with cases', () => {
    expect(files.flatMap(({ cases }) => cases)).not.toHaveLength(0)
  })

  for (const { name, cases } of files) {
    const handled = cases.filter(({ kind }) => kind in handlers)
    describe.runIf(handled.length > 0)(name, () => {
      for (const goldenCase of handled) {
        it(`${goldenCase.kind}: ${goldenCase.id}`, async ({ annotate }) => {
          const { failures, notYet } = checkCase(goldenCase, handlers, readTable)
          if (notYet.length > 0) await annotate(`not yet implemented: ${notYet.join(', ')}`)
          expect(failures).toEqual([])
        })
      }
    })
  }
}
