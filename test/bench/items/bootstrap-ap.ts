import { createMultinomial } from '#shared/core/math/multinomial.ts'
import { quantileSorted } from '#shared/core/math/quantile.ts'
import { createStream } from '#shared/core/math/random.ts'
import { measureRanking, rankingCells } from '#shared/core/metrics/ranking-cells.ts'
import type { RankingDraw } from '#shared/core/metrics/ranking-cells.ts'
import type { BenchItem } from '../bench-item.ts'

interface State {
  readonly yTrue: Uint8Array
  readonly scores: Float64Array
  readonly averagePrecision: Float64Array
}

const draws = 1000

export const item: BenchItem<State> = {
  name: 'bootstrap-ap',
  about: `${draws} case-bootstrap draws of average precision; the peer draws 20`,
  prepare: ({ table }) => ({
    yTrue: table.readLabels(),
    scores: table.readScores(),
    averagePrecision: new Float64Array(draws),
  }),
  run({ yTrue, scores, averagePrecision }) {
    const { cellOfSample, nCells } = rankingCells(yTrue, scores)
    const sizes = new Int32Array(nCells)
    for (const cell of cellOfSample) sizes[cell]! += 1
    const drawCells = createMultinomial(sizes, createStream(0, 'bench', 'draws'))
    const counts = new Int32Array(nCells)
    const weights = new Float64Array(nCells)
    const ranking: RankingDraw = {
      averagePrecision: NaN,
      rocAuc: NaN,
      recallAtPrecision50: NaN,
      recallAtPrecision90: NaN,
      precisionAtRecall50: NaN,
      precisionAtRecall90: NaN,
    }
    for (let draw = 0; draw < draws; draw++) {
      drawCells(counts)
      weights.set(counts)
      measureRanking(weights, ranking)
      averagePrecision[draw] = ranking.averagePrecision
    }
  },
  check({ averagePrecision }) {
    const sorted = averagePrecision.slice().sort()
    return { lower: quantileSorted(sorted, 0.025), upper: quantileSorted(sorted, 0.975) }
  },
  peer: { script: 'ranking.py', item: 'bootstrap_ap' },
  bar: 0.01,
}
