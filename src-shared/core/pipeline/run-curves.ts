import { costCurve } from '../decision/threshold-curves.ts'
import type { CostCurve } from '../decision/threshold-curves.ts'
import { blockSum } from '../math/sum.ts'
import type { RunCurves } from '../report/analysis.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { OutOfFold } from './out-of-fold.ts'

const maxPoints = 400
const nBins = 40

/**
 * The curves of one run, thinned for drawing: at most 400 points, denser where few samples are
 * flagged, and always with the cheapest one, so that the marked optimum lies on the drawn curve.
 */
export function runCurves(
  data: ExperimentData,
  { configuration, probabilities }: OutOfFold,
): RunCurves {
  const { yTrue, decisionWeights: weights, costs } = data
  const curve = costCurve({ yTrue, probabilities, weights, costs })
  const total = weights === null ? yTrue.length : blockSum(weights)
  const points = thin(curve)
  const edges = Array.from({ length: nBins + 1 }, (_, i) => i / nBins)
  const counts = {
    positives: new Array<number>(nBins).fill(0),
    negatives: new Array<number>(nBins).fill(0),
  }
  probabilities.forEach((probability, i) => {
    const bin = Math.min(nBins - 1, Math.floor(probability * nBins))
    counts[yTrue[i] === 1 ? 'positives' : 'negatives'][bin]! += 1
  })
  return {
    name: configuration,
    precisionRecall: points
      .filter((i) => curve.tp[i]! + curve.fp[i]! > 0)
      .map((i) => ({
        threshold: curve.thresholds[i]!,
        recall: curve.tp[i]! / curve.positives,
        precision: curve.tp[i]! / (curve.tp[i]! + curve.fp[i]!),
      })),
    cost: points.map((i) => ({
      threshold: curve.thresholds[i]!,
      costPer1000: (curve.totalCost[i]! / total) * 1000,
    })),
    histogram: { edges, ...counts },
  }
}

/** Candidates to draw, in order: a quadratic grid over all of them, and the cheapest. */
function thin({ thresholds, totalCost }: CostCurve): number[] {
  const last = thresholds.length - 1
  let cheapest = 0
  for (let i = 1; i <= last; i++) if (totalCost[i]! < totalCost[cheapest]!) cheapest = i
  const chosen = new Set([0, cheapest, last])
  for (let j = 0; j < maxPoints; j++) {
    const share = j / (maxPoints - 1)
    chosen.add(Math.round(last * share * share))
  }
  return [...chosen].sort((a, b) => a - b)
}
