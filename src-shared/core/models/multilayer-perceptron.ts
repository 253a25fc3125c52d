/**
 * A multilayer perceptron: one to three hidden layers of rectified linear units and one output, the
 * logit of the positive class. It computes in single precision, in training as in scoring; features
 * are expected to have been scaled, and cut off at ± a million.
 *
 *     logit = baseLogit + wᵀ h_L + b,    h_l = max(0, W_lᵀ h_{l−1} + b_l),    h_0 = features
 *
 * `baseLogit` is the log-odds of the prior and not learned: with rare positives the first epochs
 * would otherwise go into finding it. Training minimises the mean weighted log loss or focal loss,
 * plus ½ · l2 · |weights|² ÷ samples, by Adam on batches that all have the same share of
 * positives, or as many positives as negatives. Batches of the latter kind shift the log-odds by a
 * known amount, which `baseLogit` takes back.
 *
 * A share of each class is held out, and the loss on it is looked at after every epoch. Training
 * stops when it has not fallen for `patience` epochs; the parameters of the best epoch are kept.
 *
 * Source: Kingma and Ba (2015), "Adam: A Method for Stochastic Optimization", algorithm 1; Glorot
 * and Bengio (2010), "Understanding the Difficulty of Training Deep Feedforward Neural Networks",
 * eq. 16, for the starting weights; Srivastava et al. (2014), "Dropout", section 4, scaled while
 * training instead of scoring.
 */
import type { TrainingWatch } from '../kernels.ts'
import { CHUNK_ROWS, FIRST_DECAY, SECOND_DECAY, watchedMargins } from '../kernels/network.ts'
import type {
  AdamStep,
  DenseLayer,
  NetworkKernels,
  NetworkLoss,
  NetworkMemory,
} from '../kernels/network.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { ln } from '../math/elementary.ts'
import type { Matrix } from '../math/matrix.ts'
import { shuffle } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import { blockSum } from '../math/sum.ts'
import type { LossChoice, MultilayerPerceptronChoice } from '../plan/plan.ts'
import { keepSmallest } from '../losses/select-by-margin.ts'
import { adjustmentOf, courseOf, marginsAt, marginsOf, requireLoss } from './loss-course.ts'
import { balancedBatches, stratifiedBatches } from './perceptron-batches.ts'
import { priorOf } from './prior-logit.ts'
import type { Prior } from './prior-logit.ts'
import { requireFinite } from './require-finite.ts'
import type { FitReport, TrainingSet } from './training-set.ts'

export interface MultilayerPerceptronModel {
  readonly kind: 'multilayer_perceptron'
  /** Units per layer: features, hidden layers, 1. */
  readonly units: readonly number[]
  /** Per layer its weights, row-major inputs × outputs, then its biases. */
  readonly parameters: Float32Array
  readonly baseLogit: number
}

const OPERATIONS_PER_CHECKPOINT = 2e7 // 10 to 100 ms of multiply-adds
/** Samples of the rarer class below which too few would be held out to tell epochs apart. */
const LEAST_TO_HOLD_OUT = 100
/** Features beyond are taken for this much: their squares have to stay within single precision. */
const LARGEST_FEATURE = 1e6
const LOG_LOSS: LossChoice = { kind: 'log_loss' }
/** Decrease of a loss that counts, as share of it. */
const LEAST_DECREASE = 1e-4

/**
 * @returns Same stream, same bits, by every engine. `iterations` is the epoch whose parameters are
 *   kept; `converged` is false when training ended at `epochs` rather than by patience. With one
 *   class only, or no features: a model that gives everyone the prior.
 * @throws RangeError when a hyperparameter is out of range or a feature value is not finite.
 *
 * Where the rarer class has fewer than 100 samples nothing is held out and the training loss is
 * looked at instead. Where a loss stops being finite, the best epoch before is returned.
 */
