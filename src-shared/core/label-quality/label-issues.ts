import { argsortAscending } from '../math/order.ts'
import { confidentJoint } from './confident-joint.ts'
import type { ClassMatrix, ConfidentJoint } from './confident-joint.ts'
import { normalizedMargin, selfConfidence } from './label-quality-scores.ts'

/**
 * Which samples are named label issues.
 *
 * - `prune_by_class`: of each given class the samples with the lowest probability of it, as many as
 *   the calibrated joint says are wrong.
 * - `prune_by_noise_rate`: of each given class the samples with the largest margin for the other
 *   one, as many as the joint counts there. With two classes the margin orders like the
 *   probability, and the two differ by how they round what `noiseShare` leaves.
 * - `both`: those that both name.
 * - `confident_learning`: the samples off the diagonal of the confident joint.
 * - `predicted_other`: those whose given class is the less probable.
 * - `low_self_confidence`, `low_normalized_margin`: the lowest scores of all samples, as many as
 *   are off the diagonal. In a rare class that finds almost nothing, for its samples are too few.
 */
export type LabelIssueMethod =
  | 'prune_by_class'
  | 'prune_by_noise_rate'
  | 'both'
  | 'confident_learning'
  | 'predicted_other'
  | 'low_self_confidence'
  | 'low_normalized_margin'

export interface LabelIssueOptions {
  /** Share of the estimated issues to name, in [0, 1]; 1 when left out. For pruning only. */
  readonly noiseShare?: number
  /** Samples of each class that must remain, at least 1; 1 when left out. For pruning only. */
  readonly leastPerClass?: number
}

/**
 * The samples whose given label confident learning doubts, most doubtful first.
 *
 * But for the two `low_` methods, a sample is only ever named when its given class is the less
 * probable one.
 *
 * @param given         0 or 1 per sample, length nSamples.
 * @param probabilities Of the positive class, out of fold, in [0, 1], length nSamples.
 * @param counted       `confidentJoint` of the same arguments, where it is at hand.
 * @returns Positions by rising self-confidence; ties keep the lower position first.
 * @throws RangeError when lengths differ, or a value or an option lies outside its range.
 *
 * O(nSamples) plus sorting what is doubted; the two `low_` methods sort all samples.
 *
 * Source: Northcutt, Jiang, Chuang (2021), "Confident Learning", section 3.3.
 */
export function findLabelIssues(
  given: Uint8Array,
  probabilities: Float64Array,
  method: LabelIssueMethod,
  { noiseShare = 1, leastPerClass = 1 }: LabelIssueOptions = {},
  counted: ConfidentJoint = confidentJoint(given, probabilities),
): Int32Array {
  if (!(noiseShare >= 0 && noiseShare <= 1)) {
    throw new RangeError(`noiseShare must lie in [0, 1], got ${noiseShare}`)
  }
  if (!Number.isInteger(leastPerClass) || leastPerClass < 1) {
    throw new RangeError(`leastPerClass must be an integer from 1, got ${leastPerClass}`)
  }
  switch (method) {
    case 'low_self_confidence':
    case 'low_normalized_margin': {
      const score = method === 'low_self_confidence' ? selfConfidence : normalizedMargin
      const scores = score(given, probabilities)
      return argsortAscending(scores).slice(0, countIssues(given, probabilities, counted))
    }
    case 'confident_learning':
      return bySelfConfidence(
        counted.offDiagonal.filter((i) => isLessProbable(given[i]!, probabilities[i]!)),
        given,
        probabilities,
      )
    case 'predicted_other':
      return bySelfConfidence(Int32Array.from(doubted(given, probabilities)), given, probabilities)
    case 'prune_by_class':
    case 'prune_by_noise_rate':
    case 'both': {
      const most = countsToPrune(counted.calibrated, noiseShare, leastPerClass)
      const all = bySelfConfidence(
        Int32Array.from(doubted(given, probabilities)),
        given,
        probabilities,
      )
      const taken = [0, 0]
      return all.filter((i) => {
        const { byClass, byNoiseRate } = most[given[i]!]!
        const limit =
          method === 'prune_by_class'
            ? byClass
            : method === 'prune_by_noise_rate'
              ? byNoiseRate
              : Math.min(byClass, byNoiseRate)
        return taken[given[i]!]!++ < limit
      })
    }
  }
}

/**
 * How many samples confident learning counts as issues: those off the diagonal of the confident
 * joint whose given class is the less probable.
 */
export function countIssues(
  given: Uint8Array,
  probabilities: Float64Array,
  counted: ConfidentJoint = confidentJoint(given, probabilities),
): number {
  let count = 0
  for (const i of counted.offDiagonal) {
    if (isLessProbable(given[i]!, probabilities[i]!)) count++
  }
  return count
}

/** Probabilities nearer than this are equal, and speak for the given class. */
const TOLERANCE = 1e-6

function isLessProbable(label: number, p: number): boolean {
  return label === 1 ? p + TOLERANCE <= 1 - p : 1 - p + TOLERANCE < p
}

function doubted(given: Uint8Array, probabilities: Float64Array): number[] {
  const found: number[] = []
  for (let i = 0; i < given.length; i++) {
    if (isLessProbable(given[i]!, probabilities[i]!)) found.push(i)
  }
  return found
}

/** Orders positions by the probability of the given label, lowest first. */
function bySelfConfidence(
  samples: Int32Array,
  given: Uint8Array,
  probabilities: Float64Array,
): Int32Array {
  const confidence = Float64Array.from(samples, (i) =>
    given[i] === 1 ? probabilities[i]! : 1 - probabilities[i]!,
  )
  return argsortAscending(confidence).map((rank) => samples[rank]!)
}

interface PruneCounts {
  readonly byClass: number
  readonly byNoiseRate: number
}

/** How many samples of each given class to name, negative first. */
function countsToPrune(
  calibrated: ClassMatrix,
  noiseShare: number,
  leastPerClass: number,
): readonly [PruneCounts, PruneCounts] {
  const ofClass = (label: 0 | 1): PruneCounts => {
    const right = calibrated[label][label]
    const wrong = calibrated[label][label === 1 ? 0 : 1]
    const total = right + wrong
    if (total <= leastPerClass) return { byClass: 0, byNoiseRate: 0 }
    const kept = Math.max(right, leastPerClass)
    const removable = wrong === 0 ? 0 : Math.max(0, wrong - (kept - right))
    const named = removable * noiseShare
    return {
      byClass: Math.max(0, total - Math.floor(kept + (removable - named))),
      byNoiseRate: Math.floor(named),
    }
  }
  return [ofClass(0), ofClass(1)]
}
