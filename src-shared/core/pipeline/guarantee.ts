import { learnThenTest } from '../decision/learn-then-test.ts'
import type { Guarantee, Promised } from '../decision/learn-then-test.ts'
import { maxAlertShare } from '../frame/limits.ts'
import type { FrameLimits } from '../frame/limits.ts'
import type { SolverAnswer } from '../report/analysis.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { FoldResult } from './fold-result.ts'
import type { OutOfFold } from './out-of-fold.ts'
import { pick } from './run-fold.ts'

/** Accepted chance that a promise is broken. */
const DELTA = 0.1

/** What the frame promises, as far as it can be tested case by case. */
function promisesOf(limits: FrameLimits): readonly Promised[] {
  const share = maxAlertShare(limits)
  return [
    // A rate of 1 can be promised by no number of cases.
    ...limits.commitments
      .filter(({ atLeast }) => atLeast < 1)
      .map(({ measure, atLeast }) => ({ measure, limit: atLeast })),
    ...(share !== null && share > 0 && share < 1
      ? [{ measure: 'alert share' as const, limit: share }]
      : []),
  ]
}

/** Why no threshold can be promised for an experiment; null where one can. */
export function noGuaranteeBecause(
  data: FrameLimits & Pick<ExperimentData, 'plan' | 'decisionWeights' | 'groups'>,
): string | null {
  const { plan, decisionWeights, groups } = data
  if ((plan.validation?.calibrationShare ?? 0) === 0) {
    return 'no cases were kept unseen to test thresholds on (validation.calibration_share)'
  }
  if (promisesOf(data).length === 0) {
    return 'the frame promises nothing: neither a rate nor a number of alerts'
  }
  if (decisionWeights !== null) return 'cases are weighted, and the test counts cases'
  return groups === null ? null : 'cases come in groups, and the test takes them one by one'
}

/**
 * A threshold that keeps what the frame promises on new cases, for a model of all cases of the folds.
 *
 * @param run        Its out-of-fold scores only suggest an order of thresholds.
 * @param unseen     The data with the cases that nothing has seen as fold 0, and what the model
 *   says of them.
 */
export function guaranteedThreshold(
  data: FrameLimits & Pick<ExperimentData, 'yTrue'>,
  { probabilities }: Pick<OutOfFold, 'probabilities'>,
  unseen: {
    readonly data: Pick<ExperimentData, 'yTrue'>
    readonly result: Pick<FoldResult, 'samples' | 'probabilities'>
  },
  { solved }: Pick<SolverAnswer, 'solved'>,
): Guarantee {
  const aim = solved.feasible ? solved.chosen.threshold : solved.closest.threshold
  return learnThenTest({
    learning: { yTrue: data.yTrue, scores: probabilities },
    calibration: {
      yTrue: pick(unseen.data.yTrue, unseen.result.samples),
      scores: unseen.result.probabilities,
    },
    promises: promisesOf(data),
    delta: DELTA,
    // Of those that may be promised the one nearest to what is cheapest.
    cost: (threshold) => Math.abs(threshold - aim),
  })
}
