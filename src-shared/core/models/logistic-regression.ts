import type { Checkpoint } from '../math/checkpoint.ts'
import type { LogisticRegressionChoice } from '../plan/plan.ts'
import { descend } from './descent.ts'
import { lbfgsDirections } from './lbfgs.ts'
import { createLogisticObjective, dotRow } from './logistic-objective.ts'
import { newtonDirections } from './newton.ts'
import { priorOf } from './prior-logit.ts'
import type { Matrix } from '../math/matrix.ts'
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

/**
 * Fits logistic regression with an L2 penalty on the coefficients, not on the intercept:
 *
 *     minimise  ½ · |coefficients|² + C · Σ wᵢ · log loss of sample i
 *
 * Up to 300 features by Newton's method (a handful of passes, quadratic convergence), beyond by
 * L-BFGS. The search aims at a gradient of 1e-12 of `gradientScale` and has converged at 1e-6. The
 * optimum is unique for any C > 0, also for separable classes, constant or repeated features.
 *
 * @param solver For tests; by default chosen by the number of features.
 * @returns With one class only (no finite optimum exists): coefficients 0, the prior's logit as
 *   intercept, `converged` false.
 * @throws RangeError when C is not a finite number above 0 or a feature value is not finite.
 *
 * Deterministic. O(nSamples · nFeatures²) time an iteration for Newton, less where features are
 * mostly 0; O(nSamples · nFeatures) for L-BFGS. At most 100 and 2,000 iterations; when they are
 * used up the last point is returned, `converged` as its gradient says. Weights so large that the
 * gradient overflows: the prior, `converged` false.
 */
export function fitLogisticRegression(
  { c }: Pick<LogisticRegressionChoice, 'c'>,
  train: TrainingSet,
  checkpoint: Checkpoint,
  solver: LogisticSolver = train.X.nFeatures <= LARGEST_NEWTON ? 'newton' : 'lbfgs',
): { model: LogisticRegressionModel; report: FitReport } {
  if (!(c > 0 && c < Infinity)) throw new RangeError(`c must be a finite number above 0, got ${c}`)
  const { X, yTrue, weights } = train
  requireFinite(X)
  const prior = priorOf(yTrue, weights)
  if (!prior.hasBothClasses) {
    return {
      model: modelOf(new Float64Array(X.nFeatures + 1), prior.logit),
      report: { iterations: 0, converged: false },
    }
  }

  let evaluations = 0
  const tick = (): void => {
    checkpoint(evaluations / (evaluations + 8)) // nobody knows how many there will be
  }
  const objective = createLogisticObjective(train, c, tick)
  const size = objective.nParameters
  const strategy =
    solver === 'newton'
      ? newtonDirections(size, objective.hessian)
      : lbfgsDirections(size, objective.hessianDiagonal)
  const evaluate = (parameters: Float64Array, gradient: Float64Array): number => {
    evaluations++
    return objective.evaluate(parameters, gradient)
  }

  const start = new Float64Array(size)
  start[X.nFeatures] = prior.logit
  evaluate(start, new Float64Array(size))
  const scale = objective.gradientScale()
  const { point, gradientLength, iterations } = descend({ evaluate }, strategy, start, {
    gradientGoal: GRADIENT_GOAL * scale,
    maxIterations: MAX_ITERATIONS[solver],
  })
  checkpoint(1)
  return {
    model: modelOf(point, point[X.nFeatures]!),
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

function modelOf(parameters: Float64Array, intercept: number): LogisticRegressionModel {
  const coefficients = parameters.slice(0, parameters.length - 1)
  return { kind: 'logistic_regression', coefficients, intercept }
}

function requireFinite({ values, nFeatures }: Matrix): void {
  for (let at = 0; at < values.length; at++) {
    if (Number.isFinite(values[at])) continue
    throw new RangeError(
      `logistic regression needs finite features, got ${values[at]} at sample ${Math.floor(at / nFeatures)}, feature ${at % nFeatures}`,
    )
  }
}
