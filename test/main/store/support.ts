import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { afterEach, expect } from 'vitest'

import { ProjectError, type ProjectErrorCode } from '#main/store/project-error.ts'
import { openProject, type Project } from '#main/store/project.ts'

export const MIGRATIONS = fileURLToPath(new URL('../../../migrations', import.meta.url))

const folders: string[] = []
const projects: Project[] = []
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const project of projects.splice(0)) project.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A new empty folder, gone after the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steelyard-store-'))
  folders.push(folder)
  return folder
}

/** Opens a project, creating it where there is none; closed after the test. */
export function open(file: string, migrationsDir = MIGRATIONS): Project {
  const project = openProject(file, { create: true, migrationsDir, program: 'test' })
  projects.push(project)
  return project
}

/** Opens a project that has to be there. */
export function openExisting(file: string, migrationsDir = MIGRATIONS): Project {
  const project = openProject(file, { create: false, migrationsDir, program: 'test' })
  projects.push(project)
  return project
}

/** Expects `work` to be refused with `code`, and returns the refusal. */
export function refusal(code: ProjectErrorCode, work: () => unknown): ProjectError {
  let thrown: unknown
  try {
    work()
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(ProjectError)
  const error = thrown as ProjectError
  expect(error.code, error.message).toBe(code)
  return error
}

/** Flips one bit in the middle of where `bytes` lie in a file. */
export function damage(content: Buffer, bytes: Uint8Array): void {
  const at = content.indexOf(bytes)
  expect(at, 'the bytes to damage are in the file').toBeGreaterThan(0)
  content[at + (bytes.length >> 1)]! ^= 4
}

export function readText(file: string): string {
  return readFileSync(file, 'utf8')
}

export interface Child {
  readonly pid: number
  /** The next line that the child writes; null when it has ended. */
  nextLine(): Promise<string | null>
  /** Ends it as a crash would, and waits until it is gone. */
  kill(): Promise<void>
}

/** Starts child.ts, which does `work` on `file` in a process of its own. */
export function startChild(work: string, file: string, ...more: readonly string[]): Child {
  const script = fileURLToPath(new URL('./child.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--experimental-strip-types',
      script,
      work,
      file,
      ...more,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  children.push(child)
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    pid: child.pid!,
    async nextLine() {
      const { value, done } = await lines.next()
      return done === true ? null : value
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
