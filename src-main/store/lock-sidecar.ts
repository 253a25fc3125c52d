/**
 * Who has a project open.
 *
 * SQLite's lock decides who may open a project, but cannot say who holds it. So the holder writes
 * its name into `<file>.lock` once it really has the lock, and takes the file away before it lets
 * go. A program that died leaves its sidecar behind: since the sidecar decides nothing, the next
 * holder simply replaces it.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'

import { ProjectError } from './project-error.ts'

interface Holder {
  readonly pid: number
  readonly host: string
  readonly program: string
  /** ISO 8601, UTC. */
  readonly since: string
}

export function writeSidecar(file: string, program: string): void {
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    program,
    since: new Date().toISOString(),
  }
  // One name for all: what a program left that died here is replaced by the next holder.
  const whole = `${sidecarOf(file)}.new`
  try {
    writeFileSync(whole, `${JSON.stringify(holder)}\n`)
    renameSync(whole, sidecarOf(file))
  } catch {
    // A courtesy to others: the project can be worked on without it.
    rmSync(whole, { force: true })
  }
}

export function removeSidecar(file: string): void {
  try {
    rmSync(sidecarOf(file), { force: true })
  } catch {
    // The next holder replaces it.
  }
}

/** The refusal of a project that SQLite says is held, naming the holder where it is known. */
export function projectLocked(file: string, cause?: unknown): ProjectError {
  const holder = readHolder(file)
  const by =
    holder === null
      ? 'another program'
      : `${holder.program} (process ${holder.pid} on ${holder.host}, since ${holder.since})`
  return new ProjectError(
    'project_locked',
    `The project is open in ${by}. Close it there, or work on a copy.`,
    file,
    cause,
  )
}

/** Whether the last program on a project of this machine died without closing it. */
export function wasLeftOpen(file: string): boolean {
  return existsSync(sidecarOf(file)) && existsSync(file) && readHolder(file) === null
}

/** Null where the sidecar is missing, unreadable or left by a process that is gone. */
function readHolder(file: string): Holder | null {
  let holder: unknown
  try {
    holder = JSON.parse(readFileSync(sidecarOf(file), 'utf8'))
  } catch {
    return null
  }
  if (!isHolder(holder)) return null
  return holder.host === hostname() && !isAlive(holder.pid) ? null : holder
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false
  const { pid, host, program, since } = value as Partial<Record<keyof Holder, unknown>>
  return (
    Number.isSafeInteger(pid) &&
    (pid as number) > 0 &&
    typeof host === 'string' &&
    typeof program === 'string' &&
    typeof since === 'string'
  )
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: there is such a process, of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function sidecarOf(file: string): string {
  return `${file}.lock`
}
