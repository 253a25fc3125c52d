import { describe, expect, it } from 'vitest'
import {
  CODES_PER_COLUMN,
  boundedValue,
  plainBoostingKernels as kernels,
  valueScore,
} from '#shared/core/kernels/boosting.ts'
import type {
  BoostingLoss,
  BoostingMemory,
  FeatureSlots,
  Split,
} from '#shared/core/kernels/boosting.ts'
import { createStream } from '#shared/core/math/random.ts'
import { upTo } from './make-samples.ts'

const N_SAMPLES = 2500 // more than one pass of a kernel, and a last one that is not full
const N_BINS = [5, 256, 2, 17] // the second column uses every code of a byte
const SLOTS = 8 * CODES_PER_COLUMN // four columns, padded to eight
const LOG_LOSS: BoostingLoss = { kind: 'log_loss' }

const features: FeatureSlots = {
  nBins: Int32Array.of(4, 256, 2, 17), // the last code of the first column means missing
  firstSlot: Int32Array.of(1, 257, 513, 769),
  hasMissing: Uint8Array.of(1, 0, 0, 0),
  direction: new Int8Array(4),
}

/** Columns of random codes; derivatives in quarters, so that any order of sums is exact. */
function randomMemory(given = features): BoostingMemory {
  const stream = createStream(3, 'kernels')
  const samples = kernels.open(N_SAMPLES)
  for (const bins of N_BINS) {
    const column = kernels.addColumn(samples)
    for (const i of upTo(N_SAMPLES)) column[i] = stream.below(bins)
  }
  const memory = kernels.layOut(samples, N_BINS, given, 2)
  for (const i of upTo(N_SAMPLES)) {
    memory.gradients[2 * i] = (stream.below(17) - 8) / 4
    memory.gradients[2 * i + 1] = (1 + stream.below(4)) / 4
    memory.samples[i] = (i * 1001) % N_SAMPLES
  }
  return memory
}

const codeOf = (memory: BoostingMemory, column: number, sample: number): number =>
  memory.columns[column]![sample]!

describe('addToHistogram', () => {
  it('adds the derivatives of each sample to its slot of every column', () => {
    const memory = randomMemory()
    kernels.addToHistogram(memory, 100, 2400, 1)
    const want = new Float64Array(2 * SLOTS)
    for (const sample of memory.samples.subarray(100, 2400)) {
      for (const column of upTo(4)) {
        const slot = CODES_PER_COLUMN * column + codeOf(memory, column, sample)
        want[2 * slot]! += memory.gradients[2 * sample]!
        want[2 * slot + 1]! += memory.gradients[2 * sample + 1]!
      }
    }
    expect(memory.histograms.subarray(2 * SLOTS)).toEqual(want)
    expect(memory.histograms.subarray(0, 2 * SLOTS).every((value) => value === 0)).toBe(true)
  })

  it('is undone by subtractHistogram, and forgotten by clearHistogram', () => {
    const memory = randomMemory()
    kernels.addToHistogram(memory, 0, N_SAMPLES, 0)
    kernels.addToHistogram(memory, 0, 900, 1)
    kernels.subtractHistogram(memory, 0, 1)
    const rest = memory.histograms.slice(0, 2 * SLOTS)
    kernels.clearHistogram(memory, 0)
    kernels.addToHistogram(memory, 900, N_SAMPLES, 0)
    expect(memory.histograms.subarray(0, 2 * SLOTS)).toEqual(rest)
  })
})

describe('partition', () => {
  it('moves the samples of a range of codes behind the others and keeps both in order', () => {
    for (const [column, low, high] of [
      [0, 2, 4],
      [1, 100, 255],
      [2, 1, 1],
      [3, 0, 16],
      [3, 5, 4],
    ] as const) {
      const memory = randomMemory()
      const before = [...memory.samples]
      const goes = (sample: number): boolean => {
        const code = codeOf(memory, column, sample)
        return code >= low && code <= high
      }
      const part = before.slice(10, 2300)
      const want = [...part.filter((sample) => !goes(sample)), ...part.filter(goes)]
      const middle = kernels.partition(memory, 10, 2300, column, low, high)
      expect(middle).toBe(10 + part.filter((sample) => !goes(sample)).length)
      expect([...memory.samples]).toEqual([...before.slice(0, 10), ...want, ...before.slice(2300)])
    }
  })
})

