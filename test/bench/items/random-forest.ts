import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { ensembleItem } from '../forest-state.ts'

export const item = ensembleItem(
  {
    name: 'random-forest',
    about: 'random forest, 100 trees without bound',
    peer: { script: 'forest.py', item: 'forest_fit' },
    bar: 1,
  },
  defaultModels.random_forest,
)
