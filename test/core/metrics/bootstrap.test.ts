import { describe, expect, it } from 'vitest'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createMultinomial } from '#shared/core/math/multinomial.ts'
import { normalCdf, normalQuantile } from '#shared/core/math/normal.ts'
import { createStream, type RandomStream } from '#shared/core/math/random.ts'
import { bootstrapRanking } from '#shared/core/metrics/bootstrap.ts'
import type { Interval } from '#shared/core/metrics/interval.ts'
import type { RankingDraw } from '#shared/core/metrics/ranking-cells.ts'
import { measureRun } from '#shared/core/metrics/run-metrics.ts'

interface Sample {
  readonly yTrue: Uint8Array
  readonly scores: Float64Array
}

/** Overlapping classes; probabilities rounded to `grid` steps, so that some tie. */
function drawSample(nSamples: number, share: number, grid: number, stream: RandomStream): Sample {
  const yTrue = Uint8Array.from({ length: nSamples }, () => (stream.uniform() < share ? 1 : 0))
  const scores = Float64Array.from(yTrue, (y) => {
    const z = normalQuantile((stream.uint32() + 0.5) / 2 ** 32) + 1.5 * y
    return Math.round(normalCdf(z - 1.5) * grid) / grid
  })
  return { yTrue, scores }
}

const alone = (nSamples: number): Int32Array => new Int32Array(nSamples).fill(-1)

function expectNear(
  got: Interval | null,
  want: Interval | null,
  tolerance: number,
  what: string,
): void {
  expect(got, what).not.toBeNull()
  expect(Math.abs(got!.lower - want!.lower), `${what} lower`).toBeLessThanOrEqual(tolerance)
  expect(Math.abs(got!.upper - want!.upper), `${what} upper`).toBeLessThanOrEqual(tolerance)
}