describe('findSplit', () => {
  const noSplit = (): Split => ({
    feature: -1,
    bin: -1,
    missingGoesLeft: false,
    score: 0,
    leftGradient: 0,
    leftHessian: 0,
  })

  /** The best score over all features, bins and ways of the missing, sample by sample. */
  function bestScore(memory: BoostingMemory, lambda: number, minChildWeight: number): number {
    let best = 0
    for (const [feature, bins] of features.nBins.entries()) {
      for (const bin of upTo(bins)) {
        for (const missingGoesLeft of [false, true]) {
          const sums = { left: [0, 0], right: [0, 0] }
          for (const sample of memory.samples) {
            const code = codeOf(memory, feature, sample)
            const isMissing = features.hasMissing[feature] === 1 && code === bins
            const side = (isMissing ? missingGoesLeft : code <= bin) ? sums.left : sums.right
            side[0]! += memory.gradients[2 * sample]!
            side[1]! += memory.gradients[2 * sample + 1]!
          }
          const { left, right } = sums
          if (left[1]! < minChildWeight || right[1]! < minChildWeight) continue
          best = Math.max(
            best,
            left[0]! ** 2 / (left[1]! + lambda) + right[0]! ** 2 / (right[1]! + lambda),
          )
        }
      }
    }
    return best
  }

  it('finds the best of all splits', () => {
    const memory = randomMemory()
    kernels.addToHistogram(memory, 0, N_SAMPLES, 0)
    const totals = { gradient: 0, hessian: 0 }
    for (const i of upTo(N_SAMPLES)) {
      totals.gradient += memory.gradients[2 * i]!
      totals.hessian += memory.gradients[2 * i + 1]!
    }
    for (const [lambda, minChildWeight] of [
      [1, 1],
      [0, 1e-9],
      [5, 600],
    ] as const) {
      const best = noSplit()
      const node = { ...totals, lambda, minChildWeight, bounds: null }
      expect(kernels.findSplit(memory, 0, node, 0, best)).toBe(true)
      expect(best.score).toBeCloseTo(bestScore(memory, lambda, minChildWeight), 9)
    }
  })

  it('leaves everything as it is when no split is good enough', () => {
    const memory = randomMemory()
    const best = noSplit()
    const node = { gradient: 0, hessian: 0, lambda: 1, minChildWeight: 1, bounds: null }
    expect(kernels.findSplit(memory, 0, node, 0, best)).toBe(false)
    expect(best).toEqual(noSplit())
  })

  it('cuts in the middle of the bins that no sample of the node is in', () => {
    const memory = randomMemory()
    // Feature 1 has samples in bins 10 and 20 only: the cuts 10 to 19 decide alike.
    memory.histograms.set([-4, 2], 2 * (256 + 10))
    memory.histograms.set([4, 2], 2 * (256 + 20))
    const best = noSplit()
    const node = { gradient: 0, hessian: 4, lambda: 1, minChildWeight: 1, bounds: null }
    expect(kernels.findSplit(memory, 0, node, 0, best)).toBe(true)
    expect(best).toMatchObject({ feature: 1, bin: 14, leftGradient: -4, leftHessian: 2 })
  })
})

