/**
 * SMOTE for tables with columns of categories: numbers are interpolated, a category is the one that
 * most of the parent's k neighbours have, a draw decided at random.
 */
import { nearestNeighbors } from '../math/nearest-neighbors.ts'
import type { Categories, Neighbors } from '../math/nearest-neighbors.ts'
import type { Matrix } from '../math/matrix.ts'
import type { RandomStream } from '../math/random.ts'
import type { SmoteChoice } from '../plan/sampling-choice.ts'
import { requireNeighbors } from './interpolate.ts'
import { added } from './sampler.ts'
import type { Provenance, Sampler, SamplingTask } from './sampler.ts'
import { synthesize } from './synthesize.ts'

type Choice = Pick<SmoteChoice, 'neighbors'>

/**
 * SMOTE-NC: for columns of numbers and of categories. Two samples of different category are as far
 * apart in that column as `mismatchSquare` says.
 *
 * Degenerate: without columns of categories it is SMOTE.
 *
 * @throws RangeError when the minority has no more than k samples, or no column holds numbers.
 *
 * Source: Chawla et al. (2002), "SMOTE: Synthetic Minority Over-sampling Technique", section 6.1.
 */
export const smoteNc: Sampler<Choice> = ({ neighbors: k }, task) => {
  requireNeighbors('SMOTE-NC', k, task)
  const { original, classes, checkpoint, kernels } = task
  const isCategorical = categoricalFeatures(task)
  if (isCategorical.every((flag) => flag === 1)) {
    throw new RangeError('SMOTE-NC needs a column of numbers, got none; SMOTEN is for such tables')
  }
  const categories: Categories = {
    isCategorical,
    mismatchSquare: mismatchSquare(original.X, classes.minority, isCategorical),
  }
  const found = nearestNeighbors(
    original.X,
    classes.minority,
    classes.minority,
    k,
    checkpoint,
    kernels,
    isCategorical.includes(1) ? categories : null,
  )
  return added(original, drawVoting(task, found, isCategorical))
}

/**
 * SMOTEN: for columns of categories alone. Two categories of a column are as far apart as the shares
 * of the minority among their samples.
 *
 * @throws RangeError when the minority has no more than k samples, or a column holds numbers.
 *
 * Source: Chawla et al. (2002), section 6.2, with the value difference metric of Stanfill and Waltz
 * (1986): for two classes the sum over classes of |P(c | a) − P(c | b)| is twice the difference of
 * the shares of one class, so that samples lie in an ordinary Euclidean space.
 */
export const smoteN: Sampler<Choice> = ({ neighbors: k }, task) => {
  requireNeighbors('SMOTEN', k, task)
  const { original, classes, checkpoint, kernels } = task
  const isCategorical = categoricalFeatures(task)
  if (isCategorical.includes(0)) {
    throw new RangeError(
      'SMOTEN needs columns of categories alone, got one of numbers; SMOTE-NC takes both',
    )
  }
  const shares = minorityShares(original.X, original.yTrue, classes.minorityLabel)
  const { minority } = classes
  const found = nearestNeighbors(shares, minority, minority, k, checkpoint, kernels)
  return added(original, drawVoting(task, found, isCategorical))
}

function categoricalFeatures({
  original: { X },
  aids: { isCategorical },
}: SamplingTask): Uint8Array {
  return Uint8Array.from({ length: X.nFeatures }, (_, f) => (isCategorical?.[f] === true ? 1 : 0))
}

/**
 * What a difference of category adds to the squared distance: half the square of the median, over
 * columns of numbers, of their standard deviation among minority samples.
 *
 * The paper adds the whole square; half of it is what imbalanced-learn computes.
 */
export function mismatchSquare(
  { values, nFeatures }: Matrix,
  minority: Int32Array,
  isCategorical: Uint8Array,
): number {
  const deviations: number[] = []
  for (let f = 0; f < nFeatures; f++) {
    if (isCategorical[f] === 1) continue
    const present = Float64Array.from(minority, (row) => values[row * nFeatures + f]!).filter(
      (value) => value === value,
    )
    if (present.length === 0) continue
    const mean = present.reduce((sum, value) => sum + value, 0) / present.length
    const squares = present.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
    deviations.push(Math.sqrt(squares / present.length))
  }
  if (deviations.length === 0) return 0
  deviations.sort((a, b) => a - b)
  const middle = (deviations.length - 1) / 2
  const median = (deviations[Math.floor(middle)]! + deviations[Math.ceil(middle)]!) / 2
  return (median * median) / 2
}

/** Twice the share of the minority among samples of a sample's category, per column; missing counts as one. */
function minorityShares(
  { values, nSamples, nFeatures }: Matrix,
  yTrue: Uint8Array,
  minorityLabel: 0 | 1,
): Matrix {
  const shares = new Float64Array(values.length)
  for (let f = 0; f < nFeatures; f++) {
    const counts = new Map<number, { minority: number; samples: number }>()
    for (let i = 0; i < nSamples; i++) {
      const code = values[i * nFeatures + f]!
      const count = counts.get(code) ?? { minority: 0, samples: 0 }
      if (yTrue[i] === minorityLabel) count.minority++
      count.samples++
      counts.set(code, count)
    }
    for (let i = 0; i < nSamples; i++) {
      const { minority, samples } = counts.get(values[i * nFeatures + f]!)!
      shares[i * nFeatures + f] = (2 * minority) / samples
    }
  }
  return { values: shares, nSamples, nFeatures }
}

/** Some ten milliseconds of work. */
const votesPerCheckpoint = 1 << 12

/** Draws as SMOTE does, then lets the parent's neighbours vote on categories. */
function drawVoting(
  { original: { X }, classes: { minority }, wanted, stream, checkpoint }: SamplingTask,
  { k, rows }: Neighbors,
  isCategorical: Uint8Array,
): Provenance {
  const count = wanted.minority - minority.length
  const { nFeatures } = X
  const parent = new Int32Array(count)
  const neighbor = new Int32Array(count)
  const gap = new Float64Array(count)
  const bases = new Int32Array(count)
  for (let s = 0; s < count; s++) {
    const base = stream.below(minority.length)
    bases[s] = base
    parent[s] = minority[base]!
    neighbor[s] = rows[base * k + stream.below(k)]!
    gap[s] = stream.uniform()
  }
  if (!isCategorical.includes(1)) return { parent, neighbor, gap }
  const values = new Float64Array(count * nFeatures)
  synthesize(X, { parent, neighbor, gap }, values, checkpoint)
  for (let s = 0; s < count; s++) {
    if (s % votesPerCheckpoint === 0) checkpoint(1)
    const neighbors = rows.subarray(bases[s]! * k, (bases[s]! + 1) * k)
    for (let f = 0; f < nFeatures; f++) {
      if (isCategorical[f] === 1)
        values[s * nFeatures + f] = draw(mostFrequent(X, neighbors, f), stream)
    }
  }
  return { parent, neighbor, gap, values }
}

function draw(codes: readonly number[], stream: RandomStream): number {
  return codes[codes.length === 1 ? 0 : stream.below(codes.length)]!
}

/** The codes that most of some samples have in a feature, in the order in which they appear. */
export function mostFrequent(
  { values, nFeatures }: Matrix,
  samples: Int32Array,
  feature: number,
): number[] {
  const counts = new Map<number, number>()
  for (const row of samples) {
    const code = values[row * nFeatures + feature]!
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  const most = Math.max(...counts.values())
  return [...counts].filter(([, count]) => count === most).map(([code]) => code)
}
