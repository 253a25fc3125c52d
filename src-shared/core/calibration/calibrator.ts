import { blockSum } from '../math/sum.ts'
import { checkProbabilities } from '../metrics/check-samples.ts'
import type { CalibrationChoice, CalibratorKind } from '../plan/plan.ts'
import { fitBeta, predictBeta } from './beta.ts'
import type { BetaParameters } from './beta.ts'
import { fitIsotonic, predictIsotonic } from './isotonic.ts'
import { clippedLogits } from './logits.ts'
import { fitSigmoid, predictSigmoid, sigmoidTargets } from './sigmoid.ts'
import { fitTemperature, predictTemperature } from './temperature.ts'
import { fitVennAbers, predictVennAbers } from './venn-abers.ts'
import type { VennAbersFit } from './venn-abers.ts'

/** A fitted, non-decreasing map from probabilities to calibrated probabilities; plain data. */
export type Calibrator =
  | { readonly kind: 'identity' }
  /** p = 1 / (1 + exp(a · logit + b)), a ≤ 0; the logit is that of the probability, clipped. */
  | { readonly kind: 'sigmoid'; readonly a: number; readonly b: number }
  /** Straight lines between knots, constant outside; y lies strictly between 0 and 1. */
  | { readonly kind: 'isotonic'; readonly x: Float64Array; readonly y: Float64Array }
  /** p = σ(a · ln p − b · ln(1 − p) + c), a and b ≥ 0. */
  | ({ readonly kind: 'beta' } & BetaParameters)
  /** p = σ(inverseTemperature · logit). */
  | { readonly kind: 'temperature'; readonly inverseTemperature: number }
  /** What a calibrator says that has found no order in the scores. */
  | { readonly kind: 'constant'; readonly probability: number }
  | { readonly kind: 'venn_abers'; readonly fits: readonly VennAbersFit[] }
  | { readonly kind: 'cross_venn_abers'; readonly fits: readonly VennAbersFit[] }

/** What calibrators are fitted on. */
export interface CalibrationSamples {
  /** In [0, 1], length nSamples ≥ 1. */
  readonly probabilities: Float64Array
  /** 0 or 1, length nSamples. */
  readonly yTrue: Uint8Array
  /** ≥ 0, length nSamples; null means 1 each. */
  readonly weights: Float64Array | null
  /** Which of the models gave each probability, from 0; null where one gave all. */
  readonly models: Int32Array | null
}

/** Every method of calibration by its kind. */
export const calibrators: Readonly<
  Record<CalibratorKind, (samples: CalibrationSamples) => Calibrator>
> = {
  sigmoid: fitSigmoidCalibrator,
  isotonic: fitIsotonicCalibrator,
  beta: fitBetaCalibrator,
  temperature: fitTemperatureCalibrator,
  venn_abers: ({ probabilities, yTrue, weights }) => ({
    kind: 'venn_abers',
    fits: [fitVennAbers(probabilities, yTrue, weights)],
  }),
  cross_venn_abers: (samples) => ({
    kind: 'cross_venn_abers',
    fits: partsOf(samples).map(({ probabilities, yTrue, weights }) =>
      fitVennAbers(probabilities, yTrue, weights),
    ),
  }),
}

/** Which calibrator to fit; see `fitCalibrator`. */
export type CalibratorChoice = CalibrationChoice['calibrator']

/** Below this many positives isotonic calibration follows chance more than shape. */
const positivesForIsotonic = 200

/** What is said of samples stays this far from 0 and 1, where a sum of logits would round to them. */
const certainty = 1e-15

/**
 * Fits a calibrator to probabilities of samples that the model was not fitted on.
 *
 * `sigmoid` works on the logit of the probability, two parameters; `beta` has three and may bend
 * either end; `temperature` has one and can't mend a level. `isotonic` follows any increasing shape
 * and needs more samples; `venn_abers` does so more cautiously, and `cross_venn_abers` separately
 * for each of the models that scored. `auto` takes the sigmoid below 200 positives (of weight above
 * 0) and isotonic from there. `none` leaves probabilities as they are.
 *
 * All keep the order of samples, but for ties. Where the model ranks worse than chance, a plain
 * sigmoid would turn the order round; the best curve that does not is the constant one, and that
 * is what is returned. Isotonic regression ends in the same way. Curves with parameters are fitted
 * to Platt's targets, see `fitSigmoid`, so that they stay finite where the classes don't overlap.
 *
 * Isotonic regression alone says 0 for the lowest scores as long as no positive is among them, and
 * 1 for the highest likewise. That is too much to conclude from a block of m samples (sum of
 * weights), would make one miss cost an infinite log loss, and would decide against any costs. So
 * a block at 0 gets ½ / (m + 1), which is what Jeffreys' prior expects of it, but no more than the
 * next block has; a block at 1 gets the mirror image.
 *
 * @param models Which of the models gave each probability; see `CalibrationSamples`.
 * @throws RangeError when lengths differ, a number is out of range, or no sample has a weight.
 *
 * One class only: the constant that the sigmoid's targets or ½ / (m + 1) give. Deterministic.
 */
