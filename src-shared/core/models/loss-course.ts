/** What a loss of the plan means for a model that is trained step by step. */
import { ldamMargins } from '../losses/ldam.ts'
import type { MarginShift } from '../losses/margin-loss.ts'
import { keepSmallest } from '../losses/select-by-margin.ts'
import type { LossChoice } from '../plan/plan.ts'
import { effectiveNumberWeights } from '../weighting/effective-number.ts'
import type { Prior } from './prior-logit.ts'

const asItIs: MarginShift = { positive: 0, negative: 0, scale: 1 }

/** How the loss moves margins by class. */
export function marginsOf(loss: LossChoice, { negatives, positives }: Prior): MarginShift {
  return loss.kind === 'ldam'
    ? ldamMargins({ negatives, positives }, loss.maxMargin, loss.scale)
    : asItIs
}

/** What is to be taken off a logit trained with the log loss of the prior added: see Menon 2021. */
export function adjustmentOf(loss: LossChoice | undefined, prior: Prior): number {
  return loss?.kind === 'logit_adjusted' && prior.hasBothClasses ? loss.tau * prior.logit : 0
}

/** How much samples count as training goes on. */
export interface LossCourse {
  /** Share of the training from which on samples count for what they do in the end. */
  readonly settledFrom: number
  /**
   * @param progress Share of the training that lies behind, in [0, 1).
   * @param logits   The logits of all samples as the model stands.
   * @returns A factor ≥ 0 per sample, to be used until the next call; null for 1 each.
   */
  factorsAt(progress: number, logits: () => Float64Array): Float64Array | null
}

/** @param weights ≥ 0 per sample. */
export function courseOf(
  loss: LossChoice,
  yTrue: Uint8Array,
  weights: Float64Array,
  prior: Prior,
): LossCourse {
  switch (loss.kind) {
    case 'ldam':
      return deferred(loss, yTrue, prior)
    case 'self_paced':
      return easyFirst(loss, yTrue, weights)
    case 'hard_mining': {
      const factors = new Float64Array(yTrue.length)
      return {
        settledFrom: 0,
        factorsAt(_, logits) {
          keepSmallest(marginsAt(yTrue, logits(), 1), weights, loss.share, factors)
          return factors
        },
      }
    }
    case 'log_loss':
    case 'focal':
    case 'logit_adjusted':
      return { settledFrom: 0, factorsAt: () => null }
  }
}

/** Class weights by effective number that come late; all samples weigh as much as before. */
function deferred(
  { deferral, beta }: Extract<LossChoice, { kind: 'ldam' }>,
  yTrue: Uint8Array,
  { negatives, positives }: Prior,
): LossCourse {
  if (deferral >= 1) return { settledFrom: 0, factorsAt: () => null }
  const { negative, positive } = effectiveNumberWeights({ negatives, positives }, beta)
  const scale = (negatives + positives) / (negatives * negative + positives * positive)
  const factors = Float64Array.from(yTrue, (label) => scale * (label === 1 ? positive : negative))
  return {
    settledFrom: deferral,
    factorsAt: (progress) => (progress < deferral ? null : factors),
  }
}

/** The easiest samples of each class first, all in the end. */
function easyFirst(
  { startShare, pace }: Extract<LossChoice, { kind: 'self_paced' }>,
  yTrue: Uint8Array,
  weights: Float64Array,
): LossCourse {
  const ofClass = [0, 1].map((label) => weights.map((w, i) => (yTrue[i] === label ? w : 0)))
  const kept = new Float64Array(yTrue.length)
  const factors = new Float64Array(yTrue.length)
  return {
    settledFrom: startShare >= 1 ? 0 : pace,
    factorsAt(progress, logits) {
      if (progress >= pace || startShare >= 1) return null
      const share = startShare + (1 - startShare) * (progress / pace)
      const hardness = marginsAt(yTrue, logits(), -1)
      ofClass.forEach((own, label) => {
        keepSmallest(hardness, own, share, kept)
        for (let i = 0; i < factors.length; i++) if (yTrue[i] === label) factors[i] = kept[i]!
      })
      return factors
    },
  }
}

/** ± s·z per sample, s = ±1 for its class. */
export function marginsAt(yTrue: Uint8Array, logits: Float64Array, sign: 1 | -1): Float64Array {
  return logits.map((z, i) => (yTrue[i] === 1 ? sign * z : -sign * z))
}

/** @throws RangeError when a hyperparameter of the loss is out of its range. */
export function requireLoss(loss: LossChoice | undefined): void {
  const require = (ok: boolean, name: string, wanted: string, got: number): void => {
    if (!ok) throw new RangeError(`${name} must be ${wanted}, got ${got}`)
  }
  switch (loss?.kind) {
    case 'focal':
      require(loss.gamma >= 0 && loss.gamma <= 20, 'gamma', 'in [0, 20]', loss.gamma)
      require(loss.alpha > 0 && loss.alpha < 1, 'alpha', 'in (0, 1)', loss.alpha)
      break
    case 'logit_adjusted':
      require(loss.tau >= 0 && loss.tau <= 10, 'tau', 'in [0, 10]', loss.tau)
      break
    case 'ldam':
      require(loss.maxMargin >= 0 &&
        loss.maxMargin <= 100, 'maxMargin', 'in [0, 100]', loss.maxMargin)
      require(loss.scale > 0 && loss.scale <= 100, 'scale', 'in (0, 100]', loss.scale)
      require(loss.deferral >= 0 && loss.deferral <= 1, 'deferral', 'in [0, 1]', loss.deferral)
      require(loss.beta >= 0 && loss.beta < 1, 'beta', 'in [0, 1)', loss.beta)
      break
    case 'hard_mining':
      require(loss.share > 0 && loss.share <= 1, 'share', 'in (0, 1]', loss.share)
      break
    case 'self_paced':
      require(loss.startShare > 0 &&
        loss.startShare <= 1, 'startShare', 'in (0, 1]', loss.startShare)
      require(loss.pace >= 0 && loss.pace <= 1, 'pace', 'in [0, 1]', loss.pace)
      break
    case 'log_loss':
    case undefined:
      break
  }
}
