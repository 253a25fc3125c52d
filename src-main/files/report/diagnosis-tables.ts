import type { ColumnStrength } from '#shared/core/diagnosis/column-suspects.ts'
import type { Finding } from '#shared/core/diagnosis/verdict.ts'
import type { ReportFacts } from './report-facts.ts'
import { tableOf } from './report-table.ts'
import type { ReportTable } from './report-table.ts'

/** What was looked at for the verdict; empty where there is none. */
export function findingsTable({ results: { verdict } }: ReportFacts): ReportTable {
  return tableOf<Finding>('findings', 'What was looked at', verdict?.findings ?? [], [
    { field: 'topic', title: 'Topic', format: 'text', value: ({ title }) => title },
    { field: 'finding', title: 'Finding', format: 'text', value: ({ text }) => text },
    {
      field: 'speaks_for_trouble',
      title: 'Trouble',
      format: 'text',
      value: ({ holds }) => (holds ? 'yes' : 'no'),
    },
  ])
}

export function columnStrengthTable({ results: { verdict } }: ReportFacts): ReportTable {
  const leaks = verdict?.evidence.leaks
  const suspects = new Set(leaks?.suspects.map(({ column }) => column))
  return tableOf<ColumnStrength>('column-strength', 'Each column alone', leaks?.strongest ?? [], [
    { field: 'column', title: 'Column', format: 'text', value: ({ column }) => column },
    {
      field: 'roc_auc',
      title: 'ROC AUC alone',
      format: 'metric-3',
      value: ({ rocAuc }) => rocAuc,
      interval: ({ interval }) => interval,
    },
    {
      field: 'roc_auc_of_presence',
      title: 'ROC AUC of having a value',
      format: 'metric-3',
      value: ({ presenceAuc }) => presenceAuc,
      absent: 'nothing missing',
    },
    {
      field: 'suspect',
      title: 'Suspect',
      format: 'text',
      value: ({ column }) => (suspects.has(column) ? 'yes' : 'no'),
    },
  ])
}
