/** The frame read out, so that a slip of the pen is heard. */
import type { FrameDraft } from '#shared/contract/work.ts'
import type { CostSource } from '#shared/core/frame/frame.ts'
import { alertLimit } from '#shared/core/frame/limits.ts'
import { count, money, percent, plain } from '../../format/numbers.ts'

export function frameSentence(frame: FrameDraft, positiveName: string): string {
  const { costs, casesPerDay, commitments, prevalence, currency } = frame
  const cost = (source: CostSource): string =>
    typeof source === 'number' ? money(source, currency) : `what column ${source.column} says`
  const parts = [
    costs === null
      ? `Find ${positiveName}. What errors cost is not stated, so a miss is taken to weigh as many false alarms as there are other cases to each one.`
      : `Find ${positiveName} so that errors cost least, where a miss costs ${cost(costs.falseNegative)} and a false alarm ${cost(costs.falsePositive)}.`,
  ]
  if (casesPerDay !== null) {
    const limit = alertLimit(frame)
    const from =
      limit?.setBy === 'review hours'
        ? `, as many as ${plain(frame.reviewHoursPerDay)} hours of review allow`
        : ''
    const most =
      limit === null ? '' : `, with at most ${count(limit.perDay)} alerts among them${from}`
    parts.push(`${plain(casesPerDay)} cases arrive a day${most}.`)
  }
  for (const { measure, atLeast } of commitments) {
    const share = percent(atLeast)
    parts.push(
      measure === 'recall'
        ? `At least ${share} of ${positiveName} has to be found.`
        : `At least ${share} of alerts have to be ${positiveName}.`,
    )
  }
  if (prevalence !== null) {
    parts.push(`Where this will be used, ${percent(prevalence, 2)} of cases are ${positiveName}.`)
  }
  return parts.join(' ')
}
