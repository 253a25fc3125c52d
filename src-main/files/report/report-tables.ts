/**
 * Every table of the report as plain data. The page, its downloads and the CSV files of the
 * command line are all made from these, so that they can't disagree.
 */
import { per1000ToMonth } from '#shared/core/decision/operating-point.ts'
import type {
  ConfigurationResult,
  LedgerRow,
  OperatingPoint,
  RunMetrics,
} from '#shared/core/report/analysis.ts'
import type { CalibrationStage } from '#shared/core/calibration/receipt.ts'
import type { CostSource } from '#shared/core/frame/frame.ts'
import {
  alerted,
  caught,
  isPlainRate,
  pointOf,
  reportFacts,
  right,
  ruleText,
  runTitle,
  total,
} from './report-facts.ts'
import type { ReportFacts, ReportInput } from './report-facts.ts'
import { countText, durationText, percentText, timeText } from './number-text.ts'
import type { Bounds } from './number-text.ts'
import { shareInterval } from './proportion.ts'
import type { Proportion } from './proportion.ts'

export type Cell = string | number | null

export interface ReportTable {
  /** Name of its CSV file, without the extension. */
  readonly name: string
  readonly title: string
  /** Names of the fields, as in the first line of a CSV file. */
  readonly header: readonly string[]
  /** One value a field; numbers in full precision, null where there is none. */
  readonly rows: readonly (readonly Cell[])[]
  /** What the page shows of it, column by column. */
  readonly columns: readonly ReportColumn[]
}

/** A column on the page; it may take in several fields: a value, its counts, its interval. */
export interface ReportColumn {
  readonly title: string
  readonly format: CellFormat
  readonly field: number
  /** Fields with the ends of its interval. */
  readonly interval: readonly [number, number] | null
  /** Fields with the numerator and the denominator. */
  readonly proportion: readonly [number, number] | null
  /** Words for a value that is null. */
  readonly absent: string
}

export type CellFormat =
  | 'text'
  | 'count'
  | 'money'
  | 'money-change'
  | 'percent'
  | 'metric-2'
  | 'metric-3'
  | 'metric-4'
  | 'threshold'

/** One column while a table is being made. */
interface ColumnOf<Item> {
  readonly field: string
  readonly title: string
  readonly format: CellFormat
  readonly value: (item: Item) => Cell
  readonly interval?: (item: Item) => Bounds | null
  readonly proportion?: (item: Item) => Proportion | null
  readonly absent?: string
}

function tableOf<Item>(
  name: string,
  title: string,
  items: readonly Item[],
  columns: readonly ColumnOf<Item>[],
): ReportTable {
  const header: string[] = []
  const readers: ((item: Item) => Cell)[] = []
  const add = (field: string, reader: (item: Item) => Cell): number => {
    readers.push(reader)
    return header.push(field) - 1
  }
  const shown = columns.map((column): ReportColumn => {
    const { field, interval, proportion } = column
    return {
      title: column.title,
      format: column.format,
      absent: column.absent ?? 'not defined',
      field: add(field, column.value),
      proportion:
        proportion === undefined
          ? null
          : [
              add(`${field}_count`, (item) => proportion(item)?.count ?? null),
              add(`${field}_of`, (item) => proportion(item)?.of ?? null),
            ],
      interval:
        interval === undefined
          ? null
          : [
              add(`${field}_lower`, (item) => interval(item)?.lower ?? null),
              add(`${field}_upper`, (item) => interval(item)?.upper ?? null),
            ],
    }
  })
  const rows = items.map((item) => readers.map((read) => finite(read(item))))
  return { name, title, header, rows, columns: shown }
}

/** A threshold that never alerts is infinite; a table has no number for that. */
function finite(cell: Cell): Cell {
  return typeof cell === 'number' && !Number.isFinite(cell) ? null : cell
}

/** A table of two columns: what, and what it is. */
function pairs(
  name: string,
  title: string,
  items: readonly (readonly [string, Cell])[],
): ReportTable {
  return tableOf(name, title, items, [
    { field: 'item', title: 'Item', format: 'text', value: ([item]) => item },
    {
      field: 'value',
      title: 'Value',
      format: 'text',
      value: ([, value]) => value,
      absent: 'not stated',
    },
  ])
}

