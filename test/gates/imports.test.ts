import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CANARIES, REPOSITORY, runTool } from './support.ts'

interface Cruise {
  readonly summary: {
    readonly error: number
    readonly violations: readonly {
      readonly from: string
      readonly rule: { readonly name: string }
    }[]
  }
}

describe('the imports gate', () => {
  const { output } = runTool(
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    [
      ...['src-shared', 'src-main', '--output-type', 'json'],
      ...['--config', join(REPOSITORY, '.dependency-cruiser.mjs')],
    ],
    join(CANARIES, 'imports'),
  )
  const { summary } = JSON.parse(output) as Cruise

  it.each([
    ['src-shared/core/math/from-dataset.ts', 'core-math'],
    ['src-shared/core/metrics/from-models.ts', 'core-metrics'],
    ['src-shared/core/metrics/type-from-models.ts', 'core-metrics'],
    ['src-shared/core/models/value-from-plan.ts', 'core-models-types-only'],
    ['src-shared/core/unlisted/from-math.ts', 'core-listed'],
    ['src-shared/core/models/from-package.ts', 'shared-stays-shared'],
    ['src-shared/core/models/from-node.ts', 'shared-stays-shared'],
    ['src-shared/contract/value-from-core.ts', 'contract-types-only'],
    ['src-main/jobs/from-store.ts', 'main-jobs'],
    ['src-main/workbench/from-store.ts', 'main-workbench-types-only'],
    ['src-main/files/from-sqlite.ts', 'sql-only-in-store'],
    ['src-main/hosts/cli/from-electron.ts', 'electron-only-in-its-host'],
    ['src-shared/core/folds/circle-back.ts', 'no-circular'],
    ['src-shared/core/losses/orphan.ts', 'no-orphan'],
  ])('refuses %s by %s', (file, rule) => {
    const rules = summary.violations
      .filter(({ from }) => from === file)
      .map((violation) => violation.rule.name)
    expect(rules).toContain(rule)
  })

  it('lets the permitted imports pass', () => {
    expect(summary.violations.filter(({ from }) => from.endsWith('permitted.ts'))).toEqual([])
  })

  it('counts every violation as an error, so that the command fails', () => {
    expect(summary.error).toBe(summary.violations.length)
  })
})
