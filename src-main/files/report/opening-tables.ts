import { per1000ToMonth } from '#shared/core/decision/operating-point.ts'
import type { Bounds } from './number-text.ts'
import { shareInterval } from './proportion.ts'
import type { Proportion } from './proportion.ts'
import { alerted, caught, isPlainRate, right, total } from './report-facts.ts'
import type { ReportFacts } from './report-facts.ts'
import { tableOf } from './report-table.ts'
import type { ReportTable } from './report-table.ts'

interface KeyFigure {
  readonly measure: string
  readonly value: number | null
  readonly bounds: Bounds | null
  readonly proportion: Proportion | null
}

/** The recommended run in a few numbers, whole and undivided: money, then cases. */
export function keyFiguresTable(facts: ReportFacts): ReportTable {
  const { point, results, reweighted } = facts
  const { casesPerDay } = results.frame
  const { confusion } = point
  const counted = (measure: string, value: number | null, proportion: Proportion): KeyFigure => ({
    measure,
    value,
    proportion,
    bounds: isPlainRate(value, proportion) ? shareInterval(proportion) : null,
  })
  const alertBounds = reweighted ? null : shareInterval(alerted(confusion))
  const allNegative = { count: confusion.fp + confusion.tn, of: total(confusion) }
  const correct = { count: confusion.tp + confusion.tn, of: total(confusion) }
  const figures: readonly KeyFigure[] = [
    {
      measure: 'cost per 1,000 cases',
      value: point.costPer1000,
      bounds: point.costPer1000Interval,
      proportion: null,
    },
    ...(casesPerDay === null
      ? []
      : [
          {
            measure: 'cost per month of 30 days',
            value: point.costPerMonth,
            bounds: scaled(point.costPer1000Interval, per1000ToMonth(1, casesPerDay)),
            proportion: null,
          },
        ]),
    counted('recall', point.recall, caught(confusion)),
    counted('precision', point.precision, right(confusion)),
    {
      measure: 'alerts per 1,000 cases',
      value: point.alertsPer1000,
      bounds: scaled(alertBounds, 1000),
      proportion: alerted(confusion),
    },
    ...(casesPerDay === null
      ? []
      : [
          {
            measure: 'alerts per day',
            value: point.alertsPerDay,
            bounds: scaled(alertBounds, casesPerDay),
            proportion: null,
          },
        ]),
    counted('accuracy (see all-negative accuracy)', rate(correct), correct),
    counted('all-negative accuracy', rate(allNegative), allNegative),
  ]
  return tableOf('key-figures', 'Key figures of the recommended run', figures, [
    { field: 'measure', title: 'Measure', format: 'text', value: ({ measure }) => measure },
    {
      field: 'value',
      title: 'Value',
      format: 'metric-4',
      value: ({ value }) => value,
      proportion: ({ proportion }) => proportion,
      interval: ({ bounds }) => bounds,
    },
  ])
}

function scaled(bounds: Bounds | null, factor: number): Bounds | null {
  return bounds === null ? null : { lower: bounds.lower * factor, upper: bounds.upper * factor }
}

function rate({ count, of }: Proportion): number | null {
  return of === 0 ? null : count / of
}
