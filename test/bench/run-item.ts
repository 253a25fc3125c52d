/**
 * The process of one item: `node --expose-gc run-item.ts ITEM FOLDER`, driven by lines on the
 * standard input, answering each with a line of JSON. Says `{"ready": true}` once prepared; `run`
 * runs it and answers with a measurement, `check` answers with its numbers.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import type { BenchItem } from './bench-item.ts'
import { openBenchTable } from './bench-table.ts'
import type { Measurement } from './contestant.ts'

/** Arrays that were collected are released in the background. */
const sweepMs = 200

const hasProc = existsSync('/proc/self/clear_refs')
const [name, folder] = process.argv.slice(2) as [string, string]
const { item } = (await import(`./items/${name}.ts`)) as { readonly item: BenchItem<unknown> }
const table = openBenchTable(folder)
const state = await item.prepare({ nRows: table.nSamples, table, folder })

// Memory is that of the first run. Collecting before every run would throw compiled code away
// together with the objects that it was compiled for, and measure compiling it again.
globalThis.gc?.()
await setTimeout(sweepMs)
answer({ ready: true })
for await (const line of createInterface(process.stdin)) {
  if (line === 'run') answer(await measure(() => item.run(state)))
  else answer(item.check?.(state) ?? {})
}
await item.close?.(state)

function answer(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

async function measure(work: () => void | Promise<void>): Promise<Measurement> {
  const before = residentMiB('VmRSS')
  if (hasProc) writeFileSync('/proc/self/clear_refs', '5') // the peak counts from here
  const cpu = process.cpuUsage()
  const wall = performance.now()
  await work()
  const wallSeconds = (performance.now() - wall) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return {
    cpu_s: (user + system) / 1e6,
    wall_s: wallSeconds,
    base_rss_mb: before,
    peak_rss_mb: residentMiB('VmHWM'),
  }
}

/** Null where the system has no /proc. */
function residentMiB(field: 'VmRSS' | 'VmHWM'): number | null {
  if (!hasProc) return null
  const status = readFileSync('/proc/self/status', 'utf8')
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)![1]) / 1024
}
