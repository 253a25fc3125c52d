/** Every loss that a plan can ask for, by its kind. */
import type { LossChoice, ModelChoice } from '../plan/plan.ts'
import { focalLossDerivatives } from './focal-loss.ts'
import { ldamMargins } from './ldam.ts'
import { logLossDerivatives } from './log-loss.ts'
import type { LossDerivatives } from './log-loss.ts'
import { logitAdjustedMargins, logitAdjustment } from './logit-adjustment.ts'
import { marginLossDerivatives } from './margin-loss.ts'

interface ClassTotals {
  /** Sums of weights, > 0. */
  readonly negatives: number
  readonly positives: number
}

type LossOfSamples = (
  yTrue: Uint8Array,
  logits: Float64Array,
  weights: Float64Array | null,
  out: LossDerivatives,
) => void

interface LossKind<Choice> {
  /** Models that can be fitted to it. */
  readonly models: readonly Extract<ModelChoice, { readonly loss?: unknown }>['kind'][]
  /**
   * Loss and derivatives of single samples. Of losses that choose which samples count, those of
   * the samples that do.
   */
  readonly of: (choice: Choice, totals: ClassTotals) => LossOfSamples
}

const stepwise = ['gradient_boosting', 'multilayer_perceptron'] as const

export const losses: {
  readonly [Kind in LossChoice['kind']]: LossKind<Extract<LossChoice, { readonly kind: Kind }>>
} = {
  log_loss: { models: ['logistic_regression', ...stepwise], of: () => logLossDerivatives },
  focal: {
    models: stepwise,
    of: (focus) => (yTrue, logits, weights, out) => {
      focalLossDerivatives(yTrue, logits, weights, focus, out)
    },
  },
  logit_adjusted: {
    models: ['logistic_regression', ...stepwise],
    of: ({ tau }, totals) => {
      const shift = logitAdjustedMargins(logitAdjustment(totals, tau))
      return (yTrue, logits, weights, out) => {
        marginLossDerivatives(yTrue, logits, weights, shift, out)
      }
    },
  },
  ldam: {
    models: stepwise,
    of: ({ maxMargin, scale }, totals) => {
      const shift = ldamMargins(totals, maxMargin, scale)
      return (yTrue, logits, weights, out) => {
        marginLossDerivatives(yTrue, logits, weights, shift, out)
      }
    },
  },
  hard_mining: { models: stepwise, of: () => logLossDerivatives },
  self_paced: { models: stepwise, of: () => logLossDerivatives },
}

/** Loss and derivatives of single samples, as the choice says. */
export function lossOfSamples(choice: LossChoice, totals: ClassTotals): LossOfSamples {
  // Each entry takes the choice of its own kind, which TypeScript can't follow through the key.
  return (losses[choice.kind] as LossKind<LossChoice>).of(choice, totals)
}
