import { samplerItem } from '../sampling-state.ts'

export const item = samplerItem(
  { kind: 'edited_nearest_neighbors', neighbors: 3, vote: 'all', removes: 'majority' },
  {
    name: 'edited-neighbors',
    about: 'edited nearest neighbours of 50,000 samples',
    peer: 'enn_50k',
    bar: 0.7,
    nRows: 50_000,
  },
)
