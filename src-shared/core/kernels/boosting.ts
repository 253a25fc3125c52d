/**
 * The inner loops of gradient boosting, and the plain TypeScript that says what is right.
 *
 * Layout of a boosting run. Features are stored as *columns* of one byte per sample; one column may
 * hold several features that are never away from their lowest bin together (see models/binning.ts).
 *
 *   columns      the codes of all samples, column by column, for splitting on one feature
 *   rowCodes     the same codes sample by sample, 8 columns in a row of 8 bytes: building a
 *                histogram from a sample costs one or two cache lines
 *   gradients    first and second derivative of the loss of each sample, interleaved
 *   samples      positions of samples; the samples of a tree node are consecutive
 *   histograms   several histograms of nColumns · 256 slots of 2 numbers: the sums of first and
 *                second derivatives of the samples whose code is k in column c, at slot 256 c + k
 */
import { exp, log1p } from '../math/elementary.ts'
import { argsortAscending } from '../math/order.ts'
import { sumOfTrees } from './trees.ts'
import type { TreeKernels } from './trees.ts'

/** Codes of a column, and so the slots that it has in a histogram. */
export const CODES_PER_COLUMN = 256

/** Memory of a run before its columns are known. All arrays are zero at first. */
export interface SampleMemory {
  readonly nSamples: number
  readonly yTrue: Uint8Array
  readonly weights: Float64Array
  readonly logits: Float64Array
  /** nSamples × 2. */
  readonly gradients: Float64Array
  /** Sums of both derivatives over the samples updated since the run set them to 0. Length 2. */
  readonly totals: Float64Array
  readonly samples: Int32Array
  /** Length nSamples; holds nothing between calls. */
  readonly scratch: Int32Array
  /** Values of features while they are binned, 4 × nSamples; overwritten by logits and samples. */
  readonly values: Float32Array
  /** The columns so far, each of length nSamples. */
  readonly columns: Uint8Array[]
}

/** Memory of a run whose columns are known. */
export interface BoostingMemory extends SampleMemory {
  /** A multiple of 8: the last columns may be padding, of any codes. */
  readonly nColumns: number
  /**
   * Codes in use per column, length nColumns; 0 for padding, and for columns that the tree does
   * without. Slots beyond are never read.
   */
  readonly nCodes: Int32Array
  readonly features: FeatureSlots
  /** nSamples × nColumns. */
  readonly rowCodes: Uint8Array
  /** nHistograms × nColumns × 256 × 2. */
  readonly histograms: Float64Array
}

/** Cuts of a feature and what its samples are like. */
export interface FeatureBins {
  /** See models/binning.ts. */
  readonly cuts: Float32Array
  readonly nMissing: number
  /** Samples above the lowest bin, missing included. */
  readonly nAboveLowest: number
}

/** Where the bins of each feature lie in a histogram. All arrays have length nFeatures. */
export interface FeatureSlots {
  /** Bins of values, missing not counted. A feature with fewer than 2 bins in all is passed over. */
  readonly nBins: Int32Array
  /** Slot of bin 1; bin k has the slot k − 1 further, missing the one after the last bin. */
  readonly firstSlot: Int32Array
  /** 1 where the feature has a slot for missing values. */
  readonly hasMissing: Uint8Array
  /** 1 where leaf values may only rise with the feature, −1 where they may only fall, else 0. */
  readonly direction: Int8Array
}

/** Sums over the samples of a node, and what limits its split. */
export interface NodeSums {
  readonly gradient: number
  readonly hessian: number
  readonly lambda: number
  /** > 0. */
  readonly minChildWeight: number
  /** What values of leaves below the node must lie between; null when no feature has a direction. */
  readonly bounds: ValueBounds | null
}

export interface ValueBounds {
  readonly lower: number
  readonly upper: number
}

