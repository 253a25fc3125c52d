import type { Checkpoint } from '../math/checkpoint.ts'
import { createMultinomial } from '../math/multinomial.ts'
import { argsortDescending } from '../math/order.ts'
import { quantileSorted } from '../math/quantile.ts'
import type { RandomStream } from '../math/random.ts'
import { sortNumbers } from '../math/sort-numbers.ts'
import { blockSum } from '../math/sum.ts'
import { costReader } from './bayes-threshold.ts'
import { candidateAt } from './read-curve.ts'
import { costCurve, tiedMinima, type ScoredSamples } from './threshold-curves.ts'

const DRAWS_PER_CHECKPOINT = 4

/** How firmly the cheapest threshold stands, and what it costs to be wrong about it. */
export interface ThresholdStability {
  readonly threshold: number
  /** Cheapest thresholds of the draws that alert at all, increasing: for a ribbon. */
  readonly drawn: Float64Array
  /** Share of draws in which no alert at all is cheapest. */
  readonly noAlertShare: number
  /** Limits that hold 95 % of the drawn thresholds; null when no draw alerts. */
  readonly lower: number | null
  readonly upper: number | null
  /** Mean, over the draws, of what the threshold costs more per case than the best of the draw. */
  readonly meanRegret: number
  /** What a case costs more on these samples when the cut lies at the lower, or the upper limit. */
  readonly regretAtLower: number | null
  readonly regretAtUpper: number | null
}

/**
 * The cheapest threshold on bootstrap draws of the samples.
 *
 * Regret of a draw is taken with the draw's own optimum, so it also holds what noise adds there.
 *
 * @param draws At least 1.
 * @throws RangeError when there are no samples of positive weight or a value is out of range.
 *
 * Samples with one score, label and weight are drawn as a cell where costs are constant; about one
 * step per cell and draw.
 */
export function thresholdStability(
  samples: ScoredSamples,
  draws: number,
  stream: RandomStream,
  checkpoint: Checkpoint,
): ThresholdStability {
  if (!Number.isInteger(draws) || draws < 1) {
    throw new RangeError(`draws must be an integer of at least 1, got ${draws}`)
  }
  const curve = costCurve(samples)
  const total = curve.positives + curve.negatives
  const index = tiedMinima(curve.totalCost)[0]!
  const threshold = curve.thresholds[index]!
  const cells = cellsOf(samples)
  const nCells = cells.sizes.length
  const draw = createMultinomial(cells.sizes, stream)
  const counts = new Int32Array(nCells)
  const found: number[] = []
  const regrets = new Float64Array(draws)
  for (let k = 0; k < draws; k++) {
    if (k % DRAWS_PER_CHECKPOINT === 0) checkpoint(k / draws)
    draw(counts)
    // Cost relative to no alerts, along falling thresholds.
    let change = 0
    let least = 0
    let bestThreshold = Infinity
    let atChosen = 0
    let weight = 0
    for (let cell = 0; cell < nCells; cell++) {
      const score = cells.scores[cell]!
      change += counts[cell]! * cells.gains[cell]!
      weight += counts[cell]! * cells.weights[cell]!
      if (cell + 1 < nCells && cells.scores[cell + 1] === score) continue
      if (score >= threshold) atChosen = change
      if (change < least) {
        least = change
        bestThreshold = score
      }
    }
    if (bestThreshold < Infinity) found.push(bestThreshold)
    regrets[k] = weight > 0 ? (atChosen - least) / weight : 0
  }
  checkpoint(1)
  const drawn = sortNumbers(Float64Array.from(found))
  const [lower, upper] =
    drawn.length === 0 ? [null, null] : [quantileSorted(drawn, 0.025), quantileSorted(drawn, 0.975)]
  const regretAt = (cut: number | null): number | null =>
    cut === null
      ? null
      : (curve.totalCost[candidateAt(curve.thresholds, cut)]! - curve.totalCost[index]!) / total
  return {
    threshold,
    drawn,
    noAlertShare: 1 - drawn.length / draws,
    lower,
    upper,
    meanRegret: blockSum(regrets) / draws,
    regretAtLower: regretAt(lower),
    regretAtUpper: regretAt(upper),
  }
}

/** Samples that draws can't tell apart, by falling score. */
interface Cells {
  readonly sizes: Int32Array
  readonly scores: Float64Array
  readonly weights: Float64Array
  /** What an alert on one sample of the cell changes in weighted cost. */
  readonly gains: Float64Array
}

function cellsOf({ yTrue, probabilities, weights, costs }: ScoredSamples): Cells {
  const withAlert = [costReader(costs.falsePositive), costReader(costs.truePositive)] as const
  const without = [costReader(costs.trueNegative), costReader(costs.falseNegative)] as const
  const order = argsortDescending(probabilities)
  const n = order.length
  const sizes = new Int32Array(n)
  const scores = new Float64Array(n)
  const cellWeights = new Float64Array(n)
  const gains = new Float64Array(n)
  let last = -1
  let lastClass = -1
  for (const i of order) {
    const y = yTrue[i] === 1 ? 1 : 0
    const weight = weights === null ? 1 : weights[i]!
    const gain = weight * (withAlert[y](i) - without[y](i))
    const joins =
      last >= 0 &&
      scores[last] === probabilities[i] &&
      lastClass === y &&
      cellWeights[last] === weight &&
      gains[last] === gain
    if (!joins) {
      last += 1
      lastClass = y
      scores[last] = probabilities[i]!
      cellWeights[last] = weight
      gains[last] = gain
    }
    sizes[last]! += 1
  }
  return {
    sizes: sizes.slice(0, last + 1),
    scores: scores.slice(0, last + 1),
    weights: cellWeights.slice(0, last + 1),
    gains: gains.slice(0, last + 1),
  }
}