export function fitMultilayerPerceptron(
  choice: MultilayerPerceptronChoice,
  train: TrainingSet,
  checkpoint: Checkpoint,
  kernels: NetworkKernels,
  stream: RandomStream,
  watch?: TrainingWatch,
): { model: MultilayerPerceptronModel; report: FitReport } {
  requireChoice(choice)
  const { X, yTrue } = train
  requireFinite(X, 'a multilayer perceptron')
  const weights = relativeWeights(train)
  const prior = priorOf(yTrue, train.weights)
  const units = [X.nFeatures, ...choice.hidden, 1]
  if (!prior.hasBothClasses || X.nFeatures === 0) {
    checkpoint(1)
    const parameters = new Float32Array(parameterCount(units))
    const model = {
      kind: 'multilayer_perceptron',
      units,
      parameters,
      baseLogit: prior.logit,
    } as const
    return { model, report: { iterations: 0, converged: prior.hasBothClasses } }
  }

  const { fitted, held } = holdOut(yTrue, weights, choice.validationShare, stream)
  const batches = (choice.batches === 'balanced' ? balancedBatches : stratifiedBatches)(
    fitted.negatives,
    fitted.positives,
    choice.batchSize,
    stream,
  )
  // What balanced batches add to the log-odds.
  const shift =
    choice.batches === 'balanced' ? ln(fitted.negatives.length / fitted.positives.length) : 0

  const memory = kernels.open()
  try {
    const network = layOut(memory, units, choice.dropout)
    startAt(network, stream)
    const values = memory.float32(X.values.length)
    bounded(X.values, values)
    const labels = memory.bytes(yTrue.length)
    labels.set(yTrue)
    const lossWeights = memory.float32(yTrue.length)
    lossWeights.set(weights)
    const chunk = memory.int32(CHUNK_ROWS)
    const batch = new Int32Array(batches.longest)
    const asked = lossAskedFor(choice)
    const loss = lossInKernel(choice, asked, prior)
    const data: Data = { values, labels, lossWeights, chunk }
    const miner = asked.kind === 'hard_mining' ? createMiner(asked.share, yTrue, weights) : null
    const course = courseOf(miner === null ? asked : LOG_LOSS, yTrue, weights, prior)

    const operations = 3 * network.operationsPerRow
    let sinceCheckpoint = 0
    const tickAfter = (nRows: number, tick: () => void): void => {
      sinceCheckpoint += nRows * operations
      if (sinceCheckpoint < OPERATIONS_PER_CHECKPOINT) return
      sinceCheckpoint = 0
      tick()
    }

    watch?.begin(watchedMargins(loss))
    let best = { loss: Infinity, epoch: 0, parameters: network.parameters.slice() }
    let settledSince = 0
    let firstPower = 1
    let secondPower = 1
    let stopped = false
    for (let epoch = 1; epoch <= choice.epochs && !stopped; epoch++) {
      const tickIn = partOf(checkpoint, (epoch - 1) / choice.epochs, epoch / choice.epochs)
      batches.next()
      const progress = (epoch - 1) / choice.epochs
      const isSettled = progress >= course.settledFrom
      // What came before was trained for something else, and its losses don't compare.
      if (isSettled && settledSince === 0) {
        settledSince = epoch
        best = { ...best, loss: Infinity }
      }
      const factors = course.factorsAt(progress, () => {
        const logits = new Float64Array(yTrue.length)
        const all = Int32Array.from(logits.keys())
        logitsOf(network, kernels, data, all, prior.logit + shift, logits, (nRows) => {
          tickAfter(nRows, () => {
            tickIn(0)
          })
        })
        return logits
      })
      for (let i = 0; i < weights.length; i++) {
        lossWeights[i] = factors === null ? weights[i]! : weights[i]! * factors[i]!
      }
      // Judged by samples that all count, unless it is classes that are weighed.
      const heldWeights = asked.kind === 'self_paced' ? weights : lossWeights
      let trainingLoss = 0
      let trained = 0
      for (let b = 0; b < batches.count; b++) {
        const nRows = batches.fill(b, batch)
        network.gradient.fill(0)
        // Of the model without `baseLogit` of the data: batches have a prior of their own.
        const base = prior.logit + shift
        const share =
          miner?.mine(batch.subarray(0, nRows), lossWeights, (rows, logits) => {
            logitsOf(network, kernels, data, rows, base, logits, (n) => {
              tickAfter(n, () => {
                tickIn(b / batches.count)
              })
            })
          }) ?? 1
        for (let from = 0; from < nRows; from += CHUNK_ROWS) {
          const to = Math.min(from + CHUNK_ROWS, nRows)
          chunk.set(batch.subarray(from, to))
          trainingLoss += addChunk(network, kernels, data, to - from, base, loss, stream)
          watch?.see(chunk, to - from, network.activations.at(-1)!, lossWeights, shift)
          tickAfter(to - from, () => {
            tickIn(b / batches.count)
          })
        }
        trained += share * nRows
        firstPower *= FIRST_DECAY
        secondPower *= SECOND_DECAY
        const rate = (choice.learningRate * Math.sqrt(1 - secondPower)) / (1 - firstPower)
        takeStep(network, kernels, { scale: 1 / (share * nRows), decay: choice.l2 / nRows, rate })
      }
      watch?.endPass()
      const epochLoss =
        held.length === 0
          ? trainingLoss / trained
          : lossOn(network, kernels, data, held, heldWeights, prior.logit, loss, (nRows) => {
              tickAfter(nRows, () => {
                tickIn(1)
              })
            })
      // A rectified unit hides an undefined sum, so the loss alone doesn't tell.
      if (!(epochLoss < Infinity) || !network.parameters.every(Number.isFinite)) break
      if (epochLoss < best.loss * (1 - LEAST_DECREASE)) {
        best = { loss: epochLoss, epoch, parameters: network.parameters.slice() }
      }
      stopped = isSettled && epoch - Math.max(best.epoch, settledSince - 1) >= choice.patience
    }
    checkpoint(1)
    return {
      model: {
        kind: 'multilayer_perceptron',
        units,
        parameters: best.parameters,
        baseLogit: prior.logit - adjustmentOf(asked, prior),
      },
      report: { iterations: best.epoch, converged: stopped },
    }
  } finally {
    memory.release()
  }
}