/** What trees are fitted to: see losses/focal-loss.ts for the second. */
export type BoostingLoss =
  | { readonly kind: 'log_loss' }
  | {
      readonly kind: 'focal'
      /** Focusing parameter, in [0, 20]. */
      readonly gamma: number
      /** Weight of the positive class, in (0, 1). */
      readonly alpha: number
    }
  /** Log loss of margins that are moved by class: see losses/margin-loss.ts. */
  | {
      readonly kind: 'margin'
      readonly positive: number
      readonly negative: number
      readonly scale: number
    }

/** The best way to split a node: bins up to `bin` go left, higher ones right. */
export interface Split {
  feature: number
  /** In [0, nBins − 1]; nBins − 1 parts the missing values from all others. */
  bin: number
  missingGoesLeft: boolean
  /** Sum of `valueScore` over the children. */
  score: number
  leftGradient: number
  leftHessian: number
}

export interface BoostingKernels extends TreeKernels {
  /** Memory for a run; close it with `close` whatever becomes of the run. */
  open(nSamples: number): SampleMemory

  /** Adds a column of zeros to `memory.columns`. */
  addColumn(memory: SampleMemory): Uint8Array

  /** Takes the last column away again. */
  dropColumn(memory: SampleMemory): void

  /**
   * Cuts a feature into bins, as models/binning.ts says.
   *
   * @param values        One per sample, part of `memory.values`; NaN for a missing value.
   * @param maxValueBins  In [1, 255].
   * @param codes         Receives the bin of each sample, nCuts + 1 for a missing value.
   */
  binFeature(
    memory: SampleMemory,
    values: Float32Array,
    maxValueBins: number,
    codes: Uint8Array,
  ): FeatureBins

  /** Completes the memory for growing trees; no column is added after that. */
  layOut(
    memory: SampleMemory,
    nCodes: readonly number[],
    features: FeatureSlots,
    nHistograms: number,
  ): BoostingMemory

  close(memory: SampleMemory): void

  /**
   * Derivatives of the weighted loss at the logits of samples [start, end), each rounded to a
   * multiple of `grid.sum` after the unweighted one was rounded to a multiple of `grid.unit`. Adds
   * them to `memory.totals`. Second derivatives below 0, which focal loss has, count as 0.
   */
  updateGradients(
    memory: BoostingMemory,
    start: number,
    end: number,
    grid: GradientGrid,
    loss: BoostingLoss,
  ): void

  /**
   * Puts the samples that weigh something into `memory.samples`, in order, then the others, in
   * order too.
   *
   * @returns How many weigh something.
   */
  takeSamples(memory: BoostingMemory): number

  /** Adds the derivatives of samples[start, end) to the columns with codes in use. */
  addToHistogram(memory: BoostingMemory, start: number, end: number, histogram: number): void

  clearHistogram(memory: BoostingMemory, histogram: number): void

  /** Takes histogram `part` away from histogram `whole`, slot by slot. */
  subtractHistogram(memory: BoostingMemory, whole: number, part: number): void

  /**
   * The split of highest score above `leastScore`; ties go to the lower feature.
   *
   * @returns False when there is none; `best` is then as it was.
   */
  findSplit(
    memory: BoostingMemory,
    histogram: number,
    node: NodeSums,
    leastScore: number,
    best: Split,
  ): boolean

  /**
   * Reorders samples[start, end): first those whose code in `column` lies outside [low, high],
   * then the others, each in their former order.
   *
   * @returns Where the others begin.
   */
  partition(
    memory: BoostingMemory,
    start: number,
    end: number,
    column: number,
    low: number,
    high: number,
  ): number

  /**
   * Splits samples[start, end) into two leaves without moving them: those that `partition` would
   * put last get `goingValue` on top of their logits, the others `stayingValue`.
   */
  addLeafValues(
    memory: BoostingMemory,
    start: number,
    end: number,
    column: number,
    low: number,
    high: number,
    stayingValue: number,
    goingValue: number,
  ): void

  /** As `partition`, with those put last whose code k in `column` has goes[k] = 1, of length 256. */
  partitionByCode(
    memory: BoostingMemory,
    start: number,
    end: number,
    column: number,
    goes: Uint8Array,
  ): number

