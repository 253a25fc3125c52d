import { item as ofUsualRows } from './ap-roc-auc.ts'

export const item: typeof ofUsualRows = {
  ...ofUsualRows,
  name: 'ap-roc-auc-1m',
  nRows: 1_000_000,
  grows: false,
}