/** @returns Logit per sample, length nSamples; NaN where a feature is not finite. */
export function multilayerPerceptronLogits(
  { units, parameters, baseLogit }: MultilayerPerceptronModel,
  { values, nSamples, nFeatures }: Matrix,
  checkpoint: Checkpoint,
  kernels: NetworkKernels,
): Float64Array {
  const logits = new Float64Array(nSamples)
  const memory = kernels.open()
  try {
    const network = layOut(memory, units, 0)
    network.parameters.set(parameters)
    for (let start = 0; start < nSamples; start += CHUNK_ROWS) {
      checkpoint(start / nSamples)
      const end = Math.min(start + CHUNK_ROWS, nSamples)
      bounded(values.subarray(start * nFeatures, end * nFeatures), network.activations[0]!)
      const output = feedForward(network, kernels, end - start, null)
      for (let i = start; i < end; i++) logits[i] = baseLogit + output[i - start]!
    }
    for (let at = 0; at < values.length; at++) {
      if (!Number.isFinite(values[at])) logits[Math.floor(at / nFeatures)] = NaN
    }
    return logits
  } finally {
    memory.release()
  }
}

/** Copies features to single precision. */
function bounded(features: Float64Array, out: Float32Array): void {
  for (let at = 0; at < features.length; at++) {
    out[at] = Math.max(-LARGEST_FEATURE, Math.min(LARGEST_FEATURE, features[at]!))
  }
}

/** The samples that training draws from. */
interface Data {
  readonly values: Float32Array
  readonly labels: Uint8Array
  readonly lossWeights: Float32Array
  /** The samples of the chunk at work, CHUNK_ROWS at most. */
  readonly chunk: Int32Array
}

interface Network {
  readonly parameters: Float32Array
  readonly gradient: Float32Array
  readonly firstMoments: Float32Array
  readonly secondMoments: Float32Array
  readonly layers: readonly (DenseLayer & {
    /** Where its parameters lie. */
    readonly start: number
    readonly gradient: Float32Array
  })[]
  /** Of the layers' inputs, and at last of the output: CHUNK_ROWS rows each. */
  readonly activations: readonly Float32Array[]
  /** Derivatives of the loss in the layers' sums: CHUNK_ROWS rows each. */
  readonly deltas: readonly Float32Array[]
  readonly transposed: Float32Array
  readonly dropout: number
  /** Multiply-adds of one pass forward. */
  readonly operationsPerRow: number
}