/**
 * All tables, in the order of the report.
 *
 * @throws RangeError as `reportFacts` does.
 */
export function reportTables(input: ReportInput): readonly ReportTable[] {
  const facts = reportFacts(input)
  const curves = facts.shown.flatMap(({ name }) => curveTables(facts, name))
  return [
    keyFiguresTable(facts),
    costMatrixTable(facts),
    questionTable(facts),
    dataTable(facts),
    featuresTable(facts),
    leftOutTable(facts),
    ledgerTable(facts),
    metricsTable(facts),
    commitmentsTable(facts),
    trainingTable(facts),
    operatingPointsTable(facts),
    confusionTable(facts),
    foldThresholdsTable(facts),
    moreRecallTable(facts),
    ...curves,
    calibrationTable(facts),
    reliabilityTable(facts),
    reproductionTable(facts),
  ]
}

interface KeyFigure {
  readonly measure: string
  readonly value: number | null
  readonly bounds: Bounds | null
  readonly proportion: Proportion | null
}

/** The champion in a few numbers, whole and undivided: money, then cases. */
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
  return tableOf('key-figures', 'Key figures of the champion', figures, [
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

export function costMatrixTable({ results }: ReportFacts): ReportTable {
  const { costs } = results.frame
  const { target, positive } = results.dataset
  const items = [
    { truth: `${target} is ${positive}`, alert: costs.truePositive, pass: costs.falseNegative },
    { truth: `${target} is not ${positive}`, alert: costs.falsePositive, pass: costs.trueNegative },
  ]
  return tableOf('cost-matrix', 'What each outcome costs', items, [
    { field: 'truth', title: 'True class', format: 'text', value: ({ truth }) => truth },
    {
      field: 'decided_alert',
      title: 'Decided: alert',
      format: 'text',
      value: ({ alert }) => costCell(alert),
    },
    {
      field: 'decided_pass',
      title: 'Decided: pass',
      format: 'text',
      value: ({ pass }) => costCell(pass),
    },
  ])
}

function costCell(cost: CostSource): Cell {
  return typeof cost === 'number' ? cost : `column ${cost.column}`
}

export function questionTable({ results }: ReportFacts): ReportTable {
  const { frame, dataset } = results
  const { commitment } = frame
  return pairs('question', 'The question', [
    ['target', dataset.target],
    ['positive class', dataset.positive],
    ['costs', frame.costsAssumed ? 'assumed, nobody stated them' : 'as stated'],
    ['prevalence in the data', frame.prevalenceInData],
    ['prevalence in use', frame.prevalenceInUse],
    ['cases per day', frame.casesPerDay],
    ['capacity in alerts per day', frame.capacity],
    [
      'commitment',
      commitment === null ? null : `${commitment.measure} at least ${commitment.atLeast}`,
    ],
    ['Bayes threshold', frame.bayesThreshold ?? frame.bayesThresholdReason],
  ])
}

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

/** One line per competitor; the do-nothing rows are always among them. */
export function ledgerTable({ results }: ReportFacts): ReportTable {
  const { comparison, configurations } = results
  const runOf = (row: LedgerRow): ConfigurationResult | undefined =>
    configurations.find(({ name }) => name === row.name)
  const confusionOf = (row: LedgerRow) => {
    const run = runOf(row)
    return run === undefined ? null : (pointOf(run, row.rule)?.confusion ?? null)
  }
  const proportionOf =
    (of: typeof caught) =>
    (row: LedgerRow): Proportion | null => {
      const confusion = confusionOf(row)
      return confusion === null ? null : of(confusion)
    }
  return tableOf('ledger', 'Treatment ledger', comparison.ledger, [
    { field: 'run', title: 'Run', format: 'text', value: ({ name }) => name },
    {
      field: 'treatment',
      title: 'Model and treatment',
      format: 'text',
      value: (row) => {
        const run = runOf(row)
        return run === undefined ? null : runTitle(run.configuration)
      },
    },
    {
      field: 'threshold_rule',
      title: 'Threshold',
      format: 'text',
      value: ({ rule }) => ruleText(rule),
    },
    {
      field: 'cost_per_1000',
      title: 'Cost per 1,000 cases',
      format: 'money',
      value: ({ costPer1000 }) => costPer1000,
      interval: ({ costPer1000Interval }) => costPer1000Interval,
    },
    {
      field: 'difference_to_reference',
      title: 'Difference to reference',
      format: 'money-change',
      value: ({ differenceToReference }) => differenceToReference,
      interval: ({ differenceInterval }) => differenceInterval,
      absent: 'reference',
    },
    {
      field: 'recall',
      title: 'Caught (recall)',
      format: 'percent',
      value: ({ recall }) => recall,
      proportion: proportionOf(caught),
      absent: 'no positives',
    },
    {
      field: 'precision',
      title: 'Alerts right (precision)',
      format: 'percent',
      value: ({ precision }) => precision,
      proportion: proportionOf(right),
      absent: 'no alerts',
    },
    {
      field: 'alerts_per_1000',
      title: 'Alerts per 1,000 cases',
      format: 'count',
      value: ({ alertsPer1000 }) => alertsPer1000,
    },
  ])
}

/** Metrics of every run; the prevalence stands beside average precision as its floor. */
export function metricsTable({ results }: ReportFacts): ReportTable {
  const metric = (
    field: string,
    title: string,
    format: CellFormat,
    name: keyof RunMetrics,
  ): ColumnOf<ConfigurationResult> => ({
    field,
    title,
    format,
    value: ({ metrics }) => metrics[name],
    interval: ({ intervals }) => intervals[name],
  })
  return tableOf('metrics', 'Metrics of every run', results.configurations, [
    runColumn,
    metric('average_precision', 'Average precision', 'metric-3', 'averagePrecision'),
    {
      field: 'prevalence',
      title: 'Prevalence, its floor',
      format: 'metric-3',
      value: () => results.frame.prevalenceInUse,
    },
    metric('roc_auc', 'ROC AUC', 'metric-3', 'rocAuc'),
    metric('brier', 'Brier score', 'metric-4', 'brier'),
    metric('brier_skill', 'Brier skill', 'metric-3', 'brierSkill'),
    metric('log_loss', 'Log loss, nats', 'metric-4', 'logLoss'),
    metric('ece_equal_count_10', 'ECE, 10 bins', 'metric-4', 'eceEqualCount10'),
  ])
}

const runColumn: ColumnOf<ConfigurationResult> = {
  field: 'run',
  title: 'Run',
  format: 'text',
  value: ({ name }) => name,
}

/** What each run could promise at best; optimistic, since the best threshold is picked. */
export function commitmentsTable({ results }: ReportFacts): ReportTable {
  const best = (
    field: string,
    title: string,
    name: keyof RunMetrics,
  ): ColumnOf<ConfigurationResult> => ({
    field,
    title,
    format: 'percent',
    value: ({ metrics }) => metrics[name],
    interval: ({ intervals }) => intervals[name],
    absent: 'not reached',
  })
  return tableOf('commitments', 'What each run could promise at best', results.configurations, [
    runColumn,
    best('recall_at_precision_50', 'Recall at precision ≥ 50 %', 'recallAtPrecision50'),
    best('recall_at_precision_90', 'Recall at precision ≥ 90 %', 'recallAtPrecision90'),
    best('precision_at_recall_50', 'Precision at recall ≥ 50 %', 'precisionAtRecall50'),
    best('precision_at_recall_90', 'Precision at recall ≥ 90 %', 'precisionAtRecall90'),
  ])
}

/** What every model was fitted on, fold by fold, after sampling. */
export function trainingTable({ results }: ReportFacts): ReportTable {
  const items = results.configurations.flatMap(({ name, training }) =>
    training.perFold.map((fold, i) => ({ name, fold, number: i + 1 })),
  )
  return tableOf('training', 'What the models were fitted on', items, [
    { field: 'run', title: 'Run', format: 'text', value: ({ name }) => name },
    { field: 'fold', title: 'Fold', format: 'count', value: ({ number }) => number },
    {
      field: 'negatives',
      title: 'Negatives',
      format: 'count',
      value: ({ fold }) => fold.negatives,
    },
    {
      field: 'positives',
      title: 'Positives',
      format: 'count',
      value: ({ fold }) => fold.positives,
    },
    {
      field: 'synthetic',
      title: 'Of them synthetic',
      format: 'count',
      value: ({ fold }) => fold.synthetic,
    },
    {
      field: 'iterations',
      title: 'Iterations',
      format: 'count',
      value: ({ fold }) => fold.iterations,
    },
    {
      field: 'converged',
      title: 'Converged',
      format: 'text',
      value: ({ fold }) => (fold.converged ? 'yes' : 'no'),
    },
  ])
}

/** The champion under each rule, so that nobody needs to ask what 0.5 would have cost. */
export function operatingPointsTable({ champion, results }: ReportFacts): ReportTable {
  const columns: ColumnOf<OperatingPoint>[] = [
    { field: 'rule', title: 'Rule', format: 'text', value: ({ rule }) => ruleText(rule) },
    {
      field: 'threshold',
      title: 'Threshold',
      format: 'threshold',
      value: ({ threshold }) => threshold,
      absent: 'one per case',
    },
    {
      field: 'cost_per_1000',
      title: 'Cost per 1,000 cases',
      format: 'money',
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
      format: 'count',
      value: ({ alertsPer1000 }) => alertsPer1000,
    },
  ]
  if (results.frame.casesPerDay !== null) {
    columns.push(
      {
        field: 'alerts_per_day',
        title: 'Alerts per day',
        format: 'count',
        value: ({ alertsPerDay }) => alertsPerDay,
      },
      {
        field: 'cost_per_month',
        title: 'Cost per month',
        format: 'money',
        value: ({ costPerMonth }) => costPerMonth,
      },
    )
  }
  return tableOf(
    'operating-points',
    `${champion.name} under each threshold rule`,
    champion.operatingPoints,
    columns,
  )
}

/** Cases and money in each cell, rows true, columns decided. */
export function confusionTable({ point, results }: ReportFacts): ReportTable {
  const { costs } = results.frame
  const { positive } = results.dataset
  const { tp, fp, tn, fn } = point.confusion
  const items = [
    { truth: positive, decided: 'alert', count: tp, of: tp + fn, cost: costs.truePositive },
    { truth: positive, decided: 'pass', count: fn, of: tp + fn, cost: costs.falseNegative },
    {
      truth: `not ${positive}`,
      decided: 'alert',
      count: fp,
      of: fp + tn,
      cost: costs.falsePositive,
    },
    { truth: `not ${positive}`, decided: 'pass', count: tn, of: fp + tn, cost: costs.trueNegative },
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
      format: 'money',
      value: ({ cost }) => (typeof cost === 'number' ? cost : null),
      absent: 'differs by case',
    },
    {
      field: 'cost',
      title: 'Cost together',
      format: 'money',
      value: ({ cost, count }) => (typeof cost === 'number' ? cost * count : null),
      absent: 'differs by case',
    },
  ])
}

