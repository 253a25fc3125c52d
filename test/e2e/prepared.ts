/** What the tests of a group begin with: folders, and projects that the command line has made. */
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '../../scripts/out-folder.mjs'
import { draws } from '../support/draws.ts'
import { test } from './workbench.ts'

/** Runs a command as a user does. @returns What it prints. @throws Error with what it complains of. */
export function steelyard(...args: readonly string[]): string {
  return execFileSync(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', '--experimental-strip-types'],
      ...['src-main/hosts/cli/steelyard.ts', ...args],
    ],
    { cwd: repository, stdio: 'pipe', encoding: 'utf8' },
  )
}

/**
 * A folder that is there while the tests of the group run in which this is called. One worker may
 * turn to a group more than once: it is then made anew.
 */
export function useFolder(name: string): string {
  const folder = join(tmpdir(), `steelyard-${name}-${randomUUID()}`)
  test.beforeAll(() => {
    mkdirSync(folder, { recursive: true })
  })
  test.afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/**
 * Opens the tests of the group on a project that `make` writes to the path it is given. They run
 * one after the other, so that it is made once.
 */
export function useProject(name: string, make: (project: string, folder: string) => void): void {
  const folder = useFolder('project')
  const project = join(folder, `${name}.steelyard`)
  test.describe.configure({ mode: 'default' })
  test.use({ hostArgs: ['--project', project] })
  test.beforeAll(() => {
    make(project, folder)
  })
}

const untreated = [
  { name: 'lr', model: { kind: 'logistic_regression' } },
  { name: 'gbdt', model: { kind: 'gradient_boosting', iterations: 20 } },
]
const balanced = {
  name: 'lr_balanced',
  model: { kind: 'logistic_regression' },
  weighting: { kind: 'balanced' },
}

/**
 * Opens the tests of the group on a project with a finished experiment on payments.
 *
 * @param kinds  Two untreated runs, or a treated one beside them.
 * @param more  Options of `analyze` besides those that every such project has.
 */
export function usePaymentsProject(
  kinds: 'untreated' | 'compared',
  more: readonly string[] = [],
): void {
  const configurations = kinds === 'untreated' ? untreated : [...untreated, balanced]
  useProject('Referred payments', (project, folder) => {
    const table = join(folder, 'payments.csv')
    const plan = join(folder, 'plan.json')
    writeFileSync(table, payments(800))
    writeFileSync(plan, JSON.stringify({ version: 1, configurations }))
    steelyard(
      ...['analyze', table, '--plan', plan, '--project', project],
      ...['--target', 'fraud', '--positive', '1', '--currency', '€'],
      ...['--cost-fn', 'amount', '--cost-fp', '6', '--cost-tp', '6'],
      ...['--cases-per-day', '200', '--capacity', '60', ...more],
      ...['G10', 'G21'].flatMap((id) => ['--ack', `${id}=labels were audited`]),
    )
  })
}

/** Payments of which one in eight is a fraud, with what each would lose. */
function payments(nRows: number): string {
  const { uniform, bell } = draws(7)
  const lines = ['speed,distance,amount,fraud']
  for (let row = 0; row < nRows; row++) {
    const isFraud = row % 8 === 0
    const speed = bell() + (isFraud ? 0.9 : 0)
    const distance = bell() - (isFraud ? 0.6 : 0)
    const amount = 5 + 300 * uniform() * uniform()
    lines.push(`${speed.toFixed(3)},${distance.toFixed(3)},${amount.toFixed(2)},${Number(isFraud)}`)
  }
  return `${lines.join('\n')}\n`
}
