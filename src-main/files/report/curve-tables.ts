import { classNames } from './report-facts.ts'
import type { ReportFacts } from './report-facts.ts'
import { tableOf, thresholdCell } from './report-table.ts'
import type { ColumnOf, ReportTable } from './report-table.ts'

/** What the charts of one run are drawn from: cost, precision and recall, scores by class. */
export function curveTables(facts: ReportFacts, name: string): readonly ReportTable[] {
  return [
    costCurveTable(facts, name),
    precisionRecallTable(facts, name),
    histogramTable(facts, name),
  ]
}

export function costCurveTable({ curves, results }: ReportFacts, name: string): ReportTable {
  const points = curves.find((each) => each.name === name)?.cost ?? []
  return tableOf(`cost-curve-${name}`, `Cost by threshold, ${name}`, points, [
    thresholdColumn,
    {
      field: 'cost_per_1000',
      title: 'Cost per 1,000 cases',
      format: 'amount',
      currency: results.frame.currency,
      value: ({ costPer1000 }) => costPer1000,
    },
  ])
}

const thresholdColumn: ColumnOf<{ readonly threshold: number }> = {
  field: 'threshold',
  title: 'Threshold',
  format: 'threshold',
  value: ({ threshold }) => thresholdCell(threshold),
}

export function precisionRecallTable({ curves }: ReportFacts, name: string): ReportTable {
  const points = curves.find((each) => each.name === name)?.precisionRecall ?? []
  return tableOf(`precision-recall-${name}`, `Precision and recall by threshold, ${name}`, points, [
    thresholdColumn,
    { field: 'recall', title: 'Recall', format: 'percent', value: ({ recall }) => recall },
    {
      field: 'precision',
      title: 'Precision',
      format: 'percent',
      value: ({ precision }) => precision,
    },
  ])
}

/** Cases by class and bin of probability. */
export function histogramTable({ curves, results }: ReportFacts, name: string): ReportTable {
  const histogram = curves.find((each) => each.name === name)?.histogram
  const names = classNames(results.dataset)
  const bins = (histogram?.positives ?? []).map((positives, i) => ({
    from: histogram!.edges[i]!,
    to: histogram!.edges[i + 1]!,
    positives,
    negatives: histogram!.negatives[i]!,
  }))
  return tableOf(`probabilities-${name}`, `Probabilities by class, ${name}`, bins, [
    { field: 'from', title: 'Probability from', format: 'metric-3', value: ({ from }) => from },
    { field: 'to', title: 'to', format: 'metric-3', value: ({ to }) => to },
    {
      field: 'positives',
      title: `Cases of ${names.positive}`,
      format: 'count',
      value: (bin) => bin.positives,
    },
    { field: 'negatives', title: 'Other cases', format: 'count', value: (bin) => bin.negatives },
  ])
}
