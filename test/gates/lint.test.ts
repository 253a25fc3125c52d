import { join } from 'node:path'
import { ESLint } from 'eslint'
import { beforeAll, expect, it } from 'vitest'
import { CANARIES, REPOSITORY } from './support.ts'

const SHARED = 'src-shared/contract'
const CORE = 'src-shared/core/metrics'
const JOBS = 'src-main/jobs'

let rulesByFile: ReadonlyMap<string, readonly (string | null)[]>

beforeAll(async () => {
  const eslint = new ESLint({ cwd: REPOSITORY, ignore: false })
  const results = await eslint.lintFiles([join(CANARIES, 'lint/**/*.ts')])
  rulesByFile = new Map(
    results.map(({ filePath, messages }) => [filePath, messages.map(({ ruleId }) => ruleId)]),
  )
}, 60_000)

it.each([
  [`${CORE}/console.ts`, 'no-console'],
  [`${CORE}/inexact-call.ts`, 'no-restricted-properties'],
  [`${CORE}/inexact-destructured.ts`, 'no-restricted-properties'],
  [`${CORE}/inexact-power.ts`, 'no-restricted-syntax'],
  [`${CORE}/inexact-variable-power.ts`, 'no-restricted-syntax'],
  [`${CORE}/random.ts`, 'no-restricted-properties'],
  [`${SHARED}/clock.ts`, 'no-restricted-globals'],
  [`${SHARED}/random.ts`, 'no-restricted-properties'],
  [`${SHARED}/locale.ts`, 'no-restricted-properties'],
  [`${JOBS}/floating-promise.ts`, '@typescript-eslint/no-floating-promises'],
  [`${JOBS}/value-import-of-type.ts`, '@typescript-eslint/consistent-type-imports'],
  [`${JOBS}/any.ts`, '@typescript-eslint/no-explicit-any'],
])('the lint gate refuses %s by %s', (file, rule) => {
  expect(rulesByFile.get(join(CANARIES, 'lint', file))).toContain(rule)
})

it.each([`${CORE}/permitted.ts`, `${JOBS}/job.ts`])('the lint gate lets %s pass', (file) => {
  expect(rulesByFile.get(join(CANARIES, 'lint', file))).toEqual([])
})
