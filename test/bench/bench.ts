/**
 * `npm run -s bench -- [--only ITEM,…] [--peers] [--json OUT] [--runs N] [--rows N]`: CPU seconds
 * of all threads and wall seconds of every item of test/bench/items, medians over five runs after a
 * warm-up, and the memory of its first run; with `--peers` the peer's beside them, in turns.
 *
 * `npm run -s bench -- --grow [--huge]`: the same of the items that are to grow well, on tables of
 * 100,000, 300,000 and 1,000,000 rows, with `--huge` 3,000,000.
 *
 * STEELYARD_PEERS is the folder of the peers' scripts (../shared/peers unless given),
 * STEELYARD_PYTHON what runs them.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { BenchItem } from './bench-item.ts'
import { measureItem } from './measure-item.ts'
import type { ItemResult, Peers } from './measure-item.ts'
import { resultNotes, resultTable } from './result-text.ts'

const growingRows = [100_000, 300_000, 1_000_000]
const hugeRows = 3_000_000

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    peers: { type: 'boolean', default: false },
    runs: { type: 'string' },
    rows: { type: 'string' },
    grow: { type: 'boolean', default: false },
    huge: { type: 'boolean', default: false },
  },
})
const runs = count('--runs', values.runs) ?? (values.grow ? 3 : 5)
const nRows = count('--rows', values.rows)
const sizes = values.grow ? [...growingRows, ...(values.huge ? [hugeRows] : [])] : [nRows]
const peers = values.peers ? findPeers() : null
const items = (await loadItems(values.only?.split(',') ?? null)).filter(
  (item) => !values.grow || item.grows === true,
)
if (items.length === 0) throw new Error('--grow measures none of these items')

const loadBefore = loadavg()[0]!
const results: ItemResult[] = []
for (const item of items) {
  for (const size of sizes) {
    process.stderr.write(`${item.name}: ${item.about}\n`)
    try {
      results.push(await measureItem(item, { runs, nRows: size, peers }))
    } catch (error) {
      // The others are still worth measuring.
      process.stderr.write(`${item.name} failed: ${(error as Error).message}\n`)
      process.exitCode = 1
    }
  }
}
process.stdout.write(`${resultTable(results)}\n\n${resultNotes(results)}\n`)
if (values.json !== undefined) {
  const about = {
    startedAt: new Date(Date.now() - performance.now()).toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: totalmem() / 2 ** 30,
    /** How busy the machine was in the minute before and in the last one. */
    load: [loadBefore, loadavg()[0]!],
    runs,
    measures:
      'CPU of all threads and wall in seconds, medians after a warm-up; memory in MiB, highest of the first run above the level just before',
  }
  const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), values.json)
  writeFileSync(path, `${JSON.stringify({ about, items: results }, null, 1)}\n`)
}

function count(option: string, text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`${option} takes a whole number, got ${text}`)
  return Number(text)
}

function findPeers(): Peers {
  const debian = '/usr/bin/python3' // the one that Debian's packages belong to
  return {
    folder: resolve(
      process.env['STEELYARD_PEERS'] ?? join(import.meta.dirname, '../../../shared/peers'),
    ),
    python: process.env['STEELYARD_PYTHON'] ?? (existsSync(debian) ? debian : 'python3'),
  }
}

/** Every file of items/, or those that are named, in the order in which they are. */
async function loadItems(only: readonly string[] | null): Promise<BenchItem<unknown>[]> {
  const folder = join(import.meta.dirname, 'items')
  const known = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .sort()
  const unknown = only?.filter((name) => !known.includes(name)) ?? []
  if (unknown.length > 0) {
    throw new Error(`no such item: ${unknown.join(', ')}; there are ${known.join(', ')}`)
  }
  return Promise.all(
    (only ?? known).map(async (name) => {
      const { item } = (await import(`./items/${name}.ts`)) as { item?: BenchItem<unknown> }
      if (item?.name !== name) throw new Error(`items/${name}.ts must export the item "${name}"`)
      return item
    }),
  )
}
