/**
 * What training attends to, and how sure it has been of each sample.
 *
 * A model that learns pass by pass (iterations of boosting, epochs of a network) shows its logits
 * before it learns from them. Two things are kept:
 *
 *   gradient flow   which share of the loss, and of the size of its gradient in the logit, comes
 *                   from easy and from hard samples of each class. A sample is easy when the
 *                   model gives its class more than half already. Thousands of easy negatives may
 *                   pull more than a few hard positives: focal loss and weights change just that.
 *   margins         the mean over all passes of s·z, with s = ±1 for the class and z the logit:
 *                   the area under the margin. Samples that training keeps contradicting, often
 *                   because their label is wrong, have a low one.
 *
 * The flow is measured on at most 5,000 samples of each class, every n-th one, which then count n
 * times; and at most 32 passes are kept: whenever there are as many, every second one is dropped
 * and half as many are measured from there on.
 *
 * Source: Pleiss, Zhang, Elenberg, Weinberger (2020), "Identifying Mislabeled Data using the Area
 * Under the Margin Ranking", section 3, for margins; with two classes the logits of which are
 * ±z / 2, their margin is s·z.
 */
import type { TrainingWatch, WatchedLoss } from '../kernels.ts'

const MOST_POINTS = 32
const MOST_PER_CLASS = 5000

/** Shares of the whole, each in [0, 1]. */
export interface FlowShare {
  /** Of the weight of all samples. */
  readonly weight: number
  readonly loss: number
  readonly gradient: number
}

export interface FlowPoint {
  /** Iteration or epoch, from 1: what it learns from. */
  readonly pass: number
  /** Mean weighted loss, in nats. */
  readonly meanLoss: number
  readonly easyNegatives: FlowShare
  readonly hardNegatives: FlowShare
  readonly easyPositives: FlowShare
  readonly hardPositives: FlowShare
}

export interface GradientFlow {
  /** How many passes there were. */
  readonly passes: number
  /** Some of them, ascending. */
  readonly points: readonly FlowPoint[]
}

export interface TrainingRecord {
  /** Null where training made no passes. */
  readonly flow: GradientFlow | null
  /** Length nSamples; NaN for samples that no pass met. Null where training made no passes. */
  readonly margins: Float32Array | null
}

/** @returns `watch` for the fit, and what it has seen once the fit is over. */
export function recordTraining(yTrue: Uint8Array): {
  readonly watch: TrainingWatch
  finish(): TrainingRecord
} {
  const counted = countedSamples(yTrue)
  const looked = Int32Array.from(counted, (_, i) => i).filter((i) => counted[i]! > 0)
  const logitSums = new Float64Array(yTrue.length)
  const timesMet = new Uint32Array(yTrue.length)
  // Of easy and hard negatives, then of easy and hard positives.
  const sums = { weight: new Float64Array(4), loss: new Float64Array(4), pull: new Float64Array(4) }
  let lossOf: WatchedLoss = () => ({ loss: 0, pull: 0 })
  let points: FlowPoint[] = []
  let every = 1
  let pass = 0
  let wholePasses = 0
  let isMeasured = true

  const measure = (sample: number, logit: number, weight: number): void => {
    const factor = counted[sample]! * weight
    if (factor === 0) return
    const isPositive = yTrue[sample] === 1
    const at = lossOf(isPositive, logit)
    const group = (isPositive ? 2 : 0) + ((isPositive ? logit > 0 : logit < 0) ? 0 : 1)
    sums.weight[group]! += factor
    sums.loss[group]! += factor * at.loss
    sums.pull[group]! += factor * at.pull
  }
  const watch: TrainingWatch = {
    begin(minimised) {
      lossOf = minimised
    },
    see(samples, count, logits, weights, shift) {
      if (samples === null) {
        // Every pass of boosting comes here, so there is no more in this loop than there must be.
        for (let i = 0; i < count; i++) logitSums[i]! += logits[i]! - shift
        wholePasses++
        if (isMeasured) {
          for (const sample of looked) measure(sample, logits[sample]!, weights[sample]!)
        }
        return
      }
      for (let i = 0; i < count; i++) {
        const sample = samples[i]!
        logitSums[sample]! += logits[i]! - shift
        timesMet[sample]! += 1
        if (isMeasured) measure(sample, logits[i]!, weights[sample]!)
      }
    },
    endPass() {
      pass++
      if (isMeasured) points.push(pointOf(pass, sums))
      for (const group of Object.values(sums)) group.fill(0)
      if (points.length === MOST_POINTS) {
        every *= 2
        points = points.filter((point) => (point.pass - 1) % every === 0)
      }
      isMeasured = pass % every === 0
    },
  }
  return {
    watch,
    finish: () =>
      pass === 0
        ? { flow: null, margins: null }
        : {
            flow: { passes: pass, points },
            margins: Float32Array.from(yTrue, (label, i) => {
              const mean = logitSums[i]! / (wholePasses + timesMet[i]!) // 0 / 0 where never met
              return label === 1 ? mean : -mean
            }),
          },
  }
}

/** How many samples of its class each sample stands for; 0 for those not looked at. */
function countedSamples(yTrue: Uint8Array): Float64Array {
  const positives = yTrue.reduce((sum, label) => sum + label, 0)
  const every = [yTrue.length - positives, positives].map((count) =>
    Math.ceil(count / MOST_PER_CLASS),
  )
  const seen = [0, 0]
  return Float64Array.from(yTrue, (label) =>
    seen[label]!++ % every[label]! === 0 ? every[label]! : 0,
  )
}

function pointOf(
  pass: number,
  sums: Readonly<Record<'weight' | 'loss' | 'pull', Float64Array>>,
): FlowPoint {
  const totalOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)
  const weight = totalOf(sums.weight)
  const loss = totalOf(sums.loss)
  const pull = totalOf(sums.pull)
  const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)
  const group = (k: number): FlowShare => ({
    weight: share(sums.weight[k]!, weight),
    loss: share(sums.loss[k]!, loss),
    gradient: share(sums.pull[k]!, pull),
  })
  return {
    pass,
    meanLoss: share(loss, weight),
    easyNegatives: group(0),
    hardNegatives: group(1),
    easyPositives: group(2),
    hardPositives: group(3),
  }
}
