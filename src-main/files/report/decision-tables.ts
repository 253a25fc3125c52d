import type { OperatingPoint } from '#shared/core/report/analysis.ts'
import { classNames, caught, right, ruleText } from './report-facts.ts'
import type { ReportFacts } from './report-facts.ts'
import { tableOf, thresholdCell } from './report-table.ts'
import { timeText } from './number-text.ts'
import type { ColumnOf, ReportTable } from './report-table.ts'

/** The recommended run under each rule, so that nobody needs to ask what 0.5 would have cost. */
export function operatingPointsTable({ recommended, results }: ReportFacts): ReportTable {
  const columns: ColumnOf<OperatingPoint>[] = [
    { field: 'rule', title: 'Rule', format: 'text', value: ({ rule }) => ruleText(rule) },
    {
      field: 'threshold',
      title: 'Threshold',
      format: 'threshold',
      value: ({ threshold }) => (threshold === null ? null : thresholdCell(threshold)),
      absent: 'one per case',
    },
    {
      field: 'cost_per_1000',
      title: 'Cost per 1,000 cases',
      format: 'amount',
      currency: results.frame.currency,
      value: ({ costPer1000 }) => costPer1000,
      interval: ({ costPer1000Interval }) => costPer1000Interval,
    },
    {
      field: 'recall',
      title: 'Caught (recall)',
      format: 'percent',
      value: ({ recall }) => recall,
      proportion: ({ confusion }) => caught(confusion),
      absent: 'no positives',
    },
    {
      field: 'precision',
      title: 'Alerts right (precision)',
      format: 'percent',
      value: ({ precision }) => precision,
      proportion: ({ confusion }) => right(confusion),
      absent: 'no alerts',
    },
    {
      field: 'alerts_per_1000',
      title: 'Alerts per 1,000 cases',
      format: 'amount',
      value: ({ alertsPer1000 }) => alertsPer1000,
    },
  ]
  if (results.frame.casesPerDay !== null) {
    columns.push(
      {
        field: 'alerts_per_day',
        title: 'Alerts per day',
        format: 'amount',
        value: ({ alertsPerDay }) => alertsPerDay,
      },
      {
        field: 'cost_per_month',
        title: 'Cost per month',
        format: 'amount',
        currency: results.frame.currency,
        value: ({ costPerMonth }) => costPerMonth,
      },
    )
  }
  return tableOf(
    'operating-points',
    `${recommended.name} under each threshold rule`,
    recommended.operatingPoints,
    columns,
  )
}

/** Cases and money in each cell, rows true, columns decided. */
export function confusionTable({ point, results }: ReportFacts): ReportTable {
  const { costs } = results.frame
  const { positive, negative } = classNames(results.dataset)
  const { tp, fp, tn, fn } = point.confusion
  const items = [
    { truth: positive, decided: 'alert', count: tp, of: tp + fn, cost: costs.truePositive },
    { truth: positive, decided: 'pass', count: fn, of: tp + fn, cost: costs.falseNegative },
    {
      truth: negative,
      decided: 'alert',
      count: fp,
      of: fp + tn,
      cost: costs.falsePositive,
    },
    { truth: negative, decided: 'pass', count: tn, of: fp + tn, cost: costs.trueNegative },
  ]
  return tableOf('confusion', 'Outcomes in cases and money', items, [
    { field: 'truth', title: 'True class', format: 'text', value: ({ truth }) => truth },
    { field: 'decided', title: 'Decided', format: 'text', value: ({ decided }) => decided },
    {
      field: 'cases',
      title: 'Cases',
      format: 'count',
      value: ({ count }) => count,
    },
    { field: 'of_class', title: 'Cases of the class', format: 'count', value: ({ of }) => of },
    {
      field: 'cost_each',
      title: 'Cost of each',
      format: 'amount',
      currency: results.frame.currency,
      value: ({ cost }) => (typeof cost === 'number' ? cost : null),
      absent: 'differs by case',
    },
    {
      field: 'cost',
      title: 'Cost together',
      format: 'amount',
      currency: results.frame.currency,
      value: ({ cost, count }) => (typeof cost === 'number' ? cost * count : null),
      absent: 'differs by case',
    },
  ])
}

