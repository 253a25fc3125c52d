import { samplerItem } from '../sampling-state.ts'

export const item = samplerItem(
  { kind: 'adasyn', targetImbalanceRatio: 10, neighbors: 5 },
  {
    name: 'adasyn',
    about: 'ADASYN to one positive in ten negatives',
    peer: 'adasyn_0_1',
    bar: 1,
  },
)
