import { describe, expect, it } from 'vitest'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createMultinomial } from '#shared/core/math/multinomial.ts'
import { normalCdf, normalQuantile } from '#shared/core/math/normal.ts'
import { createStream, type RandomStream } from '#shared/core/math/random.ts'
import { bootstrapRunMetrics, bootstrapWeightedMean } from '#shared/core/metrics/bootstrap.ts'
import type { Interval } from '#shared/core/metrics/interval.ts'
import { measureRun, type RunMetrics } from '#shared/core/metrics/run-metrics.ts'

interface Sample {
  readonly yTrue: Uint8Array
  readonly probabilities: Float64Array
}

/** Overlapping classes; probabilities rounded to `grid` steps, so that some tie. */
function drawSample(nSamples: number, share: number, grid: number, stream: RandomStream): Sample {
  const yTrue = Uint8Array.from({ length: nSamples }, () => (stream.uniform() < share ? 1 : 0))
  const probabilities = Float64Array.from(yTrue, (y) => {
    const z = normalQuantile((stream.uint32() + 0.5) / 2 ** 32) + 1.5 * y
    return Math.round(normalCdf(z - 1.5) * grid) / grid
  })
  return { yTrue, probabilities }
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

describe('bootstrapRunMetrics', () => {
  it.each(['each sample alone', 'groups'] as const)(
    'measures the rows that it drew: %s',
    (units) => {
      const stream = createStream(11, 'rows', units)
      for (let round = 0; round < 30; round++) {
        const nSamples = 5 + stream.below(60)
        const { yTrue, probabilities } = drawSample(nSamples, 0.3, 20, stream)
        const weights = Float64Array.from(yTrue, () => 1 + stream.below(3))
        const groups =
          units === 'groups' ? Int32Array.from(yTrue, () => stream.below(9)) : alone(nSamples)
        const intervals = bootstrapRunMetrics({
          yTrue,
          probabilities,
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
          Float64Array.from(rows, (i) => probabilities[i]!),
          Float64Array.from(rows, (i) => weights[i]!),
        )
        for (const metric of Object.keys(metrics) as (keyof RunMetrics)[]) {
          const want = metrics[metric]
          const got = intervals[metric]
          if (want === null) expect(got, metric).toBeNull()
          else if (metric === 'eceEqualCount10')
            continue // moved by its bias: see below
          else expect(Math.abs(got!.lower - want), metric).toBeLessThan(1e-12)
        }
      }
    },
  )

  it('moves the interval of the calibration error by the bias of its draws', () => {
    const { yTrue, probabilities } = drawSample(2000, 0.05, 50, createStream(5, 'ece'))
    const intervals = bootstrapRunMetrics({
      yTrue,
      probabilities,
      weights: null,
      groups: null,
      draws: 400,
      level: 0.95,
      stream: createStream(6, 'ece'),
      checkpoint: noCheckpoint,
    })
    const measured = measureRun(yTrue, probabilities, null).metrics.eceEqualCount10!
    const { lower, upper, method } = intervals.eceEqualCount10!
    expect(lower).toBeLessThan(measured)
    expect(upper).toBeGreaterThan(measured)
    expect(lower).toBeGreaterThanOrEqual(0)
    expect(method).toMatch(/moved by their bias/)
  })

  it.each([
    ['no weights', null],
    ['weights by class', [0.4, 2.5]],
  ] as const)('drawing cells has the distribution of drawing rows: %s', (_, classWeights) => {
    const { yTrue, probabilities } = drawSample(600, 0.12, 500, createStream(2, 'cells'))
    const weights = classWeights && Float64Array.from(yTrue, (y) => classWeights[y as 0 | 1])
    for (const level of [0.5, 0.9]) {
      const [cells, rows] = [null, alone(600)].map((groups) =>
        bootstrapRunMetrics({
          yTrue,
          probabilities,
          weights,
          groups,
          draws: 6000,
          level,
          stream: createStream(3, groups === null ? 'cells' : 'rows'),
          checkpoint: noCheckpoint,
        }),
      ) as [Record<keyof RunMetrics, Interval | null>, Record<keyof RunMetrics, Interval | null>]
      for (const metric of Object.keys(cells) as (keyof RunMetrics)[]) {
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
    const probabilities = Float64Array.from({ length: 50 }, (_, i) => i / 100)
    const intervalsFor = (positives: number) => {
      yTrue.fill(0).fill(1, 50 - positives)
      return bootstrapRunMetrics({
        yTrue,
        probabilities,
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
    expect(intervalsFor(1).brierSkill).toBeNull()
    expect(intervalsFor(1).brier).not.toBeNull()
    expect(intervalsFor(4).averagePrecision).toEqual({
      lower: 1,
      upper: 1,
      level: 0.95,
      method: 'case bootstrap, percentile, 400 draws',
    })
  })

  it('gives no interval when there is but one thing to draw', () => {
    const sample = drawSample(30, 0.4, 100, createStream(5, 'one'))
    const intervals = bootstrapRunMetrics({
      ...sample,
      weights: null,
      groups: new Int32Array(30),
      draws: 20,
      level: 0.95,
      stream: createStream(1, 'one'),
      checkpoint: noCheckpoint,
    })
    expect(Object.values(intervals)).toEqual(new Array(10).fill(null))
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
    const first = bootstrapRunMetrics({ ...options, stream: createStream(1, 's') })
    expect(bootstrapRunMetrics({ ...options, stream: createStream(1, 's') })).toEqual(first)
    expect(bootstrapRunMetrics({ ...options, stream: createStream(2, 's') })).not.toEqual(first)
    expect(fractions.at(-1)).toBe(1)
    const cancel = (): never => {
      throw new Cancelled()
    }
    expect(() =>
      bootstrapRunMetrics({ ...options, checkpoint: cancel, stream: createStream(1, 's') }),
    ).toThrow(Cancelled)
    expect(() =>
      bootstrapRunMetrics({ ...options, draws: 0, stream: createStream(1, 's') }),
    ).toThrow('draws must be an integer of at least 1, got 0')
  })

  it('covers the true ROC AUC about as often as it says', () => {
    // Two normal classes one and a half deviations apart: the true value is Φ(1.5 / √2).
    const truth = normalCdf(1.5 / Math.SQRT2)
    const stream = createStream(9, 'coverage')
    const rounds = 200
    let covered = 0
    for (let round = 0; round < rounds; round++) {
      const sample = drawSample(300, 0.2, 1e9, stream)
      const { rocAuc } = bootstrapRunMetrics({
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

describe('bootstrapWeightedMean', () => {
  const mean = (
    values: Float64Array,
    weights: Float64Array | null,
    groups: Int32Array | null,
    draws: number,
    name: string,
  ): Interval | null =>
    bootstrapWeightedMean(values, weights, groups, draws, 0.9, createStream(4, name), noCheckpoint)

  it('takes the ratio of the drawn sums', () => {
    const values = Float64Array.of(1, 10, 100, 1000, 10_000)
    const weights = Float64Array.of(1, 2, 3, 1, 2)
    const groups = Int32Array.of(7, 3, 7, -1, -1)
    const got = mean(values, weights, groups, 1, 'ratio')!
    const counts = new Int32Array(4) // units: 7, 3 and two lone samples
    createMultinomial(Int32Array.of(1, 1, 1, 1), createStream(4, 'ratio'))(counts)
    const [seven, three, lone, other] = counts as unknown as [number, number, number, number]
    expect(got.lower).toBeCloseTo(
      (301 * seven + 20 * three + 1000 * lone + 20_000 * other) /
        (4 * seven + 2 * three + lone + 2 * other),
      9,
    )
    expect(got.method).toBe('group bootstrap, percentile, 1 draws')
  })

  it('has one distribution, whether alike samples are counted or drawn', () => {
    const stream = createStream(6, 'values')
    const few = Float64Array.from({ length: 6000 }, () => [0, 5, 100][stream.below(3)]!)
    const weights = Float64Array.from(few, () => 1 + stream.below(2))
    // Differences too small to matter make every pair different: samples are drawn one by one.
    const many = few.map((value, i) => value + i * 1e-9)
    const counted = mean(few, weights, null, 3000, 'counted')!
    const drawn = mean(many, weights, null, 3000, 'drawn')!
    const spread = (drawn.upper - drawn.lower) / 3.29
    expectNear(counted, drawn, 0.2 * spread, 'mean')
  })

  it('covers the true mean of a rare cost about as often as it says', () => {
    const stream = createStream(8, 'cost')
    const rounds = 300
    let covered = 0
    for (let round = 0; round < rounds; round++) {
      const costs = Float64Array.from({ length: 2000 }, () => (stream.uniform() < 0.02 ? 100 : 1))
      const { lower, upper } = mean(costs, null, null, 200, `cost ${round}`)!
      if (lower <= 2.98 && 2.98 <= upper) covered += 1
    }
    expect(covered / rounds).toBeGreaterThan(0.84)
    expect(covered / rounds).toBeLessThan(0.96)
  })

  it('answers in null where there is nothing to draw or to divide by', () => {
    expect(mean(new Float64Array(0), null, null, 10, 'none')).toBeNull()
    expect(mean(Float64Array.of(3), null, null, 10, 'one')).toBeNull()
    expect(mean(Float64Array.of(3, 4), Float64Array.of(0, 0), null, 10, 'zero')).toBeNull()
    expect(mean(Float64Array.of(3, 3), null, null, 10, 'same')).toMatchObject({
      lower: 3,
      upper: 3,
    })
    expect(() => mean(Float64Array.of(3), Float64Array.of(1, 2), null, 10, 'x')).toThrow(
      'got 2 for 1',
    )
  })
})