export function foldThresholdsTable({ recommended }: ReportFacts): ReportTable {
  const items = recommended.threshold.perFold.map((threshold, i) => ({ threshold, fold: i + 1 }))
  return tableOf('fold-thresholds', 'Threshold of each fold', items, [
    { field: 'fold', title: 'Fold', format: 'count', value: ({ fold }) => fold },
    {
      field: 'threshold',
      title: 'Threshold',
      format: 'threshold',
      value: ({ threshold }) => thresholdCell(threshold),
    },
  ])
}

const RECALL_GOALS = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99]

/** What people decided, and why; empty when nothing was. */
export function decisionsTable({ decisions }: ReportFacts): ReportTable {
  const items = [
    ...decisions.frameChanges.map((change) => ({
      ...change,
      what: 'The locked frame was changed',
      threshold: null,
    })),
    ...decisions.kept.map((kept) => ({
      ...kept,
      what: `Threshold kept for ${kept.run}`,
      threshold: thresholdCell(kept.threshold),
    })),
  ].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return tableOf('decisions', 'Decided, and why', items, [
    { field: 'at', title: 'When', format: 'text', value: ({ at }) => timeText(at) },
    { field: 'what', title: 'What', format: 'text', value: ({ what }) => what },
    {
      field: 'threshold',
      title: 'Threshold',
      format: 'threshold',
      value: ({ threshold }) => threshold,
      absent: '–',
    },
    { field: 'reason', title: 'Reason given', format: 'text', value: ({ reason }) => reason },
  ])
}

/** What more recall would cost in alerts and money, on the data the threshold was chosen on. */
export function moreRecallTable({ recommended, curves, results }: ReportFacts): ReportTable {
  const curve = curves.find(({ name }) => name === recommended.name)
  const costs = new Map(curve?.cost.map(({ threshold, costPer1000 }) => [threshold, costPer1000]))
  const sorted = (curve?.precisionRecall ?? []).toSorted((a, b) => a.recall - b.recall)
  const items = RECALL_GOALS.map((goal) => {
    const found = sorted.find(({ recall }) => recall >= goal) ?? null
    const alertShare =
      found !== null && found.precision > 0
        ? (found.recall * results.frame.prevalenceInUse) / found.precision
        : null
    return {
      goal,
      found,
      alertShare,
      cost: found === null ? null : (costs.get(found.threshold) ?? null),
    }
  })
  const { casesPerDay } = results.frame
  return tableOf('more-recall', 'What more recall costs', items, [
    { field: 'recall_at_least', title: 'Recall of', format: 'percent', value: ({ goal }) => goal },
    {
      field: 'threshold',
      title: 'Threshold',
      format: 'threshold',
      value: ({ found }) => found?.threshold ?? null,
      absent: 'not reached',
    },
    {
      field: 'precision',
      title: 'Alerts right (precision)',
      format: 'percent',
      value: ({ found }) => found?.precision ?? null,
    },
    casesPerDay === null
      ? {
          field: 'alerts_per_1000',
          title: 'Alerts per 1,000 cases',
          format: 'amount',
          value: ({ alertShare }) => (alertShare === null ? null : alertShare * 1000),
        }
      : {
          field: 'alerts_per_day',
          title: 'Alerts per day',
          format: 'amount',
          value: ({ alertShare }) => (alertShare === null ? null : alertShare * casesPerDay),
        },
    {
      field: 'cost_per_1000',
      title: 'Cost per 1,000 cases',
      format: 'amount',
      currency: results.frame.currency,
      value: ({ cost }) => cost,
    },
  ])
}