export function foldThresholdsTable({ champion }: ReportFacts): ReportTable {
  const items = champion.threshold.perFold.map((threshold, i) => ({ threshold, fold: i + 1 }))
  return tableOf('fold-thresholds', 'Threshold of each fold', items, [
    { field: 'fold', title: 'Fold', format: 'count', value: ({ fold }) => fold },
    {
      field: 'threshold',
      title: 'Threshold',
      format: 'threshold',
      value: ({ threshold }) => threshold,
      absent: 'no alert',
    },
  ])
}

const RECALL_GOALS = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99]

/** What more recall would cost in alerts and money, on the data the threshold was chosen on. */
export function moreRecallTable({ champion, curves, results }: ReportFacts): ReportTable {
  const curve = curves.find(({ name }) => name === champion.name)
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
          format: 'count',
          value: ({ alertShare }) => (alertShare === null ? null : alertShare * 1000),
        }
      : {
          field: 'alerts_per_day',
          title: 'Alerts per day',
          format: 'count',
          value: ({ alertShare }) => (alertShare === null ? null : alertShare * casesPerDay),
        },
    {
      field: 'cost_per_1000',
      title: 'Cost per 1,000 cases',
      format: 'money',
      value: ({ cost }) => cost,
    },
  ])
}

/** What the charts of one run are drawn from: cost, precision and recall, scores by class. */
function curveTables(facts: ReportFacts, name: string): readonly ReportTable[] {
  return [
    costCurveTable(facts, name),
    precisionRecallTable(facts, name),
    histogramTable(facts, name),
  ]
}

