import { dotRow, plainLogisticKernels } from '../kernels/logistic.ts'
import type { LogisticKernels } from '../kernels/logistic.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'
import type { LogisticRegressionChoice } from '../plan/plan.ts'
import { descend } from './descent.ts'
import type { DescentResult } from './descent.ts'
import { lbfgsDirections } from './lbfgs.ts'
import { descendByOrthants, descendByProximalNewton } from './logistic-elastic-net.ts'
import { withLogisticObjective } from './logistic-objective.ts'
import type { LogisticObjective, LogisticPenalty } from './logistic-objective.ts'
import { newtonDirections } from './newton.ts'
import { adjustmentOf } from './loss-course.ts'
import { priorOf } from './prior-logit.ts'
import { requireFinite } from './require-finite.ts'
import type { FitReport, TrainingSet } from './training-set.ts'

export interface LogisticRegressionModel {
  readonly kind: 'logistic_regression'
  /** Length nFeatures. */
  readonly coefficients: Float64Array
  readonly intercept: number
}

export type LogisticSolver = 'newton' | 'lbfgs'

const LARGEST_NEWTON = 300 // features; beyond, a Hessian costs more than the steps it saves
const MAX_ITERATIONS: Readonly<Record<LogisticSolver, number>> = { newton: 100, lbfgs: 2000 }
const GRADIENT_GOAL = 1e-12 // relative; where rounding allows it
const GRADIENT_CONVERGED = 1e-6 // relative; what counts as converged
const SAMPLES_PER_CHECKPOINT = 16384

/** Fewer samples than this are fitted at once. */
const LARGE = 65536
/** Samples of each class that a start for a large fit is searched on. */
const START_SAMPLES_PER_CLASS = 8192
/** Relative; nearer the optimum of other samples is no nearer to that of all. */
const START_GOAL = 1e-3

/**
 * Fits logistic regression with an elastic net penalty on the coefficients, not on the intercept:
 *
 *     minimise  l1Ratio · |coefficients|₁ + ½ · (1 − l1Ratio) · |coefficients|²
 *               + C · Σ wᵢ · log loss of sample i
 *
 * Up to 300 features by Newton's method (a handful of passes, quadratic convergence), beyond by
 * L-BFGS; with an L1 penalty by their variants for it (see logistic-elastic-net.ts). From 65,536
 * samples on, Newton's method starts at the optimum of every n-th sample of each class, which
 * saves most passes over all of them.
 *
 * The search aims at a gradient of 1e-12 of `gradientScale` (the steepest descent that the penalty
 * allows, where there is an L1 penalty) and has converged at 1e-6. The optimum is unique for any
 * C > 0 and l1Ratio < 1, also for separable classes, constant or repeated features; with l1Ratio 1
 * repeated features may share their weight in any proportion.
 *
 * @param solver For tests; by default chosen by the number of features.
 * @returns With one class only (no finite optimum exists): coefficients 0, the prior's logit as
 *   intercept, `converged` false.
 * @throws RangeError when C is not a finite number above 0, l1Ratio lies outside [0, 1] or a
 *   feature value is not finite.
 *
 * Deterministic. O(nSamples · nFeatures²) time an iteration for Newton, less where features are
 * mostly 0; O(nSamples · nFeatures) for L-BFGS. At most 100 and 2,000 iterations; when they are
 * used up the last point is returned, `converged` as its gradient says. Weights so large that the
 * gradient overflows: the prior, `converged` false.
 */
