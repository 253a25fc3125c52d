/**
 * Two models, one after the other: a gate of high recall, and a filter that decides on what the
 * gate lets through. For rare positives among many samples that are easily told to be negative.
 *
 * The gate's threshold must hold for samples that it has not seen, and so must what the filter
 * learns from. So inner folds give each sample a gate logit by a gate that was fitted without it:
 *
 *   threshold   the highest that lets through at least gateRecall of the (weighted) positives
 *   filter      fitted on what passes, on all features and the gate's logit, standardised
 *   gate        refitted on all samples
 *
 * A sample that the gate stops has a lower probability than any that it lets through, so that no
 * threshold alerts it before those. With q the share of positives among the samples stopped in the
 * inner folds, z the gate's logit, t its threshold and f the filter's logit,
 *
 *     probability  =  q · 2σ(z − t)          if z < t         in (0, q)
 *                     q + (1 − q) · σ(f)     otherwise        in (q, 1)
 *
 * The first is a rough estimate, right on the whole rather than for each.
 */
import type { Engine, FitMeans } from '../kernels.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { exp, ln, log1p, sigmoid, softplus } from '../math/elementary.ts'
import type { Matrix } from '../math/matrix.ts'
import { argsortDescending } from '../math/order.ts'
import { createStream, shuffle } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import type { SingleModelChoice, TwoStageChoice } from '../plan/plan.ts'
import { priorOf } from './prior-logit.ts'
import type { FitReport, TrainingSet } from './training-set.ts'

/** @template Stage What stages are fitted to. */
export interface TwoStageModel<Stage> {
  readonly kind: 'two_stage'
  readonly gate: Stage
  /** Samples whose gate logit is below don't reach the filter. */
  readonly gateThreshold: number
  /** How the gate's logit is standardised for the filter. */
  readonly gateLogit: { readonly mean: number; readonly scale: number }
  /** Null where the gate decides alone, for want of samples. */
  readonly filter: Stage | null
  /** Share of positives among the samples that the gate stops, in (0, 1). */
  readonly stoppedPrevalence: number
}

/** How stages are fitted and asked. */
export interface StageKind<Stage> {
  fit(
    choice: SingleModelChoice,
    train: TrainingSet,
    checkpoint: Checkpoint,
    means: FitMeans,
  ): { readonly model: Stage; readonly report: FitReport }
  logits(model: Stage, X: Matrix, checkpoint: Checkpoint, engine: Engine): Float64Array
}

/** Samples of each class that either stage needs, so that folds and filter have both classes. */
const LEAST_PER_CLASS = 4
const GATE_FEATURE = '(gate logit)'

/**
 * @returns The gate alone where a class has fewer than four samples, or where fewer than two of
 *   each class pass. `iterations` are those of the filter, `converged` is true when both stages
 *   have.
 */
export function fitTwoStage<Stage>(
  choice: TwoStageChoice,
  train: TrainingSet,
  checkpoint: Checkpoint,
  { engine, stream }: FitMeans,
  stages: StageKind<Stage>,
): { model: TwoStageModel<Stage>; report: FitReport } {
  const { X, yTrue, weights } = train
  const gateFit = stages.fit(choice.gate, train, partOf(checkpoint, 0, 0.2), {
    engine,
    stream: streamOf(stream, 'gate'),
  })
  const alone = (): { model: TwoStageModel<Stage>; report: FitReport } => {
    checkpoint(1)
    const model: TwoStageModel<Stage> = {
      kind: 'two_stage',
      gate: gateFit.model,
      gateThreshold: -Infinity,
      gateLogit: { mean: 0, scale: 1 },
      filter: null,
      stoppedPrevalence: 0.5,
    }
    return { model, report: gateFit.report }
  }
  const positives = countOf(yTrue, weights, 1)
  const negatives = countOf(yTrue, weights, 0)
  if (Math.min(positives, negatives) < LEAST_PER_CLASS || !priorOf(yTrue, weights).hasBothClasses) {
    return alone()
  }

  const nFolds = Math.min(choice.gateFolds, positives, negatives)
  const gateLogits = outOfFoldLogits(choice, train, nFolds, stages, { engine, stream }, (k) =>
    partOf(checkpoint, 0.2 + (0.5 * k) / nFolds, 0.2 + (0.5 * (k + 1)) / nFolds),
  )
  const gateThreshold = thresholdFor(choice.gateRecall, train, gateLogits)
  const passing = Int32Array.from(yTrue, (_, i) => i).filter((i) => gateLogits[i]! >= gateThreshold)
  const gateLogit = meanAndScale(
    passing.map((i) => i),
    gateLogits,
  )
  const passed = passedSamples(train, passing, gateLogits, gateLogit)
  if (Math.min(...[0, 1].map((label) => countOf(passed.yTrue, passed.weights, label))) < 2) {
    return alone()
  }
  const filterFit = stages.fit(choice.filter, passed, partOf(checkpoint, 0.7, 1), {
    engine,
    stream: streamOf(stream, 'filter'),
  })
  checkpoint(1)
  return {
    model: {
      kind: 'two_stage',
      gate: gateFit.model,
      gateThreshold,
      gateLogit,
      filter: filterFit.model,
      stoppedPrevalence: stoppedPrevalence(train, gateLogits, gateThreshold, X.nSamples),
    },
    report: {
      iterations: filterFit.report.iterations,
      converged: gateFit.report.converged && filterFit.report.converged,
    },
  }
}

