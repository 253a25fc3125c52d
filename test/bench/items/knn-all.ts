import { item as ofMinority, prepareSearch } from './knn-minority.ts'

export const item: typeof ofMinority = {
  ...ofMinority,
  name: 'knn-all',
  about: 'exact 5 nearest neighbours of 50,000 samples among themselves',
  nRows: 50_000,
  prepare: (context) => prepareSearch(context, () => true),
  peer: { script: 'neighbors.py', item: 'knn_50k' },
  grows: false,
}
