/** What is known of how training moved probabilities, undone: before any calibrator is fitted. */
import { invertFocal } from '../calibration/focal-inverse.ts'
import { correctPriorOdds, scaleOdds } from '../calibration/prior-odds.ts'
import { pow } from '../math/elementary.ts'
import { lossOfModel } from '../plan/plan.ts'
import type { Configuration, ModelChoice } from '../plan/plan.ts'

/**
 * Probabilities at the natural prevalence, from the scores of a model.
 *
 * First what the loss did, which leaves probabilities of the training set as it was shown, then
 * the shift of prior odds from there to the data. LDAM and losses that choose samples have no
 * inverse.
 *
 * @param prevalence Of the training set as the model was shown it, and before sampling and weights.
 */
export function undoTraining(
  model: ModelChoice,
  scores: Float64Array,
  { shown, natural }: { readonly shown: number; readonly natural: number },
): Float64Array {
  return correctPriorOdds(undoLoss(model, scores, shown), {
    trainPrevalence: shown,
    targetPrevalence: natural,
  })
}

function undoLoss(model: ModelChoice, scores: Float64Array, shown: number): Float64Array {
  const loss = lossOfModel(model)
  switch (loss.kind) {
    case 'focal':
      return invertFocal(scores, loss)
    case 'logit_adjusted':
      return scaleOdds(scores, pow(shown / (1 - shown), loss.tau))
    case 'log_loss':
    case 'ldam':
    case 'hard_mining':
    case 'self_paced':
      return scores
  }
}

/** What `undoTraining` undoes, for readers: `focal inverse and prior odds`. */
export function correctionInWords({ model }: Pick<Configuration, 'model'>): string {
  const { kind } = lossOfModel(model)
  if (kind === 'focal') return 'focal inverse and prior odds'
  return kind === 'logit_adjusted' ? 'logit adjustment and prior odds' : 'prior odds'
}