  /** As `addLeafValues`, with the split of `partitionByCode`. */
  addLeafValuesByCode(
    memory: BoostingMemory,
    start: number,
    end: number,
    column: number,
    goes: Uint8Array,
    stayingValue: number,
    goingValue: number,
  ): void

  /** Adds `value` to the logits of samples[start, end). */
  addLeafValue(memory: BoostingMemory, start: number, end: number, value: number): void
}

/**
 * The numbers that derivatives are rounded to, so that sums of them are exact whatever their order.
 * Powers of two, or rather 1.5 · 2⁵² times them: adding and taking away that constant rounds.
 */
export interface GradientGrid {
  readonly unit: number
  readonly sum: number
}

const SAMPLES_PER_PASS = 1024 // derivatives and positions of so many stay in the first-level cache

/** The plain TypeScript engine. */
export const plainBoostingKernels: BoostingKernels = {
  sumOfTrees,

  open(nSamples) {
    return {
      nSamples,
      yTrue: new Uint8Array(nSamples),
      weights: new Float64Array(nSamples),
      logits: new Float64Array(nSamples),
      gradients: new Float64Array(2 * nSamples),
      totals: new Float64Array(2),
      samples: new Int32Array(nSamples),
      scratch: new Int32Array(nSamples),
      values: new Float32Array(4 * nSamples),
      columns: [],
    }
  },

  addColumn({ nSamples, columns }) {
    const column = new Uint8Array(nSamples)
    columns.push(column)
    return column
  },

  dropColumn({ columns }) {
    columns.pop()
  },

  binFeature({ weights }, values, maxValueBins, codes) {
    const order = argsortAscending(Float64Array.from(values))
    const nSamples = order.length
    let nMissing = 0
    while (nMissing < nSamples && Number.isNaN(values[order[nSamples - 1 - nMissing]!])) nMissing++
    const nPresent = nSamples - nMissing
    const cuts = cutsOf(values, order.subarray(0, nPresent), weights, maxValueBins)
    let bin = 0
    let nAboveLowest = nMissing
    for (let rank = 0; rank < nPresent; rank++) {
      const i = order[rank]!
      while (bin < cuts.length && values[i]! > cuts[bin]!) bin++
      if (bin > 0) nAboveLowest++
      codes[i] = bin
    }
    for (let rank = nPresent; rank < nSamples; rank++) codes[order[rank]!] = cuts.length + 1
    return { cuts, nMissing, nAboveLowest }
  },

  layOut(memory, nCodes, features, nHistograms) {
    const { nSamples, columns } = memory
    const nColumns = Math.ceil(columns.length / 8) * 8
    const rowCodes = new Uint8Array(nSamples * nColumns)
    columns.forEach((codes, column) => {
      for (let i = 0, at = column; i < nSamples; i++, at += nColumns) rowCodes[at] = codes[i]!
    })
    const codesOfAll = new Int32Array(nColumns)
    codesOfAll.set(nCodes)
    return {
      ...memory,
      nColumns,
      nCodes: codesOfAll,
      features,
      rowCodes,
      histograms: new Float64Array(2 * CODES_PER_COLUMN * nColumns * nHistograms),
    }
  },

  close: () => undefined,

  updateGradients({ logits, yTrue, weights, gradients, totals }, start, end, grid, loss) {
    const { unit, sum } = grid
    const derivatives = { gradient: 0, hessian: 0 }
    const differentiate = derivativesOf(loss)
    for (let i = start; i < end; i++) {
      differentiate(logits[i]!, yTrue[i]!, derivatives)
      const weight = weights[i]!
      const gradient = weight * (derivatives.gradient + unit - unit) + sum - sum
      const hessian = weight * (derivatives.hessian + unit - unit) + sum - sum
      gradients[2 * i] = gradient
      gradients[2 * i + 1] = hessian
      totals[0]! += gradient
      totals[1]! += hessian
    }
  },

  takeSamples({ nSamples, samples, weights }) {
    let nTaken = 0
    for (let i = 0; i < nSamples; i++) if (weights[i] !== 0) samples[nTaken++] = i
    let at = nTaken
    for (let i = 0; i < nSamples; i++) if (weights[i] === 0) samples[at++] = i
    return nTaken
  },

  addToHistogram(memory, start, end, histogram) {
    const { nColumns, columns, nCodes, rowCodes, gradients, samples, histograms } = memory
    const base = histogramAt(memory, histogram)
    for (let passStart = start; passStart < end; passStart += SAMPLES_PER_PASS) {
      const passEnd = Math.min(passStart + SAMPLES_PER_PASS, end)
      for (let column = 0; column < columns.length; column++) {
        if (nCodes[column] === 0) continue
        const columnAt = base + 2 * CODES_PER_COLUMN * column
        for (let at = passStart; at < passEnd; at++) {
          const sample = samples[at]!
          const slot = columnAt + 2 * rowCodes[sample * nColumns + column]!
          histograms[slot]! += gradients[2 * sample]!
          histograms[slot + 1]! += gradients[2 * sample + 1]!
        }
      }
    }
  },

  clearHistogram(memory, histogram) {
    const base = histogramAt(memory, histogram)
    memory.nCodes.forEach((nCodes, column) => {
      const at = base + 2 * CODES_PER_COLUMN * column
      memory.histograms.fill(0, at, at + 2 * nCodes)
    })
  },

  subtractHistogram(memory, whole, part) {
    const { nCodes, histograms } = memory
    for (let column = 0; column < nCodes.length; column++) {
      const wholeAt = histogramAt(memory, whole) + 2 * CODES_PER_COLUMN * column
      const partAt = histogramAt(memory, part) + 2 * CODES_PER_COLUMN * column
      const length = 2 * nCodes[column]!
      for (let k = 0; k < length; k++) histograms[wholeAt + k]! -= histograms[partAt + k]!
    }
  },

  findSplit(memory, histogram, node, leastScore, best) {
    const { histograms } = memory
    const { nBins, firstSlot, hasMissing, direction } = memory.features
    const { gradient, hessian, lambda, minChildWeight, bounds } = node
    const base = histogramAt(memory, histogram)
    let bestScore = leastScore
    let bestFeature = -1
    let bestHigh = 0
    let bestLow = 0
    let bestLeft = false
    let bestGradient = 0
    let bestHessian = 0
    for (let feature = 0; feature < nBins.length; feature++) {
      const bins = nBins[feature]!
      if (bins + hasMissing[feature]! < 2) continue
      const binSlot = base + 2 * (firstSlot[feature]! - 1)
      const missingSlot = binSlot + 2 * bins
      const someMissing = hasMissing[feature] === 1 && histograms[missingSlot + 1]! > 0
      // From the highest bin down: what goes right grows. Missing values go left, then right.
      for (let pass = 0; pass < (someMissing ? 2 : 1); pass++) {
        let rightGradient = pass === 1 ? histograms[missingSlot]! : 0
        let rightHessian = pass === 1 ? histograms[missingSlot + 1]! : 0
        let open = false // whether the best split so far lies here, with only empty bins since
        for (let bin = pass === 1 ? bins - 1 : bins - 2; bin >= 0; bin--) {
          if (bin < bins - 1) {
            const slot = binSlot + 2 * (bin + 1)
            const binHessian = histograms[slot + 1]!
            if (binHessian === 0 && histograms[slot] === 0) {
              if (open) bestLow = bin
              continue
            }
            rightGradient += histograms[slot]!
            rightHessian += binHessian
          }
          open = false
          if (rightHessian < minChildWeight) continue
          const leftHessian = hessian - rightHessian
          if (leftHessian < minChildWeight) break
          const leftGradient = gradient - rightGradient
          let score: number
          if (bounds === null) {
            score =
              (leftGradient * leftGradient) / (leftHessian + lambda) +
              (rightGradient * rightGradient) / (rightHessian + lambda)
          } else {
            const left = boundedValue(leftGradient, leftHessian + lambda, bounds)
            const right = boundedValue(rightGradient, rightHessian + lambda, bounds)
            if (direction[feature]! * (right - left) < 0) continue
            score =
              valueScore(leftGradient, leftHessian + lambda, left) +
              valueScore(rightGradient, rightHessian + lambda, right)
          }
          if (!(score > bestScore)) continue
          open = true
          bestScore = score
          bestFeature = feature
          bestHigh = bin
          bestLow = bin
          bestLeft = pass === 0 && (someMissing || leftHessian >= rightHessian)
          bestGradient = leftGradient
          bestHessian = leftHessian
        }
      }
    }
    if (bestFeature < 0) return false
    best.feature = bestFeature
    // No sample of the node lies in the bins between: the cut goes into the middle of the gap.
    best.bin = (bestHigh + bestLow) >> 1
    best.missingGoesLeft = bestLeft
    best.score = bestScore
    best.leftGradient = bestGradient
    best.leftHessian = bestHessian
    return true
  },

  partition({ columns, samples, scratch }, start, end, column, low, high) {
    const codes = columns[column]!
    const width = high - low
    let kept = start
    let moved = 0
    for (let at = start; at < end; at++) {
      const sample = samples[at]!
      // Both places are written and one counter moves: there is no branch to mispredict.
      const goes = (codes[sample]! - low) >>> 0 <= width ? 1 : 0
      samples[kept] = sample
      scratch[moved] = sample
      moved += goes
      kept += 1 - goes
    }
    for (let k = 0; k < moved; k++) samples[kept + k] = scratch[k]!
    return kept
  },

  addLeafValues(
    { columns, samples, logits },
    start,
    end,
    column,
    low,
    high,
    stayingValue,
    goingValue,
  ) {
    const codes = columns[column]!
    for (let at = start; at < end; at++) {
      const sample = samples[at]!
      const goes = codes[sample]! >= low && codes[sample]! <= high
      logits[sample]! += goes ? goingValue : stayingValue
    }
  },

  partitionByCode({ columns, samples, scratch }, start, end, column, goes) {
    const codes = columns[column]!
    let kept = start
    let moved = 0
    for (let at = start; at < end; at++) {
      const sample = samples[at]!
      samples[kept] = sample
      scratch[moved] = sample
      moved += goes[codes[sample]!]!
      kept += 1 - goes[codes[sample]!]!
    }
    for (let k = 0; k < moved; k++) samples[kept + k] = scratch[k]!
    return kept
  },

  addLeafValuesByCode(
    { columns, samples, logits },
    start,
    end,
    column,
    goes,
    stayingValue,
    goingValue,
  ) {
    const codes = columns[column]!
    for (let at = start; at < end; at++) {
      const sample = samples[at]!
      logits[sample]! += goes[codes[sample]!] === 1 ? goingValue : stayingValue
    }
  },

  addLeafValue({ logits, samples }, start, end, value) {
    for (let at = start; at < end; at++) logits[samples[at]!]! += value
  },
}