function layOut(memory: NetworkMemory, units: readonly number[], dropout: number): Network {
  const count = parameterCount(units)
  const parameters = memory.float32(count)
  const gradient = memory.float32(count)
  let start = 0
  let operationsPerRow = 0
  const layers = units.slice(1).map((nOut, l) => {
    const nIn = units[l]!
    const from = start
    const biases = start + nIn * nOut
    start = biases + nOut
    operationsPerRow += nIn * nOut
    return {
      nIn,
      nOut,
      start: from,
      weights: parameters.subarray(from, biases),
      biases: parameters.subarray(biases, start),
      gradient: gradient.subarray(from, start),
    }
  })
  return {
    parameters,
    gradient,
    firstMoments: memory.float32(count),
    secondMoments: memory.float32(count),
    layers,
    activations: units.map((n) => memory.float32(CHUNK_ROWS * n)),
    deltas: units.slice(1).map((n) => memory.float32(CHUNK_ROWS * n)),
    transposed: memory.float32(operationsPerRow),
    dropout,
    operationsPerRow,
  }
}

function parameterCount(units: readonly number[]): number {
  return units.slice(1).reduce((sum, nOut, l) => sum + (units[l]! + 1) * nOut, 0)
}

/** Weights uniform within ±√(6 ÷ (inputs + outputs)); biases stay 0. */
function startAt({ layers }: Network, stream: RandomStream): void {
  for (const { nIn, nOut, weights } of layers) {
    const bound = Math.sqrt(6 / (nIn + nOut))
    for (let i = 0; i < weights.length; i++) weights[i] = bound * (2 * stream.uniform() - 1)
  }
}

/** @param stream What hidden units are dropped by; null where none are. @returns The output. */
function feedForward(
  { layers, activations, dropout }: Network,
  kernels: NetworkKernels,
  nRows: number,
  stream: RandomStream | null,
): Float32Array {
  layers.forEach((layer, l) => {
    const isLast = l === layers.length - 1
    const output = activations[l + 1]!
    kernels.forward(layer, nRows, activations[l]!, output, !isLast)
    if (isLast || dropout === 0 || stream === null) return
    const threshold = Math.floor(dropout * 2 ** 32)
    kernels.dropOut(output, nRows * layer.nOut, stream.uint32(), threshold, 1 / (1 - dropout))
  })
  return activations[layers.length]!
}

/** Adds the gradient over the samples of the chunk. @returns Their loss. */
function addChunk(
  network: Network,
  kernels: NetworkKernels,
  data: Data,
  nRows: number,
  baseLogit: number,
  loss: NetworkLoss,
  stream: RandomStream,
): number {
  const { layers, activations, deltas } = network
  const chunkLoss = lossOfChunk(network, kernels, data, nRows, baseLogit, loss, stream)
  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l]!
    const input = activations[l]!
    kernels.addGradient(layer, nRows, input, deltas[l]!, layer.gradient)
    if (l === 0) break
    const scale = 1 / (1 - network.dropout)
    kernels.backward(layer, nRows, deltas[l]!, input, scale, network.transposed, deltas[l - 1]!)
  }
  return chunkLoss
}

/** Loss of the samples of the chunk; leaves its derivatives in the last `deltas`. */
function lossOfChunk(
  network: Network,
  kernels: NetworkKernels,
  { values, labels, lossWeights, chunk }: Data,
  nRows: number,
  baseLogit: number,
  loss: NetworkLoss,
  stream: RandomStream | null,
): number {
  const input = network.activations[0]!
  kernels.gather(values, network.layers[0]!.nIn, chunk, nRows, input)
  const logits = feedForward(network, kernels, nRows, stream)
  for (let r = 0; r < nRows; r++) logits[r]! += baseLogit
  return kernels.loss(nRows, chunk, labels, lossWeights, logits, network.deltas.at(-1)!, loss)
}

