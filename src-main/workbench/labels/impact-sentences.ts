import type { ImpactRun, LabelsImpact } from '#shared/contract/labels.ts'
import { formatFixed, formatMoney } from '#shared/core/format.ts'

/** Which conclusions changed with the labels, in words, the weightiest first. */
export function impactSentences({
  runs,
  currency,
  reviewedByModel,
  version,
  relabelledToPositive,
  relabelledToNegative,
}: Omit<LabelsImpact, 'conclusions'>): string[] {
  const money = (amount: number): string => formatMoney(amount, currency)
  const sentences: string[] = []
  const done = runs.filter(({ after }) => after !== null)
  const before = cheapest(done, ({ before: { costPer1000 } }) => costPer1000)
  const after = cheapest(done, (run) => run.after!.costPer1000)
  if (before !== null && after !== null && done.length > 1) {
    sentences.push(
      before === after
        ? `${before.name} stays the cheapest run.`
        : `${after.name} is now the cheapest run; before the corrections ${before.name} was.`,
    )
  }
  for (const run of done) {
    const change = run.after!.costPer1000 - run.before.costPer1000
    const judged = run.rejudged === null ? null : run.rejudged.costPer1000 - run.before.costPer1000
    const by =
      judged === null
        ? ''
        : `, of which ${signed(judged, money)} is the judging by corrected labels and ${signed(change - judged, money)} the fitting on them`
    sentences.push(
      `${run.name}: ${money(run.before.costPer1000)} per 1,000 cases before, ${money(run.after!.costPer1000)} after (${signed(change, money)}${by}).`,
    )
  }
  sentences.push(
    `Version ${version.number} has ${count(relabelledToPositive)} labels turned to positive, ${count(relabelledToNegative)} to negative and ${count(version.excluded)} rows left out. Test rows are corrected like all others, and for every run alike.`,
  )
  const guarded = done.find(({ after: figures }) => (figures?.unreviewed ?? null) !== null)
  if (guarded !== undefined && reviewedByModel > 0) {
    sentences.push(
      `Models chose ${count(reviewedByModel)} of the reviewed rows. Without these, ${guarded.name} costs ${money(guarded.after!.unreviewed!.costPer1000)} per 1,000 cases: where that is much less favourable, the corrections flatter the models that asked for them.`,
    )
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

function signed(amount: number, money: (amount: number) => string): string {
  return amount > 0 ? `+${money(amount)}` : amount < 0 ? `−${money(-amount)}` : money(0)
}

function count(value: number): string {
  return formatFixed(value, 0)
}
