import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CANARIES, runTool } from './support.ts'

it('the page gate refuses a type error in a component', () => {
  const { exitCode, output } = runTool(
    'svelte-check/bin/svelte-check',
    ['--workspace', join(CANARIES, 'page'), '--tsconfig', 'tsconfig.json', '--output', 'machine'],
    CANARIES,
  )
  expect(exitCode).not.toBe(0)
  expect(output).toMatch(/ERROR "TypeError\.svelte".*'string' is not assignable to type 'number'/)
  expect(output).not.toContain('Permitted.svelte')
})
