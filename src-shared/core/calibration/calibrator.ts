import { logit } from '../math/elementary.ts'
import { checkProbabilities } from '../metrics/check-samples.ts'
import { fitIsotonic, predictIsotonic } from './isotonic.ts'
import { fitSigmoid, predictSigmoid } from './sigmoid.ts'

/** Which calibrator to fit; see `fitCalibrator`. */
export type CalibratorChoice = 'none' | 'sigmoid' | 'isotonic' | 'auto'

/** A fitted, non-decreasing map from probabilities to calibrated probabilities; plain data. */
export type Calibrator =
  | { readonly kind: 'identity' }
  /** p = 1 / (1 + exp(a · logit + b)), a ≤ 0; the logit is that of the probability, clipped. */
  | { readonly kind: 'sigmoid'; readonly a: number; readonly b: number }
  /** Straight lines between knots, constant outside; y lies strictly between 0 and 1. */
  | { readonly kind: 'isotonic'; readonly x: Float64Array; readonly y: Float64Array }

/** Below this many positives isotonic calibration follows chance more than shape. */
const positivesForIsotonic = 200

/** Probabilities are kept this far from 0 and 1 before a logit is taken. */
const logitClip = 1e-15

/**
 * Fits a calibrator to probabilities of samples that the model was not fitted on.
 *
 * `sigmoid` works on the logit of the probability, two parameters. `isotonic` follows any
 * increasing shape and needs more samples. `auto` takes the sigmoid below 200 positives (of weight
 * above 0) and isotonic from there. `none` leaves probabilities as they are.
 *
 * Both keep the order of samples, but for ties. Where the model ranks worse than chance, a plain
 * sigmoid would turn the order round; the best curve that does not is the constant one, and that
 * is what is returned. Isotonic regression ends in the same way.
 *
 * Isotonic regression alone says 0 for the lowest scores as long as no positive is among them, and
 * 1 for the highest likewise. That is too much to conclude from a block of m samples (sum of
 * weights), would make one miss cost an infinite log loss, and would decide against any costs. So
 * a block at 0 gets ½ / (m + 1), which is what Jeffreys' prior expects of it, but no more than the
 * next block has; a block at 1 gets the mirror image.
 *
 * @param probabilities In [0, 1], length nSamples ≥ 1.
 * @param yTrue         0 or 1, length nSamples.
 * @param weights       ≥ 0, length nSamples; null means 1 each.
 * @throws RangeError when lengths differ, a number is out of range, or no sample has a weight.
 *
 * One class only: the constant that the sigmoid's targets or ½ / (m + 1) give. Deterministic.
 */
export function fitCalibrator(
  choice: CalibratorChoice,
  probabilities: Float64Array,
  yTrue: Uint8Array,
  weights: Float64Array | null,
): Calibrator {
  if (choice === 'none') return { kind: 'identity' }
  checkProbabilities(yTrue, probabilities, weights)
  const kind = choice === 'auto' ? suitedKind(yTrue, weights) : choice
  return kind === 'sigmoid'
    ? fitSigmoidCalibrator(probabilities, yTrue, weights)
    : fitIsotonicCalibrator(probabilities, yTrue, weights)
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
  }
}

/** The logits of probabilities clipped to [1e-15, 1 − 1e-15]. */
export function clippedLogits(probabilities: Float64Array): Float64Array {
  return probabilities.map((p) => logit(Math.max(logitClip, Math.min(1 - logitClip, p))))
}

function suitedKind(yTrue: Uint8Array, weights: Float64Array | null): 'sigmoid' | 'isotonic' {
  let positives = 0
  for (let i = 0; i < yTrue.length; i++) {
    if (yTrue[i] === 1 && (weights === null || weights[i]! > 0)) positives++
  }
  return positives < positivesForIsotonic ? 'sigmoid' : 'isotonic'
}

function fitSigmoidCalibrator(
  probabilities: Float64Array,
  yTrue: Uint8Array,
  weights: Float64Array | null,
): Calibrator {
  const logits = clippedLogits(probabilities)
  const { a, b } = fitSigmoid(logits, yTrue, weights)
  if (a <= 0) return { kind: 'sigmoid', a, b }
  const constant = fitSigmoid(new Float64Array(logits.length), yTrue, weights)
  return { kind: 'sigmoid', a: 0, b: constant.b }
}

function fitIsotonicCalibrator(
  probabilities: Float64Array,
  yTrue: Uint8Array,
  weights: Float64Array | null,
): Calibrator {
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