/** Logits of some samples, by the network without dropout. */
function logitsOf(
  network: Network,
  kernels: NetworkKernels,
  { values, chunk }: Data,
  samples: Int32Array,
  baseLogit: number,
  out: Float64Array,
  tickAfter: (nRows: number) => void,
): void {
  const { nIn } = network.layers[0]!
  for (let from = 0; from < samples.length; from += CHUNK_ROWS) {
    const rows = samples.subarray(from, from + CHUNK_ROWS)
    chunk.set(rows)
    kernels.gather(values, nIn, chunk, rows.length, network.activations[0]!)
    const output = feedForward(network, kernels, rows.length, null)
    for (let r = 0; r < rows.length; r++) out[from + r] = baseLogit + output[r]!
    tickAfter(rows.length)
  }
}

/** Lets the hardest samples of each batch count (online hard example mining). */
function createMiner(
  share: number,
  yTrue: Uint8Array,
  weights: Float64Array,
): {
  /**
   * Writes what the samples of a batch weigh to `lossWeights`. @returns The share that counts.
   *
   * @param logitsOf Writes the logits of rows to the array.
   */
  mine(
    rows: Int32Array,
    lossWeights: Float32Array,
    logitsOf: (rows: Int32Array, logits: Float64Array) => void,
  ): number
} {
  return {
    mine(rows, lossWeights, logitsInto) {
      const logits = new Float64Array(rows.length)
      logitsInto(rows, logits)
      const own = Float64Array.from(rows, (row) => weights[row]!)
      const factors = new Float64Array(rows.length)
      const margins = marginsAt(
        Uint8Array.from(rows, (row) => yTrue[row]!),
        logits,
        1,
      )
      keepSmallest(margins, own, share, factors)
      rows.forEach((row, r) => {
        lossWeights[row] = own[r]! * factors[r]!
      })
      return share
    },
  }
}

function lossAskedFor({ loss, focalGamma, focalAlpha }: MultilayerPerceptronChoice): LossChoice {
  if (loss !== undefined) return loss
  // Without an alpha both classes weigh 2 · ½.
  return focalGamma > 0 ? { kind: 'focal', gamma: focalGamma, alpha: focalAlpha ?? 0.5 } : LOG_LOSS
}

/** @param prior With both classes. */
function lossInKernel(
  { loss, focalAlpha }: MultilayerPerceptronChoice,
  asked: LossChoice,
  prior: Prior,
): NetworkLoss {
  const alpha = asked.kind === 'focal' ? asked.alpha : loss === undefined ? focalAlpha : null
  const { positive, negative, scale } = marginsOf(asked, prior)
  return {
    gamma: asked.kind === 'focal' ? asked.gamma : 0,
    positiveFactor: alpha === null ? 1 : 2 * alpha,
    negativeFactor: alpha === null ? 1 : 2 * (1 - alpha),
    positiveShift: positive,
    negativeShift: negative,
    scale,
  }
}

/** Mean loss on some samples, by the network without dropout. */
function lossOn(
  network: Network,
  kernels: NetworkKernels,
  data: Data,
  samples: Int32Array,
  weights: ArrayLike<number>,
  baseLogit: number,
  loss: NetworkLoss,
  tickAfter: (nRows: number) => void,
): number {
  let sum = 0
  let weight = 0
  for (let from = 0; from < samples.length; from += CHUNK_ROWS) {
    const rows = samples.subarray(from, from + CHUNK_ROWS)
    data.chunk.set(rows)
    for (const row of rows) data.lossWeights[row] = weights[row]!
    sum += lossOfChunk(network, kernels, data, rows.length, baseLogit, loss, null)
    for (const row of rows) weight += data.lossWeights[row]!
    tickAfter(rows.length)
  }
  return sum / weight
}