/** @returns Logit per sample, length nSamples. */
export function twoStageLogits<Stage>(
  model: TwoStageModel<Stage>,
  X: Matrix,
  checkpoint: Checkpoint,
  engine: Engine,
  stages: Pick<StageKind<Stage>, 'logits'>,
): Float64Array {
  const { gate, gateThreshold, gateLogit, filter, stoppedPrevalence: q } = model
  const ofGate = stages.logits(gate, X, partOf(checkpoint, 0, 0.5), engine)
  if (filter === null) return ofGate
  // A logit that is not a number is passed on as it is, for the caller to refuse.
  const passing = Int32Array.from(ofGate, (_, i) => i).filter((i) => !(ofGate[i]! < gateThreshold))
  const ofFilter = stages.logits(
    filter,
    withGateLogit(X, passing, ofGate, gateLogit),
    partOf(checkpoint, 0.5, 1),
    engine,
  )
  const lnRest = log1p(-q) // of 1 − q
  const logits = ofGate.map((z) => stoppedLogit(q, z - gateThreshold))
  passing.forEach((i, at) => {
    const f = ofFilter[at]!
    // ln p − ln(1 − p) with 1 − p = (1 − q) · σ(−f).
    logits[i] = ln(q + (1 - q) * sigmoid(f)) - lnRest + softplus(f)
  })
  return logits
}

/** Whether the gate lets a sample through, told by its probability. */
export function passesGate(
  { filter, stoppedPrevalence }: TwoStageModel<unknown>,
  probability: number,
): boolean {
  return filter === null || probability > stoppedPrevalence
}

/** @param above z − t; below 0. */
function stoppedLogit(q: number, above: number): number {
  const lnP = ln(2 * q) - softplus(-above)
  return lnP - log1p(-exp(lnP))
}

function outOfFoldLogits<Stage>(
  { gate }: TwoStageChoice,
  train: TrainingSet,
  nFolds: number,
  stages: StageKind<Stage>,
  { engine, stream }: FitMeans,
  checkpointOf: (fold: number) => Checkpoint,
): Float64Array {
  const folds = drawFolds(train.yTrue, nFolds, streamOf(stream, 'gate folds'))
  const logits = new Float64Array(train.X.nSamples)
  for (let k = 0; k < nFolds; k++) {
    const held = folds.flatMap((fold, i) => (fold === k ? [i] : []))
    const rest = folds.flatMap((fold, i) => (fold === k ? [] : [i]))
    const checkpoint = checkpointOf(k)
    const { model } = stages.fit(gate, taken(train, rest), partOf(checkpoint, 0, 0.9), {
      engine,
      stream: streamOf(stream, `gate fold ${k}`),
    })
    const { X } = taken(train, held)
    stages.logits(model, X, partOf(checkpoint, 0.9, 1), engine).forEach((logit, at) => {
      logits[held[at]!] = logit
    })
  }
  return logits
}

/** Each class in random order, dealt out to the folds. */
function drawFolds(yTrue: Uint8Array, nFolds: number, stream: RandomStream): number[] {
  const folds = new Array<number>(yTrue.length).fill(0)
  for (const label of [1, 0]) {
    const ofClass = Int32Array.from(yTrue, (_, i) => i).filter((i) => yTrue[i] === label)
    shuffle(ofClass, stream)
    ofClass.forEach((sample, at) => {
      folds[sample] = at % nFolds
    })
  }
  return folds
}

