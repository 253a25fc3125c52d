import { LOGISTIC_BLOCK } from '../kernels/logistic.ts'
import type { LogisticKernels, LogisticMemory } from '../kernels/logistic.ts'
import type { TrainingSet } from './training-set.ts'

/** Strengths of the penalties on the coefficients; C multiplies the loss. */
export interface LogisticPenalty {
  readonly c: number
  /** Share of the L1 penalty, in [0, 1]. */
  readonly l1Ratio: number
}

/**
 * The smooth part of what logistic regression minimises, as functions of its parameters: the
 * coefficients, then the intercept.
 *
 *     objective = ½ · (1 − l1Ratio) · |coefficients|² + C · Σ wᵢ · log loss of sample i
 *
 * Samples are passed over in blocks of 1,024, whose sums are added: rounding grows with the number
 * of blocks rather than of samples.
 */
export interface LogisticObjective {
  /** nFeatures + 1. */
  readonly nParameters: number
  /** Value at `parameters`; leaves the gradient (length nParameters) in `gradient`. */
  evaluate(parameters: Float64Array, gradient: Float64Array): number
  /**
   * Lower triangle of the Hessian, row-major nParameters × nParameters, at the parameters of the
   * latest `evaluate`.
   */
  hessian(out: Float64Array): void
  /** Diagonal of the Hessian at the parameters of the latest `evaluate`. */
  hessianDiagonal(out: Float64Array): void
  /**
   * Length of the gradient of the latest `evaluate` if no two samples' pulls cancelled: what a
   * gradient near zero is to be compared with.
   */
  gradientScale(): number
}

const OPERATIONS_PER_CHECKPOINT = 1e7 // at most 10 to 30 ms of multiply-adds

/**
 * Makes the objective of a training set for `work`, and gives its memory back afterwards.
 *
 * @param withHessian Whether `hessian` will be asked for.
 * @param tick        Called every few ten milliseconds, so that it can throw `Cancelled`.
 */
export function withLogisticObjective<Result>(
  train: TrainingSet,
  penalty: LogisticPenalty,
  { kernels, withHessian }: { readonly kernels: LogisticKernels; readonly withHessian: boolean },
  tick: () => void,
  work: (objective: LogisticObjective) => Result,
): Result {
  const { nSamples, nFeatures } = train.X
  const memory = kernels.allocate({ nSamples, nFeatures, withHessian })
  try {
    memory.values.set(train.X.values)
    memory.yTrue.set(train.yTrue)
    if (train.weights === null) memory.lossWeights.fill(1)
    else memory.lossWeights.set(train.weights)
    for (let i = 0; i < nSamples; i++) memory.lossWeights[i]! *= penalty.c
    return work(objectiveOn(memory, kernels, 1 - penalty.l1Ratio, tick))
  } finally {
    kernels.release(memory)
  }
}

function objectiveOn(
  memory: LogisticMemory,
  kernels: LogisticKernels,
  ridge: number,
  tick: () => void,
): LogisticObjective {
  const { nSamples, nFeatures } = memory.shape
  const nParameters = nFeatures + 1

  /** Calls `visit` for each block of samples, and `tick` as often as their cost asks for. */
  const forEachBlock = (
    operationsPerSample: number,
    visit: (start: number, end: number) => void,
  ): void => {
    const blockSize = Math.min(
      LOGISTIC_BLOCK,
      Math.ceil(OPERATIONS_PER_CHECKPOINT / operationsPerSample / 4) * 4,
    )
    let operations = 0
    for (let start = 0; start < nSamples; start += blockSize) {
      const end = Math.min(start + blockSize, nSamples)
      visit(start, end)
      operations += (end - start) * operationsPerSample
      if (operations < OPERATIONS_PER_CHECKPOINT) continue
      operations = 0
      tick()
    }
    tick()
  }

  const evaluate = (parameters: Float64Array, gradient: Float64Array): number => {
    let penalty = 0
    for (let j = 0; j < nFeatures; j++) {
      const coefficient = parameters[j]!
      penalty += coefficient * coefficient
      memory.sums[j] = ridge * coefficient
    }
    memory.sums[nFeatures] = 0
    memory.parameters.set(parameters)
    let loss = 0
    forEachBlock(2 * nParameters + 20, (start, end) => {
      loss += kernels.evaluate(memory, start, end)
    })
    gradient.set(memory.sums)
    return (ridge * penalty) / 2 + loss
  }

  const hessian = (out: Float64Array): void => {
    memory.hessian.fill(0)
    forEachBlock((nParameters * nParameters) / 2, (start, end) => {
      kernels.addHessian(memory, start, end)
    })
    for (let j = 0; j < nFeatures; j++) memory.hessian[j * nParameters + j]! += ridge
    out.set(memory.hessian)
  }

  const hessianDiagonal = (out: Float64Array): void => {
    memory.sums.fill(ridge)
    memory.sums[nFeatures] = 0
    forEachBlock(nParameters, (start, end) => {
      kernels.addDiagonal(memory, start, end)
    })
    out.set(memory.sums)
  }

  const gradientScale = (): number => {
    memory.sums.fill(0)
    forEachBlock(nParameters, (start, end) => {
      kernels.addPulls(memory, start, end)
    })
    let squares = 0
    for (const pull of memory.sums) squares += pull * pull
    return Math.sqrt(squares)
  }

  return { nParameters, evaluate, hessian, hessianDiagonal, gradientScale }
}
