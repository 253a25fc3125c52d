import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openBenchTable, writeBenchTable } from './bench-table.ts'
import type { Facts, Measurement } from './contestant.ts'
import { startContestant } from './contestant.ts'
import { compare, median, sideOf } from './measure-item.ts'
import type { ItemResult, Side } from './measure-item.ts'
import { resultNotes, resultTable } from './result-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'steelyard-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

const took = (cpu_s: number, base_rss_mb = 100, peak_rss_mb = 120): Measurement => ({
  cpu_s,
  wall_s: 2 * cpu_s,
  base_rss_mb,
  peak_rss_mb,
})

describe('figures of a side', () => {
  it('are medians of times and the memory of the first run', () => {
    const runs = [took(5), took(1), took(3)]
    const side = sideOf(took(9, 100, 150), runs, { rows: 7 })
    expect(side).toMatchObject({ cpuSeconds: 3, wallSeconds: 6, peakMiB: 50, check: { rows: 7 } })
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })

  it('multiply times, not memory, where a part of the work stands for the whole', () => {
    const runs = [{ ...took(2), scale: 50 }]
    expect(sideOf({ ...took(3), scale: 50 }, runs, {})).toMatchObject({
      cpuSeconds: 100,
      wallSeconds: 200,
      peakMiB: 20,
    })
  })
})

describe('comparison', () => {
  const side = (cpu: number, peak: number, check: Facts = {}): Side =>
    sideOf(took(cpu, 0, peak), [took(cpu)], check)
  const item = { name: 'sorting', about: '', bar: 0.5 }
  const whole = (result: ReturnType<typeof compare>): ItemResult => ({
    ...result,
    nRows: 1000,
    peerMissing: null,
  })

  it('holds the ratio of CPU times against the bar', () => {
    expect(compare(item, side(1, 10), side(2, 40))).toMatchObject({
      ratio: { cpu: 0.5, wall: 0.5, memory: 0.25 },
      met: true,
    })
    expect(compare(item, side(1.01, 10), side(2, 40)).met).toBe(false)
  })

  it('says nothing of a bar without a peer', () => {
    expect(compare(item, side(1, 10), null)).toMatchObject({ ratio: { cpu: null }, met: null })
  })

  it('prints one line per item, all of one width', () => {
    const results = [
      whole(compare(item, side(1, 10), side(2, 40))),
      whole(compare({ ...item, name: 'x' }, side(123.4, 10), null)),
    ]
    const lines = resultTable(results).split('\n')
    expect(lines).toHaveLength(4)
    expect(new Set(lines.map((line) => line.length)).size).toBe(1)
    expect(lines[2]).toMatch(/sorting \| 1,000 \| +1\.00 \| 2\.00 \| 0\.500 .* 0\.5 \| yes/)
    expect(resultNotes([whole(compare(item, side(1, 10, { rows: 3 }), null))])).toBe(
      'sorting: ours rows 3',
    )
  })
})

const tableFolder = join(folder, 'table')
writeBenchTable(tableFolder, 2000)
const table = openBenchTable(tableFolder)

/** Average precision as its definition says, with scores that are all different. */
function naiveAveragePrecision(yTrue: Uint8Array, scores: Float64Array): number {
  const positives = [...scores].filter((_, i) => yTrue[i] === 1)
  const precisions = positives.map((cut) => {
    const reached = [...yTrue].filter((_, i) => scores[i]! >= cut)
    return reached.filter((y) => y === 1).length / reached.length
  })
  return precisions.reduce((sum, precision) => sum + precision, 0) / positives.length
}

