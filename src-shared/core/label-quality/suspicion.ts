/**
 * Which samples to look at first: one ranking for samples given negative that look positive, one
 * for the other way round, and both laid together.
 *
 * Ranking all samples by self-confidence finds almost none of the missed positives of a rare class:
 * a model is less sure of every true positive than of any negative, so the true positives crowd the
 * top. Within one given class the order is by the blended logit alone.
 */
import { logit, sigmoid } from '../math/elementary.ts'
import { argsortDescending } from '../math/order.ts'
import { blendScores } from './blend-scores.ts'
import { confidentJoint } from './confident-joint.ts'
import type { ConfidentJoint } from './confident-joint.ts'
import { wrongLabelProbability } from './wrong-label.ts'

/** Probabilities of one model, one set per repeat of its folds. */
export interface ModelScores {
  readonly name: string
  /** Of the positive class, out of fold, length nSamples each; at least one. */
  readonly repeats: readonly Float64Array[]
}

export interface Suspicion {
  readonly models: readonly { readonly name: string; readonly weight: number }[]
  /** Blended logit of the positive class per sample: what ranks within a given class. */
  readonly logits: Float64Array
  /** From blended logits to those of `probabilities`. */
  readonly line: { readonly intercept: number; readonly slope: number }
  /** Probability of the positive class as labels are given, per sample, by the blend. */
  readonly probabilities: Float64Array
  /** Probability that the given label is wrong, per sample; see `wrongLabelProbability`. */
  readonly wrong: Float64Array
  /** Mean probability per model over its repeats. */
  readonly byModel: readonly Float64Array[]
  /** Confident learning on the blended probabilities. */
  readonly counted: ConfidentJoint
  /** Samples given negative, the likeliest positives first. */
  readonly negatives: Int32Array
  /** Samples given positive, the likeliest negatives first. */
  readonly positives: Int32Array
  /** All samples: the two rankings laid together. */
  readonly order: Int32Array
}

/** Nobody has earned a certainty beyond one in a million; and its logit stays finite. */
const LEAST_PROBABILITY = 1e-6

/**
 * Ranks samples by how much several models, over several repeats, doubt their given labels.
 *
 * A model's logits are averaged over its repeats, models are blended as `blendScores` says. The two
 * rankings are merged by the probability that a label is wrong, so that each class gets the places
 * that the noise of its labels earns. Ties keep the lower position first.
 *
 * @param given 0 or 1 per sample, length nSamples.
 * @throws RangeError when there is no model or no repeat, or lengths differ.
 */
export function rankSuspicion(given: Uint8Array, models: readonly ModelScores[]): Suspicion {
  const meanLogits = models.map(({ name, repeats }) => {
    if (repeats.length === 0)
      throw new RangeError(`${name} must have at least one repeat, got none`)
    const sum = new Float64Array(given.length)
    for (const scores of repeats) {
      if (scores.length !== given.length) {
        throw new RangeError(`${name} must score ${given.length} samples, got ${scores.length}`)
      }
      for (let i = 0; i < sum.length; i++) sum[i]! += boundedLogit(scores[i]!)
    }
    return sum.map((total) => total / repeats.length)
  })
  const { weights, logits, line, probabilities } = blendScores(given, meanLogits)
  const counted = confidentJoint(given, probabilities)
  const negatives = rankedClass(given, 0, logits)
  const positives = rankedClass(given, 1, logits)
  const wrong = wrongLabelProbability(given, probabilities, counted.calibrated)
  return {
    models: models.map(({ name }, m) => ({ name, weight: weights[m]! })),
    logits,
    line,
    probabilities,
    wrong,
    byModel: meanLogits.map((of) => of.map(sigmoid)),
    counted,
    negatives,
    positives,
    order: layTogether(negatives, positives, wrong),
  }
}

/**
 * What the blend says in each repeat by itself: how much the luck of the folds has to do with it.
 *
 * @param models    As they were ranked; repeats that a model lacks take its mean.
 * @param suspicion What `rankSuspicion` made of them.
 * @returns Probability of the positive class per repeat, length nSamples each.
 */
export function blendedPerRepeat(
  given: Uint8Array,
  models: readonly ModelScores[],
  { models: weights, line, byModel }: Suspicion,
): Float64Array[] {
  const nRepeats = models.reduce((most, { repeats }) => Math.max(most, repeats.length), 0)
  return Array.from({ length: nRepeats }, (_, repeat) =>
    Float64Array.from(given, (_, i) => {
      const blended = models.reduce(
        (sum, { repeats }, m) =>
          sum + weights[m]!.weight * boundedLogit((repeats[repeat] ?? byModel[m]!)[i]!),
        0,
      )
      return sigmoid(line.intercept + line.slope * blended)
    }),
  )
}

export function boundedLogit(p: number): number {
  return logit(Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, p)))
}

/** Samples of one given class, the most doubtful first. */
function rankedClass(given: Uint8Array, label: 0 | 1, logits: Float64Array): Int32Array {
  const samples = Int32Array.from(given.keys()).filter((i) => given[i] === label)
  const doubt = Float64Array.from(samples, (i) => (label === 0 ? logits[i]! : -logits[i]!))
  return argsortDescending(doubt).map((rank) => samples[rank]!)
}

/** Merges two rankings by the probability of a wrong label; each keeps its own order. */
function layTogether(a: Int32Array, b: Int32Array, wrong: Float64Array): Int32Array {
  const merged = new Int32Array(a.length + b.length)
  for (let i = 0, atA = 0, atB = 0; i < merged.length; i++) {
    const takeA = atB === b.length || (atA < a.length && wrong[a[atA]!]! >= wrong[b[atB]!]!)
    merged[i] = takeA ? a[atA++]! : b[atB++]!
  }
  return merged
}
