import { formatNumber } from '#shared/core/format.ts'
import type { SolverAnswer } from '#shared/core/report/analysis.ts'

/** Whether a threshold can be promised to hold on new cases, in a sentence or two. */
export function guaranteeText({
  guarantee,
  guaranteeReason,
  requirements,
}: Pick<SolverAnswer, 'guarantee' | 'guaranteeReason' | 'requirements'>): string {
  if (guarantee === null) return `No threshold is promised: ${guaranteeReason!}.`
  const { threshold, confidence, positives, positivesNeeded, pValue } = guarantee
  const promise = requirements
    .map(({ kind, limit }) =>
      kind === 'alerts' || kind === 'review hours'
        ? `${kind} at most ${formatNumber(limit)}`
        : `${kind} at least ${formatNumber(limit)}`,
    )
    .join(' and ')
  if (threshold === null) {
    const needed =
      positivesNeeded !== null && positives < positivesNeeded
        ? ` ${positivesNeeded} positives would do if all of them were caught; there are ${positives}.`
        : ''
    return `No threshold can be promised to keep ${promise} on new cases with ${formatNumber(100 * confidence)} % confidence.${needed}`
  }
  return `From ${formatNumber(threshold)} on, a model of all cases of the folds keeps ${promise} on new cases with ${formatNumber(100 * confidence)} % confidence (p ${formatNumber(pValue!)}, ${positives} positives that nothing had seen).`
}
