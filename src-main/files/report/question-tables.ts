import type { CostSource } from '#shared/core/frame/frame.ts'
import { alertLimit, committedRate } from '#shared/core/frame/limits.ts'
import { classNames } from './report-facts.ts'
import type { ReportFacts } from './report-facts.ts'
import { pairs, tableOf } from './report-table.ts'
import type { Cell, ReportTable } from './report-table.ts'

export function costMatrixTable({ results }: ReportFacts): ReportTable {
  const { costs } = results.frame
  const { positive, negative } = classNames(results.dataset)
  const items = [
    { truth: positive, alert: costs.truePositive, pass: costs.falseNegative },
    { truth: negative, alert: costs.falsePositive, pass: costs.trueNegative },
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
  return pairs('question', 'The question', [
    ['target', dataset.target],
    ['positive class', dataset.positive],
    ['costs', frame.costsAssumed ? 'assumed, nobody stated them' : 'as stated'],
    ['currency', frame.currency],
    ['prevalence in the data', frame.prevalenceInData],
    ['prevalence in use', frame.prevalenceInUse],
    ['cases per day', frame.casesPerDay],
    ['capacity in alerts per day', frame.capacity],
    ['minutes per alert', frame.minutesPerAlert],
    ['most review hours per day', frame.reviewHoursPerDay],
    ['alerts per day that all of this allows', alertLimit(frame)?.perDay ?? null],
    ...(['recall', 'precision'] as const).map((measure): [string, number | null] => [
      `committed ${measure} at least`,
      committedRate(frame.commitments, measure),
    ]),
    ['Bayes threshold', frame.bayesThreshold ?? frame.bayesThresholdReason],
  ])
}
