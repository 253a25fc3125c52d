import { predictingItem } from '../boosting-state.ts'

export const item = predictingItem({
  name: 'gbdt-predict',
  about: 'probabilities of 100 trees of depth 6',
  peer: { script: 'boosting.py', item: 'gbdt_predict' },
  bar: 0.6,
})
