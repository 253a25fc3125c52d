/**
 * What the core needs from a compute engine, and the plain TypeScript that says what is right.
 *
 * An engine lays out the arrays of a computation (`allocate`) and runs its inner loops on them. The
 * loops take arrays of that layout and positions in them, keep nothing between calls and allocate
 * nothing, so that an engine may put all arrays into one WebAssembly memory and pass offsets. Every
 * engine must give the results of the plain one, bit for bit.
 *
 * Layout of a boosting run. Features are stored as *columns* of one byte per sample; one column may
 * hold several features that are never away from their lowest bin together (see models/binning.ts).
 *
 *   rowCodes     the codes of a sample side by side, four columns in one 32-bit word (the first in
 *                the lowest byte): reading a sample costs one or two cache lines
 *   columnCodes  the same codes column by column, for splitting on one feature
 *   gradients    first and second derivative of the loss of each sample, interleaved
 *   samples      positions of samples; the samples of a tree node are consecutive
 *   histograms   several histograms of nSlots · 2 numbers: sums of first and second derivatives per
 *                slot, interleaved; code k of column c has slot `columnStarts[c] + k`
 */
import { exp } from './math/elementary.ts'

/** Sizes and positions that an engine lays its memory out by. */
export interface BoostingShape {
  readonly nSamples: number
  /** A multiple of 4: the last columns may be padding. */
  readonly nColumns: number
  /** First slot of each column in a histogram, length nColumns. */
  readonly columnStarts: Int32Array
  readonly nSlots: number
  readonly nHistograms: number
}

export interface BoostingMemory {
  readonly shape: BoostingShape
  /** nSamples × nColumns / 4. */
  readonly rowCodes: Int32Array
  /** nColumns × nSamples. */
  readonly columnCodes: Uint8Array
  readonly yTrue: Uint8Array
  readonly weights: Float64Array
  readonly logits: Float64Array
  /** nSamples × 2. */
  readonly gradients: Float64Array
  readonly samples: Int32Array
  /** Length nSamples; holds nothing between calls. */
  readonly scratch: Int32Array
  /** nHistograms × nSlots × 2. */
  readonly histograms: Float64Array
}

/** Where the bins of each feature lie in a histogram. All arrays have length nFeatures. */
export interface FeatureSlots {
  /** Bins of values, missing not counted. A feature with fewer than 2 slots in all is passed over. */
  readonly nBins: Int32Array
  /** Slot of bin 1; bin k has the slot k − 1 further, missing the one after the last bin. */
  readonly firstSlot: Int32Array
  /** 1 where the feature has a slot for missing values. */
  readonly hasMissing: Uint8Array
}

/** Sums over the samples of a node, and what limits its split. */
export interface NodeSums {
  readonly gradient: number
  readonly hessian: number
  readonly lambda: number
  /** > 0. */
  readonly minChildWeight: number
}

/** The best way to split a node: bins up to `bin` go left, higher ones right. */
export interface Split {
  feature: number
  /** In [0, nBins − 1]; nBins − 1 parts the missing values from all others. */
  bin: number
  missingGoesLeft: boolean
  /** Sum of the children's gradient² / (hessian + lambda). */
  score: number
  leftGradient: number
  leftHessian: number
}

export interface BoostingKernels {
  allocate(shape: BoostingShape): BoostingMemory

  /**
   * Derivatives of weighted log loss at the logits of samples [start, end), each rounded to a
   * multiple of `grid.sum` after the unweighted one was rounded to a multiple of `grid.unit`.
   */
  updateGradients(memory: BoostingMemory, start: number, end: number, grid: GradientGrid): void

  /** Adds the derivatives of samples[start, end) to a histogram. */
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
    features: FeatureSlots,
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
  allocate(shape) {
    const { nSamples, nColumns, nSlots, nHistograms } = shape
    return {
      shape,
      rowCodes: new Int32Array((nSamples * nColumns) / 4),
      columnCodes: new Uint8Array(nSamples * nColumns),
      yTrue: new Uint8Array(nSamples),
      weights: new Float64Array(nSamples),
      logits: new Float64Array(nSamples),
      gradients: new Float64Array(2 * nSamples),
      samples: new Int32Array(nSamples),
      scratch: new Int32Array(nSamples),
      histograms: new Float64Array(2 * nSlots * nHistograms),
    }
  },