export function fitLogisticRegression(
  { c, l1Ratio = 0, loss }: Pick<LogisticRegressionChoice, 'c' | 'l1Ratio' | 'loss'>,
  train: TrainingSet,
  checkpoint: Checkpoint,
  kernels: LogisticKernels = plainLogisticKernels,
  solver: LogisticSolver = train.X.nFeatures <= LARGEST_NEWTON ? 'newton' : 'lbfgs',
): { model: LogisticRegressionModel; report: FitReport } {
  if (!(c > 0 && c < Infinity)) throw new RangeError(`c must be a finite number above 0, got ${c}`)
  if (!(l1Ratio >= 0 && l1Ratio <= 1)) {
    throw new RangeError(`l1Ratio must lie in [0, 1], got ${l1Ratio}`)
  }
  const { X, yTrue, weights } = train
  requireFinite(X, 'logistic regression')
  const prior = priorOf(yTrue, weights)
  const start = new Float64Array(X.nFeatures + 1)
  if (!prior.hasBothClasses) {
    return {
      model: modelOf(start, prior.logit),
      report: { iterations: 0, converged: false },
    }
  }
  start[X.nFeatures] = prior.logit

  let evaluations = 0
  const tick = (): void => {
    checkpoint(evaluations / (evaluations + 8)) // nobody knows how many there will be
  }
  const onObjective = <Result>(
    set: TrainingSet,
    penalty: LogisticPenalty,
    work: (objective: LogisticObjective) => Result,
  ): Result =>
    withLogisticObjective(
      set,
      penalty,
      { kernels, withHessian: solver === 'newton' },
      tick,
      (objective) =>
        work({
          ...objective,
          evaluate: (parameters, gradient) => {
            evaluations++
            return objective.evaluate(parameters, gradient)
          },
        }),
    )

  const scaleAt = (objective: LogisticObjective, point: Float64Array): number => {
    objective.evaluate(point, new Float64Array(point.length))
    return objective.gradientScale()
  }
  const search = (
    objective: LogisticObjective,
    from: Float64Array,
    gradientGoal: number,
    l1: number,
  ): DescentResult => {
    const bounds = { gradientGoal, maxIterations: MAX_ITERATIONS[solver] }
    const { nParameters, hessian, hessianDiagonal } = objective
    if (solver === 'newton') {
      return l1 > 0
        ? descendByProximalNewton(objective, l1, from, bounds, tick)
        : descend(objective, newtonDirections(nParameters, hessian), from, bounds)
    }
    const directions = lbfgsDirections(nParameters, hessianDiagonal)
    return l1 > 0
      ? descendByOrthants(objective, directions, l1, from, bounds)
      : descend(objective, directions, from, bounds)
  }

  const few = solver === 'newton' && X.nSamples >= LARGE ? fewOfEachClass(train) : null
  const warmStart =
    few === null
      ? start
      : onObjective(few, { c, l1Ratio }, (objective) =>
          search(objective, start, START_GOAL * scaleAt(objective, start), l1Ratio),
        ).point
  const { scale, result } = onObjective(train, { c, l1Ratio }, (objective) => {
    const scale = scaleAt(objective, start)
    return { scale, result: search(objective, warmStart, GRADIENT_GOAL * scale, l1Ratio) }
  })
  checkpoint(1)
  const { point, gradientLength, iterations } = result
  return {
    // The intercept bears no penalty, so it takes all that logit adjustment does.
    model: modelOf(point, point[X.nFeatures]! - adjustmentOf(loss, prior)),
    report: {
      iterations,
      converged: scale < Infinity && gradientLength <= GRADIENT_CONVERGED * scale,
    },
  }
}

/** @returns Logit per sample, length nSamples. */
export function logisticRegressionLogits(
  { coefficients, intercept }: LogisticRegressionModel,
  { values, nSamples, nFeatures }: Matrix,
  checkpoint: Checkpoint,
): Float64Array {
  const logits = new Float64Array(nSamples)
  for (let i = 0; i < nSamples; i++) {
    if (i % SAMPLES_PER_CHECKPOINT === 0) checkpoint(i / nSamples)
    logits[i] = intercept + dotRow(values, i * nFeatures, coefficients, nFeatures)
  }
  return logits
}

/**
 * Every n-th sample of each class, weighing n times as much, so that about 8,192 of each remain.
 *
 * @returns Null when the samples of a class that remain weigh nothing.
 */
function fewOfEachClass({ X, yTrue, weights }: TrainingSet): TrainingSet | null {
  const positives = yTrue.reduce((sum, label) => sum + label, 0)
  const every = [yTrue.length - positives, positives].map((count) =>
    Math.ceil(count / START_SAMPLES_PER_CLASS),
  )
  const seen = [0, 0]
  const kept = Int32Array.from(yTrue, (_, i) => i).filter((i) => {
    const label = yTrue[i]!
    return seen[label]!++ % every[label]! === 0
  })
  const few: TrainingSet = {
    X: {
      values: new Float64Array(kept.length * X.nFeatures),
      nSamples: kept.length,
      nFeatures: X.nFeatures,
    },
    yTrue: Uint8Array.from(kept, (i) => yTrue[i]!),
    weights: Float64Array.from(kept, (i) => (weights?.[i] ?? 1) * every[yTrue[i]!]!),
  }
  kept.forEach((i, at) => {
    few.X.values.set(X.values.subarray(i * X.nFeatures, (i + 1) * X.nFeatures), at * X.nFeatures)
  })
  return priorOf(few.yTrue, few.weights).hasBothClasses ? few : null
}

function modelOf(parameters: Float64Array, intercept: number): LogisticRegressionModel {
  const coefficients = parameters.slice(0, parameters.length - 1)
  return { kind: 'logistic_regression', coefficients, intercept }
}
