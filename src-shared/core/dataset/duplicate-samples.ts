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
 * (set so far, value) is the same. Equality is exact, no hash of a row can collide.
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
  const nSamples = labels.length
  const sets = new Float64Array(nSamples)
  let nSets = Math.min(1, nSamples)
  for (const feature of features) {
    if (nSets === nSamples) break
    const values = valueNumbers(feature)
    const numbers = new Map<number, number>()
    for (let i = 0; i < nSamples; i++) {
      const pair = sets[i]! * (nSamples + 1) + values[i]!
      let set = numbers.get(pair)
      if (set === undefined) {
        set = numbers.size
        numbers.set(pair, set)
      }
      sets[i] = set
    }
    nSets = numbers.size
  }

  const sizes = new Int32Array(nSets)
  const positives = new Int32Array(nSets)
  for (let i = 0; i < nSamples; i++) {
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
