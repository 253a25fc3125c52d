import type { Column } from './dataset.ts'

/** Samples that agree in all features. */
export interface DuplicateSamples {
  /** Sets of two or more samples with the same features. */
  readonly groups: number
  readonly samplesInGroups: number
  /** Samples beyond the first of each set. */
  readonly extraSamples: number
  /** Sets with both labels in them: no model can tell these samples apart. */
  readonly groupsWithBothLabels: number
  readonly samplesInGroupsWithBothLabels: number
}

/**
 * Counts samples whose features are all equal. A missing value equals a missing value.
 *
 * The samples are divided by one feature after the other: two samples stay together while the pair
 * (set so far, value) is the same. Equality is exact: no hash of a row can collide.
 *
 * @param features  Columns to compare, each of length nSamples; without any, all samples agree.
 * @param labels    0 or 1 per sample, length nSamples.
 *
 * O(nSamples · nFeatures) time. Deterministic.
 */
export function findDuplicateSamples(
  features: readonly Column[],
  labels: Uint8Array,
): DuplicateSamples {
  const { sets, nSets } = duplicateSets(features, labels.length)
  const sizes = new Int32Array(nSets)
  const positives = new Int32Array(nSets)
  for (let i = 0; i < labels.length; i++) {
    sizes[sets[i]!]!++
    positives[sets[i]!]! += labels[i]!
  }
  let groups = 0
  let samplesInGroups = 0
  let groupsWithBothLabels = 0
  let samplesInGroupsWithBothLabels = 0
  sizes.forEach((size, set) => {
    if (size < 2) return
    groups++
    samplesInGroups += size
    if (positives[set] === 0 || positives[set] === size) return
    groupsWithBothLabels++
    samplesInGroupsWithBothLabels += size
  })
  return {
    groups,
    samplesInGroups,
    extraSamples: samplesInGroups - groups,
    groupsWithBothLabels,
    samplesInGroupsWithBothLabels,
  }
}

/**
 * Numbers the sets of samples whose features are all equal: samples of one set have one number.
 *
 * @returns `sets` of length nSamples, numbers from 0 to nSets − 1 in order of first appearance.
 *
 * Samples that have no twin left are not looked at again, so that a table without duplicates costs
 * little more than its first columns.
 */
export function duplicateSets(
  features: readonly Column[],
  nSamples: number,
): { readonly sets: Int32Array; readonly nSets: number } {
  let open = Int32Array.from({ length: nSamples }, (_, i) => i)
  const current = new Float64Array(nSamples)
  // Every sample that has left the search is a set of its own.
  const alone = new Uint8Array(nSamples)
  for (const feature of features) {
    if (open.length === 0) break
    const values = valueNumbers(feature)
    const numbers = new Map<number, number>()
    const sizes: number[] = []
    for (const i of open) {
      const pair = current[i]! * (nSamples + 1) + values[i]!
      let set = numbers.get(pair)
      if (set === undefined) {
        set = numbers.size
        numbers.set(pair, set)
        sizes.push(0)
      }
      current[i] = set
      sizes[set]! += 1
    }
    for (const i of open) if (sizes[current[i]!] === 1) alone[i] = 1
    open = open.filter((i) => alone[i] === 0)
  }
  const sets = new Int32Array(nSamples)
  const known = new Map<number, number>()
  let nSets = 0
  for (let i = 0; i < nSamples; i++) {
    const number = alone[i] === 1 ? undefined : known.get(current[i]!)
    if (number !== undefined) sets[i] = number
    else {
      if (alone[i] === 0) known.set(current[i]!, nSets)
      sets[i] = nSets++
    }
  }
  return { sets, nSets }
}

/** A number in 0 … nSamples per value, the same for equal values; 0 for a missing one. */
function valueNumbers(column: Column): Int32Array {
  if (column.kind === 'categorical') return column.codes.map((code) => code + 1)
  const numbers = new Map<number, number>()
  const result = new Int32Array(column.values.length)
  column.values.forEach((value, i) => {
    if (Number.isNaN(value)) return
    let number = numbers.get(value)
    if (number === undefined) {
      number = numbers.size + 1
      numbers.set(value, number)
    }
    result[i] = number
  })
  return result
}
