import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, resolveConfig } from 'prettier'
import { expect, it } from 'vitest'
import { CANARIES } from './support.ts'

it.each([
  ['misformatted.ts', false],
  ['permitted.ts', true],
])('the format gate on %s lets it pass: %s', async (file, passes) => {
  const filepath = join(CANARIES, 'format', file)
  const options = await resolveConfig(filepath)
  expect(await check(readFileSync(filepath, 'utf8'), { ...options, filepath })).toBe(passes)
})
