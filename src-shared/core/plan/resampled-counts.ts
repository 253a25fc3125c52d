import type { SamplingChoice } from './sampling-choice.ts'
import { samplingKinds } from './sampling-kinds.ts'

export interface ClassCounts {
  readonly negatives: number
  readonly positives: number
}

/**
 * How many samples of each class a training set has after sampling, at most.
 *
 * Under-sampling shrinks the majority to round(ratio · minority), over-sampling grows the minority
 * to round(majority / ratio); a set already at the target ratio or milder stays as it is. Counts
 * asked for by class take the place of the ratio; only random sampling may change both classes.
 * With equal counts the positive class counts as the minority. Cleaning takes out what it finds:
 * there the counts are bounds, as they nearly are for samplers that round by sample or cluster.
 */
export function resampledCounts(
  choice: SamplingChoice,
  negatives: number,
  positives: number,
): ClassCounts {
  if (!('targetImbalanceRatio' in choice)) return { negatives, positives }
  const positivesRarer = positives <= negatives
  const minority = positivesRarer ? positives : negatives
  const majority = positivesRarer ? negatives : positives
  const grows = samplingKinds[choice.kind].does !== 'shrinks'
  const towards = grows ? Math.max : Math.min
  const asked = choice.targetCounts
  let wantedMinority = minority
  let wantedMajority = majority
  if (asked !== undefined) {
    wantedMinority = (positivesRarer ? asked.positives : asked.negatives) ?? minority
    wantedMajority = (positivesRarer ? asked.negatives : asked.positives) ?? majority
  } else if (grows) {
    wantedMinority = Math.round(majority / choice.targetImbalanceRatio)
  } else {
    wantedMajority = Math.round(choice.targetImbalanceRatio * minority)
  }
  const anyClass = choice.kind === 'random_over' || choice.kind === 'random_under'
  const after = {
    minority: grows || anyClass ? towards(minority, wantedMinority) : minority,
    majority: !grows || anyClass ? towards(majority, wantedMajority) : majority,
  }
  return positivesRarer
    ? { negatives: after.majority, positives: after.minority }
    : { negatives: after.minority, positives: after.majority }
}
