import { WORDS_PER_SET } from '../kernels/trees.ts'
import type { TreeEnsemble } from '../kernels/trees.ts'

/** Collects nodes one by one. */
export interface TreeBuilder {
  /** Begins a tree: its root is the node added next. */
  startTree(): void
  addLeaf(value: number): number
  /** The children are linked when they are known. */
  addSplit(feature: number, threshold: number, missingLeft: boolean, gain: number): number
  /** @param leftCategories The codes that go left, as 8 words of 32 bits. */
  addCategorySplit(
    feature: number,
    leftCategories: Uint32Array,
    missingLeft: boolean,
    gain: number,
  ): number
  link(node: number, left: number, right: number): void
  /** The first trees, as many as asked for. */
  finish(nTrees: number): TreeEnsemble
}

export function createTreeBuilder(): TreeBuilder {
  const roots: number[] = []
  const feature: number[] = []
  const threshold: number[] = []
  const missingLeft: number[] = []
  const left: number[] = []
  const right: number[] = []
  const value: number[] = []
  const gain: number[] = []
  const categorySet: number[] = []
  const categorySets: number[] = []
  const add = (
    nodeFeature: number,
    nodeThreshold: number,
    nodeMissingLeft: number,
    nodeValue: number,
    nodeGain: number,
    nodeSet: number,
  ): number => {
    feature.push(nodeFeature)
    threshold.push(nodeThreshold)
    missingLeft.push(nodeMissingLeft)
    left.push(-1)
    right.push(-1)
    value.push(nodeValue)
    gain.push(nodeGain)
    categorySet.push(nodeSet)
    return feature.length - 1
  }
  return {
    startTree: () => roots.push(feature.length),
    addLeaf: (leafValue) => add(-1, 0, 0, leafValue, 0, -1),
    addSplit: (splitFeature, splitThreshold, splitMissingLeft, splitGain) =>
      add(splitFeature, splitThreshold, splitMissingLeft ? 1 : 0, 0, splitGain, -1),
    addCategorySplit: (splitFeature, leftCategories, splitMissingLeft, splitGain) => {
      const set = categorySets.length / WORDS_PER_SET
      categorySets.push(...leftCategories)
      return add(splitFeature, 0, splitMissingLeft ? 1 : 0, 0, splitGain, set)
    },
    link: (node, leftChild, rightChild) => {
      left[node] = leftChild
      right[node] = rightChild
    },
    finish(nTrees) {
      const nNodes = roots[nTrees] ?? feature.length
      const nSets = categorySet.slice(0, nNodes).reduce((most, set) => Math.max(most, set + 1), 0)
      return {
        roots: Int32Array.from(roots.slice(0, nTrees)),
        feature: Int32Array.from(feature.slice(0, nNodes)),
        threshold: Float32Array.from(threshold.slice(0, nNodes)),
        missingLeft: Uint8Array.from(missingLeft.slice(0, nNodes)),
        left: Int32Array.from(left.slice(0, nNodes)),
        right: Int32Array.from(right.slice(0, nNodes)),
        value: Float32Array.from(value.slice(0, nNodes)),
        gain: Float32Array.from(gain.slice(0, nNodes)),
        categorySet: Int32Array.from(categorySet.slice(0, nNodes)),
        categorySets: Uint32Array.from(categorySets.slice(0, WORDS_PER_SET * nSets)),
      }
    },
  }
}
