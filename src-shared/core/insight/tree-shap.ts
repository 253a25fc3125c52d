/**
 * Exact Shapley values of a sum of decision trees: by how much each feature of a sample moves its
 * logit away from the mean.
 *
 * Let v(S) be the expected logit when only the features in S are known: at a split on one of them
 * go where the sample goes, at any other go both ways, as often as background samples do (the
 * cover of the children). The value of a feature is the mean, over all orders in which features
 * become known, of what v gains when it does. Values of a sample add up to its logit minus v of
 * nothing.
 *
 * Instead of 2^features subsets the algorithm walks each tree once and keeps, for the features on
 * the path so far, in which share of the subsets of each size the path is taken:
 *
 *     z   share of the background that takes the path where the feature is not known
 *     o   1 where the sample takes it too, else 0
 *     w   per subset size k, the weight of the subsets of that size, k! (d − k − 1)! / d! each
 *
 * `extend` adds a feature to the path, `unwind` takes one away again (a feature may be split on
 * twice), and at a leaf a feature has the sum of the weights without it, times (o − z), times the
 * leaf's value.
 *
 * Source: Lundberg, Erion, Lee (2018), "Consistent Individualized Feature Attribution for Tree
 * Ensembles", algorithm 2 (path dependent). Where no background sample comes, we let both children
 * count half.
 */
import { WORDS_PER_SET } from '../kernels/trees.ts'
import type { TreeEnsemble } from '../kernels/trees.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'

export interface Contributions {
  /** nSamples × nFeatures, row-major, in units of the logit. */
  readonly values: Float64Array
  /** Logit of nobody in particular: what the values of a sample are added to. */
  readonly expected: number
}

/**
 * How much of a background falls into each node.
 *
 * @param X       Background samples, as those that the trees were fitted on.
 * @param weights ≥ 0 per sample; null = all one.
 * @returns Length nNodes.
 */
export function nodeCover(
  trees: TreeEnsemble,
  { values, nSamples, nFeatures }: Matrix,
  weights: Float64Array | null,
  checkpoint: Checkpoint,
): Float64Array {
  const cover = new Float64Array(trees.feature.length)
  for (let i = 0; i < nSamples; i++) {
    if (i % 256 === 0) checkpoint(i / nSamples)
    const weight = weights === null ? 1 : weights[i]!
    for (const root of trees.roots) {
      let node = root
      cover[node]! += weight
      while (trees.feature[node]! >= 0) {
        const value = values[i * nFeatures + trees.feature[node]!]!
        node = goesLeft(trees, node, value) ? trees.left[node]! : trees.right[node]!
        cover[node]! += weight
      }
    }
  }
  return cover
}

/** See kernels/trees.ts. */
function goesLeft(trees: TreeEnsemble, node: number, value: number): boolean {
  const x = Math.fround(value)
  const set = trees.categorySet[node]!
  const missing = trees.missingLeft[node] === 1
  if (set < 0) return Number.isNaN(x) ? missing : x <= trees.threshold[node]!
  if (!(x >= 0 && x < 256)) return missing
  return ((trees.categorySets[WORDS_PER_SET * set + (x >> 5)]! >>> (x & 31)) & 1) === 1
}

/**
 * @param base  Logit before any tree.
 * @param cover Of each node; see `nodeCover`.
 * @returns Values that add up, with `expected`, to the logit of each sample.
 *
 * O(nSamples · leaves · depth²) time.
 */
export function treeShap(
  trees: TreeEnsemble,
  base: number,
  cover: Float64Array,
  X: Matrix,
  checkpoint: Checkpoint,
): Contributions {
  const { nSamples, nFeatures } = X
  const values = new Float64Array(nSamples * nFeatures)
  const walker = createWalker(trees, cover)
  for (let i = 0; i < nSamples; i++) {
    checkpoint(i / nSamples)
    const sample = X.values.subarray(i * nFeatures, (i + 1) * nFeatures)
    const out = values.subarray(i * nFeatures, (i + 1) * nFeatures)
    for (const root of trees.roots) walker.explain(root, sample, out)
  }
  checkpoint(1)
  return { values, expected: trees.roots.reduce((sum, root) => sum + walker.mean(root), base) }
}

interface Walker {
  /** Adds the values of a tree. */
  explain(root: number, sample: Float64Array, out: Float64Array): void
  /** Mean of the leaves below a node. */
  mean(node: number): number
}

/**
 * The path to a node at depth d takes d + 1 entries of four arrays, the first of which stands for
 * no feature. Each level has its own copy, one after the other.
 */
