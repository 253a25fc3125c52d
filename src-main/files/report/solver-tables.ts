import { formatNumber } from '#shared/core/format.ts'
import type { Requirement, SolvedReading } from '#shared/core/decision/solve-operating-point.ts'
import type { SolverAnswer } from '#shared/core/report/analysis.ts'
import type { ReportFacts } from './report-facts.ts'
import { tableOf } from './report-table.ts'
import type { ReportTable } from './report-table.ts'

interface SolverLine {
  readonly what: string
  readonly reading: SolvedReading
}

/** What the solver found, and what it would be otherwise. */
export function solverTable({ results }: ReportFacts): ReportTable {
  const { operatingPoint: answer, frame } = results
  return tableOf<SolverLine>('solver', 'What the solver found', linesOf(answer), [
    { field: 'point', title: 'Point', format: 'text', value: ({ what }) => what },
    {
      field: 'threshold',
      title: 'Threshold',
      format: 'threshold',
      value: ({ reading }) => reading.threshold,
    },
    {
      field: 'cost_per_1000',
      title: 'Cost per 1,000 cases',
      format: 'amount',
      currency: frame.currency,
      value: ({ reading }) => 1000 * reading.meanCost,
    },
    {
      field: 'recall',
      title: 'Caught (recall)',
      format: 'percent',
      value: ({ reading }) => reading.recall,
      absent: 'no positives',
    },
    {
      field: 'precision',
      title: 'Alerts right (precision)',
      format: 'percent',
      value: ({ reading }) => reading.precision,
      absent: 'no alerts',
    },
    {
      field: 'alerts_per_1000',
      title: 'Alerts per 1,000 cases',
      format: 'amount',
      value: ({ reading }) => 1000 * reading.alertShare,
    },
    ...(frame.minutesPerAlert === null || frame.casesPerDay === null
      ? []
      : [
          {
            field: 'review_hours_per_day',
            title: 'Review hours a day',
            format: 'amount' as const,
            value: ({ reading }: SolverLine) => reading.reviewHoursPerDay,
          },
        ]),
  ])
}

function linesOf({ solved }: SolverAnswer): readonly SolverLine[] {
  if (solved.feasible) {
    return [
      { what: 'Keeps every requirement', reading: solved.chosen },
      { what: 'Without requirements', reading: solved.unconstrained },
    ]
  }
  return [
    { what: 'Closest to all requirements', reading: solved.closest },
    ...solved.relaxations.map(({ requirement, attainable, reading }) => ({
      what: `If ${requirement.kind} may be ${limitText(requirement, attainable)}`,
      reading,
    })),
  ]
}

function limitText({ kind }: Requirement, limit: number): string {
  return kind === 'precision' || kind === 'recall'
    ? `${formatNumber(100 * limit)} %`
    : `${formatNumber(limit)} a day`
}
