import { afterEach, describe, expect, it, vi } from 'vitest'
import { compiledKernels } from '#main/kernels/compile-kernels.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import { plainEngine } from '#shared/core/kernels.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('compiledKernels', () => {
  it('compiles each module once, into the cache', async () => {
    const first = await compiledKernels()
    const second = await compiledKernels()
    expect(second.cached).toBe(true)
    expect(second.code).toEqual(first.code)
    expect([...first.code.keys()]).toContain('boosting')
  })

  it('does without a cache that it cannot write', async () => {
    const { code, cached } = await compiledKernels('/dev/null/kernels')
    expect(cached).toBe(false)
    expect(code).toEqual((await compiledKernels()).code)
  })
})

/** Names of what a module imports or holds, read from its sections. */
async function sectionsOf(name: string): Promise<Set<number>> {
  const bytes = (await compiledKernels()).code.get(name)!
  const sections = new Set<number>()
  let at = 8
  while (at < bytes.length) {
    sections.add(bytes[at]!)
    at++
    let length = 0
    let shift = 0
    for (;;) {
      const byte = bytes[at]!
      at++
      length += (byte & 127) * 2 ** shift
      shift += 7
      if (byte < 128) break
    }
    at += length
  }
  return sections
}

it('no kernel owns state: no globals, no data', async () => {
  const globalSection = 6
  const dataSection = 11
  for (const name of (await compiledKernels()).code.keys()) {
    const sections = await sectionsOf(name)
    expect([name, sections.has(globalSection), sections.has(dataSection)]).toEqual([
      name,
      false,
      false,
    ])
  }
})

it('STEELYARD_ENGINE=plain does without kernels', async () => {
  vi.stubEnv('STEELYARD_ENGINE', 'plain')
  expect(createKernelEngine(await loadKernels())).toBe(plainEngine)
  vi.stubEnv('STEELYARD_ENGINE', '')
  expect(createKernelEngine(await loadKernels()).name).toBe('AssemblyScript kernels')
})
