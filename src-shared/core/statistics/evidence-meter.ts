/** What may be claimed from so many positives, before any model has been fitted. */
import { formatNumber } from '../format.ts'
import { ln, pow } from '../math/elementary.ts'
import { normalQuantile } from '../math/normal.ts'

/**
 * `nothing`: below 5 positives. `counts only`: below 20; exact intervals only, with a warning.
 * `rough`: recall to worse than ± 10 points. `usable`: to ± 10. `fine`: to ± 5.
 */
export type EvidenceClaim = 'nothing' | 'counts only' | 'rough' | 'usable' | 'fine'

export interface Evidence {
  readonly positives: number
  readonly claim: EvidenceClaim
  /** Half the width of the widest 95 % interval of recall (Wilson, at one half), in (0, ½]. */
  readonly halfWidth: number
  /** Positives more that halve it. */
  readonly positivesToHalve: number
  /** Cases to label at random for these; null when the prevalence is unknown. */
  readonly labelsToHalve: number | null
  /** The largest recall that 95 % confidence can go with, even if every positive is caught. */
  readonly largestSureRecall: number
  /** Smallest difference in recall between two models that a test at 5 % finds 4 times in 5. */
  readonly smallestDifference: number | null
  readonly sentence: string
}

const LEVEL = 0.95
const POWER = 0.8

/** Below so many positives every interval carries a warning. */
const FEW_POSITIVES = 20
/** Below so many successes or failures an interval carries a warning. */
const FEW_OUTCOMES = 5

/**
 * The evidence in a number of positives.
 *
 * Recall, precision among alerts and cost all rest on positives; negatives are plenty. The interval
 * of recall is widest at one half, where Wilson's has half the width z / (2 √(n + z²)); it halves
 * with 3 n + 3 z² positives more.
 *
 * @param positives  An integer ≥ 0.
 * @param prevalence In (0, 1); null when unknown.
 * @throws RangeError when an argument lies outside its range.
 */
export function evidenceMeter(positives: number, prevalence: number | null): Evidence {
  if (!Number.isSafeInteger(positives) || positives < 0) {
    throw new RangeError(`positives must be a non-negative integer, got ${positives}`)
  }
  if (prevalence !== null && !(prevalence > 0 && prevalence < 1)) {
    throw new RangeError(`prevalence must lie in (0, 1), got ${prevalence}`)
  }
  const z = normalQuantile((1 + LEVEL) / 2)
  const halfWidth = z / (2 * Math.sqrt(positives + z * z))
  const positivesToHalve = Math.ceil(3 * positives + 3 * z * z)
  const labelsToHalve = prevalence === null ? null : Math.ceil(positivesToHalve / prevalence)
  const reach = z + normalQuantile(POWER)
  const smallestDifference = positives === 0 ? null : reach / Math.sqrt(2 * positives)
  const claim = claimOf(positives, halfWidth)
  const points = `± ${Math.ceil(halfWidth * 100)} points`
  const more =
    labelsToHalve === null
      ? `${positivesToHalve} more positives halve it`
      : `${positivesToHalve} more positives, about ${formatNumber(labelsToHalve)} labels, halve it`
  return {
    positives,
    claim,
    halfWidth,
    positivesToHalve,
    labelsToHalve,
    largestSureRecall: positives === 0 ? 0 : pow(1 - LEVEL, 1 / positives),
    smallestDifference:
      smallestDifference !== null && smallestDifference <= 1 ? smallestDifference : null,
    sentence:
      claim === 'nothing'
        ? `${positives} positives say nothing of recall; ${more}.`
        : `${positives} positives: recall to ${points} at best; ${more}.`,
  }
}

function claimOf(positives: number, halfWidth: number): EvidenceClaim {
  if (positives < FEW_OUTCOMES) return 'nothing'
  if (positives < FEW_POSITIVES) return 'counts only'
  if (halfWidth > 0.1) return 'rough'
  return halfWidth > 0.05 ? 'usable' : 'fine'
}

/** Positives with which recall is known to ± `halfWidth` at worst; `halfWidth` in (0, ½). */
export function positivesForHalfWidth(halfWidth: number): number {
  if (!(halfWidth > 0 && halfWidth < 0.5)) {
    throw new RangeError(`halfWidth must lie in (0, 0.5), got ${halfWidth}`)
  }
  const z = normalQuantile((1 + LEVEL) / 2)
  return Math.max(0, Math.ceil((z * z) / (4 * halfWidth * halfWidth) - z * z))
}

/** Positives that all have to be caught before a recall is sure; recall and confidence in (0, 1). */
export function positivesForSureRecall(recall: number, confidence: number): number {
  if (!(recall > 0 && recall < 1 && confidence > 0 && confidence < 1)) {
    throw new RangeError(`recall and confidence must lie in (0, 1), got ${recall}, ${confidence}`)
  }
  return Math.ceil(ln(1 - confidence) / ln(recall))
}

/**
 * Why an interval is to be shown with a warning; null where it can stand alone.
 *
 * @param successes, failures Of the share that the interval is of; null where it is of none.
 */
export function intervalWarning(
  positives: number,
  outcomes: { readonly successes: number; readonly failures: number } | null,
): string | null {
  if (positives < FEW_POSITIVES) {
    return `rests on ${positives} positives; below ${FEW_POSITIVES} intervals may be off`
  }
  if (outcomes === null) return null
  const { successes, failures } = outcomes
  if (successes < FEW_OUTCOMES) return `rests on ${successes} successes`
  return failures < FEW_OUTCOMES ? `rests on ${failures} failures` : null
}
