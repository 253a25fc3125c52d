import type { ImpactRun, LabelsImpact } from '#shared/contract/labels.ts'
import { per1000ToMonth } from '#shared/core/decision/operating-point.ts'
import { formatFixed, formatMoney } from '#shared/core/format.ts'

/**
 * What the corrections changed for whoever decides, the weightiest first. What each run costs before
 * and after is for tables.
 *
 * Costs are a month of 30 days where the cases per day are known, else per 1,000 cases.
 */
export function impactSentences({
  runs,
  currency,
  casesPerDay,
  reviewedByModel,
}: Omit<LabelsImpact, 'conclusions'>): string[] {
  const done = runs.filter(({ after }) => after !== null)
  const before = cheapest(done, (run) => run.before.costPer1000)
  const after = cheapest(done, (run) => run.after!.costPer1000)
  const sentences: string[] = []
  if (before !== null && after !== null && done.length > 1) {
    sentences.push(
      before === after
        ? `${before.name} stays the cheapest run.`
        : `${after.name} is now the cheapest run; before the corrections ${before.name} was.`,
    )
  }
  const unreviewed = after?.after?.unreviewed ?? null
  if (after !== null && unreviewed !== null && reviewedByModel > 0) {
    const [unit, factor] =
      casesPerDay === null ? ['per 1,000 cases', 1] : ['a month', per1000ToMonth(1, casesPerDay)]
    const money = (per1000: number): string => formatMoney(per1000 * factor, currency)
    sentences.push(
      `Models chose ${formatFixed(reviewedByModel, 0)} of the reviewed rows. Without them ${after.name} costs ${money(unreviewed.costPer1000)} instead of ${money(after.after!.costPer1000)} ${unit}; where that is much more, the corrections flatter the models that asked for them.`,
    )
  }
  if (done.length > 0) {
    sentences.push('Test rows are corrected like all others, and for every run alike.')
  }
  if (runs.length > done.length || runs.length === 0) {
    sentences.push('Not all runs have been done again on these labels yet.')
  }
  return sentences
}

function cheapest(
  runs: readonly ImpactRun[],
  costOf: (run: ImpactRun) => number,
): ImpactRun | null {
  return runs.reduce<ImpactRun | null>(
    (best, run) => (best === null || costOf(run) < costOf(best) ? run : best),
    null,
  )
}
