import { fittingItem } from '../boosting-state.ts'

export const item = fittingItem(
  {
    name: 'gbdt-focal',
    about: 'gradient boosting, 100 trees of depth 6, focal loss',
    peer: { script: 'boosting.py', item: 'gbdt_focal' },
    bar: 0.35,
    grows: true,
  },
  { loss: { kind: 'focal', gamma: 2, alpha: 0.25 } },
)
