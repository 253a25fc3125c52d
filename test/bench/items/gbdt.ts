import { fittingItem } from '../boosting-state.ts'

export const item = fittingItem(
  {
    name: 'gbdt',
    about: 'gradient boosting, 100 trees of depth 6, log loss',
    peer: { script: 'boosting.py', item: 'gbdt' },
    bar: 0.5,
    grows: true,
  },
  {},
)
