import { formatMoneyWithInterval } from '#shared/core/format.ts'
import type { RepeatedDifference } from '#shared/core/report/analysis.ts'

/** What folds that were drawn anew say of the champion. */
export function repeatedText(
  { champion, opponent, repeats, folds, costPer1000, interval }: RepeatedDifference,
  currency: string | null,
): string {
  const amount = formatMoneyWithInterval(costPer1000, interval, currency)
  return `On ${folds} folds of ${repeats} divisions, ${champion} less ${opponent}, both tuned: ${amount} per 1,000 cases (Nadeau and Bengio).`
}