  updateGradients({ logits, yTrue, weights, gradients }, start, end, { unit, sum }) {
    for (let i = start; i < end; i++) {
      const z = logits[i]!
      const e = exp(-Math.abs(z))
      const likelier = 1 / (1 + e)
      const unlikelier = e * likelier
      const weight = weights[i]!
      const gradient = (z > 0 ? likelier : unlikelier) - yTrue[i]!
      const hessian = likelier * unlikelier
      gradients[2 * i] = weight * (gradient + unit - unit) + sum - sum
      gradients[2 * i + 1] = weight * (hessian + unit - unit) + sum - sum
    }
  },

  addToHistogram({ shape, rowCodes, gradients, samples, histograms }, start, end, histogram) {
    const { nColumns, columnStarts, nSlots } = shape
    const wordsPerSample = nColumns >>> 2
    const base = 2 * nSlots * histogram
    const slotOf = (column: number): number => base + 2 * columnStarts[column]!
    for (let passStart = start; passStart < end; passStart += SAMPLES_PER_PASS) {
      const passEnd = Math.min(passStart + SAMPLES_PER_PASS, end)
      for (let word = 0; word < wordsPerSample; word++) {
        const h0 = slotOf(4 * word)
        const h1 = slotOf(4 * word + 1)
        const h2 = slotOf(4 * word + 2)
        const h3 = slotOf(4 * word + 3)
        for (let at = passStart; at < passEnd; at++) {
          const sample = samples[at]!
          const x = rowCodes[Math.imul(sample, wordsPerSample) + word]!
          const g = gradients[2 * sample]!
          const h = gradients[2 * sample + 1]!
          let slot = h0 + ((x << 1) & 510)
          histograms[slot]! += g
          histograms[slot + 1]! += h
          slot = h1 + ((x >>> 7) & 510)
          histograms[slot]! += g
          histograms[slot + 1]! += h
          slot = h2 + ((x >>> 15) & 510)
          histograms[slot]! += g
          histograms[slot + 1]! += h
          slot = h3 + ((x >>> 23) & 510)
          histograms[slot]! += g
          histograms[slot + 1]! += h
        }
      }
    }
  },

  clearHistogram({ shape, histograms }, histogram) {
    const length = 2 * shape.nSlots
    histograms.fill(0, histogram * length, (histogram + 1) * length)
  },

  subtractHistogram({ shape, histograms }, whole, part) {
    const length = 2 * shape.nSlots
    const wholeAt = whole * length
    const partAt = part * length
    for (let k = 0; k < length; k++) histograms[wholeAt + k]! -= histograms[partAt + k]!
  },

  findSplit({ shape, histograms }, histogram, features, node, leastScore, best) {
    const { nBins, firstSlot, hasMissing } = features
    const { gradient, hessian, lambda, minChildWeight } = node
    const base = 2 * shape.nSlots * histogram
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
          const score =
            (leftGradient * leftGradient) / (leftHessian + lambda) +
            (rightGradient * rightGradient) / (rightHessian + lambda)
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

  partition({ shape, columnCodes, samples, scratch }, start, end, column, low, high) {
    const codesAt = column * shape.nSamples
    const width = high - low
    let kept = start
    let moved = 0
    for (let at = start; at < end; at++) {
      const sample = samples[at]!
      // Both places are written and one counter moves: there is no branch to mispredict.
      const goes = (columnCodes[codesAt + sample]! - low) >>> 0 <= width ? 1 : 0
      samples[kept] = sample
      scratch[moved] = sample
      moved += goes
      kept += 1 - goes
    }
    for (let k = 0; k < moved; k++) samples[kept + k] = scratch[k]!
    return kept
  },

  addLeafValue({ logits, samples }, start, end, value) {
    for (let at = start; at < end; at++) logits[samples[at]!]! += value
  },
}