describe('table', () => {
  it('holds the same numbers as text and in binary', () => {
    const X = table.readFeatures()
    const yTrue = table.readLabels()
    const [header, ...lines] = readFileSync(table.csvPath, 'utf8').trimEnd().split('\n')
    expect(header).toMatch(/^V1,V2,.*,V30,Class$/)
    expect(lines).toHaveLength(2000)
    for (const row of [0, 1234, 1999]) {
      const cells = lines[row]!.split(',').map(Number)
      expect(cells[30]).toBe(yTrue[row])
      for (let feature = 0; feature < 30; feature++) {
        const exact = X[row * 30 + feature]!
        expect(Math.abs(cells[feature]! - exact)).toBeLessThanOrEqual(1e-5 * Math.abs(exact))
      }
    }
  })

  it('has the positives and the ranking that its recipe says', () => {
    const yTrue = table.readLabels()
    const scores = table.readScores()
    expect(yTrue.reduce((sum, y) => sum + y, 0)).toBe(3)
    const lowestPositive = scores.filter((_, i) => yTrue[i] === 1).sort()[0]!
    const below = scores.filter((score) => score < lowestPositive).length
    expect(below).toBeGreaterThan(1000)
  })

  it('gives standardized columns', () => {
    const X = table.readStandardized()
    for (const feature of [0, 29]) {
      const column = X.filter((_, at) => at % 30 === feature)
      const mean = column.reduce((sum, value) => sum + value, 0) / 2000
      const square = column.reduce((sum, value) => sum + value * value, 0) / 2000
      expect(mean).toBeCloseTo(0, 10)
      expect(square).toBeCloseTo(1, 10)
    }
  })
})

describe('contestant', () => {
  it('reports why a process ended before it was prepared', async () => {
    await expect(
      startContestant(process.execPath, ['-e', 'console.error("no data"); process.exit(1)']),
    ).rejects.toThrow('no data')
    await expect(startContestant('/no/such/program', [])).rejects.toThrow('ENOENT')
  })

  const python = spawnSync('python3', ['--version']).status === 0
  it.skipIf(!python)('drives an item of a peers’ script', async () => {
    const script = join(folder, 'peers.py')
    writeFileSync(
      script,
      [
        'print("a line that is no answer")',
        'def prepare():',
        '    kept = []',
        '    def work():',
        '        kept.append(bytearray(b"x" * 50_000_000))',
        '        kept.pop()',
        '        return dict(scale=4, size=50)',
        '    work.check = lambda: dict(checked=True)',
        '    return work',
        'ITEMS = dict(allocate=prepare)',
      ].join('\n'),
    )
    const drive = join(import.meta.dirname, 'peers/drive.py')
    const peer = await startContestant('python3', [drive, script, 'allocate', folder, '2000'])
    const run = await peer.run()
    expect(run.scale).toBe(4)
    expect(run.wall_s).toBeGreaterThan(0)
    if (run.base_rss_mb !== null && run.peak_rss_mb !== null) {
      expect(run.peak_rss_mb - run.base_rss_mb).toBeGreaterThan(40)
    }
    expect(await peer.check()).toEqual({ size: 50, checked: true })
    await peer.close()
  })
})

describe('the command', () => {
  it('measures an item and writes the same as JSON', () => {
    const json = join(folder, 'bench.json')
    const flags = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types']
    const args = [
      '--only',
      'ap-roc-auc,score-sort',
      '--rows',
      '2000',
      '--runs',
      '2',
      '--json',
      json,
    ]
    const { status, stdout } = spawnSync(
      process.execPath,
      [...flags, join(import.meta.dirname, 'bench.ts'), ...args],
      { encoding: 'utf8' },
    )
    expect(status).toBe(0)
    expect(stdout).toMatch(/^\| ap-roc-auc +\| 2,000 \|/m)
    const { about, items } = JSON.parse(readFileSync(json, 'utf8')) as {
      about: { runs: number }
      items: ItemResult[]
    }
    expect(about.runs).toBe(2)
    expect(items.map(({ item }) => item)).toEqual(['ap-roc-auc', 'score-sort'])
    expect(items[0]!.ours.runs).toHaveLength(2)
    expect(items[0]!.ours.check['average_precision']).toBeCloseTo(
      naiveAveragePrecision(table.readLabels(), table.readScores()),
      12,
    )
  })

  it('refuses items that are not there', () => {
    const bench = join(import.meta.dirname, 'bench.ts')
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--experimental-strip-types', bench, '--only', 'nothing'],
      { encoding: 'utf8' },
    )
    expect(status).not.toBe(0)
    expect(stderr).toMatch('no such item: nothing')
  })
})
