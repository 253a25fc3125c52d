import { argsortDescending } from '#shared/core/math/order.ts'
import type { BenchItem } from '../bench-item.ts'

interface State {
  readonly scores: Float64Array
  order: Int32Array
}

export const item: BenchItem<State> = {
  name: 'score-sort',
  about: 'stable order of scores, highest first',
  prepare: ({ table }) => ({ scores: table.readScores(), order: new Int32Array(0) }),
  run(state) {
    state.order = argsortDescending(state.scores)
  },
  check: ({ order }) => ({ first: order[0]!, last: order[order.length - 1]! }),
  peer: { script: 'ranking.py', item: 'score_sort' },
  bar: 1,
}
