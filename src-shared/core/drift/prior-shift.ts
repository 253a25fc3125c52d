/**
 * The prevalence of unlabelled cases, from how a model scores them.
 *
 * Both ways suppose that only the prevalence has changed, not what positives and negatives look
 * like; neither can tell whether that is so.
 */
import { noCheckpoint, type Checkpoint } from '../math/checkpoint.ts'
import { blockSum } from '../math/sum.ts'

const MOST_ITERATIONS = 10_000
const ITERATIONS_PER_CHECKPOINT = 8

export interface EstimatedPrior {
  readonly prevalence: number
  /** Estimates of each iteration, the prevalence in training first. */
  readonly iterates: readonly number[]
  /** The probabilities at the new prevalence, length nSamples. */
  readonly posterior: Float64Array
  /** False when 10,000 iterations did not suffice; the numbers are then the last ones. */
  readonly converged: boolean
}

/**
 * Prevalence of new cases by expectation maximisation: with p from a calibrated model trained at
 * prevalence π₀, and π the estimate so far, each probability becomes
 *
 *     q = (π / π₀) p / ((π / π₀) p + ((1 − π) / (1 − π₀)) (1 − p))
 *
 * and the next π is the mean of q. This maximises the likelihood of π.
 *
 * @param probabilities In [0, 1], length nSamples ≥ 1; calibrated.
 * @param trainPrior    In (0, 1).
 * @param weights       ≥ 0 per sample, summing to more than 0; null means 1 each.
 * @param tolerance     Stops when π moves by less.
 * @throws RangeError when a value lies outside its range.
 *
 * Degenerate: probabilities that never exceed those of the negatives lead towards 0, slowly.
 *
 * Source: Saerens, Latinne and Decaestecker (2002), "Adjusting the Outputs of a Classifier to New a
 * Priori Probabilities", eq. 2.9.
 */
export function estimatePrior(
  probabilities: Float64Array,
  trainPrior: number,
  weights: Float64Array | null = null,
  tolerance = 1e-14,
  checkpoint: Checkpoint = noCheckpoint,
): EstimatedPrior {
  if (!(trainPrior > 0 && trainPrior < 1)) {
    throw new RangeError(`trainPrior must lie in (0, 1), got ${trainPrior}`)
  }
  for (const p of probabilities) {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`probabilities must lie in [0, 1], got ${p}`)
  }
  const total = weights === null ? probabilities.length : blockSum(weights)
  if (!(total > 0)) throw new RangeError('an estimate needs samples of positive weight, got none')

  const posterior = new Float64Array(probabilities.length)
  const weighted = weights === null ? posterior : new Float64Array(probabilities.length)
  const iterates = [trainPrior]
  let prevalence = trainPrior
  let converged = false
  for (let iteration = 0; iteration < MOST_ITERATIONS && !converged; iteration++) {
    if (iteration % ITERATIONS_PER_CHECKPOINT === 0) checkpoint(iteration / MOST_ITERATIONS)
    const up = prevalence / trainPrior
    const down = (1 - prevalence) / (1 - trainPrior)
    for (let i = 0; i < posterior.length; i++) {
      const part = up * probabilities[i]!
      const whole = part + down * (1 - probabilities[i]!)
      posterior[i] = whole > 0 ? part / whole : 0
      if (weights !== null) weighted[i] = weights[i]! * posterior[i]!
    }
    const next = blockSum(weighted) / total
    iterates.push(next)
    converged = Math.abs(next - prevalence) < tolerance
    prevalence = next
  }
  return { prevalence, iterates, posterior, converged }
}

export interface ShiftedPrior {
  /** Share of all validation samples by decision (row) and truth (column): tn, fn; fp, tp. */
  readonly joint: readonly [readonly [number, number], readonly [number, number]]
  /** Shares of the new cases decided negative, positive. */
  readonly decided: readonly [number, number]
  /** New over old prevalence, by class; a negative one says that the supposition is wrong. */
  readonly weights: readonly [number, number]
  /** Prevalence of the new cases, which noise may push out of [0, 1]; and cut to it. */
  readonly prevalence: number
  readonly clipped: number
  /** Condition number of `joint`: how much noise is magnified. */
  readonly condition: number
}

/**
 * Prevalence of new cases from decisions alone: black-box shift estimation, for two classes the
 * same as the adjusted count (share called − false positive rate) / (recall − false positive rate).
 *
 * @param yTrue, decided  0 or 1 per validation sample.
 * @param newDecisions    0 or 1 per new case.
 * @returns null when a class is missing from the validation samples or decisions say nothing of the
 *   truth: then every prevalence fits.
 * @throws RangeError when lengths differ or there are no new cases.
 *
 * Source: Lipton, Wang and Smola (2018), "Detecting and Correcting for Label Shift with Black Box
 * Predictors"; Forman (2008), "Quantifying Counts and Costs via Classification".
 */
export function blackBoxShift(
  yTrue: Uint8Array,
  decided: Uint8Array,
  newDecisions: Uint8Array,
): ShiftedPrior | null {
  if (yTrue.length !== decided.length) {
    throw new RangeError(
      `every label needs its decision, got ${yTrue.length} and ${decided.length}`,
    )
  }
  if (newDecisions.length === 0) throw new RangeError('newDecisions must not be empty')
  const n = yTrue.length
  const cells = [0, 0, 0, 0] // 2 · decision + truth
  for (let i = 0; i < n; i++) cells[2 * decided[i]! + yTrue[i]!]! += 1
  const [a, b, c, d] = cells.map((count) => count / n) as [number, number, number, number]
  const called = newDecisions.reduce((sum, decision) => sum + decision, 0) / newDecisions.length
  const determinant = a * d - b * c
  if (!(Math.abs(determinant) > 1e-12) || a + c === 0 || b + d === 0) return null
  const weights: [number, number] = [
    (d * (1 - called) - b * called) / determinant,
    (a * called - c * (1 - called)) / determinant,
  ]
  const prevalence = weights[1] * (b + d)
  // Singular values s, t: s² + t² is the sum of squares, s · t the determinant.
  const squares = a * a + b * b + c * c + d * d
  const gap = Math.sqrt(Math.max(0, squares * squares - 4 * determinant * determinant))
  const larger = (squares + gap) / 2
  return {
    joint: [
      [a, b],
      [c, d],
    ],
    decided: [1 - called, called],
    weights,
    prevalence,
    clipped: Math.min(1, Math.max(0, prevalence)),
    condition: larger / Math.abs(determinant),
  }
}
