import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CANARIES, REPOSITORY, runTool } from './support.ts'

it('the dead-code gate refuses unused files, exports and packages', () => {
  const { exitCode, output } = runTool(
    'knip/bin/knip.js',
    ['--directory', join(CANARIES, 'unused'), '--config', join(REPOSITORY, 'knip.json')],
    REPOSITORY,
  )
  expect(exitCode).not.toBe(0)
  for (const finding of ['src-main/unused-file.ts', 'unusedExport', 'unused-package']) {
    expect(output).toContain(finding)
  }
  expect(output).not.toContain('steelyard.ts ')
})
