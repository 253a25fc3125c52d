/**
 * The ranking measures of a bootstrap draw, without its rows.
 *
 * Average precision, ROC AUC and the points of the precision-recall curve only ask how many
 * negatives score above, at and below each positive. So the distinct scores of positives, the
 * cuts, divide the samples into cells, from the highest score down: for each cut the negatives
 * in the gap above it, the negatives that tie with it, its positives; and at the end the
 * negatives below the last cut. How often each cell is drawn is all that a draw has to tell:
 * samples of one cell are exchangeable as long as they weigh the same. With few positives there
 * are few cells, however many negatives there are.
 *
 * A cut whose positives are not drawn does no harm: it adds no recall and never has a higher
 * precision than the cut above it.
 */
import { argsortDescending } from '../math/order.ts'
import { TARGET_TOLERANCE } from './ranking.ts'

const HALF = 0.5 - TARGET_TOLERANCE
const NINE_TENTHS = 0.9 - TARGET_TOLERANCE

/** Cell 3c is the gap above cut c, 3c + 1 its tied negatives, 3c + 2 its positives. */
export interface RankingCells {
  /** Cell of each sample, length nSamples. */
  readonly cellOfSample: Int32Array
  /** 3 · nCuts + 1. */
  readonly nCells: number
}

export function rankingCells(yTrue: Uint8Array, scores: Float64Array): RankingCells {
  const nSamples = yTrue.length
  const order = argsortDescending(scores)
  const cellOfSample = new Int32Array(nSamples)
  let cut = 0
  for (let start = 0, end = 0; start < nSamples; start = end) {
    const score = scores[order[start]!]!
    let hasPositive = false
    for (end = start; end < nSamples && scores[order[end]!] === score; end++) {
      if (yTrue[order[end]!] === 1) hasPositive = true
    }
    for (let rank = start; rank < end; rank++) {
      const i = order[rank]!
      cellOfSample[i] = hasPositive ? 3 * cut + 1 + yTrue[i]! : 3 * cut
    }
    if (hasPositive) cut += 1
  }
  return { cellOfSample, nCells: 3 * cut + 1 }
}

/** What is measured on each draw; NaN where it is undefined. */
export interface RankingDraw {
  averagePrecision: number
  rocAuc: number
  recallAtPrecision50: number
  recallAtPrecision90: number
  precisionAtRecall50: number
  precisionAtRecall90: number
}

/**
 * Measures a draw.
 *
 * @param weightOfCell Weight drawn from each cell, length nCells.
 * @param out          Overwritten. All NaN without positives, `rocAuc` also without negatives.
 */
export function measureRanking(weightOfCell: Float64Array, out: RankingDraw): void {
  const last = weightOfCell.length - 1
  let positives = 0
  for (let cell = 2; cell < last; cell += 3) positives += weightOfCell[cell]!

  let tp = 0
  let fp = 0
  let steps = 0
  let area = 0
  let recall50 = 0
  let recall90 = 0
  let precision50 = 0
  let precision90 = 0
  for (let cell = 0; cell < last; cell += 3) {
    const tied = weightOfCell[cell + 1]!
    const found = weightOfCell[cell + 2]!
    const above = weightOfCell[cell]!
    fp += above + tied
    if (found === 0) {
      area += (above + tied) * tp
      continue
    }
    area += above * tp + tied * (tp + found / 2)
    tp += found
    const precision = tp / (tp + fp)
    steps += found * precision
    if (precision >= HALF) recall50 = tp
    if (precision >= NINE_TENTHS) recall90 = tp
    if (tp >= HALF * positives && precision > precision50) precision50 = precision
    if (tp >= NINE_TENTHS * positives && precision > precision90) precision90 = precision
  }
  const negatives = fp + weightOfCell[last]!
  area += weightOfCell[last]! * tp
  const defined = positives > 0
  out.averagePrecision = defined ? steps / positives : NaN
  out.rocAuc = defined && negatives > 0 ? area / positives / negatives : NaN
  out.recallAtPrecision50 = defined ? recall50 / positives : NaN
  out.recallAtPrecision90 = defined ? recall90 / positives : NaN
  out.precisionAtRecall50 = defined ? precision50 : NaN
  out.precisionAtRecall90 = defined ? precision90 : NaN
}