export function costCurveTable({ curves }: ReportFacts, name: string): ReportTable {
  const points = curves.find((each) => each.name === name)?.cost ?? []
  return tableOf(`cost-curve-${name}`, `Cost by threshold, ${name}`, points, [
    thresholdColumn,
    {
      field: 'cost_per_1000',
      title: 'Cost per 1,000 cases',
      format: 'money',
      value: ({ costPer1000 }) => costPer1000,
    },
  ])
}

const thresholdColumn: ColumnOf<{ readonly threshold: number }> = {
  field: 'threshold',
  title: 'Threshold',
  format: 'threshold',
  value: ({ threshold }) => threshold,
  absent: 'no alert',
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
  const { rows, positives, positive } = results.dataset
  const toCounts = (values: readonly number[], cases: number): readonly number[] => {
    const sum = values.reduce((a, b) => a + b, 0)
    return values.map((value) => (sum === 0 ? 0 : Math.round((value / sum) * cases)))
  }
  const positiveCounts = toCounts(histogram?.positives ?? [], positives)
  const negativeCounts = toCounts(histogram?.negatives ?? [], rows - positives)
  const bins = positiveCounts.map((count, i) => ({
    from: histogram!.edges[i]!,
    to: histogram!.edges[i + 1]!,
    positives: count,
    negatives: negativeCounts[i] ?? 0,
  }))
  return tableOf(`probabilities-${name}`, `Probabilities by class, ${name}`, bins, [
    { field: 'from', title: 'Probability from', format: 'metric-3', value: ({ from }) => from },
    { field: 'to', title: 'to', format: 'metric-3', value: ({ to }) => to },
    {
      field: 'positives',
      title: `Cases of ${positive}`,
      format: 'count',
      value: (bin) => bin.positives,
    },
    { field: 'negatives', title: 'Other cases', format: 'count', value: (bin) => bin.negatives },
  ])
}

