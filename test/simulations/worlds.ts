/**
 * How often the verdict is right in worlds whose answer is known (test/support/worlds).
 *
 *     node test/simulations/worlds.ts [--seeds 1..50] [--worlds 'leak,overlap'] [--json OUT] [--verbose]
 *     node test/simulations/worlds.ts --fresh [--seeds 1..10]
 *
 * With --fresh: what the best treatment takes off the cost of the best untreated run on 20,000 fresh
 * rows, which is what makes a world one of imbalance or not.
 *
 * The limits of the verdict were set on seeds 1 to 50; seeds 1001 to 1100 are for judging it.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import { freshCosts, judgeWorld } from '../support/worlds/judge-world.ts'
import { worlds } from '../support/worlds/worlds.ts'

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1..50' },
    worlds: { type: 'string' },
    json: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
  },
})
const [first, last = first] = options.seeds.split('..').map(Number)
const wanted = options.worlds?.split(',')
const judged = worlds.filter(({ title }) => wanted === undefined || wanted.includes(title))

const engine = createKernelEngine(await loadKernels())
if (options.fresh) compareOnFreshRows()
else judgeAll()

function judgeAll(): void {
  const kinds = [...worlds.map(({ answer }) => answer), 'drift'] as const
  const table = judged.map((world) => {
    const counts = new Map<string, number>()
    for (let seed = first!; seed <= last!; seed++) {
      const verdict = judgeWorld(world, seed, engine)
      counts.set(verdict.kind, (counts.get(verdict.kind) ?? 0) + 1)
      if (options.verbose)
        console.log(`${world.title} ${seed}: ${verdict.kind}. ${verdict.sentence}`)
    }
    return { world, counts }
  })

  console.log(
    `${'world'.padEnd(18)} ${kinds.map((kind) => kind.slice(0, 9).padStart(9)).join(' ')}   right`,
  )
  let right = 0
  let all = 0
  for (const { world, counts } of table) {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    right += counts.get(world.answer) ?? 0
    all += total
    const cells = kinds.map((kind) => String(counts.get(kind) ?? '·').padStart(9))
    console.log(
      `${world.title.padEnd(18)} ${cells.join(' ')}  ${percent(counts.get(world.answer) ?? 0, total)}`,
    )
  }
  console.log(`over all ${percent(right, all)}`)
  if (options.json !== undefined) {
    writeFileSync(
      options.json,
      JSON.stringify(
        table.map(({ world, counts }) => ({ world: world.title, ...Object.fromEntries(counts) })),
        null,
        1,
      ),
    )
  }
}

/** Shares of cost that the best treatment takes off, by world: their mean, the least and the most. */
function compareOnFreshRows(): void {
  for (const world of judged) {
    const shares: number[] = []
    for (let seed = first!; seed <= last!; seed++) {
      const { untreated, treated } = freshCosts(world, seed, engine)
      shares.push((untreated - treated) / untreated)
    }
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
    console.log(
      `${world.title.padEnd(18)} ${percent(mean, 1)}  [${percent(Math.min(...shares), 1)}, ${percent(Math.max(...shares), 1)}]`,
    )
  }
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`
}
