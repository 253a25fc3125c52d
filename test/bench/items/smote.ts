import { samplerItem } from '../sampling-state.ts'

export const item = samplerItem(
  { kind: 'smote', targetImbalanceRatio: 10, neighbors: 5 },
  {
    name: 'smote',
    about: 'SMOTE with 5 neighbours to one positive in ten negatives',
    peer: 'smote_0_1',
    bar: 1,
    grows: true,
  },
)