interface RunStage {
  readonly name: string
  readonly stage: CalibrationStage
  readonly label: string
}

/** The receipt of every run: raw, after the odds correction, after recalibration. */
export function calibrationTable({ results }: ReportFacts): ReportTable {
  const stages = results.configurations.flatMap(({ name, calibration, untreated }) =>
    calibration.stages.map((stage): RunStage => ({
      name,
      stage,
      label: stageText(stage.stage, untreated),
    })),
  )
  const part = (
    field: string,
    title: string,
    format: CellFormat,
    value: (stage: CalibrationStage) => number | null,
  ): ColumnOf<RunStage> => ({ field, title, format, value: ({ stage }) => value(stage) })
  return tableOf('calibration', 'Calibration receipts', stages, [
    { field: 'run', title: 'Run', format: 'text', value: ({ name }) => name },
    { field: 'stage', title: 'Stage', format: 'text', value: ({ label }) => label },
    part(
      'observed_to_expected',
      'Observed ÷ expected',
      'metric-2',
      (stage) => stage.observedToExpected,
    ),
    part('intercept', 'Intercept', 'metric-2', (stage) => stage.intercept),
    part('slope', 'Slope', 'metric-2', (stage) => stage.slope),
    part('brier', 'Brier score', 'metric-4', (stage) => stage.brier),
    part('reliability', 'Reliability', 'metric-4', (stage) => stage.reliability),
    part('resolution', 'Resolution', 'metric-4', (stage) => stage.resolution),
    part('uncertainty', 'Uncertainty', 'metric-4', (stage) => stage.uncertainty),
    part('ece_equal_count_10', 'ECE, 10 bins', 'metric-4', (stage) => stage.eceEqualCount10),
    part('log_loss', 'Log loss, nats', 'metric-4', (stage) => stage.logLoss),
  ])
}

