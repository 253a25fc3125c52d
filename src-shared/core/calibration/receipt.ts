import {
  brierDecomposition,
  calibrationBins,
  expectedCalibrationError,
} from '../metrics/calibration-bins.ts'
import { checkProbabilities } from '../metrics/check-samples.ts'
import {
  measured,
  NO_NEGATIVES,
  NO_POSITIVES,
  NO_SAMPLES,
  undefinedBecause,
} from '../metrics/measured.ts'
import { brierScore, logLoss } from '../metrics/probability.ts'
import { fitLogisticLine } from './logistic-line.ts'
import { clippedLogits } from './logits.ts'
import type { Measured } from '../metrics/measured.ts'

/** How trustworthy the probabilities are, before and after each repair. */
export interface CalibrationReceipt {
  readonly correction: string | null
  readonly calibrator: string | null
  /** `raw`, then `corrected` and `recalibrated` where they were applied. */
  readonly stages: readonly CalibrationStage[]
}

export interface CalibrationStage {
  readonly stage: 'raw' | 'corrected' | 'recalibrated'
  /** Positives observed ÷ sum of probabilities; 1 is right, above 1 means too low probabilities. */
  readonly observedToExpected: number | null
  /**
   * Of a logistic recalibration on the logit, fitted together; 0 and 1 are right. A slope below 1
   * means probabilities too near to 0 and 1, above 1 too cautious ones.
   */
  readonly intercept: number | null
  readonly slope: number | null
  readonly brier: number | null
  /** Parts of the Brier score over 10 bins of equal count: reliability − resolution + uncertainty. */
  readonly reliability: number | null
  readonly resolution: number | null
  readonly uncertainty: number | null
  readonly eceEqualCount10: number | null
  readonly logLoss: number | null
  /** The reliability diagram: 10 bins of equal count, lowest probabilities first. */
  readonly bins: readonly {
    readonly count: number
    readonly meanProbability: number | null
    readonly observed: number | null
  }[]
  /** Why, for each measure above that is null. */
  readonly undefinedMeasures: readonly { readonly measure: string; readonly reason: string }[]
}

const nBins = 10

/**
 * One line of a calibration receipt: how well probabilities agree with what came.
 *
 * Intercept α and slope β are those of the unpenalised logistic regression
 *
 *     ln odds of a positive  =  α + β · logit p
 *
 * fitted together (Cox's recalibration), with p clipped to [1e-15, 1 − 1e-15]. So α is not the
 * "calibration in the large" that fixes β = 1; `observedToExpected` says how the levels compare.
 *
 * @param yTrue         0 or 1 per sample, length nSamples.
 * @param probabilities In [0, 1], length nSamples.
 * @param weights       ≥ 0 per sample; null means 1 each.
 * @throws RangeError when lengths differ or a value lies outside its range.
 *
 * Intercept and slope are null when one class is missing, when all probabilities are equal, or when
 * the probabilities separate the classes completely: then every steeper line fits better.
 *
 * Source: Cox (1958), "Two Further Applications of a Model for Binary Regression"; Van Calster,
 * McLernon, van Smeden, Wynants, Steyerberg (2019), "Calibration: the Achilles Heel of Predictive
 * Analytics".
 */
export function calibrationStage(
  stage: CalibrationStage['stage'],
  yTrue: Uint8Array,
  probabilities: Float64Array,
  weights: Float64Array | null,
): CalibrationStage {
  checkProbabilities(yTrue, probabilities, weights)
  const bins = calibrationBins(yTrue, probabilities, weights, 'equal-count', nBins)
  const parts = brierDecomposition(bins)
  const line = recalibrationLine(yTrue, probabilities, weights)
  const partOf = (part: keyof NonNullable<typeof parts>): Measured =>
    parts === null ? undefinedBecause(NO_SAMPLES) : measured(parts[part])
  const measures = {
    observedToExpected: observedToExpected(yTrue, probabilities, weights),
    intercept: 'reason' in line ? undefinedBecause(line.reason) : measured(line.intercept),
    slope: 'reason' in line ? undefinedBecause(line.reason) : measured(line.slope),
    brier: brierScore(yTrue, probabilities, weights),
    reliability: partOf('reliability'),
    resolution: partOf('resolution'),
    uncertainty: partOf('uncertainty'),
    eceEqualCount10: expectedCalibrationError(bins),
    logLoss: logLoss(yTrue, probabilities, weights),
  }
  return {
    stage,
    observedToExpected: measures.observedToExpected.value,
    intercept: measures.intercept.value,
    slope: measures.slope.value,
    brier: measures.brier.value,
    reliability: measures.reliability.value,
    resolution: measures.resolution.value,
    uncertainty: measures.uncertainty.value,
    eceEqualCount10: measures.eceEqualCount10.value,
    logLoss: measures.logLoss.value,
    bins: bins.map(({ count, meanProbability, observed }) => ({
      count,
      meanProbability,
      observed,
    })),
    undefinedMeasures: Object.entries(measures).flatMap(([measure, { reason }]) =>
      reason === null ? [] : [{ measure, reason }],
    ),
  }
}

function observedToExpected(
  yTrue: Uint8Array,
  probabilities: Float64Array,
  weights: Float64Array | null,
): Measured {
  let observed = 0
  let expected = 0
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weights === null ? 1 : weights[i]!
    expected += weight * probabilities[i]!
    if (yTrue[i] === 1) observed += weight
  }
  return expected > 0
    ? measured(observed / expected)
    : undefinedBecause('no positive is expected: every probability is 0')
}

function recalibrationLine(
  yTrue: Uint8Array,
  probabilities: Float64Array,
  weights: Float64Array | null,
): { intercept: number; slope: number } | { reason: string } {
  const positives = { least: Infinity, greatest: -Infinity }
  const negatives = { least: Infinity, greatest: -Infinity }
  const logits = clippedLogits(probabilities)
  for (let i = 0; i < yTrue.length; i++) {
    if (weights !== null && weights[i] === 0) continue
    const range = yTrue[i] === 1 ? positives : negatives
    range.least = Math.min(range.least, logits[i]!)
    range.greatest = Math.max(range.greatest, logits[i]!)
  }
  const empty = ({ least }: { least: number }): boolean => least === Infinity
  if (empty(positives)) return { reason: empty(negatives) ? NO_SAMPLES : NO_POSITIVES }
  if (empty(negatives)) return { reason: NO_NEGATIVES }
  const isConstant =
    Math.min(positives.least, negatives.least) === Math.max(positives.greatest, negatives.greatest)
  if (isConstant) return { reason: 'all probabilities are equal' }
  if (negatives.greatest <= positives.least || positives.greatest <= negatives.least) {
    return { reason: 'the probabilities separate the classes completely' }
  }
  const line = fitLogisticLine(logits, Float64Array.from(yTrue), weights)
  return line.converged ? line : { reason: 'the fit did not converge: the classes hardly overlap' }
}
