import type {
  ColumnImportance,
  ConfigurationResult,
  FoldSpread,
} from '#shared/core/report/analysis.ts'
import type { ReportFacts } from './report-facts.ts'
import { tableOf } from './report-table.ts'
import type { CellFormat, ColumnOf, ReportTable } from './report-table.ts'

type Row = ColumnImportance & { readonly run: string; readonly rank: number }

/** What every run owes to each column; a run without a measure of it has no rows. */
export function importanceTable({ results }: ReportFacts): ReportTable {
  return tableOf(
    'importance',
    'What every model looks at',
    results.configurations.flatMap((run) => rowsOf(run, Infinity)),
    [{ field: 'run', title: 'Run', format: 'text', value: ({ run }) => run }, ...columns],
  )
}

/** The columns that one run looks at most. */
export function topImportanceTable(run: ConfigurationResult, most: number): ReportTable {
  return tableOf(
    `importance-${run.name}`,
    `What ${run.name} looks at`,
    rowsOf(run, most),
    columns.filter(
      ({ field }) =>
        !['gain', 'coefficient'].includes(field) ||
        run.importance?.columns.some((one) => one[field as 'gain' | 'coefficient'] !== null) ===
          true,
    ),
  )
}

function rowsOf({ name, importance }: ConfigurationResult, most: number): Row[] {
  const known = importance?.columns ?? []
  return known.slice(0, most).map((column, i) => ({ ...column, run: name, rank: i + 1 }))
}

const measure = (
  name: keyof ColumnImportance['foldSpread'],
  title: string,
  format: CellFormat,
  absent: string,
): ColumnOf<Row> => ({
  field: name,
  title,
  format,
  value: (row) => row[name],
  interval: ({ foldSpread }): FoldSpread | null => foldSpread[name],
  absent,
})

const columns: readonly ColumnOf<Row>[] = [
  { field: 'column', title: 'Column', format: 'text', value: ({ column }) => column },
  { field: 'rank', title: 'Rank', format: 'count', value: ({ rank }) => rank },
  measure('permutation', 'Average precision lost', 'metric-3', 'not defined'),
  measure('gain', 'Share of split gain', 'percent', 'no trees'),
  measure('coefficient', 'Log-odds per standard deviation', 'metric-2', 'no number'),
]
