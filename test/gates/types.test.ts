import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { CANARIES, REPOSITORY } from './support.ts'

/** Codes of the errors that a canary meets under the tsconfig of an environment. */
function errorCodes(environment: string, canary: string): number[] {
  const parsed = ts.getParsedCommandLineOfConfigFile(
    join(REPOSITORY, environment, 'tsconfig.json'),
    { composite: false, incremental: false, noEmit: true, emitDeclarationOnly: false },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  )
  const options = { ...parsed!.options, rootDir: CANARIES }
  const program = ts.createProgram([join(CANARIES, 'types', canary)], options)
  return ts.getPreEmitDiagnostics(program).map(({ code }) => code)
}

it.each([
  ['src-shared', 'node-import.ts', 2591], // Cannot find name 'node:fs': install types for node
  ['src-shared', 'node-global.ts', 2591],
  ['src-shared', 'console.ts', 2584], // Cannot find name 'console': change the lib option
  ['src-shared', 'page.ts', 2584],
  ['src-main', 'page.ts', 2584],
  ['src-shared', 'unproved-index.ts', 2322], // number | undefined is not assignable to number
  ['src-main', 'enum.ts', 1294], // not allowed when erasableSyntaxOnly is enabled
])('the types gate of %s refuses %s by TS%i', (environment, canary, code) => {
  expect(errorCodes(environment, canary)).toContain(code)
})

it.each([
  ['src-shared', 'permitted.ts'],
  ['src-main', 'permitted.ts'],
  ['src-main', 'node-import.ts'],
  ['src-main', 'console.ts'],
])('the types gate of %s lets %s pass', (environment, canary) => {
  expect(errorCodes(environment, canary)).toEqual([])
})
