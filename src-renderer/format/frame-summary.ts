/** The frame in a line: "Miss €400 | False alarm €6 | ≤ 120 a day". */
import type { CostSource } from '#shared/core/frame/frame.ts'
import { alertLimit } from '#shared/core/frame/limits.ts'
import type { FrameDraft } from '#shared/contract/work.ts'
import { money, percent, plain } from './numbers.ts'

export interface SummaryPart {
  readonly label: string
  /** What it is about, shown strong. */
  readonly value: string
  readonly after: string
}

/** @param prevalence  The one in use, which open costs are assumed from; null while not known. */
export function frameSummary(frame: FrameDraft, prevalence: number | null): SummaryPart[] {
  const { costs, currency } = frame
  const parts: SummaryPart[] = []
  if (costs === null) {
    parts.push({
      label: 'Costs not stated:',
      value: prevalence === null ? 'by rarity' : `FN : FP = ${oddsAgainst(prevalence)} : 1`,
      after: ' assumed',
    })
  } else {
    parts.push(
      { label: 'Miss', value: costText(costs.falseNegative, currency), after: '' },
      { label: 'False alarm', value: costText(costs.falsePositive, currency), after: '' },
    )
  }
  const limit = alertLimit(frame)
  if (limit !== null) {
    const from = limit.setBy === 'alerts' ? '' : `, ${plain(frame.reviewHoursPerDay)} h`
    parts.push({ label: '', value: `≤ ${plain(limit.perDay, 3)}`, after: ` a day${from}` })
  }
  for (const { measure, atLeast } of frame.commitments) {
    parts.push({ label: `${measure} ≥`, value: percent(atLeast, 0), after: '' })
  }
  return parts
}

/** Negatives for every positive. */
function oddsAgainst(prevalence: number): string {
  return plain((1 - prevalence) / prevalence, 3)
}

/** An amount, or the name of the column that has it. */
function costText(source: CostSource, currency: string | null): string {
  if (typeof source !== 'number') return source.column
  return money(source, currency)
}
