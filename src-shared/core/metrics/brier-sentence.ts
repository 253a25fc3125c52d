import { formatNumber } from '../format.ts'

interface Named {
  readonly name: string
  /** Of the probabilities that are used. */
  readonly brier: number
}

/**
 * What a treatment has done to the Brier score, in words. One that stays above the untreated model's
 * after all repairs is a result and is said: recalibration mends levels, and brings nothing back that
 * the model has not learnt.
 *
 * @returns `isWorse` by three digits of the score × 1,000.
 */
export function brierSentence(
  treated: Named,
  untreated: Named,
): { readonly text: string; readonly isWorse: boolean } {
  const [own, other] = [treated, untreated].map(({ brier }) => formatNumber(1000 * brier))
  const isWorse = own !== other && treated.brier > untreated.brier
  return {
    isWorse,
    text: isWorse
      ? `Its Brier score × 1,000 stays above that of the untreated model, ${untreated.name}: ${own!} against ${other!}. The treatment cost the probabilities something that no recalibration brings back.`
      : `Its Brier score × 1,000 is not above that of the untreated model, ${untreated.name}: ${own!} against ${other!}.`,
  }
}
