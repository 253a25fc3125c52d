import type { FoldProof, GuardrailResult } from '#shared/core/report/analysis.ts'
import { timeText } from './number-text.ts'
import type { Decisions, ReportFacts } from './report-facts.ts'
import { tableOf, thresholdCell } from './report-table.ts'
import type { ReportTable } from './report-table.ts'

const STATES = { passed: 'kept', failed: 'open', overridden: 'passed over' } as const

const KINDS = {
  block: 'refuses',
  acknowledge: 'asks for a reason',
  force: 'always shown',
  default: 'default',
  nudge: 'advice',
} as const

/** Open ones first, then those that were passed over, then those that are kept. */
export function guardrailsTable({ results }: ReportFacts): ReportTable {
  const order = ['failed', 'overridden', 'passed'] as const
  const sorted = results.guardrails.toSorted(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state),
  )
  return tableOf<GuardrailResult>('guardrails', 'Guardrails', sorted, [
    { field: 'id', title: 'Id', format: 'text', value: ({ id }) => id },
    { field: 'state', title: 'State', format: 'text', value: ({ state }) => STATES[state] },
    { field: 'kind', title: 'Kind', format: 'text', value: ({ kind }) => KINDS[kind] },
    {
      field: 'reason',
      title: 'What it asks for, and why',
      format: 'text',
      value: ({ reason }) => reason,
    },
    {
      field: 'finding',
      title: 'What was found',
      format: 'text',
      value: ({ findings }) => findings.map(({ message }) => message).join(' ') || null,
      absent: 'nothing against it',
    },
    {
      field: 'acknowledgement',
      title: 'Passed over because',
      format: 'text',
      value: ({ acknowledgement }) => acknowledgement,
      absent: '',
    },
    { field: 'guides', title: 'The guides', format: 'text', value: ({ phrase }) => phrase },
  ])
}

/** What training and judgement have in common, fold by fold. */
export function foldProofTable({ results }: ReportFacts): ReportTable {
  const { folds } = results.experiment.proof
  return tableOf<FoldProof['folds'][number]>('fold_proof', 'Fold proof', folds, [
    { field: 'fold', title: 'Fold', format: 'count', value: ({ fold }) => fold + 1 },
    { field: 'training', title: 'Trained on', format: 'count', value: ({ training }) => training },
    { field: 'judged', title: 'Judged', format: 'count', value: ({ judged }) => judged },
    {
      field: 'judged_positives',
      title: 'Positives judged',
      format: 'count',
      value: ({ judgedPositives }) => judgedPositives,
    },
    { field: 'shared', title: 'Cases in both', format: 'count', value: ({ shared }) => shared },
    {
      field: 'shared_groups',
      title: 'Groups in both',
      format: 'count',
      value: ({ sharedGroups }) => sharedGroups,
    },
    {
      field: 'gap_days',
      title: 'Days between',
      format: 'amount',
      value: ({ gapDays }) => gapDays,
      absent: 'no order',
    },
  ])
}

/** Every opening of the locked test set; empty where there was none. */
export function finalTestTable({ decisions, results }: ReportFacts): ReportTable {
  return tableOf<Decisions['openings'][number]>(
    'final_test',
    'The locked test set',
    decisions.openings,
    [
      { field: 'at', title: 'Opened', format: 'text', value: ({ at }) => timeText(at) },
      { field: 'run', title: 'Run', format: 'text', value: ({ run }) => run },
      {
        field: 'threshold',
        title: 'Threshold',
        format: 'threshold',
        value: ({ result }) => thresholdCell(result.threshold),
      },
      { field: 'rows', title: 'Cases', format: 'count', value: ({ result }) => result.rows },
      {
        field: 'cost_per_1000',
        title: 'Cost per 1,000 cases',
        format: 'amount',
        currency: results.frame.currency,
        value: ({ result }) => result.costPer1000,
        interval: ({ result }) => result.costPer1000Interval,
      },
      {
        field: 'recall',
        title: 'Caught (recall)',
        format: 'percent',
        value: ({ result }) => result.recall,
        proportion: ({ result: { confusion, positives } }) => ({
          count: confusion.tp,
          of: positives,
        }),
        absent: 'no positives',
      },
      {
        field: 'precision',
        title: 'Alerts right (precision)',
        format: 'percent',
        value: ({ result }) => result.precision,
        proportion: ({ result: { confusion } }) => ({
          count: confusion.tp,
          of: confusion.tp + confusion.fp,
        }),
        absent: 'no alerts',
      },
      { field: 'reason', title: 'Reason given', format: 'text', value: ({ reason }) => reason },
    ],
  )
}
