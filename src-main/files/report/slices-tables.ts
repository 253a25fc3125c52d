import type { Slice } from '#shared/core/slices/find-slices.ts'
import type { ReportFacts } from './report-facts.ts'
import { tableOf } from './report-table.ts'
import type { ReportTable } from './report-table.ts'

/** Slices by how certain it is that more is missed in them; empty where none were searched. */
export function slicesTable({ results }: ReportFacts, most = Infinity): ReportTable {
  const found = results.slices?.slices ?? []
  return tableOf<Slice>('slices', 'Where positives are missed', found.slice(0, most), [
    { field: 'slice', title: 'Slice', format: 'text', value: ({ text }) => text },
    {
      field: 'missed_share',
      title: 'Missed',
      format: 'percent',
      value: ({ missedShare }) => missedShare,
      proportion: ({ fn, tp }) => ({ count: fn, of: fn + tp }),
      interval: ({ interval }) => interval,
    },
    {
      field: 'missed_share_shrunk',
      title: 'Drawn to the common share',
      format: 'percent',
      value: ({ shrunkShare }) => shrunkShare,
    },
    {
      field: 'missed_beyond_the_rest',
      title: 'Missed beyond the rest',
      format: 'metric-2',
      value: ({ excess }) => excess,
    },
    { field: 'false_alarms', title: 'False alarms', format: 'count', value: ({ fp }) => fp },
    {
      field: 'p_adjusted',
      title: 'p, adjusted',
      format: 'metric-4',
      value: ({ adjusted }) => adjusted,
    },
  ])
}
