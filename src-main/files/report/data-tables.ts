import type { ReportFacts } from './report-facts.ts'
import { pairs, tableOf } from './report-table.ts'
import type { ReportTable } from './report-table.ts'

export function dataTable({ results, title }: ReportFacts): ReportTable {
  const { dataset } = results
  return pairs('data', 'The data', [
    ['data', title],
    ['rows', dataset.rows],
    ['positives', dataset.positives],
    ['prevalence', dataset.prevalence],
    ['features', dataset.features.length],
    ['columns left out', dataset.leftOut.length],
    ['fingerprint', dataset.fingerprint],
  ])
}

export function featuresTable({ results }: ReportFacts): ReportTable {
  return tableOf('features', 'Features', results.dataset.features, [
    { field: 'feature', title: 'Feature', format: 'text', value: (feature) => feature },
  ])
}

export function leftOutTable({ results }: ReportFacts): ReportTable {
  return tableOf('left-out', 'Columns left out', results.dataset.leftOut, [
    { field: 'column', title: 'Column', format: 'text', value: ({ column }) => column },
    { field: 'reason', title: 'Reason', format: 'text', value: ({ reason }) => reason },
  ])
}
