import type { Column } from '../dataset/dataset.ts'
import type { SampleCosts } from '../frame/sample-costs.ts'
import type { FrameLimits } from '../frame/limits.ts'
import type { Configuration, Plan } from '../plan/plan.ts'

/**
 * What every part of one experiment works on: read-only, structured-cloneable, the same for all
 * configurations, so that they are compared on identical samples and folds.
 */
export interface ExperimentData extends FrameLimits {
  /** The columns that models may see. */
  readonly features: readonly Column[]
  /** 1 for the positive class. Length nSamples. */
  readonly yTrue: Uint8Array
  /** Sample weights ≥ 0, or null for all one. */
  readonly sampleWeights: Float64Array | null
  /** Sample weights times the prevalence factor: what costs and rates are weighed with. */
  readonly decisionWeights: Float64Array | null
  /** Columns by which a configuration weighs its training samples, by name; ≥ 0, length nSamples. */
  readonly weightColumns: Readonly<Record<string, Float64Array>>
  /** Group of each sample, 0-based, or null. */
  readonly groups: Int32Array | null
  /** Place of each sample in time, of which only the order counts; null without a time column. */
  readonly times: Float64Array | null
  readonly costs: SampleCosts
  /** Outer fold of each sample, 0-based; −1 for one that trains and is judged by none. */
  readonly folds: Int32Array
  /** Where samples are judged by models of earlier ones only; left out where they have no order. */
  readonly order?: SampleOrder
  /** (Weighted) prevalence of the data, and the one that decisions will meet. */
  readonly prevalence: { readonly inData: number; readonly inUse: number }
  readonly plan: Plan
  readonly seed: number
}

/** When samples were, and how long before a fold its training ends. */
export interface SampleOrder {
  /** From any fixed moment, length nSamples. */
  readonly days: Float64Array
  readonly gapDays: number
}

/**
 * The training samples of an outer fold, ascending: all outside it, or those before it (by the gap
 * at least, and of no group that is judged) where samples have an order.
 */
export function trainingSamples(
  { folds, order, groups }: Pick<ExperimentData, 'folds' | 'order' | 'groups'>,
  fold: number,
): Int32Array {
  const outside = samplesOfFold(folds, fold, 'outside')
  if (order === undefined) return outside
  const { days, gapDays } = order
  let first = Infinity
  const judgedGroups = new Set<number>()
  folds.forEach((one, i) => {
    if (one !== fold) return
    first = Math.min(first, days[i]!)
    if (groups !== null && groups[i]! >= 0) judgedGroups.add(groups[i]!)
  })
  return outside.filter(
    (i) =>
      days[i]! < first &&
      days[i]! <= first - gapDays &&
      !(groups !== null && judgedGroups.has(groups[i]!)),
  )
}

/** Positions of the samples inside (or outside) one outer fold, ascending. */
export function samplesOfFold(
  folds: Int32Array,
  fold: number,
  side: 'inside' | 'outside',
): Int32Array {
  const isWanted = (i: number): boolean => (folds[i] === fold) === (side === 'inside')
  let count = 0
  for (let i = 0; i < folds.length; i++) if (isWanted(i)) count++
  const samples = new Int32Array(count)
  for (let i = 0, at = 0; at < count; i++) if (isWanted(i)) samples[at++] = i
  return samples
}

/** Finds a configuration of the plan by name. */
export function configurationNamed(plan: Plan, name: string): Configuration {
  const found = plan.configurations.find((configuration) => configuration.name === name)
  if (found === undefined) throw new RangeError(`the plan has no configuration ${name}`)
  return found
}
