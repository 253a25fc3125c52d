/**
 * Whether the interval of a mean cost or of a paired difference holds the truth: constant and
 * heavy-tailed costs, differences of all signs, groups and weights, beside the percentiles of the
 * case bootstrap and the normal interval.
 *
 *     node test/simulations/mean-worlds.ts [--samples 2000] [--expected 20,50,200]
 */
import { parseArgs } from 'node:util'
import { createMultinomial } from '#shared/core/math/multinomial.ts'
import { normalQuantile } from '#shared/core/math/normal.ts'
import { quantileSorted } from '#shared/core/math/quantile.ts'
import { createStream, type RandomStream } from '#shared/core/math/random.ts'
import { meanInterval, unitSums } from '#shared/core/metrics/mean-interval.ts'

const LEVEL = 0.95
const DRAWS = 400

interface Drawn {
  readonly values: Float64Array
  readonly weights: Float64Array | null
  readonly groups: Int32Array | null
}

interface MeanWorld {
  readonly name: string
  readonly truth: number
  /** @param events Expected among `n` samples. */
  readonly draw: (n: number, events: number, stream: RandomStream) => Drawn
}

const normal = (stream: RandomStream): number => normalQuantile(Math.max(stream.uniform(), 1e-16))
const SPREAD = 1.2 // of the logarithm of amounts, whose mean is 1
const amount = (stream: RandomStream): number =>
  Math.exp(SPREAD * normal(stream) - (SPREAD * SPREAD) / 2)
const plain = (n: number, value: () => number): Drawn => ({
  values: Float64Array.from({ length: n }, value),
  weights: null,
  groups: null,
})

/** Truths are in events: a mean of n samples, times n, over the events expected. */
const worlds: readonly MeanWorld[] = [
  {
    name: 'each event costs the same',
    truth: 1,
    draw: (n, events, stream) => plain(n, () => (stream.uniform() < events / n ? 1 : 0)),
  },
  {
    name: 'amounts, heavy-tailed',
    truth: 1,
    draw: (n, events, stream) =>
      plain(n, () => (stream.uniform() < events / n ? amount(stream) : 0)),
  },
  {
    name: 'differences, as often up as down',
    truth: 0,
    draw: (n, events, stream) =>
      plain(n, () => (stream.uniform() < events / n ? (stream.uniform() < 0.5 ? 1 : -1) : 0)),
  },
  {
    name: 'differences, three up for one down',
    truth: 0.5,
    draw: (n, events, stream) =>
      plain(n, () => (stream.uniform() < events / n ? (stream.uniform() < 0.75 ? 1 : -1) : 0)),
  },
  {
    name: 'differences of amounts',
    truth: 0.2,
    draw: (n, events, stream) =>
      plain(n, () =>
        stream.uniform() < events / n ? amount(stream) * (stream.uniform() < 0.6 ? 1 : -1) : 0,
      ),
  },
  {
    name: 'a miss up, twenty false alarms down',
    truth: 0.5,
    draw: (n, events, stream) =>
      plain(n, () => {
        const u = (stream.uniform() * n) / events
        return u < 1 ? 1 : u < 21 ? -0.025 : 0
      }),
  },
  {
    name: 'events in groups of three',
    truth: 1,
    draw: (n, events, stream) => {
      const values = new Float64Array(n)
      for (let start = 0; start < n; start += 3) {
        const value = stream.uniform() < events / n ? amount(stream) : 0
        values.fill(value, start, start + 3)
      }
      return { values, weights: null, groups: Int32Array.from(values, (_, i) => Math.floor(i / 3)) }
    },
  },
  {
    name: 'half the samples weigh four times',
    truth: 1,
    draw: (n, events, stream) => ({
      ...plain(n, () => (stream.uniform() < events / n ? 1 : 0)),
      weights: Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 4 : 1)),
    }),
  },
]

const { values: options } = parseArgs({
  options: {
    samples: { type: 'string', default: '2000' },
    expected: { type: 'string', default: '20,50,200' },
  },
})
const nSimulated = Number(options.samples)

for (const expected of options.expected.split(',').map(Number)) {
  console.log(`\n${expected} expected events, ${nSimulated} samples: below, above, width`)
  for (const world of worlds) {
    const n = expected * 25
    const tallies = {
      corrected: { below: 0, above: 0, width: 0 },
      percentile: { below: 0, above: 0, width: 0 },
    }
    for (let k = 0; k < nSimulated; k++) {
      const stream = createStream(1, 'mean worlds', world.name, expected, k)
      const { values, weights, groups } = world.draw(n, expected, stream)
      const intervals = {
        corrected: meanInterval(values, weights, groups, LEVEL),
        percentile: percentileOfDraws({ values, weights, groups }, stream),
      }
      for (const [name, interval] of Object.entries(intervals)) {
        const tally = tallies[name as keyof typeof tallies]
        const scale = n / expected
        if (interval!.upper * scale < world.truth) tally.below++
        else if (interval!.lower * scale > world.truth) tally.above++
        tally.width += (interval!.upper - interval!.lower) * scale
      }
    }
    const shown = Object.entries(tallies).map(([name, { below, above, width }]) => {
      const share = (count: number): string => ((100 * count) / nSimulated).toFixed(1)
      return `${name} ${share(nSimulated - below - above)} % (${share(below)}, ${share(above)}, ${(width / nSimulated).toFixed(2)})`
    })
    console.log(`${world.name.padEnd(38)} ${shown.join('   ')}`)
  }
}

/** What is compared with: the percentiles of means over units drawn with replacement. */
function percentileOfDraws(
  { values, weights, groups }: Drawn,
  stream: RandomStream,
): { readonly lower: number; readonly upper: number } {
  const each = weights ?? new Float64Array(values.length).fill(1)
  const sums = unitSums(
    values.map((value, i) => each[i]! * value),
    groups,
  )
  const totals = unitSums(each, groups)
  const counts = new Int32Array(sums.length)
  const drawUnits = createMultinomial(new Int32Array(sums.length).fill(1), stream)
  const means = Float64Array.from({ length: DRAWS }, () => {
    drawUnits(counts)
    let sum = 0
    let total = 0
    for (let unit = 0; unit < counts.length; unit++) {
      sum += counts[unit]! * sums[unit]!
      total += counts[unit]! * totals[unit]!
    }
    return sum / total
  }).sort()
  return {
    lower: quantileSorted(means, (1 - LEVEL) / 2),
    upper: quantileSorted(means, (1 + LEVEL) / 2),
  }
}
