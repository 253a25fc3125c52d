import { samplerItem } from '../sampling-state.ts'

export const item = samplerItem(
  {
    kind: 'borderline_smote',
    targetImbalanceRatio: 10,
    variant: 1,
    neighbors: 5,
    outerNeighbors: 10,
  },
  {
    name: 'borderline-smote',
    about: 'Borderline-SMOTE 1 to one positive in ten negatives',
    peer: 'borderline_smote_0_1',
    bar: 1,
  },
)
