/** When to stop adding trees: the part of the training set that is held out, and the watch over it. */
import { logLossDerivatives } from '../losses/log-loss.ts'
import { shuffle } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import { blockSum } from '../math/sum.ts'
import { averagePrecision, countsAtThresholds } from '../metrics/ranking.ts'
import type { EarlyStoppingChoice } from '../plan/plan.ts'
import type { TrainingSet } from './training-set.ts'

/** Samples that weigh something and are held out of a class, at least; with fewer nothing is. */
const LEAST_PER_CLASS = 5

export interface EarlyStopping {
  /** Looks at the logits after an iteration. True when training should end. */
  isOver(logits: Float64Array, iteration: number): boolean
  /** The iteration with the best value; ties go to the earlier one. */
  bestIteration(): number
}

/**
 * Draws a share of each class, of the samples that weigh anything.
 *
 * @returns Positions, ascending; none where a class would have fewer than 5 in either part.
 */
export function holdOutSamples(
  { yTrue, weights }: TrainingSet,
  share: number,
  stream: RandomStream,
): Int32Array {
  const held: number[] = []
  for (const label of [0, 1]) {
    const ofClass = Int32Array.from(yTrue.keys()).filter(
      (i) => yTrue[i] === label && (weights === null || weights[i]! > 0),
    )
    const nHeld = Math.round(share * ofClass.length)
    if (nHeld < LEAST_PER_CLASS || ofClass.length - nHeld < LEAST_PER_CLASS) {
      return new Int32Array(0)
    }
    shuffle(ofClass, stream)
    for (const sample of ofClass.subarray(0, nHeld)) held.push(sample)
  }
  return Int32Array.from(held).sort()
}

export function createEarlyStopping(
  { metric, patience }: EarlyStoppingChoice,
  train: TrainingSet,
  held: Int32Array,
): EarlyStopping {
  const yTrue = Uint8Array.from(held, (i) => train.yTrue[i]!)
  const given = train.weights
  const weights = given === null ? null : Float64Array.from(held, (i) => given[i]!)
  const lossOf = lossFunction(metric, yTrue, weights)
  let best = { loss: Infinity, iteration: 0 }
  return {
    isOver(logits, iteration) {
      const loss = lossOf(Float64Array.from(held, (i) => logits[i]!))
      if (loss < best.loss) best = { loss, iteration }
      return iteration - best.iteration >= patience
    },
    bestIteration: () => best.iteration,
  }
}

/** @returns A function of the held-out logits; lower is better. */
function lossFunction(
  metric: EarlyStoppingChoice['metric'],
  yTrue: Uint8Array,
  weights: Float64Array | null,
): (logits: Float64Array) => number {
  switch (metric.kind) {
    case 'log_loss': {
      const out = {
        loss: new Float64Array(yTrue.length),
        gradient: new Float64Array(yTrue.length),
        hessian: new Float64Array(yTrue.length),
      }
      return (logits) => {
        logLossDerivatives(yTrue, logits, weights, out)
        return blockSum(out.loss)
      }
    }
    case 'average_precision':
      return (logits) => -(averagePrecision(countsAtThresholds(yTrue, logits, weights)).value ?? 0)
    case 'cost': {
      const { falsePositive, falseNegative } = metric
      return (logits) => {
        const counts = countsAtThresholds(yTrue, logits, weights)
        const { truePositives, falsePositives, positives } = counts
        let least = falseNegative * positives // nobody is called positive
        truePositives.forEach((found, k) => {
          const cost = falsePositive * falsePositives[k]! + falseNegative * (positives - found)
          if (cost < least) least = cost
        })
        return least
      }
    }
  }
}
