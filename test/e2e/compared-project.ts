import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../../scripts/out-folder.mjs'

/** Payments of which one in eight is a fraud, with what each would lose. */
function payments(nRows: number): string {
  let state = 7
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const bell = (): number => uniform() + uniform() + uniform() - 1.5
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

const configurations = [
  { name: 'lr', model: { kind: 'logistic_regression' } },
  { name: 'gbdt', model: { kind: 'gradient_boosting', iterations: 20 } },
  {
    name: 'lr_balanced',
    model: { kind: 'logistic_regression' },
    weighting: { kind: 'balanced' },
  },
]

/**
 * A project with a finished experiment of three runs.
 *
 * @param more Options of `analyze` besides those that every such project has.
 * @returns Its file.
 */
export function makeComparedProject(folder: string, more: readonly string[] = []): string {
  const project = join(folder, 'Referred payments.steelyard')
  const table = join(folder, 'payments.csv')
  const plan = join(folder, 'plan.json')
  writeFileSync(table, payments(800))
  writeFileSync(plan, JSON.stringify({ version: 1, configurations }))
  execFileSync(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', '--experimental-strip-types'],
      ...['src-main/hosts/cli/steelyard.ts', 'analyze', table, '--plan', plan],
      ...['--target', 'fraud', '--positive', '1', '--project', project],
      ...['--cost-fn', 'amount', '--cost-fp', '6', '--cost-tp', '6', '--currency', '€'],
      ...['--cases-per-day', '200', '--capacity', '60', ...more],
      ...['G10', 'G21'].flatMap((id) => ['--ack', `${id}=labels were audited`]),
    ],
    { cwd: repository, stdio: 'pipe' },
  )
  return project
}