describe('updateGradients', () => {
  it('gives derivatives of log loss on the grid', () => {
    const memory = randomMemory()
    const logits = [-800, -3, -1e-9, 0, 0.5, 40, 800]
    logits.forEach((logit, i) => {
      memory.logits[i] = logit
      memory.yTrue[i] = i % 2
      memory.weights[i] = 1 + i
    })
    const power = 2 ** 20
    const grid = { unit: 1.5 * power, sum: 1.5 * power }
    kernels.updateGradients(memory, 0, logits.length, grid, LOG_LOSS)
    const sums = [0, 0]
    logits.forEach((logit, i) => {
      const p = 1 / (1 + Math.exp(-logit))
      const [gradient, hessian] = memory.gradients.subarray(2 * i)
      expect(gradient).toBeCloseTo((1 + i) * (p - (i % 2)), 8)
      expect(hessian).toBeCloseTo((1 + i) * p * (1 - p), 8)
      expect(gradient! * 2 ** 32).toBe(Math.round(gradient! * 2 ** 32)) // multiples of 2^(20 − 52)
      sums[0]! += gradient!
      sums[1]! += hessian!
    })
    expect([...memory.totals]).toEqual(sums)
  })

  it.each([0, 0.5, 1, 2, 5])('gives derivatives of focal loss with gamma %d', (gamma) => {
    const alpha = 0.3
    const lossOf = (logit: number, label: number): number => {
      const p = 1 / (1 + Math.exp(label === 1 ? -logit : logit))
      return -(label === 1 ? alpha : 1 - alpha) * (1 - p) ** gamma * Math.log(p)
    }
    const memory = randomMemory()
    const logits = upTo(81).map((k) => (k - 40) / 10 + 0.05)
    for (const label of [0, 1]) {
      memory.logits.set(logits)
      memory.yTrue.fill(label)
      memory.weights.fill(1)
      const grid = { unit: 3, sum: 3 }
      kernels.updateGradients(memory, 0, logits.length, grid, { kind: 'focal', gamma, alpha })
      logits.forEach((logit, i) => {
        const [before, here, after] = [-1e-4, 0, 1e-4].map((d) => lossOf(logit + d, label)) as [
          number,
          number,
          number,
        ]
        expect(memory.gradients[2 * i]).toBeCloseTo((after - before) / 2e-4, 6)
        const curvature = (after - 2 * here + before) / 1e-8
        expect(memory.gradients[2 * i + 1]).toBeCloseTo(Math.max(curvature, 0), 5)
      })
    }
  })
})

describe('findSplit with directions', () => {
  it('finds the best of the splits whose values are within bounds and in order', () => {
    const direction = Int8Array.of(1, -1, 0, 1)
    const memory = randomMemory({ ...features, direction })
    kernels.addToHistogram(memory, 0, N_SAMPLES, 0)
    let gradient = 0
    let hessian = 0
    for (const i of upTo(N_SAMPLES)) {
      gradient += memory.gradients[2 * i]!
      hessian += memory.gradients[2 * i + 1]!
    }
    const bounds = { lower: -0.02, upper: 0.015 }
    let want = -Infinity
    for (const feature of upTo(4)) {
      const bins = features.nBins[feature]!
      for (const bin of upTo(bins)) {
        for (const missingGoesLeft of [false, true]) {
          let [leftGradient, leftHessian] = [0, 0]
          for (const i of upTo(N_SAMPLES)) {
            const code = codeOf(memory, feature, i)
            const isMissing = feature === 0 && code === bins
            if (!(isMissing ? missingGoesLeft : code <= bin)) continue
            leftGradient += memory.gradients[2 * i]!
            leftHessian += memory.gradients[2 * i + 1]!
          }
          if (leftHessian < 1 || hessian - leftHessian < 1) continue
          const left = boundedValue(leftGradient, leftHessian + 1, bounds)
          const right = boundedValue(gradient - leftGradient, hessian - leftHessian + 1, bounds)
          if (direction[feature]! * (right - left) < 0) continue
          const score =
            valueScore(leftGradient, leftHessian + 1, left) +
            valueScore(gradient - leftGradient, hessian - leftHessian + 1, right)
          want = Math.max(want, score)
        }
      }
    }
    const best = {
      feature: -1,
      bin: -1,
      missingGoesLeft: false,
      score: 0,
      leftGradient: 0,
      leftHessian: 0,
    }
    const node = { gradient, hessian, lambda: 1, minChildWeight: 1, bounds }
    expect(kernels.findSplit(memory, 0, node, -1e9, best)).toBe(true)
    expect(best.score).toBeCloseTo(want, 9)
  })
})

it('addLeafValues does to logits what partition and addLeafValue do', () => {
  const together = randomMemory()
  kernels.addLeafValues(together, 3, 2400, 1, 20, 90, 0.25, -0.5)
  const apart = randomMemory()
  const middle = kernels.partition(apart, 3, 2400, 1, 20, 90)
  kernels.addLeafValue(apart, 3, middle, 0.25)
  kernels.addLeafValue(apart, middle, 2400, -0.5)
  expect(together.logits).toEqual(apart.logits)
})

it('addLeafValue reaches the samples of the range and no others', () => {
  const memory = randomMemory()
  kernels.addLeafValue(memory, 5, 8, 0.5)
  const reached = upTo(N_SAMPLES).filter((i) => memory.logits[i] === 0.5)
  expect(reached).toEqual([...memory.samples.subarray(5, 8)].sort((a, b) => a - b))
})
