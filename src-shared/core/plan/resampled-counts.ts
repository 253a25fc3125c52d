import type { SamplingChoice } from './plan.ts'

export interface ClassCounts {
  readonly negatives: number
  readonly positives: number
}

/**
 * How many samples of each class a training set has after sampling.
 *
 * Under-sampling shrinks the majority to round(ratio · minority), over-sampling grows the minority
 * to round(majority / ratio); a set already at the target ratio or milder stays as it is. With
 * equal counts the positive class counts as the minority.
 */
export function resampledCounts(
  choice: SamplingChoice,
  negatives: number,
  positives: number,
): ClassCounts {
  if (choice.kind === 'none') return { negatives, positives }
  const positivesRarer = positives <= negatives
  let minority = positivesRarer ? positives : negatives
  let majority = positivesRarer ? negatives : positives
  if (choice.kind === 'random_under') {
    majority = Math.min(majority, Math.round(choice.targetImbalanceRatio * minority))
  } else {
    minority = Math.max(minority, Math.round(majority / choice.targetImbalanceRatio))
  }
  return positivesRarer
    ? { negatives: majority, positives: minority }
    : { negatives: minority, positives: majority }
}
