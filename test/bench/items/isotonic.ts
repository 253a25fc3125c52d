import { fitIsotonic } from '#shared/core/calibration/isotonic.ts'
import type { IsotonicFit } from '#shared/core/calibration/isotonic.ts'
import type { BenchItem } from '../bench-item.ts'

interface State {
  readonly yTrue: Uint8Array
  readonly scores: Float64Array
  fit: IsotonicFit | null
}

export const item: BenchItem<State> = {
  name: 'isotonic',
  about: 'isotonic regression of labels on scores',
  prepare: ({ table }) => ({ yTrue: table.readLabels(), scores: table.readScores(), fit: null }),
  run(state) {
    state.fit = fitIsotonic(state.scores, state.yTrue, null)
  },
  check: ({ fit }) => ({ blocks: fit!.x.length }),
  peer: { script: 'peer_bench.py', item: 'isotonic_fit' },
  bar: 1,
}
