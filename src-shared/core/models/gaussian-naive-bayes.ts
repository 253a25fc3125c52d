/**
 * Gaussian naive Bayes: within a class every feature is normal, and independent of the others.
 *
 * With μ and σ² the weighted mean and population variance of feature f among the samples of class c,
 * the latter plus `varianceShare` times the largest variance of a feature over all samples,
 *
 *     logit  =  ln(π₁ / π₀) + Σ_f [ ln N(x_f; μ₁f, σ²₁f) − ln N(x_f; μ₀f, σ²₀f) ]
 *
 * A missing value says nothing: it is left out of means and variances, and of the sum. So is a
 * feature without two values, or which one class lacks.
 *
 * Independence rarely holds, so the logits are usually far too sure; recalibrate them.
 */
import type { Checkpoint } from '../math/checkpoint.ts'
import { ln } from '../math/elementary.ts'
import type { Matrix } from '../math/matrix.ts'
import { blockSum } from '../math/sum.ts'
import type { GaussianNaiveBayesChoice } from '../plan/plan.ts'
import { priorOf } from './prior-logit.ts'
import type { FitReport, TrainingSet } from './training-set.ts'

export interface GaussianNaiveBayesModel {
  readonly kind: 'gaussian_naive_bayes'
  readonly nFeatures: number
  /** Log-odds of the weighted prevalence. */
  readonly priorLogit: number
  /** Weighted share of both classes, negatives first. */
  readonly priors: readonly [number, number]
  /** What is added to every variance. */
  readonly epsilon: number
  /** Per class, negatives first, and feature; NaN-free: features left out have mean 0, variance 0. */
  readonly means: readonly [Float64Array, Float64Array]
  readonly variances: readonly [Float64Array, Float64Array]
}

const SAMPLES_PER_CHECKPOINT = 1 << 16

/**
 * Fits Gaussian naive Bayes.
 *
 * @returns `iterations` is 1; 0 with one class only.
 * @throws RangeError when varianceShare is negative or not finite.
 */
export function fitGaussianNaiveBayes(
  { varianceShare }: GaussianNaiveBayesChoice,
  { X, yTrue, weights }: TrainingSet,
  checkpoint: Checkpoint,
): { readonly model: GaussianNaiveBayesModel; readonly report: FitReport } {
  if (!(varianceShare >= 0 && varianceShare < Infinity)) {
    throw new RangeError(`varianceShare must be a finite number from 0, got ${varianceShare}`)
  }
  const { nSamples, nFeatures } = X
  const prior = priorOf(yTrue, weights)
  const means: [Float64Array, Float64Array] = [
    new Float64Array(nFeatures),
    new Float64Array(nFeatures),
  ]
  const variances: [Float64Array, Float64Array] = [
    new Float64Array(nFeatures),
    new Float64Array(nFeatures),
  ]
  const weightOf = (i: number): number => (weights === null ? 1 : weights[i]!)
  let largest = 0
  if (prior.hasBothClasses) {
    const column = new Float64Array(nSamples)
    const isDrawn = new Uint8Array(nSamples)
    for (let feature = 0; feature < nFeatures; feature++) {
      checkpoint((0.99 * feature) / nFeatures)
      for (let i = 0, at = feature; i < nSamples; i++, at += nFeatures) column[i] = X.values[at]!
      const ofClass = [0, 1].map((label) => {
        for (let i = 0; i < nSamples; i++) {
          isDrawn[i] = yTrue[i] === label && !Number.isNaN(column[i]) ? 1 : 0
        }
        return momentsOf(column, isDrawn, weightOf)
      })
      for (let i = 0; i < nSamples; i++) {
        isDrawn[i] = weightOf(i) > 0 && !Number.isNaN(column[i]) ? 1 : 0
      }
      // As the peer has it, this one does without weights.
      largest = Math.max(largest, momentsOf(column, isDrawn, () => 1).variance)
      if (ofClass.some(({ weight }) => weight === 0)) continue
      ofClass.forEach(({ mean, variance }, label) => {
        means[label]![feature] = mean
        variances[label]![feature] = variance
      })
    }
  }
  const epsilon = varianceShare * largest
  for (const ofClass of variances) {
    for (let feature = 0; feature < nFeatures; feature++) ofClass[feature]! += epsilon
  }
  const positive = 1 / (1 + negativeOdds(yTrue, weightOf))
  checkpoint(1)
  return {
    model: {
      kind: 'gaussian_naive_bayes',
      nFeatures,
      priorLogit: prior.logit,
      priors: [1 - positive, positive],
      epsilon,
      means,
      variances,
    },
    report: { iterations: prior.hasBothClasses ? 1 : 0, converged: true },
  }
}

/** Logit per sample, length nSamples. */
export function gaussianNaiveBayesLogits(
  { nFeatures, priorLogit, means, variances }: GaussianNaiveBayesModel,
  { values, nSamples }: Matrix,
  checkpoint: Checkpoint,
): Float64Array {
  const used = Array.from({ length: nFeatures }, (_, k) => k).filter(
    (k) => variances[0][k]! > 0 && variances[1][k]! > 0,
  )
  const base = used.reduce(
    (sum, k) => sum + (ln(variances[0][k]!) - ln(variances[1][k]!)) / 2,
    priorLogit,
  )
  const logits = new Float64Array(nSamples)
  for (let i = 0; i < nSamples; i++) {
    if (i % SAMPLES_PER_CHECKPOINT === 0) checkpoint(i / nSamples)
    let logit = base
    for (const k of used) {
      const x = values[i * nFeatures + k]!
      if (Number.isNaN(x)) {
        logit -= (ln(variances[0][k]!) - ln(variances[1][k]!)) / 2
        continue
      }
      const fromNegatives = x - means[0][k]!
      const fromPositives = x - means[1][k]!
      logit +=
        (fromNegatives * fromNegatives) / (2 * variances[0][k]!) -
        (fromPositives * fromPositives) / (2 * variances[1][k]!)
    }
    logits[i] = Math.min(Math.max(logit, -MOST_LOGIT), MOST_LOGIT)
  }
  return logits
}

const MOST_LOGIT = 30 // beyond it a probability differs from certainty by rounding alone

/** Weighted mean and population variance of the samples that are drawn; 0 without any. */
function momentsOf(
  values: Float64Array,
  isDrawn: Uint8Array,
  weightOf: (sample: number) => number,
): { readonly weight: number; readonly mean: number; readonly variance: number } {
  const terms = new Float64Array(values.length)
  const sumOf = (term: (sample: number) => number): number => {
    for (let i = 0; i < terms.length; i++) terms[i] = isDrawn[i] === 1 ? weightOf(i) * term(i) : 0
    return blockSum(terms)
  }
  const weight = sumOf(() => 1)
  if (weight === 0) return { weight, mean: 0, variance: 0 }
  const mean = sumOf((i) => values[i]!) / weight
  const variance = sumOf((i) => (values[i]! - mean) * (values[i]! - mean)) / weight
  return { weight, mean, variance }
}

/** Weight of the negatives by that of the positives. */
function negativeOdds(yTrue: Uint8Array, weightOf: (sample: number) => number): number {
  const weightOfClass = (label: number): number =>
    blockSum(Float64Array.from(yTrue, (y, i) => (y === label ? weightOf(i) : 0)))
  return weightOfClass(0) / weightOfClass(1)
}