/** A treated run gives scores until they are put right. */
function stageText(stage: CalibrationStage['stage'], untreated: boolean): string {
  if (stage === 'corrected') return 'after odds correction'
  if (stage === 'recalibrated') return 'after recalibration'
  return untreated ? 'as fitted' : 'raw scores'
}

/** The bins of the reliability diagrams, stage by stage. */
export function reliabilityTable({ shown }: ReportFacts): ReportTable {
  const bins = shown.flatMap(({ name, calibration, untreated }) =>
    calibration.stages.flatMap(({ stage, bins }) =>
      bins.map((bin, i) => ({ name, stage: stageText(stage, untreated), number: i + 1, bin })),
    ),
  )
  return tableOf('reliability', 'Reliability, bins of equal count', bins, [
    { field: 'run', title: 'Run', format: 'text', value: ({ name }) => name },
    { field: 'stage', title: 'Stage', format: 'text', value: ({ stage }) => stage },
    { field: 'bin', title: 'Bin', format: 'count', value: ({ number }) => number },
    { field: 'cases', title: 'Cases', format: 'count', value: ({ bin }) => bin.count },
    {
      field: 'mean_probability',
      title: 'Mean probability',
      format: 'threshold',
      value: ({ bin }) => bin.meanProbability,
      absent: 'no cases',
    },
    {
      field: 'observed',
      title: 'Positives observed',
      format: 'percent',
      value: ({ bin }) => bin.observed,
      proportion: ({ bin }) =>
        bin.observed === null
          ? null
          : { count: Math.round(bin.observed * bin.count), of: bin.count },
      interval: ({ bin }) => binBounds(bin),
      absent: 'no cases',
    },
  ])
}

/** How sure the observed share of a bin is. */
export function binBounds(bin: CalibrationStage['bins'][number]): Bounds | null {
  return bin.observed === null
    ? null
    : shareInterval({ count: bin.observed * bin.count, of: bin.count })
}

export function reproductionTable({ results, about }: ReportFacts): ReportTable {
  const { experiment, dataset } = results
  return pairs('reproduction', 'How to reproduce it', [
    ['data fingerprint (SHA-256)', dataset.fingerprint],
    ['digest of the results (SHA-256)', about.digest],
    ['seed', experiment.seed],
    [
      'folds',
      `${experiment.folds} outer, ${experiment.foldsFrom === 'seed' ? 'drawn from the seed' : 'read from a file'}; ${experiment.innerFolds} inner`,
    ],
    ['bootstrap draws', countText(experiment.bootstrapDraws)],
    ['plan', results.configurations.map(({ name }) => name).join(', ')],
    ['version', about.version],
    ['engine', about.engine],
    ['runtime', `Node ${about.node}, ${about.platform}, ${about.workers} workers`],
    ['started', timeText(about.startedAt)],
    [
      'took',
      `${durationText(about.wallSeconds)}, ${durationText(about.cpuSeconds)} of processor time`,
    ],
    ['command', about.command],
  ])
}

function scaled(bounds: Bounds | null, factor: number): Bounds | null {
  return bounds === null ? null : { lower: bounds.lower * factor, upper: bounds.upper * factor }
}

function rate({ count, of }: Proportion): number | null {
  return of === 0 ? null : count / of
}

/** `492 of 5,412 (9.1 %)` */
export function proportionText({ count, of }: Proportion): string {
  const share = rate({ count, of })
  return `${countText(count)} of ${countText(of)}${share === null ? '' : ` (${percentText(share)})`}`
}
