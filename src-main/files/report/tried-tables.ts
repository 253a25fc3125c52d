import { runTitle } from '#shared/core/plan/configuration-text.ts'
import { MEASURES } from '#shared/core/metrics/measure-list.ts'
import type { MeasureFacts } from '#shared/core/metrics/measure-list.ts'
import type {
  ConfigurationResult,
  LedgerRow,
  RunMeasure,
  RunMetrics,
} from '#shared/core/report/analysis.ts'
import { percentText } from './number-text.ts'
import type { Proportion } from './proportion.ts'
import { caught, ledgerRoles, pointOf, right, ruleText } from './report-facts.ts'
import type { ReportFacts } from './report-facts.ts'
import { tableOf } from './report-table.ts'
import type { CellFormat, ColumnOf, ReportTable } from './report-table.ts'

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
  return tableOf('ledger', 'Treatment ledger', results.ledger, [
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
      format: 'amount',
      currency: results.frame.currency,
      value: ({ costPer1000 }) => costPer1000,
      interval: ({ costPer1000Interval }) => costPer1000Interval,
    },
    {
      field: 'difference_to_reference',
      title: 'Difference to reference',
      format: 'amount-change',
      currency: results.frame.currency,
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
      format: 'amount',
      value: ({ alertsPer1000 }) => alertsPer1000,
    },
    {
      field: 'role',
      title: 'Role',
      format: 'text',
      value: (row) => ledgerRoles(comparison, row).join(', ') || null,
      absent: 'none',
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
  })
  return tableOf('commitments', 'What each run could promise at best', results.configurations, [
    runColumn,
    best('recall_at_precision_50', 'Recall at precision ≥ 50 %', 'recallAtPrecision50'),
    best('recall_at_precision_90', 'Recall at precision ≥ 90 %', 'recallAtPrecision90'),
    best('precision_at_recall_50', 'Precision at recall ≥ 50 %', 'precisionAtRecall50'),
    best('precision_at_recall_90', 'Precision at recall ≥ 90 %', 'precisionAtRecall90'),
  ])
}

/** A measure of the top with how many cases that is. */
function measureTitle({ measure, share }: RunMeasure): string {
  const { title } = MEASURES[measure]
  return share === undefined ? title : `${title} ${percentText(share)}`
}

const MEASURE_FORMATS: Readonly<Record<MeasureFacts['unit'], CellFormat>> = {
  share: 'percent',
  amount: 'amount',
  times: 'times',
  number: 'metric-4',
}

/** Everything that is measured of the runs shown; null where their results are of an earlier version. */
export function measuresTable({ results, shown }: ReportFacts): ReportTable | null {
  const [first] = shown
  if (first?.measures === undefined) return null
  const of = (run: ConfigurationResult, { measure, share }: RunMeasure): RunMeasure | undefined =>
    run.measures?.find((one) => one.measure === measure && one.share === share)
  return tableOf('measures', 'All measures', first.measures, [
    { field: 'measure', title: 'Measure', format: 'text', value: measureTitle },
    ...shown.map((run, i): ColumnOf<RunMeasure> => ({
      field: shown.length === 1 ? 'value' : `run_${i + 1}`,
      title: run.name,
      format: 'metric-4',
      formatOf: ({ measure }) => MEASURE_FORMATS[MEASURES[measure].unit],
      currency: results.frame.currency,
      value: (one) => of(run, one)?.value ?? null,
      interval: (one) => of(run, one)?.interval ?? null,
    })),
    {
      field: 'caution',
      title: 'To be read with care',
      format: 'text',
      value: (one) =>
        [...new Set(shown.flatMap((run) => of(run, one)?.caution ?? []))].join('; ') || null,
      absent: '',
    },
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