/** One step of Adam; the penalty is on weights, not on biases. */
function takeStep(
  { layers, parameters, gradient, firstMoments, secondMoments }: Network,
  kernels: NetworkKernels,
  step: AdamStep,
): void {
  for (const { start, nIn, nOut } of layers) {
    const biases = start + nIn * nOut
    for (const [from, to, decay] of [
      [start, biases, step.decay],
      [biases, biases + nOut, 0],
    ] as const) {
      kernels.adam(parameters, gradient, firstMoments, secondMoments, from, to, { ...step, decay })
    }
  }
}

/** Weights with a mean of 1 over the samples that weigh anything. */
function relativeWeights({ yTrue, weights }: TrainingSet): Float64Array {
  if (weights === null) return new Float64Array(yTrue.length).fill(1)
  const nWeighing = weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0)
  const mean = blockSum(weights) / nWeighing
  return weights.map((weight) => weight / mean)
}

/** Parts the samples that weigh anything into those fitted on and those held out. */
function holdOut(
  yTrue: Uint8Array,
  weights: Float64Array,
  share: number,
  stream: RandomStream,
): {
  readonly fitted: { readonly negatives: Int32Array; readonly positives: Int32Array }
  readonly held: Int32Array
} {
  const classes = [0, 1].map((label) => samplesOf(yTrue, weights, label))
  const rarer = Math.min(...classes.map(({ length }) => length))
  const parts = classes.map((samples) => {
    if (share === 0 || rarer < LEAST_TO_HOLD_OUT) return { fitted: samples, held: [] }
    shuffle(samples, stream)
    const nHeld = Math.max(1, Math.round(share * samples.length))
    return { fitted: samples.subarray(nHeld), held: [...samples.subarray(0, nHeld)] }
  })
  const [negatives, positives] = parts as [(typeof parts)[0], (typeof parts)[0]]
  return {
    fitted: { negatives: negatives.fitted, positives: positives.fitted },
    held: Int32Array.from([...negatives.held, ...positives.held]).sort(),
  }
}

/** The samples of a class that weigh anything. */
function samplesOf(yTrue: Uint8Array, weights: Float64Array, label: number): Int32Array {
  const samples = new Int32Array(yTrue.length)
  let count = 0
  for (let i = 0; i < yTrue.length; i++) {
    if (yTrue[i] === label && weights[i]! > 0) samples[count++] = i
  }
  return samples.slice(0, count)
}

function requireChoice(choice: MultilayerPerceptronChoice): void {
  requireLoss(choice.loss)
  const expect = (ok: boolean, name: string, wanted: string, got: unknown): void => {
    if (!ok) throw new RangeError(`${name} must be ${wanted}, got ${String(got)}`)
  }
  const whole = (value: number, low: number): boolean => Number.isInteger(value) && value >= low
  const { hidden } = choice
  const layersFit = hidden.length >= 1 && hidden.length <= 3 && hidden.every((n) => whole(n, 1))
  expect(layersFit, 'hidden', '1 to 3 layers of at least one unit', hidden.join(', '))
  expect(whole(choice.batchSize, 1), 'batchSize', 'an integer from 1', choice.batchSize)
  expect(whole(choice.epochs, 1), 'epochs', 'an integer from 1', choice.epochs)
  expect(whole(choice.patience, 1), 'patience', 'an integer from 1', choice.patience)
  expect(
    choice.learningRate > 0 && choice.learningRate < Infinity,
    'learningRate',
    'a finite number above 0',
    choice.learningRate,
  )
  expect(choice.l2 >= 0 && choice.l2 < Infinity, 'l2', 'a finite number from 0', choice.l2)
  expect(choice.dropout >= 0 && choice.dropout < 1, 'dropout', 'in [0, 1)', choice.dropout)
  expect(
    choice.validationShare >= 0 && choice.validationShare <= 0.5,
    'validationShare',
    'in [0, 0.5]',
    choice.validationShare,
  )
  expect(
    choice.focalGamma >= 0 && choice.focalGamma < Infinity,
    'focalGamma',
    'a finite number from 0',
    choice.focalGamma,
  )
  expect(
    choice.focalAlpha === null || (choice.focalAlpha > 0 && choice.focalAlpha < 1),
    'focalAlpha',
    'null or in (0, 1)',
    choice.focalAlpha,
  )
}