/** The value of a leaf, before the learning rate: −gradient / curvature, within the bounds. */
export function boundedValue(gradient: number, curvature: number, bounds: ValueBounds): number {
  const value = -gradient / curvature
  if (value < bounds.lower) return bounds.lower
  return value > bounds.upper ? bounds.upper : value
}

/**
 * Twice what a leaf of that value takes off the loss, to second order: gradient² / curvature where
 * the value is −gradient / curvature.
 */
export function valueScore(gradient: number, curvature: number, value: number): number {
  return -(2 * gradient + curvature * value) * value
}

interface Derivatives {
  gradient: number
  hessian: number
}

function derivativesOf(loss: BoostingLoss): (z: number, label: number, out: Derivatives) => void {
  switch (loss.kind) {
    case 'log_loss':
      return logLossDerivatives
    case 'focal':
      return focalDerivatives(loss)
    case 'margin':
      return marginDerivatives(loss)
  }
}

/** Derivatives of log loss of u = scale · (± z + shift of the class), in the logit z. */
function marginDerivatives({
  positive,
  negative,
  scale,
}: Extract<BoostingLoss, { kind: 'margin' }>): (
  z: number,
  label: number,
  out: Derivatives,
) => void {
  return (logit, label, out) => {
    const u = scale * (label === 1 ? logit + positive : negative - logit)
    const e = exp(-Math.abs(u))
    const likelier = 1 / (1 + e)
    const unlikelier = e * likelier
    const pull = scale * (u > 0 ? unlikelier : likelier)
    out.gradient = label === 1 ? -pull : pull
    out.hessian = scale * scale * (likelier * unlikelier)
  }
}

