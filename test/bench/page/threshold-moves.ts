/**
 * How long the page takes over one move of the threshold. The page is the built one; what it is
 * told of the run comes from here, since a run with ten million scores would train for hours.
 */
import type { Browser } from '@playwright/test'
import type { ThresholdData } from '#shared/contract/decision.ts'
import { countedCurve } from '#shared/core/decision/counted-curve.ts'
import type { CountedCurve } from '#shared/core/decision/read-curve.ts'
import { sigmoid } from '#shared/core/math/elementary.ts'
import { createStream } from '#shared/core/math/random.ts'
import { median } from '../measure-item.ts'

/** Candidates up to which the workbench sends all of them. */
const mostCandidates = 400_000
const moves = 300

export interface MoveTimes {
  readonly candidates: number
  /** Median and 95th percentile, in milliseconds: handler, what follows it, and layout. */
  readonly median: number
  readonly p95: number
  /** Script of a drag with real pointer events, per event. */
  readonly draggedScript: number
}

/** The curve of a middling model on so many cases, one in 579 of them positive. */
export function madeCurve(nSamples: number): CountedCurve {
  const stream = createStream(0, 'bench', 'page')
  const bell = (): number => {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += stream.uniform()
    return sum
  }
  const yTrue = Uint8Array.from({ length: nSamples }, (_, i) => (i % 579 === 0 ? 1 : 0))
  const probabilities = Float64Array.from(yTrue, (y) => sigmoid(-6.4 + 5 * y + 1.6 * bell()))
  const costs = {
    truePositive: 6,
    falsePositive: 6,
    trueNegative: 0,
    falseNegative: 400,
    constant: true,
  }
  return countedCurve(
    { yTrue, probabilities, weights: null, costs },
    { most: mostCandidates, always: [0.5] },
  )
}

const arrays = ['thresholds', 'caught', 'alarms', 'tp', 'fp', 'totalCost'] as const

/** Opens the page on a made run and moves its threshold. */
export async function measureMoves(
  browser: Browser,
  url: string,
  curve: CountedCurve,
): Promise<MoveTimes> {
  const candidates = curve.thresholds.length
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  try {
    await page.route('**/curve.bin', (route) =>
      route.fulfill({
        body: Buffer.concat(arrays.map((name) => Buffer.from(curve[name].slice().buffer))),
        contentType: 'application/octet-stream',
      }),
    )
    const { weightOfPositives: positives, weightOfNegatives: negatives, joined } = curve
    await page.addInitScript(standInBridge, {
      names: [...arrays],
      candidates,
      data: madeData(positives, negatives),
      curve: { weightOfPositives: positives, weightOfNegatives: negatives, joined },
    })
    await page.goto(`${url.split('#')[0]!}#/threshold`)
    const slider = page.getByRole('slider', { name: 'Decision threshold' })
    await slider.waitFor({ timeout: 60_000 })
    await page.getByText('handling alerts').waitFor()

    const times = await slider.evaluate(moveSlider, moves)
    times.sort((a, b) => a - b)

    const session = await context.newCDPSession(page)
    await session.send('Performance.enable')
    const scriptSeconds = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics')
      return metrics.find(({ name }) => name === 'ScriptDuration')!.value
    }
    const box = (await page.locator('.chart').first().boundingBox())!
    await page.mouse.move(box.x + 80, box.y + 60)
    await page.mouse.down()
    const before = await scriptSeconds()
    for (let move = 0; move < moves; move++) {
      await page.mouse.move(box.x + 80 + ((box.width - 120) * move) / moves, box.y + 60)
    }
    const dragged = (await scriptSeconds()) - before
    await page.mouse.up()
    return {
      candidates,
      median: median(times),
      p95: times[Math.floor(0.95 * times.length)]!,
      draggedScript: (dragged / moves) * 1000,
    }
  } finally {
    await context.close()
  }
}

/** Everything but the curve. */
function madeData(positives: number, negatives: number): Omit<ThresholdData, 'curve'> {
  const none = { value: null, interval: null }
  return {
    run: { experimentId: 1, name: 'gbdt' },
    untreated: true,
    positives,
    negatives,
    histogram: {
      edges: new Float64Array(),
      positives: new Float64Array(),
      negatives: new Float64Array(),
    },
    foldSpread: {
      thresholds: new Float64Array(),
      low: new Float64Array(),
      high: new Float64Array(),
    },
    tuned: 0.015,
    tunedRule: 'least cost',
    feasible: true,
    shortfall: null,
    perFold: [0.012, 0.014, 0.015, 0.017, 0.02],
    bayes: 6 / 406,
    bayesReason: null,
    nested: {
      costPer1000: 200,
      costPer1000Interval: none.interval,
      recall: none.value,
      recallInterval: none.interval,
      precision: none.value,
      precisionInterval: none.interval,
      alertsPer1000: 10,
    },
    casesPerDay: 5000,
    capacity: 120,
    minutesPerAlert: 4,
    reviewHoursPerDay: 8,
    commitments: [{ measure: 'recall', atLeast: 0.8 }],
    prevalenceInUse: positives / (positives + negatives),
  }
}

