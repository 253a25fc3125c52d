/** Why a label is doubted, in words that need no statistics. */
import { formatNumber } from '../format.ts'

/** What is known of one sample; what is null was not looked at. */
export interface SampleEvidence {
  readonly given: 0 | 1
  /** Probability of the label it is not given, by the blend of models. */
  readonly probabilityOfOther: number
  /** The same on average over the samples given that label, for comparison. */
  readonly usualInClass: number
  /** Of how many models the probability of the other label reaches what that label's samples get. */
  readonly modelsForOther: number
  readonly models: number
  readonly neighbors: { readonly others: number; readonly k: number } | null
  /** Row of a sample that is nearly the same and has the other label. */
  readonly nearDuplicate: { readonly row: number; readonly exact: boolean } | null
  readonly isConfidentIssue: boolean
  /** Rank among the areas under the margin of its class, 0 = lowest, in [0, 1]. */
  readonly marginRank: number | null
}

/** How the two labels are called. */
export interface ClassNames {
  readonly negative: string
  readonly positive: string
}

/**
 * The reasons, strongest first: first what a person can check, then what models say.
 *
 * @returns At least one sentence.
 */
export function reasonsInWords(evidence: SampleEvidence, names: ClassNames): string[] {
  const other = evidence.given === 1 ? names.negative : names.positive
  const own = evidence.given === 1 ? names.positive : names.negative
  const { nearDuplicate, neighbors, modelsForOther, models, marginRank } = evidence
  const reasons: string[] = []
  if (nearDuplicate !== null) {
    reasons.push(
      `Row ${nearDuplicate.row + 1} is ${nearDuplicate.exact ? 'the same' : 'nearly the same'} and is labelled ${other}.`,
    )
  }
  if (
    neighbors !== null &&
    neighbors.others > 0 &&
    (evidence.given === 0 || neighbors.others * 2 > neighbors.k)
  ) {
    reasons.push(
      `${neighbors.others} of the ${neighbors.k} most similar rows are labelled ${other}.`,
    )
  }
  if (modelsForOther > 0) {
    reasons.push(
      `${modelsForOther === models ? (models === 1 ? 'The model finds' : `All ${models} models find`) : `${modelsForOther} of ${models} models ${modelsForOther === 1 ? 'finds' : 'find'}`} it as typical of label ${other} as rows with that label are.`,
    )
  }
  const times = evidence.probabilityOfOther / evidence.usualInClass
  reasons.push(
    `Models that never saw this row give label ${other} a probability of ${formatShare(evidence.probabilityOfOther)}` +
      (times >= 2
        ? `, ${formatNumber(Math.round(times))} times what rows labelled ${own} usually get.`
        : '.'),
  )
  if (marginRank !== null && marginRank <= 0.01) {
    reasons.push('A model trained on this row hardly learns its label: it contradicts the others.')
  }
  if (evidence.isConfidentIssue)
    reasons.push('Confident learning counts it among the label issues.')
  return reasons
}

function formatShare(share: number): string {
  if (share < 0.001) return 'less than 0.1 %'
  if (share > 0.999) return 'more than 99.9 %'
  return `${formatNumber(Math.round(share * 1000) / 10)} %`
}
