import type { TreeEnsemble } from '../kernels/trees.ts'

/**
 * Area under the margin: how steadily a model that is trained *on* a sample agrees with its label.
 *
 * A wrong label pulls against what the samples around it teach, so the margin of the given label
 * stays low, or falls, while others grow. With z(t) the logit after step t of T, the margin of the
 * given label is z(t) for a positive and −z(t) for a negative sample, and the area is its mean over
 * the steps. Low is doubtful; compare within one given class.
 *
 * @param meanLogits Mean over the steps of training of each training sample's logit; see
 *   `averagedOverTraining` for boosted trees.
 * @returns Length nSamples, in units of logit.
 *
 * Source: Pleiss, Zhang, Elenberg, Weinberger (2020), "Identifying Mislabeled Data using the Area
 * Under the Margin Ranking", NeurIPS, equation 2; the logit of two classes is their difference.
 */
export function areaUnderMargin(given: Uint8Array, meanLogits: Float64Array): Float64Array {
  if (meanLogits.length !== given.length) {
    throw new RangeError(`meanLogits must have ${given.length} entries, got ${meanLogits.length}`)
  }
  return meanLogits.map((z, i) => (given[i] === 1 ? z : -z))
}

/**
 * Trees whose sum is the mean, over the steps of training, of what the boosted model said.
 *
 * After step t the logit is base + Σ over s ≤ t of tree s. Averaged over t = 1 … T, tree s counts in
 * T − s + 1 of the T sums: so its leaves are scaled by (T − s + 1) / T. One pass over the trees
 * replaces T of them.
 */
export function averagedOverTraining(trees: TreeEnsemble): TreeEnsemble {
  const nTrees = trees.roots.length
  const value = trees.value.slice()
  for (let tree = 0; tree < nTrees; tree++) {
    const share = (nTrees - tree) / nTrees
    const end = trees.roots[tree + 1] ?? value.length
    for (let node = trees.roots[tree]!; node < end; node++) value[node]! *= share
  }
  return { ...trees, value }
}