function createWalker(trees: TreeEnsemble, cover: Float64Array): Walker {
  const { feature, left, right, value } = trees
  const deepest = Math.max(0, ...trees.roots.map((root) => depthOf(trees, root)))
  const size = ((deepest + 2) * (deepest + 3)) / 2
  const features = new Int32Array(size)
  const zero = new Float64Array(size)
  const one = new Float64Array(size)
  const weight = new Float64Array(size)

  const shareOf = (node: number, child: number): number =>
    cover[node]! > 0 ? cover[child]! / cover[node]! : 0.5

  /** Adds an entry to the path of `length` entries at `at`. */
  const extend = (at: number, length: number, z: number, o: number, split: number): void => {
    features[at + length] = split
    zero[at + length] = z
    one[at + length] = o
    weight[at + length] = length === 0 ? 1 : 0
    for (let i = length - 1; i >= 0; i--) {
      weight[at + i + 1]! += (o * weight[at + i]! * (i + 1)) / (length + 1)
      weight[at + i] = (z * weight[at + i]! * (length - i)) / (length + 1)
    }
  }
  /** Takes entry k away from the path whose last entry is `last`. */
  const unwind = (at: number, last: number, k: number): void => {
    const z = zero[at + k]!
    const o = one[at + k]!
    let next = weight[at + last]!
    for (let i = last - 1; i >= 0; i--) {
      if (o !== 0) {
        const before = weight[at + i]!
        weight[at + i] = (next * (last + 1)) / ((i + 1) * o)
        next = before - (weight[at + i]! * z * (last - i)) / (last + 1)
      } else weight[at + i] = (weight[at + i]! * (last + 1)) / (z * (last - i))
    }
    for (let i = k; i < last; i++) {
      features[at + i] = features[at + i + 1]!
      zero[at + i] = zero[at + i + 1]!
      one[at + i] = one[at + i + 1]!
    }
  }
  /** Sum of the weights that `unwind` would leave. */
  const unwoundSum = (at: number, last: number, k: number): number => {
    const z = zero[at + k]!
    const o = one[at + k]!
    let next = weight[at + last]!
    let sum = 0
    for (let i = last - 1; i >= 0; i--) {
      if (o !== 0) {
        const left = (next * (last + 1)) / ((i + 1) * o)
        sum += left
        next = weight[at + i]! - (left * z * (last - i)) / (last + 1)
      } else sum += (weight[at + i]! * (last + 1)) / (z * (last - i))
    }
    return sum
  }

  const walk = (
    node: number,
    sample: Float64Array,
    out: Float64Array,
    parentAt: number,
    length: number,
    z: number,
    o: number,
    split: number,
  ): void => {
    // Nothing below counts where neither the background nor the sample comes.
    if (z === 0 && o === 0) return
    const at = parentAt + length
    for (let i = 0; i < length; i++) {
      features[at + i] = features[parentAt + i]!
      zero[at + i] = zero[parentAt + i]!
      one[at + i] = one[parentAt + i]!
      weight[at + i] = weight[parentAt + i]!
    }
    extend(at, length, z, o, split)
    const here = feature[node]!
    if (here < 0) {
      for (let i = 1; i <= length; i++) {
        const of = unwoundSum(at, length, i)
        out[features[at + i]!]! += of * (one[at + i]! - zero[at + i]!) * value[node]!
      }
      return
    }
    let known = 1
    while (known <= length && features[at + known] !== here) known++
    let zBefore = 1
    let oBefore = 1
    let last = length
    if (known <= length) {
      zBefore = zero[at + known]!
      oBefore = one[at + known]!
      unwind(at, length, known)
      last--
    }
    const isLeft = goesLeft(trees, node, sample[here]!)
    const hot = isLeft ? left[node]! : right[node]!
    const cold = isLeft ? right[node]! : left[node]!
    walk(hot, sample, out, at, last + 1, zBefore * shareOf(node, hot), oBefore, here)
    walk(cold, sample, out, at, last + 1, zBefore * shareOf(node, cold), 0, here)
  }
  const mean = (node: number): number =>
    feature[node]! < 0
      ? value[node]!
      : [left[node]!, right[node]!].reduce(
          (sum, child) => sum + shareOf(node, child) * mean(child),
          0,
        )
  return {
    explain: (root, sample, out) => {
      walk(root, sample, out, 0, 0, 1, 1, -1)
    },
    mean,
  }
}

function depthOf({ feature, left, right }: TreeEnsemble, node: number): number {
  const below = [left[node]!, right[node]!]
  if (feature[node]! < 0) return 0
  return (
    1 + Math.max(...below.map((child) => depthOf({ feature, left, right } as TreeEnsemble, child)))
  )
}

/**
 * What each term of a linear model adds to the logit of a sample, beyond that of the mean sample:
 * Shapley values where features are taken to be independent.
 *
 * @param background Samples whose mean is the mean sample; not empty.
 */
export function linearTerms(
  { coefficients, intercept }: { readonly coefficients: Float64Array; readonly intercept: number },
  background: Matrix,
  X: Matrix,
): Contributions {
  const { nFeatures } = X
  const means = new Float64Array(nFeatures)
  background.values.forEach((x, at) => {
    means[at % nFeatures]! += x / background.nSamples
  })
  return {
    values: X.values.map((x, at) => coefficients[at % nFeatures]! * (x - means[at % nFeatures]!)),
    expected: coefficients.reduce((sum, w, j) => sum + w * means[j]!, intercept),
  }
}