describe('bootstrapRanking', () => {
  it.each(['each sample alone', 'groups'] as const)(
    'measures the rows that it drew: %s',
    (units) => {
      const stream = createStream(11, 'rows', units)
      for (let round = 0; round < 30; round++) {
        const nSamples = 5 + stream.below(60)
        const { yTrue, scores } = drawSample(nSamples, 0.3, 20, stream)
        const weights = Float64Array.from(yTrue, () => 1 + stream.below(3))
        const groups =
          units === 'groups' ? Int32Array.from(yTrue, () => stream.below(9)) : alone(nSamples)
        const intervals = bootstrapRanking({
          yTrue,
          scores,
          weights,
          groups,
          draws: 1,
          level: 0.95,
          stream: createStream(round, 'draw'),
          checkpoint: noCheckpoint,
        })

        // The same draw, row by row: units are numbered in order of appearance.
        const names = [...new Set(groups)]
        const unitOf = (i: number): number => (units === 'groups' ? names.indexOf(groups[i]!) : i)
        const counts = new Int32Array(units === 'groups' ? names.length : nSamples)
        createMultinomial(
          new Int32Array(counts.length).fill(1),
          createStream(round, 'draw'),
        )(counts)
        const rows = [...yTrue.keys()].flatMap((i) => new Array<number>(counts[unitOf(i)]!).fill(i))
        const { metrics } = measureRun(
          Uint8Array.from(rows, (i) => yTrue[i]!),
          Float64Array.from(rows, (i) => scores[i]!),
          Float64Array.from(rows, (i) => weights[i]!),
        )
        for (const metric of Object.keys(intervals) as (keyof RankingDraw)[]) {
          const want = metrics[metric]
          const got = intervals[metric]
          if (want === null) expect(got, metric).toBeNull()
          else expect(Math.abs(got!.lower - want), metric).toBeLessThan(1e-12)
        }
      }
    },
  )

  it.each([
    ['no weights', null],
    ['weights by class', [0.4, 2.5]],
  ] as const)('drawing cells has the distribution of drawing rows: %s', (_, classWeights) => {
    const { yTrue, scores } = drawSample(600, 0.12, 500, createStream(2, 'cells'))
    const weights = classWeights && Float64Array.from(yTrue, (y) => classWeights[y as 0 | 1])
    for (const level of [0.5, 0.9]) {
      const [cells, rows] = [null, alone(600)].map((groups) =>
        bootstrapRanking({
          yTrue,
          scores,
          weights,
          groups,
          draws: 6000,
          level,
          stream: createStream(3, groups === null ? 'cells' : 'rows'),
          checkpoint: noCheckpoint,
        }),
      ) as [Record<keyof RankingDraw, Interval | null>, Record<keyof RankingDraw, Interval | null>]
      for (const metric of Object.keys(cells) as (keyof RankingDraw)[]) {
        // A quantile of 6,000 draws scatters by about 0.02 of the spread; two differ by 0.03.
        const spread = (rows[metric]!.upper - rows[metric]!.lower) / (level === 0.5 ? 1.35 : 3.29)
        // Points of the curve take few values and jump between them.
        const tolerance = metric.includes('At') ? 0.5 : 0.13
        expectNear(cells[metric], rows[metric], tolerance * spread, metric)
      }
    }
  })

  it('leaves out undefined draws, and gives no interval when there are many', () => {
    const yTrue = new Uint8Array(50)
    const scores = Float64Array.from({ length: 50 }, (_, i) => i / 100)
    const intervalsFor = (positives: number) => {
      yTrue.fill(0).fill(1, 50 - positives)
      return bootstrapRanking({
        yTrue,
        scores,
        weights: null,
        groups: null,
        draws: 400,
        level: 0.95,
        stream: createStream(1, positives),
        checkpoint: noCheckpoint,
      })
    }
    // No positive among the draws: 36 % with one positive, 1.7 % with four.
    expect(intervalsFor(1).averagePrecision).toBeNull()
    expect(intervalsFor(1).rocAuc).toBeNull()
    expect(intervalsFor(4).averagePrecision).toEqual({
      lower: 1,
      upper: 1,
      level: 0.95,
      method: 'case bootstrap, percentile, 400 draws',
    })
  })

  it('gives no interval when there is but one thing to draw', () => {
    const sample = drawSample(30, 0.4, 100, createStream(5, 'one'))
    const intervals = bootstrapRanking({
      ...sample,
      weights: null,
      groups: new Int32Array(30),
      draws: 20,
      level: 0.95,
      stream: createStream(1, 'one'),
      checkpoint: noCheckpoint,
    })
    expect(Object.values(intervals)).toEqual(new Array(6).fill(null))
  })

  it('repeats under one seed, reports progress, and can be cancelled', () => {
    const sample = drawSample(200, 0.2, 100, createStream(5, 'seed'))
    const fractions: number[] = []
    const options = {
      ...sample,
      weights: null,
      groups: null,
      draws: 40,
      level: 0.9,
      checkpoint: (fraction: number) => void fractions.push(fraction),
    }
    const first = bootstrapRanking({ ...options, stream: createStream(1, 's') })
    expect(bootstrapRanking({ ...options, stream: createStream(1, 's') })).toEqual(first)
    expect(bootstrapRanking({ ...options, stream: createStream(2, 's') })).not.toEqual(first)
    expect(fractions.at(-1)).toBe(1)
    const cancel = (): never => {
      throw new Cancelled()
    }
    expect(() =>
      bootstrapRanking({ ...options, checkpoint: cancel, stream: createStream(1, 's') }),
    ).toThrow(Cancelled)
    expect(() => bootstrapRanking({ ...options, draws: 0, stream: createStream(1, 's') })).toThrow(
      'draws must be an integer of at least 1, got 0',
    )
  })

  it('covers the true ROC AUC about as often as it says', () => {
    // Two normal classes one and a half deviations apart: the true value is Φ(1.5 / √2).
    const truth = normalCdf(1.5 / Math.SQRT2)
    const stream = createStream(9, 'coverage')
    const rounds = 200
    let covered = 0
    for (let round = 0; round < rounds; round++) {
      const sample = drawSample(300, 0.2, 1e9, stream)
      const { rocAuc } = bootstrapRanking({
        ...sample,
        weights: null,
        groups: null,
        draws: 200,
        level: 0.9,
        stream,
        checkpoint: noCheckpoint,
      })
      if (rocAuc!.lower <= truth && truth <= rocAuc!.upper) covered += 1
    }
    // 0.9 within three and a half standard errors of 200 rounds.
    expect(covered / rounds).toBeGreaterThan(0.825)
    expect(covered / rounds).toBeLessThan(0.975)
  })
})