/** Runs in the page before its own scripts: answers in place of the workbench. */
function standInBridge({
  names,
  candidates,
  data,
  curve,
}: {
  names: string[]
  candidates: number
  data: Omit<ThresholdData, 'curve'>
  curve: Partial<CountedCurve>
}): void {
  const roles = {
    ...{ target: 'fraud', positive: '1', id: null, time: null, group: null },
    ...{ amount: null, weight: null, ignore: [] },
  }
  const costs = { truePositive: 6, falsePositive: 6, trueNegative: 0, falseNegative: 400 }
  const { casesPerDay, capacity, minutesPerAlert, reviewHoursPerDay, commitments } = data
  const limits = { casesPerDay, capacity, minutesPerAlert, reviewHoursPerDay, commitments }
  const frame = { costs, ...limits, prevalence: null, currency: '€' }
  const plan = { seed: 1, folds: 5, innerFolds: 4 }
  const at = '2026-01-01T00:00:00Z'
  const run = { name: 'gbdt', untreated: true, foldsDone: 5, folds: 5, foldSeconds: [] }
  const experiment = {
    ...{ experimentId: 1, name: 'Experiment 1', versionId: 1, roles, frame, createdAt: at },
    ...{ ...plan, state: 'done', reason: null, runs: [run], digest: '' },
  }
  const version = {
    ...{ versionId: 1, name: 'cases', number: 1, nRows: 1, sourceName: 'cases.csv' },
    ...{ fingerprint: '', createdAt: at, columns: [] },
  }
  const draft = {
    ...{ roles, classNames: { positive: 'fraud', negative: 'legitimate' }, frame },
    ...{ frameLocked: true, ...plan, configurations: [], compared: [], notes: '' },
  }
  const answers: Record<string, () => unknown> = {
    'app.info': () => ({
      ...{ version: '', host: 'browser', engine: '', node: '', electron: null, platform: '' },
      ...{ processors: 1, memoryBytes: 1, user: '', choosesFiles: false, projectFolder: '' },
    }),
    'settings.get': () => ({
      theme: 'light',
      textSize: 100,
      threads: null,
      memoryCapBytes: null,
      reviewer: '',
    }),
    'recent.list': () => [],
    'job.list': () => [],
    'project.state': () => ({
      ...{ name: 'Bench', datasets: [version], versionId: 1, draft },
      ...{
        experiments: [experiment],
        kept: [],
        restored: null,
        labels: { scanned: false, decided: 0, total: 0 },
      },
    }),
    'run.outcome': () => null,
    'threshold.data': async () => {
      const bytes = await (await fetch('/curve.bin')).arrayBuffer()
      const read = names.map((name, i) => [
        name,
        new Float64Array(bytes, i * candidates * 8, candidates),
      ])
      // Typed arrays don't cross from the bench; none of these is drawn.
      const empty = new Float64Array()
      return {
        ...data,
        foldSpread: { thresholds: empty, low: empty, high: empty },
        curve: { ...curve, ...(Object.fromEntries(read) as object) },
      }
    },
  }
  Object.assign(window, {
    steelyard: {
      host: 'browser',
      call: async (command: string) => ({ ok: true, result: await answers[command]?.() }),
      onEvent: () => () => undefined,
      onConnection: () => () => undefined,
    },
  })
}

/** Runs in the page. @returns Milliseconds of each move. */
async function moveSlider(element: Element, count: number): Promise<number[]> {
  const slider = element as HTMLInputElement
  const [low, high] = [Number(slider.min), Number(slider.max)]
  const times: number[] = []
  let seen = ''
  for (let move = 0; move < count; move++) {
    // Back and forth by the golden ratio: no two moves in a row are alike.
    const place = low + ((move * 0.618_034) % 1) * (high - low)
    const start = performance.now()
    slider.value = String(place)
    slider.dispatchEvent(new Event('input', { bubbles: true }))
    await new Promise<void>(queueMicrotask)
    await new Promise<void>(queueMicrotask)
    document.body.getBoundingClientRect() // layout belongs to it
    times.push(performance.now() - start)
    const spoken = slider.getAttribute('aria-valuetext') ?? ''
    if (spoken === seen) throw new Error(`move ${move} changed nothing: ${spoken}`)
    seen = spoken
    if (move % 10 === 9) await new Promise(requestAnimationFrame)
  }
  return times
}