export function fitCalibrator(
  choice: CalibratorChoice,
  probabilities: Float64Array,
  yTrue: Uint8Array,
  weights: Float64Array | null,
  models: Int32Array | null = null,
): Calibrator {
  if (choice === 'none') return { kind: 'identity' }
  checkProbabilities(yTrue, probabilities, weights)
  const kind = choice === 'auto' ? suitedKind(yTrue, weights) : choice
  return calibrators[kind]({ probabilities, yTrue, weights, models })
}

/** The calibrated probabilities, in [0, 1], length nSamples. */
export function applyCalibrator(calibrator: Calibrator, probabilities: Float64Array): Float64Array {
  switch (calibrator.kind) {
    case 'identity':
      return probabilities.slice()
    case 'sigmoid':
      return predictSigmoid(calibrator, clippedLogits(probabilities))
    case 'isotonic':
      return predictIsotonic(calibrator, probabilities)
    case 'beta':
      return uncertain(predictBeta(calibrator, probabilities))
    case 'temperature':
      return uncertain(predictTemperature(calibrator.inverseTemperature, probabilities))
    case 'constant':
      return new Float64Array(probabilities.length).fill(calibrator.probability)
    case 'venn_abers':
    case 'cross_venn_abers':
      return predictVennAbers(calibrator.fits, probabilities)
  }
}

function uncertain(probabilities: Float64Array): Float64Array {
  return probabilities.map((p) => Math.max(certainty, Math.min(1 - certainty, p)))
}

function suitedKind(yTrue: Uint8Array, weights: Float64Array | null): 'sigmoid' | 'isotonic' {
  let positives = 0
  for (let i = 0; i < yTrue.length; i++) {
    if (yTrue[i] === 1 && (weights === null || weights[i]! > 0)) positives++
  }
  return positives < positivesForIsotonic ? 'sigmoid' : 'isotonic'
}

function fitSigmoidCalibrator({ probabilities, yTrue, weights }: CalibrationSamples): Calibrator {
  const logits = clippedLogits(probabilities)
  const { a, b } = fitSigmoid(logits, yTrue, weights)
  if (a <= 0) return { kind: 'sigmoid', a, b }
  const constant = fitSigmoid(new Float64Array(logits.length), yTrue, weights)
  return { kind: 'sigmoid', a: 0, b: constant.b }
}

function fitIsotonicCalibrator({ probabilities, yTrue, weights }: CalibrationSamples): Calibrator {
  const fit = fitIsotonic(probabilities, yTrue, weights)
  const fitted = predictIsotonic(fit, probabilities)
  let weightAt0 = 0
  let weightAt1 = 0
  for (let i = 0; i < fitted.length; i++) {
    const weight = weights === null ? 1 : weights[i]!
    if (fitted[i] === 0) weightAt0 += weight
    if (fitted[i] === 1) weightAt1 += weight
  }
  const lowest = Math.min(0.5 / (weightAt0 + 1), ...fit.y.filter((y) => y > 0).slice(0, 1))
  const highest = Math.max(1 - 0.5 / (weightAt1 + 1), ...fit.y.filter((y) => y < 1).slice(-1))
  const y = fit.y.map((value) => (value === 0 ? lowest : value === 1 ? highest : value))
  return { kind: 'isotonic', x: fit.x, y }
}

function fitBetaCalibrator({ probabilities, yTrue, weights }: CalibrationSamples): Calibrator {
  const targets = sigmoidTargets(yTrue, weights)
  const { a, b, c } = fitBeta(probabilities, targets, weights)
  return a >= 0 && b >= 0 ? { kind: 'beta', a, b, c } : constantAt(targets, weights)
}

function fitTemperatureCalibrator({
  probabilities,
  yTrue,
  weights,
}: CalibrationSamples): Calibrator {
  const targets = sigmoidTargets(yTrue, weights)
  const { inverseTemperature } = fitTemperature(probabilities, targets, weights)
  return inverseTemperature === null
    ? constantAt(targets, weights)
    : { kind: 'temperature', inverseTemperature }
}

function constantAt(targets: Float64Array, weights: Float64Array | null): Calibrator {
  const probability =
    weights === null
      ? blockSum(targets) / targets.length
      : blockSum(targets.map((target, i) => target * weights[i]!)) / blockSum(weights)
  return { kind: 'constant', probability }
}

/** The samples of each model, where these weigh anything. */
function partsOf(samples: CalibrationSamples): CalibrationSamples[] {
  const { probabilities, yTrue, weights, models } = samples
  if (models === null) return [samples]
  const nModels = models.reduce((most, model) => Math.max(most, model), 0) + 1
  return Array.from({ length: nModels }, (_, k) => {
    const own = Int32Array.from(models.keys()).filter(
      (i) => models[i] === k && (weights === null || weights[i]! > 0),
    )
    return {
      probabilities: Float64Array.from(own, (i) => probabilities[i]!),
      yTrue: Uint8Array.from(own, (i) => yTrue[i]!),
      weights: weights === null ? null : Float64Array.from(own, (i) => weights[i]!),
      models: null,
    }
  }).filter((part) => part.yTrue.length > 0)
}
