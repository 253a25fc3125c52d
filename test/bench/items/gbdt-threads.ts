import { fittingItem } from '../boosting-state.ts'

export const item = fittingItem(
  { name: 'gbdt-threads', about: 'gradient boosting, 100 trees of depth 6, one helper' },
  {},
  1,
)