/** The highest logit at which at least `recall` of the weight of the positives is let through. */
function thresholdFor(
  recall: number,
  { yTrue, weights }: TrainingSet,
  logits: Float64Array,
): number {
  const weightOf = (i: number): number => (yTrue[i] === 1 ? (weights?.[i] ?? 1) : 0)
  const wanted = recall * yTrue.reduce((sum, _, i) => sum + weightOf(i), 0)
  let reached = 0
  let threshold = Infinity
  for (const i of argsortDescending(logits)) {
    if (weightOf(i) === 0) continue
    reached += weightOf(i)
    threshold = logits[i]!
    if (reached >= wanted * (1 - 1e-12)) break // sums in another order differ by rounding
  }
  return threshold
}

/** With half a positive and half a negative on top: there may be neither. */
function stoppedPrevalence(
  { yTrue, weights }: TrainingSet,
  logits: Float64Array,
  threshold: number,
  nSamples: number,
): number {
  const total = weights === null ? nSamples : weights.reduce((sum, weight) => sum + weight, 0)
  const half = (0.5 * total) / nSamples
  let positive = half
  let negative = half
  logits.forEach((logit, i) => {
    if (logit >= threshold) return
    const weight = weights?.[i] ?? 1
    if (yTrue[i] === 1) positive += weight
    else negative += weight
  })
  return Math.max(1e-12, positive / (positive + negative))
}

function meanAndScale(
  samples: Int32Array,
  logits: Float64Array,
): { readonly mean: number; readonly scale: number } {
  const n = samples.length
  const mean = samples.reduce((sum, i) => sum + logits[i]!, 0) / n
  const square = samples.reduce((sum, i) => sum + (logits[i]! - mean) ** 2, 0) / n
  const scale = Math.sqrt(square)
  return { mean, scale: scale > 1e-9 ? scale : 1 } // below, gate logits differ by rounding only
}

function passedSamples(
  train: TrainingSet,
  passing: Int32Array,
  logits: Float64Array,
  gateLogit: TwoStageModel<unknown>['gateLogit'],
): TrainingSet {
  const { featureNames, isCategorical } = train
  const { yTrue, weights } = taken(train, [...passing])
  return {
    X: withGateLogit(train.X, passing, logits, gateLogit),
    yTrue,
    weights,
    ...(featureNames === undefined ? {} : { featureNames: [...featureNames, GATE_FEATURE] }),
    ...(isCategorical === undefined ? {} : { isCategorical: [...isCategorical, false] }),
  }
}

/** Some samples with one more feature. */
function withGateLogit(
  { values, nFeatures }: Matrix,
  samples: Int32Array,
  logits: Float64Array,
  { mean, scale }: TwoStageModel<unknown>['gateLogit'],
): Matrix {
  const wider = new Float64Array(samples.length * (nFeatures + 1))
  samples.forEach((sample, at) => {
    const start = at * (nFeatures + 1)
    wider.set(values.subarray(sample * nFeatures, (sample + 1) * nFeatures), start)
    wider[start + nFeatures] = (logits[sample]! - mean) / scale
  })
  return { values: wider, nSamples: samples.length, nFeatures: nFeatures + 1 }
}

function taken(train: TrainingSet, samples: readonly number[]): TrainingSet {
  const { values, nFeatures } = train.X
  const some = new Float64Array(samples.length * nFeatures)
  samples.forEach((sample, at) => {
    some.set(values.subarray(sample * nFeatures, (sample + 1) * nFeatures), at * nFeatures)
  })
  const { weights } = train
  return {
    ...train,
    X: { values: some, nSamples: samples.length, nFeatures },
    yTrue: Uint8Array.from(samples, (sample) => train.yTrue[sample]!),
    weights: weights === null ? null : Float64Array.from(samples, (sample) => weights[sample]!),
  }
}

/** Samples of a class that weigh anything. */
function countOf(yTrue: Uint8Array, weights: Float64Array | null, label: number): number {
  return yTrue.reduce((sum, y, i) => sum + (y === label && weights?.[i] !== 0 ? 1 : 0), 0)
}

/** What a part of the fit draws from, whatever the others draw. */
function streamOf(stream: RandomStream, part: string): RandomStream {
  return createStream(stream.uint32(), part)
}
