/**
 * Confident learning for two classes: how many samples of each given label really belong to the
 * other class, counted from out-of-fold probabilities.
 *
 * A sample counts for class k when its probability of k is at least what samples *given* k get on
 * average; so a model that is shy of the rare class is measured by its own yardstick. Counting those
 * by given label gives the confident joint. It leaves out the samples that are confident of nothing,
 * so its rows are scaled up to the counts of the given labels: the calibrated joint, from which the
 * noise rates are read.
 *
 * Matrices hold the given label in rows and the estimated true label in columns, negative first.
 *
 * Source: Northcutt, Jiang, Chuang (2021), "Confident Learning: Estimating Uncertainty in Dataset
 * Labels", JAIR 70, sections 3.1 and 3.2.
 */
import { requireGivenLabels } from './given-labels.ts'

/** 2 × 2, by rows. */
export type ClassMatrix = readonly [readonly [number, number], readonly [number, number]]

/** What a probability of each class must reach to be confident of it. */
export interface ConfidentThresholds {
  readonly negative: number
  readonly positive: number
}

/** Probabilities this near to a threshold reach it: sums of rounded numbers have such errors. */
const TOLERANCE = 1e-6

/** Twice the tolerance, so that a probability of 0 is never confident. */
const LEAST_THRESHOLD = 2e-6

/**
 * Mean probability of each class over the samples that are given it.
 *
 * @param given         0 or 1 per sample, length nSamples.
 * @param probabilities Of the positive class, out of fold, in [0, 1], length nSamples.
 * @returns Infinity for a class that no sample is given: nothing can be confident of it.
 * @throws RangeError when lengths differ or a value lies outside its range.
 */
export function confidentThresholds(
  given: Uint8Array,
  probabilities: Float64Array,
): ConfidentThresholds {
  requireGivenLabels(given, probabilities)
  let positives = 0
  let ofNegatives = 0
  let ofPositives = 0
  for (let i = 0; i < given.length; i++) {
    if (given[i] === 1) {
      positives++
      ofPositives += probabilities[i]!
    } else {
      ofNegatives += 1 - probabilities[i]!
    }
  }
  const negatives = given.length - positives
  return {
    negative: negatives === 0 ? Infinity : Math.max(LEAST_THRESHOLD, ofNegatives / negatives),
    positive: positives === 0 ? Infinity : Math.max(LEAST_THRESHOLD, ofPositives / positives),
  }
}

/** The counts behind an estimate of label noise. */
export interface ConfidentJoint {
  readonly thresholds: ConfidentThresholds
  /** Samples that are confident of a class; each diagonal entry at least 1. */
  readonly confident: ClassMatrix
  /** Whole numbers whose rows sum to the counts of the given labels. */
  readonly calibrated: ClassMatrix
  /** Samples confident of the class that they are not given, ascending. */
  readonly offDiagonal: Int32Array
}

/**
 * The confident joint of given and estimated true labels, as counted and calibrated.
 *
 * A sample that reaches both thresholds counts for the class of the larger probability (negative
 * when they are equal).
 *
 * @param given         0 or 1 per sample, length nSamples.
 * @param probabilities Of the positive class, out of fold, in [0, 1], length nSamples.
 * @throws RangeError when lengths differ or a value lies outside its range.
 *
 * Degenerate: with one class given, or no samples, nothing lies off the diagonal. O(nSamples).
 */
export function confidentJoint(given: Uint8Array, probabilities: Float64Array): ConfidentJoint {
  const thresholds = confidentThresholds(given, probabilities)
  const leastNegative = thresholds.negative - TOLERANCE
  const leastPositive = thresholds.positive - TOLERANCE
  const counts = [0, 0, 0, 0]
  const doubted: number[] = []
  let positives = 0
  for (let i = 0; i < given.length; i++) {
    const label = given[i]!
    positives += label
    const p = probabilities[i]!
    const isPositive = p >= leastPositive
    if (1 - p >= leastNegative ? isPositive && p > 1 - p : isPositive) {
      counts[label * 2 + 1]!++
      if (label === 0) doubted.push(i)
    } else if (1 - p >= leastNegative) {
      counts[label * 2]!++
      if (label === 1) doubted.push(i)
    }
  }
  const confident: ClassMatrix = [
    [Math.max(1, counts[0]!), counts[1]!],
    [counts[2]!, Math.max(1, counts[3]!)],
  ]
  return {
    thresholds,
    confident,
    calibrated: [
      scaledToTotal(confident[0], given.length - positives),
      scaledToTotal(confident[1], positives),
    ],
    offDiagonal: Int32Array.from(doubted),
  }
}

/** A pair of counts scaled to a total, as whole numbers that sum to it. */
function scaledToTotal(
  [first, second]: readonly [number, number],
  total: number,
): [number, number] {
  const scaled = [(first / (first + second)) * total, (second / (first + second)) * total] as const
  const rounded: [number, number] = [roundHalfEven(scaled[0]), roundHalfEven(scaled[1])]
  const lacking = total - rounded[0] - rounded[1]
  // Two halves were rounded the same way: the entry that lost (or won) most takes the difference.
  const rest = [scaled[0] - rounded[0], scaled[1] - rounded[1]] as const
  if (lacking > 0) rounded[rest[1] >= rest[0] ? 1 : 0] += lacking
  if (lacking < 0) rounded[rest[0] <= rest[1] ? 0 : 1] += lacking
  return rounded
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x)
  const rest = x - floor
  if (rest !== 0.5) return Math.round(x)
  return floor % 2 === 0 ? floor : floor + 1
}

/** What a calibrated joint says of the labels, as rates. */
export interface LabelNoise {
  /** Share of each (given, true) pair among all samples; null without samples. */
  readonly joint: ClassMatrix | null
  /** Share of each true class. */
  readonly truePrior: readonly [number, number] | null
  /** P(given | true): rows given, columns true, columns sum to 1. */
  readonly givenByTrue: ClassMatrix
  /** P(true | given): rows true, columns given, columns sum to 1. */
  readonly trueByGiven: ClassMatrix
}

/** No class is believed to be entirely mislabelled. */
const MOST_NOISE = 0.9999

/**
 * Noise rates of the labels.
 *
 * @param calibrated As `confidentJoint` returns it.
 * @returns A class that nothing is given (or estimated to be) has no noise.
 */
export function labelNoise(calibrated: ClassMatrix): LabelNoise {
  const [[a, b], [c, d]] = calibrated
  const total = a + b + c + d
  const noise = (off: number, of: number): number =>
    of === 0 ? 0 : Math.min(MOST_NOISE, Math.max(0, off / of))
  const negativeGivenPositive = noise(c, a + c)
  const positiveGivenNegative = noise(b, b + d)
  const positiveInNegatives = noise(b, a + b)
  const negativeInPositives = noise(c, c + d)
  return {
    joint:
      total === 0
        ? null
        : [
            [a / total, b / total],
            [c / total, d / total],
          ],
    truePrior: total === 0 ? null : [(a + c) / total, (b + d) / total],
    givenByTrue: [
      [1 - negativeGivenPositive, positiveGivenNegative],
      [negativeGivenPositive, 1 - positiveGivenNegative],
    ],
    trueByGiven: [
      [1 - positiveInNegatives, negativeInPositives],
      [positiveInNegatives, 1 - negativeInPositives],
    ],
  }
}
