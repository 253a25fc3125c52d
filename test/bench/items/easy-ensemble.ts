import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { ensembleItem } from '../forest-state.ts'

export const item = ensembleItem(
  {
    name: 'easy-ensemble',
    about: 'EasyEnsemble, 10 members of 50 stumps',
    peer: { script: 'forest.py', item: 'easy_ensemble_fit' },
    bar: 0.7,
  },
  defaultModels.easy_ensemble,
)
