import { beforeAll, expect, it } from 'vitest'
import { coreRights } from '../../.dependency-cruiser.mjs'
import { REPOSITORY, runTool } from './support.ts'

interface Module {
  readonly source: string
  readonly dependencies: readonly { readonly resolved: string }[]
}

/** Which folders of the core each folder of the core imports from. */
const used = new Map<string, Set<string>>()

beforeAll(() => {
  const { output } = runTool(
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    ['src-shared', '--config', '.dependency-cruiser.mjs', '--output-type', 'json'],
    REPOSITORY,
  )
  for (const { source, dependencies } of (JSON.parse(output) as { modules: Module[] }).modules) {
    const folder = coreFolder(source)
    if (folder === null) continue
    const targets = used.get(folder) ?? new Set()
    for (const { resolved } of dependencies) targets.add(coreFolder(resolved) ?? '')
    used.set(folder, targets)
  }
}, 60_000)

/** `metrics` for `src-shared/core/metrics/x.ts`; null outside the core. */
function coreFolder(path: string): string | null {
  return /^src-shared\/core\/(\w[\w-]*)/.exec(path)?.[1] ?? null
}

it.each(Object.keys(coreRights))('the import rights of core/%s are all used', (folder) => {
  const targets = used.get(folder)
  expect(targets, `core/${folder} does not exist`).toBeDefined()
  const named = coreRights[folder]!.filter((right) => !right.endsWith('*'))
  expect(named.filter((right) => targets?.has(right.replace('type:', '')) !== true)).toEqual([])
})
