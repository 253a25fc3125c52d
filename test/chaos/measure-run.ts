/**
 * What a worker takes for a configuration, in a process of its own:
 *
 *     node --expose-gc test/chaos/measure-run.ts ROWS COLUMNS CATEGORIES CONFIGURATION
 *
 * Of the columns so many are of categories. The configuration is JSON as in a plan file; its folds and its evaluation are done by one worker of
 * the pool. Answers with a line of JSON: `stated`, what the estimate says of the worker, and `taken`,
 * the highest resident memory while it works above the level before it is hired; both in bytes.
 * Needs /proc.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { openFrame } from '#shared/contract/work.ts'
import { parsePlan } from '#shared/contract/schemas.ts'
import type { Dataset } from '#shared/core/dataset/dataset.ts'
import { createStream } from '#shared/core/math/random.ts'
import type { FoldResult } from '#shared/core/pipeline/fold-result.ts'
import { memoryFacts } from '#shared/core/pipeline/memory-facts.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { shareArrays } from '#main/jobs/share-arrays.ts'
import { createWorkerPool } from '#main/jobs/pool.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import { estimateMemory } from '#shared/core/plan/memory-estimate.ts'

const positiveShare = 0.05
const missingShare = 0.02
/** Arrays that were collected are released in the background. */
const sweepMs = 300

const [rows, columns, categories] = process.argv.slice(2, 5).map(Number) as [number, number, number]
const configuration: unknown = JSON.parse(process.argv[5] ?? '')
const plan = parsePlan(
  JSON.stringify({
    version: 1,
    folds: 3,
    inner_folds: 2,
    bootstrap_draws: 100,
    configurations: [configuration],
  }),
  'the argument',
)
const { data } = prepareExperiment({
  dataset: table(rows, columns, categories),
  fingerprint: '0'.repeat(64),
  roles: {
    target: 'class',
    positive: '1',
    id: null,
    time: null,
    group: null,
    amount: null,
    weight: null,
    ignore: [],
  },
  frame: {
    ...openFrame,
    costs: { truePositive: 0, falsePositive: 1, trueNegative: 0, falseNegative: 10 },
  },
  plan,
  planNotes: [],
  seed: 1,
  folds: null,
})
const shared = shareArrays(data)
const kernels = await loadKernels()
const { perWorker: stated } = estimateMemory(plan, memoryFacts(data), 1, 1)
const { name } = plan.configurations[0]!

globalThis.gc?.()
await setTimeout(sweepMs)
const level = residentBytes('VmRSS')
writeFileSync('/proc/self/clear_refs', '5') // the peak counts from here
const pool = createWorkerPool(shared, 1, kernels)
const folds: FoldResult[] = []
for (let fold = 0; fold < plan.folds; fold++) {
  folds.push((await pool.run({ kind: 'fold', configuration: name, fold })).result)
}
await pool.run({ kind: 'evaluate', configuration: name, folds })
const taken = residentBytes('VmHWM') - level
await pool.close()
process.stdout.write(`${JSON.stringify({ stated, taken })}\n`)

/** Numbers of which a third shift with the class and one column in ten lacks some; one rare class. */
function table(nRows: number, nColumns: number, nCategories: number): Dataset {
  const stream = createStream(1, 'measured table')
  const codes = new Int32Array(nRows)
  for (let row = 0; row < nRows; row++) codes[row] = stream.uniform() < positiveShare ? 1 : 0
  const numeric = Array.from({ length: nColumns - nCategories }, (_, column) => {
    const values = new Float64Array(nRows)
    for (let row = 0; row < nRows; row++) {
      const isMissing = column % 10 === 9 && stream.uniform() < missingShare
      const noise = stream.uniform() + stream.uniform() + stream.uniform() - 1.5
      values[row] = isMissing ? NaN : noise + (column % 3 === 0 ? 0.5 * codes[row]! : 0)
    }
    return { kind: 'numeric', name: `v${column + 1}`, values } as const
  })
  const levels = Array.from({ length: 8 }, (_, level) => `level ${level}`)
  const categorical = Array.from({ length: nCategories }, (_, column) => {
    const drawn = new Int32Array(nRows)
    for (let row = 0; row < nRows; row++) drawn[row] = stream.below(codes[row] === 1 ? 5 : 8)
    return { kind: 'categorical', name: `c${column + 1}`, codes: drawn, levels } as const
  })
  const target = { kind: 'categorical', name: 'class', codes, levels: ['0', '1'] } as const
  return { nRows, columns: [...numeric, ...categorical, target] }
}

function residentBytes(field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync('/proc/self/status', 'utf8')
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)![1]) * 1024
}
