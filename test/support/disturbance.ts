/** Runs that are cancelled or killed at some moment, and everything that must hold afterwards. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { toJson } from '#shared/contract/json.ts'
import type { Plan } from '#shared/core/plan/plan.ts'
import { cli, startCli } from './cli.ts'

/** A table with a plan, and what an undisturbed run of it gives. */
export interface Scene {
  readonly folder: string
  readonly digest: string
  readonly nFolds: number
  /** How long the undisturbed run took, start of the program included. */
  readonly durationMs: number
  remove(): void
}

/** Milliseconds before the program has read its own code; a signal before that says nothing. */
const startMs = 150

export async function prepareScene(nRows: number, plan: Plan): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'steelyard-scene-'))
  mkdirSync(join(folder, 'tmp'))
  // Inherited by the runs: what they leave behind in there is theirs.
  process.env['TMPDIR'] = join(folder, 'tmp')
  await cli(['sample', '--rows', String(nRows), '--out', 's.csv'], folder)
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(toJson(plan)))
  const start = performance.now()
  const { code, stderr } = await cli(analyze('calm', true), folder)
  expect(code, stderr).toBe(0)
  return {
    folder,
    digest: digestOf(folder, 'calm'),
    nFolds: plan.folds * plan.configurations.length,
    durationMs: performance.now() - start,
    remove: () => {
      rmSync(folder, { recursive: true })
    },
  }
}

function analyze(name: string, withProject: boolean): string[] {
  return [
    ...['analyze', 's.csv', '--target', 'is_fraud', '--positive', '1', '--id', 'transaction_id'],
    ...['--time', 'time', '--cost-fn', '100', '--cost-fp', '5', '--plan', 'plan.json'],
    ...['--ack', 'G21=labels were audited', '--json', `${name}.json`],
    ...(withProject ? ['--project', `${name}.steelyard`] : []),
  ]
}

/**
 * Sends a signal at a moment of an import and run, looks at what is left, and runs again.
 *
 * @param share      Moment as a share of the undisturbed duration.
 * @param hasProject False for a run in a temporary project.
 * @returns Milliseconds from the signal to the end of the program.
 */
export async function disturb(
  { folder, digest, nFolds, durationMs }: Scene,
  name: string,
  signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL',
  share: number,
  hasProject = true,
): Promise<number> {
  const project = `${name}.steelyard`
  const { child, finished } = startCli(analyze(name, hasProject), folder)
  await new Promise((resolve) => setTimeout(resolve, startMs + share * durationMs))
  const sentAt = performance.now()
  child.kill(signal)
  const { code, stderr } = await finished
  const tookMs = performance.now() - sentAt
  expect(processesWith(name)).toEqual([])

  let kept = { datasets: 0, folds: 0 }
  if (signal === 'SIGKILL') {
    if (hasProject) kept = inspect(folder, project) ?? kept
  } else {
    // Null: the signal came before the program could take it.
    expect([130, 0, null], stderr).toContain(code)
    if (code !== null) {
      expect(filesOf(folder, name)).toEqual(
        filesOf(folder, name).filter((file) => [`${name}.json`, project].includes(file)),
      )
      expect(readdirSync(join(folder, 'tmp'))).toEqual([])
    }
    if (code === 130) expect(filesOf(folder, name)).not.toContain(`${name}.json`)
    if (hasProject) kept = inspect(folder, project) ?? kept
  }

  const again = await cli(analyze(name, hasProject), folder)
  expect(again.code, again.stderr).toBe(0)
  expect(digestOf(folder, name)).toBe(digest)
  expect(filesOf(folder, name)).toEqual([`${name}.json`, ...(hasProject ? [project] : [])])
  if (hasProject) {
    expect(inspect(folder, project)).toEqual({ datasets: 1, folds: nFolds })
    if (kept.datasets === 1) expect(again.stdout).toContain('already in the project')
  }
  for (const file of filesOf(folder, name)) rmSync(join(folder, file))
  return tookMs
}

function digestOf(folder: string, name: string): string {
  const { about } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as {
    about: { digest: string }
  }
  return about.digest
}

function filesOf(folder: string, name: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${name}.`))
    .sort()
}

/** Processes that were started for a name. */
function processesWith(name: string): string[] {
  if (process.platform === 'win32') return []
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`${name}.json`) && !line.includes('<defunct>'))
}

/** What a project holds, read without the program; null where it was not there yet. */
function inspect(folder: string, project: string): { datasets: number; folds: number } | null {
  let database: Database.Database
  try {
    database = new Database(join(folder, project), { fileMustExist: true })
  } catch {
    return null
  }
  try {
    const count = (sql: string): number => database.prepare(sql).pluck().get() as number
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    return {
      datasets: count("SELECT count(*) FROM dataset_versions WHERE state = 'ready'"),
      folds: count('SELECT count(*) FROM fold_results'),
    }
  } catch (error) {
    if (String(error).includes('no such table')) return null
    throw error
  } finally {
    database.close()
  }
}
