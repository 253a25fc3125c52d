import { frameRequirements } from '../decision/frame-requirements.ts'
import { explainThresholdGap } from '../decision/threshold-gap.ts'
import { bayesThresholds } from '../decision/bayes-threshold.ts'
import { per1000 } from '../decision/operating-point.ts'
import { solveOperatingPoint } from '../decision/solve-operating-point.ts'
import { thresholdStability } from '../decision/threshold-stability.ts'
import { costCurve } from '../decision/threshold-curves.ts'
import type { FrameLimits } from '../frame/limits.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { createStream } from '../math/random.ts'
import type { SolverAnswer } from '../report/analysis.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { OutOfFold } from './out-of-fold.ts'

/** Draws of the spread: it is looked at, and no limit of it is promised. */
const MOST_DRAWS = 200

/**
 * The best threshold of a run under the requirements of its frame, how far it moves between folds
 * and draws, and what being off costs.
 *
 * @param toUse The threshold that the run is used with; the costs' own one is held against it.
 */
export function solverAnswer(
  data: FrameLimits &
    Pick<ExperimentData, 'yTrue' | 'decisionWeights' | 'costs' | 'seed'> & {
      readonly plan: Pick<ExperimentData['plan'], 'bootstrapDraws'>
    },
  {
    configuration,
    probabilities,
    thresholds,
  }: Pick<OutOfFold, 'configuration' | 'probabilities' | 'thresholds'>,
  toUse: number,
  checkpoint: Checkpoint,
): SolverAnswer {
  const samples = {
    yTrue: data.yTrue,
    probabilities,
    weights: data.decisionWeights,
    costs: data.costs,
  }
  const requirements = frameRequirements(data)
  const { casesPerDay, minutesPerAlert } = data
  const workload = { casesPerDay, minutesPerAlert }
  const draws = Math.min(MOST_DRAWS, data.plan.bootstrapDraws)
  const stability = thresholdStability(
    samples,
    draws,
    createStream(data.seed, 'bootstrap', 'threshold'),
    checkpoint,
  )
  const { lower, upper, noAlertShare, meanRegret, regretAtLower, regretAtUpper } = stability
  const scaled = (value: number | null): number | null => (value === null ? null : per1000(value))
  return {
    configuration,
    goal: 'cost',
    requirements,
    workload,
    solved: solveOperatingPoint({
      curve: costCurve(samples),
      goal: 'cost',
      requirements,
      workload,
    }),
    spread: { perFold: thresholds, lower, upper, noAlertShare, draws },
    regretPer1000: {
      atLower: scaled(regretAtLower),
      atUpper: scaled(regretAtUpper),
      mean: per1000(meanRegret),
    },
    guarantee: null,
    guaranteeReason: 'it is sought for the recommended run only',
    ...(data.costs.constant
      ? {
          analytic: explainThresholdGap(samples, bayesThresholds(data.costs, 1)[0]!, toUse),
          analyticReason: null,
        }
      : { analytic: null, analyticReason: 'costs differ from row to row' }),
  }
}
