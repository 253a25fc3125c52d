import type { HiddenRate } from '#shared/core/label-quality/hidden-positives.ts'
import { countText } from './number-text.ts'
import type { LabelFacts, ReportFacts } from './report-facts.ts'
import { tableOf } from './report-table.ts'
import type { ReportTable } from './report-table.ts'

interface HiddenEstimate {
  readonly method: string
  readonly rate: number | null
  readonly interval: HiddenRate['interval']
  readonly count: number | null
  readonly assumes: string
}

/** Estimates of positives among the rows labelled negative, side by side with what they assume. */
export function hiddenPositivesTable({ decisions }: ReportFacts): ReportTable {
  const { labels } = decisions
  const items: HiddenEstimate[] = labels === undefined ? [] : [controlEstimate(labels)]
  for (const estimate of labels?.estimates?.hiddenPositives ?? []) {
    items.push({ ...estimate, interval: null })
  }
  return tableOf('hidden-positives', 'Positives among the rows labelled negative', items, [
    { field: 'method', title: 'By', format: 'text', value: ({ method }) => method },
    {
      ...{ field: 'share', title: 'Share', format: 'percent', absent: 'unknown' },
      value: ({ rate }) => rate,
      interval: ({ interval }) => interval,
    },
    {
      ...{ field: 'rows', title: 'Rows', format: 'count', absent: 'unknown' },
      value: ({ count }) => (count === null ? null : Math.round(count)),
    },
    { field: 'assumes', title: 'Assumes', format: 'text', value: ({ assumes }) => assumes },
  ])
}

function controlEstimate({ control }: LabelFacts): HiddenEstimate {
  return {
    method: 'Random control rows',
    rate: control?.hidden.rate ?? null,
    interval: control?.hidden.interval ?? null,
    count: control?.hidden.count ?? null,
    assumes:
      control === null
        ? 'No row drawn at random was judged yet.'
        : `Only that reviewers are right: ${countText(control.found)} of ${countText(control.reviewed)} judged; ${control.hidden.interval?.method ?? 'no interval'}.`,
  }
}

/** How many of the errors that were planted for a test each signal brought to the top. */
export function labelAuditTable({ decisions }: ReportFacts): ReportTable {
  const audit = decisions.labels?.audit ?? null
  const title =
    audit === null
      ? 'Planted errors found'
      : `Planted errors found among the first ${countText(audit.planted)}`
  return tableOf('label-audit', title, audit?.signals ?? [], [
    { field: 'signal', title: 'Signal', format: 'text', value: ({ signal }) => signal },
    {
      ...{ field: 'recall_at_k', title: 'Found', format: 'percent' },
      value: ({ recallAtK }) => recallAtK,
      proportion: ({ foundAtK }) => ({ count: foundAtK, of: audit?.planted ?? 0 }),
    },
    {
      ...{ field: 'share_to_half', title: 'Half of them within', format: 'percent' },
      value: ({ shareToHalf }) => shareToHalf,
    },
  ])
}
