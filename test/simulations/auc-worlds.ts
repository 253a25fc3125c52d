/**
 * Whether the interval of a ROC AUC holds the truth where scores are not normal: in worlds of other
 * shapes, whose AUC is worked out on a fine grid of quantiles.
 *
 *     node test/simulations/auc-worlds.ts [--samples 1000]
 */
import { parseArgs } from 'node:util'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { normalQuantile } from '#shared/core/math/normal.ts'
import { createStream } from '#shared/core/math/random.ts'
import { bootstrapRanking } from '#shared/core/metrics/bootstrap.ts'
import { aucInterval, aucScoreInterval, delongCovariance } from '#shared/core/statistics/delong.ts'

const LEVEL = 0.95
const CASES = 2000
const GRID = 2000
const DRAWS = 400

interface Shape {
  readonly name: string
  /** Score of a class from a uniform number in (0, 1). */
  readonly positive: (u: number) => number
  readonly negative: (u: number) => number
}

const shapes: readonly Shape[] = [
  {
    name: 'normal, positives twice as wide',
    positive: (u) => 2.2 + 2 * normalQuantile(u),
    negative: (u) => normalQuantile(u),
  },
  {
    name: 'normal, positives half as wide',
    positive: (u) => 1.6 + 0.5 * normalQuantile(u),
    negative: (u) => normalQuantile(u),
  },
  {
    name: 'two kinds of positives, a third of them hidden',
    positive: (u) =>
      u < 1 / 3 ? normalQuantile(3 * u) : 3 + normalQuantile(Math.min(1 - 1e-12, (3 * u - 1) / 2)),
    negative: (u) => normalQuantile(u),
  },
  {
    name: 'exponential, eight levels',
    positive: (u) => Math.min(8, Math.round(-4 * Math.log(1 - u))),
    negative: (u) => Math.min(8, Math.round(-Math.log(1 - u))),
  },
]

const { values: options } = parseArgs({
  options: { samples: { type: 'string', default: '1000' } },
})
const nSimulated = Number(options.samples)

/** P(positive > negative) + half the ties, on a grid of quantiles. */
function trueAuc({ positive, negative }: Shape): number {
  const quantiles = (of: (u: number) => number): number[] =>
    Array.from({ length: GRID }, (_, i) => of((i + 0.5) / GRID)).sort((a, b) => a - b)
  const low = quantiles(negative)
  const high = quantiles(positive)
  let below = 0
  let ties = 0
  let twice = 0
  for (const score of high) {
    while (below < GRID && low[below]! < score) below++
    ties = Math.max(ties, below)
    while (ties < GRID && low[ties] === score) ties++
    twice += below + ties
  }
  return twice / (2 * GRID * GRID)
}

for (const expected of [20, 50]) {
  console.log(`\n${expected} positives among ${CASES}, ${nSimulated} samples`)
  for (const shape of shapes) {
    const truth = trueAuc(shape)
    const covered = { score: 0, normal: 0, bootstrap: 0 }
    for (let k = 0; k < nSimulated; k++) {
      const stream = createStream(1, 'auc worlds', shape.name, expected, k)
      const draw = (): number => Math.max(stream.uniform(), 1e-16)
      const yTrue = Uint8Array.from({ length: CASES }, (_, i) => (i < expected ? 1 : 0))
      const scores = Float64Array.from(yTrue, (y) =>
        y === 1 ? shape.positive(draw()) : shape.negative(draw()),
      )
      const delong = delongCovariance(yTrue, [scores])
      if ('reason' in delong) throw new Error(delong.reason)
      const [auc] = delong.auc
      const error = Math.sqrt(delong.covariance![0]![0]!)
      const holds = (
        interval: { readonly lower: number; readonly upper: number } | null,
      ): number => (interval !== null && interval.lower <= truth && truth <= interval.upper ? 1 : 0)
      covered.score += holds(aucScoreInterval(auc!, error, expected, CASES - expected, LEVEL))
      covered.normal += holds(aucInterval(auc!, error, LEVEL, 'logit'))
      covered.bootstrap += holds(
        bootstrapRanking({
          yTrue,
          scores,
          weights: null,
          groups: null,
          draws: DRAWS,
          level: LEVEL,
          stream: createStream(2, 'auc worlds', k),
          checkpoint: noCheckpoint,
        }).rocAuc,
      )
    }
    const share = (count: number): string => `${((100 * count) / nSimulated).toFixed(1)} %`
    console.log(
      `${shape.name} (AUC ${truth.toFixed(3)}): score ${share(covered.score)}, DeLong on the logit ${share(covered.normal)}, bootstrap ${share(covered.bootstrap)}`,
    )
  }
}