function logLossDerivatives(logit: number, label: number, out: Derivatives): void {
  const e = exp(-Math.abs(logit))
  const likelier = 1 / (1 + e)
  const unlikelier = e * likelier
  out.gradient = (logit > 0 ? likelier : unlikelier) - label
  out.hessian = likelier * unlikelier
}

/**
 * Derivatives of focal loss in the logit z. With s = ±1 for the class, m = s·z, p = σ(m) the
 * probability of the true class and q = 1 − p,
 *
 *     first   =  −s · αT · q^γ · t    with  t = γ p (−ln p) + q
 *     second  =  αT · p · q^γ · (γ t + (1 + γ) q − γ q (−ln p))
 *
 * q^γ is e^(−γ (−ln q)) but for the γ of which it is a product.
 */
function focalDerivatives({
  gamma,
  alpha,
}: Extract<BoostingLoss, { kind: 'focal' }>): (z: number, label: number, out: Derivatives) => void {
  return (logit, label, out) => {
    const margin = label === 1 ? logit : -logit
    const e = exp(-Math.abs(logit))
    const likelier = 1 / (1 + e)
    const unlikelier = e * likelier
    const p = margin > 0 ? likelier : unlikelier
    const q = margin > 0 ? unlikelier : likelier
    const rest = log1p(e)
    const nats = Math.max(-margin, 0) + rest // −ln p
    let focus = 1
    if (gamma === 1) focus = q
    else if (gamma === 2) focus = q * q
    else if (gamma !== 0) focus = exp(-gamma * (Math.max(margin, 0) + rest))
    const scaled = (label === 1 ? alpha : 1 - alpha) * focus
    const t = gamma * p * nats + q
    const steepness = scaled * t
    out.gradient = label === 1 ? -steepness : steepness
    const hessian = scaled * p * (gamma * t + (1 + gamma) * q - gamma * q * nats)
    out.hessian = hessian > 0 ? hessian : 0
  }
}

