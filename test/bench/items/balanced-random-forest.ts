import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { ensembleItem } from '../forest-state.ts'

export const item = ensembleItem(
  {
    name: 'balanced-random-forest',
    about: 'balanced random forest, 100 trees',
    peer: { script: 'forest.py', item: 'balanced_forest_fit' },
    bar: 0.7,
  },
  defaultModels.balanced_random_forest,
)
