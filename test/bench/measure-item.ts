import { existsSync, readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { BenchItem, BenchPeer } from './bench-item.ts'
import { writeBenchTable } from './bench-table.ts'
import { startContestant } from './contestant.ts'
import type { Contestant, Facts, Measurement } from './contestant.ts'

const usualRows = 284_807
const root = join(import.meta.dirname, '../..')

/** The figures of one side. */
export interface Side {
  /** Medians over the measured runs. */
  readonly cpuSeconds: number
  readonly wallSeconds: number
  /**
   * Highest resident memory of the first run above the level just before it, with the data in
   * memory; null where it can't be told.
   */
  readonly peakMiB: number | null
  /** How often the work would have to be repeated to be whole; times already account for it. */
  readonly scale: number
  /** What the last run came to. */
  readonly check: Facts
  /** The first run of the process, part of the warm-up. */
  readonly first: Measurement
  /** The measured runs in order. */
  readonly runs: readonly Measurement[]
}

export interface ItemResult {
  readonly item: string
  readonly about: string
  readonly nRows: number
  readonly ours: Side
  /** Null when no peer was asked for or the item has none. */
  readonly peer: Side | null
  /** Why the peer was asked for and could not be measured. */
  readonly peerMissing: string | null
  /** Ours ÷ the peer's. */
  readonly ratio: {
    readonly cpu: number | null
    readonly wall: number | null
    readonly memory: number | null
  }
  readonly bar: number | null
  /** Whether the CPU ratio stays within the bar; null without either. */
  readonly met: boolean | null
}

/** Where the peers are and what runs them. */
export interface Peers {
  readonly folder: string
  readonly python: string
}

export interface MeasureOptions {
  readonly runs: number
  /** Null means the item's own number. */
  readonly nRows: number | null
  /** Null leaves the peers out. */
  readonly peers: Peers | null
}

/**
 * Measures an item and its peer, each in a process of its own that prepared its data beforehand:
 * a warm-up each, then the runs in turns, ours first.
 */
export async function measureItem(
  item: BenchItem<unknown>,
  { runs, nRows: wantedRows, peers }: MeasureOptions,
): Promise<ItemResult> {
  const nRows = wantedRows ?? item.nRows ?? usualRows
  const folder = tableFolder(nRows)
  writeBenchTable(folder, nRows)

  const ours = await startOurs(item.name, folder)
  const oursFirst = await warmUp(ours)
  let peer: { readonly contestant: Contestant; readonly first: Measurement } | null = null
  let peerMissing: string | null = null
  if (peers !== null && item.peer !== undefined) {
    try {
      const contestant = await startPeer(item.peer, peers, folder, nRows)
      peer = { contestant, first: await warmUp(contestant) }
    } catch (error) {
      peerMissing = (error as Error).message.split('\n').at(-1)!
    }
  }
  const oursRuns: Measurement[] = []
  const peerRuns: Measurement[] = []
  for (let run = 0; run < runs; run++) {
    oursRuns.push(await ours.run())
    if (peer !== null) peerRuns.push(await peer.contestant.run())
  }
  const result = compare(
    item,
    sideOf(oursFirst, oursRuns, await ours.check()),
    peer === null ? null : sideOf(peer.first, peerRuns, await peer.contestant.check()),
  )
  await Promise.all([ours.close(), peer?.contestant.close()])
  return { ...result, nRows, peerMissing }
}

/**
 * Runs for a second, or ten times: short work is compiled well only after several runs.
 *
 * @returns The very first run.
 */
async function warmUp(contestant: Contestant): Promise<Measurement> {
  const first = await contestant.run()
  for (let run = 1, wall = first.wall_s; run < 10 && wall < 1; run++) {
    wall += (await contestant.run()).wall_s
  }
  return first
}

/** Kept between runs, under a name that changes with the recipe. */
function tableFolder(nRows: number): string {
  const recipe = createHash('sha256')
    .update(readFileSync(join(import.meta.dirname, 'bench-table.ts')))
    .digest('hex')
    .slice(0, 8)
  return join(root, `.cache/bench/table-${nRows}-${recipe}`)
}

function startOurs(name: string, folder: string): Promise<Contestant> {
  const script = join(import.meta.dirname, 'run-item.ts')
  const flags = ['--expose-gc', '--disable-warning=ExperimentalWarning']
  const strip = '--experimental-strip-types'
  return startContestant(process.execPath, [...flags, strip, script, name, folder])
}

function startPeer(
  { script, item }: BenchPeer,
  { folder: peersFolder, python }: Peers,
  folder: string,
  nRows: number,
): Promise<Contestant> {
  const own = join(import.meta.dirname, 'peers')
  const path = [own, peersFolder].map((each) => join(each, script)).find((each) => existsSync(each))
  if (path === undefined) throw new Error(`there is no ${script} in ${own} or ${peersFolder}`)
  return startContestant(python, [join(own, 'drive.py'), path, item, folder, String(nRows)])
}

/** Puts two sides next to each other. */
export function compare(
  { name, about, bar }: Pick<BenchItem<unknown>, 'name' | 'about' | 'bar'>,
  ours: Side,
  peer: Side | null,
): Omit<ItemResult, 'nRows' | 'peerMissing'> {
  const cpu = peer === null ? null : ours.cpuSeconds / peer.cpuSeconds
  const hasMemory = ours.peakMiB !== null && peer !== null && peer.peakMiB !== null
  return {
    item: name,
    about,
    ours,
    peer,
    ratio: {
      cpu,
      wall: peer === null ? null : ours.wallSeconds / peer.wallSeconds,
      memory: hasMemory && peer.peakMiB > 0 ? ours.peakMiB / peer.peakMiB : null,
    },
    bar: bar ?? null,
    met: cpu === null || bar === undefined ? null : cpu <= bar,
  }
}

/**
 * The figures of one side: medians of times, and the memory of the first run. Later runs start on
 * pages that the allocators of both sides keep from the ones before, which hides what they need.
 */
export function sideOf(first: Measurement, measured: readonly Measurement[], check: Facts): Side {
  const factor = first.scale ?? 1
  return {
    cpuSeconds: factor * median(measured.map((run) => run.cpu_s)),
    wallSeconds: factor * median(measured.map((run) => run.wall_s)),
    peakMiB:
      first.base_rss_mb === null || first.peak_rss_mb === null
        ? null
        : Math.max(0, first.peak_rss_mb - first.base_rss_mb),
    scale: factor,
    check,
    first,
    runs: measured,
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