/** Where a histogram begins in `memory.histograms`. */
function histogramAt({ nColumns }: BoostingMemory, histogram: number): number {
  return 2 * CODES_PER_COLUMN * nColumns * histogram
}

/** Cuts of one feature, at most maxValueBins − 1, from the order of its present values. */
function cutsOf(
  values: Float32Array,
  order: Int32Array,
  weights: Float64Array,
  maxValueBins: number,
): Float32Array {
  let nDistinct = 0
  let remaining = 0
  let previous = NaN
  for (const i of order) {
    const weight = weights[i]!
    if (weight === 0) continue
    remaining += weight
    if (values[i]! !== previous) nDistinct++
    previous = values[i]!
  }
  const everyValue = nDistinct <= maxValueBins
  const cuts: number[] = []
  let collected = 0
  previous = NaN
  for (const i of order) {
    if (cuts.length + 1 >= maxValueBins) break
    const value = values[i]!
    const weight = weights[i]!
    if (weight === 0) continue
    const isFull = everyValue || collected * (maxValueBins - cuts.length) >= remaining
    if (value > previous && isFull) {
      cuts.push(cutBetween(previous, value))
      remaining -= collected
      collected = 0
    }
    collected += weight
    previous = value
  }
  return Float32Array.from(cuts)
}

/** A float32 cut with low ≤ cut < high, half-way where float32 has a number there. */
function cutBetween(low: number, high: number): number {
  const middle = Math.fround((low + high) / 2)
  return (middle >= low && middle < high ? middle : low) + 0 // never −0
}
