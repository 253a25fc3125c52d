import type { CostUncertainty, NetBenefitCurve } from '#shared/core/decision/uncertainty.ts'
import type { ReportFacts } from './report-facts.ts'
import { tableOf, thresholdCell } from './report-table.ts'
import type { ReportTable } from './report-table.ts'
import { doubtedText, inputText } from './uncertainty-text.ts'

/** What doubts come to; empty where results are of a time when nobody asked. */
export function uncertaintyTables(facts: ReportFacts): readonly ReportTable[] {
  const { costUncertainty: told } = facts.results
  return told === undefined
    ? []
    : [
        tornadoTable(facts, told),
        bestByRatioTable(told),
        ratioMapTable(told),
        ...(told.decisionCurves ?? []).map(decisionCurveTable),
      ]
}

export function tornadoTable({ results }: ReportFacts, { tornado }: CostUncertainty): ReportTable {
  const { currency } = results.frame
  const items = tornado?.bars ?? []
  const ends = (low: number, high: number): readonly [number, number] =>
    low <= high ? [low, high] : [high, low]
  return tableOf('tornado', 'Which doubt matters', items, [
    { field: 'input', title: 'In doubt', format: 'text', value: ({ input }) => inputText(input) },
    {
      field: 'range',
      title: 'Range',
      format: 'text',
      value: (bar) =>
        `${doubtedText(bar, bar.low, currency)} to ${doubtedText(bar, bar.high, currency)}`,
    },
    { field: 'low', title: 'Low', format: 'amount', value: ({ low }) => low },
    { field: 'high', title: 'High', format: 'amount', value: ({ high }) => high },
    {
      field: 'lowest_cost_per_1000',
      title: 'Least cost per 1,000 cases',
      format: 'amount',
      currency,
      value: (bar) => ends(bar.atLowPer1000, bar.atHighPer1000)[0],
    },
    {
      field: 'highest_cost_per_1000',
      title: 'Most',
      format: 'amount',
      currency,
      value: (bar) => ends(bar.atLowPer1000, bar.atHighPer1000)[1],
    },
    {
      field: 'solved_lowest_cost_per_1000',
      title: 'Least, threshold solved anew',
      format: 'amount',
      currency,
      value: (bar) =>
        bar.changesThreshold ? ends(bar.solvedAtLowPer1000, bar.solvedAtHighPer1000)[0] : null,
      absent: 'same threshold',
    },
    {
      field: 'solved_highest_cost_per_1000',
      title: 'Most',
      format: 'amount',
      currency,
      value: (bar) =>
        bar.changesThreshold ? ends(bar.solvedAtLowPer1000, bar.solvedAtHighPer1000)[1] : null,
      absent: 'same threshold',
    },
  ])
}

export function bestByRatioTable({ bestByRatio }: CostUncertainty): ReportTable {
  return tableOf('best-by-ratio', 'Which run is best at which FN:FP', bestByRatio ?? [], [
    { field: 'from', title: 'FN:FP from', format: 'amount', value: ({ from }) => from },
    { field: 'to', title: 'to', format: 'amount', value: ({ to }) => to, absent: 'any more' },
    {
      field: 'best',
      title: 'Best',
      format: 'text',
      value: ({ name, alerts }) => name ?? `alert on ${alerts}`,
    },
  ])
}

/** One row a cell. */
export function ratioMapTable({ map }: CostUncertainty): ReportTable {
  const items =
    map === null
      ? []
      : map.cells.flatMap((row, r) =>
          row.map((cell, c) => ({
            ...cell,
            prevalence: map.prevalences[r]!,
            ratio: map.ratios[c]!,
          })),
        )
  return tableOf('ratio-prevalence-map', 'Which run is best by FN:FP and prevalence', items, [
    {
      field: 'prevalence',
      title: 'Prevalence',
      format: 'percent',
      value: ({ prevalence }) => prevalence,
    },
    { field: 'cost_ratio', title: 'FN:FP', format: 'amount', value: ({ ratio }) => ratio },
    {
      field: 'best',
      title: 'Best',
      format: 'text',
      value: ({ name, alerts }) => name ?? `alert on ${alerts}`,
    },
    {
      field: 'threshold',
      title: 'Its threshold',
      format: 'threshold',
      value: ({ threshold }) => thresholdCell(threshold),
    },
    {
      field: 'false_alarms_per_1000',
      title: 'Cost per 1,000 cases, in false alarms',
      format: 'amount',
      value: ({ falseAlarmsPer1000 }) => falseAlarmsPer1000,
    },
  ])
}

export function decisionCurveTable({ name, points }: NetBenefitCurve): ReportTable {
  return tableOf(`decision-curve-${name}`, `Net benefit, ${name}`, points, [
    {
      field: 'threshold_probability',
      title: 'Threshold probability',
      format: 'threshold',
      value: ({ thresholdProbability }) => thresholdProbability,
    },
    {
      field: 'net_benefit_per_1000',
      title: 'Net benefit per 1,000 cases',
      format: 'amount',
      value: ({ netBenefitPer1000 }) => netBenefitPer1000,
      interval: (point) => point.netBenefitPer1000Interval,
    },
    {
      field: 'alert_all_per_1000',
      title: 'Alerting on everybody',
      format: 'amount',
      value: ({ alertAllPer1000 }) => alertAllPer1000,
    },
    {
      field: 'gain_over_all_per_1000',
      title: 'Gain over that',
      format: 'amount-change',
      value: ({ gainOverAllPer1000 }) => gainOverAllPer1000,
      interval: (point) => point.gainOverAllPer1000Interval,
    },
    {
      field: 'alerts_avoided_per_100',
      title: 'Alerts avoided per 100 cases',
      format: 'amount',
      value: ({ alertsAvoidedPer100 }) => alertsAvoidedPer100,
    },
  ])
}
