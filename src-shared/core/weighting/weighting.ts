/** Every way to weigh the samples of a training set, by its kind. */
import type { SampleCosts } from '../frame/sample-costs.ts'
import type { WeightingChoice } from '../plan/plan.ts'
import { balancedClassWeights } from './class-weights.ts'
import type { ClassWeights } from './class-weights.ts'
import { costWeights } from './cost-weights.ts'
import { effectiveNumberWeights, inverseSqrtWeights } from './effective-number.ts'

interface ClassCounts {
  readonly negatives: number
  readonly positives: number
}

/** What weights of single samples are taken from, an element per sample of the experiment. */
export interface RowFacts {
  readonly yTrue: Uint8Array
  readonly costs: SampleCosts
  /** Numeric columns that a weighting names. */
  readonly weightColumns: Readonly<Record<string, Float64Array>>
}

/** A weighting goes by class or by row. */
type Weigh<Choice> =
  | {
      readonly by: 'class'
      /** Only the ratio matters. @param counts Samples of the training set, after sampling. */
      readonly of: (choice: Choice, counts: ClassCounts) => ClassWeights
    }
  | {
      readonly by: 'row'
      /** ≥ 0, one per sample of the experiment; only ratios matter. */
      readonly of: (choice: Choice, facts: RowFacts) => Float64Array
    }

type WeightingKind = Exclude<WeightingChoice['kind'], 'none'>

export const weightings: {
  readonly [Kind in WeightingKind]: Weigh<Extract<WeightingChoice, { readonly kind: Kind }>>
} = {
  balanced: { by: 'class', of: (_, counts) => balancedClassWeights(counts) },
  inverse_sqrt: { by: 'class', of: (_, counts) => inverseSqrtWeights(counts) },
  effective_number: {
    by: 'class',
    of: ({ beta }, counts) => effectiveNumberWeights(counts, beta),
  },
  custom: { by: 'class', of: ({ negative, positive }) => ({ negative, positive }) },
  column: {
    by: 'row',
    of: ({ column }, { weightColumns }) => {
      const weights = weightColumns[column]
      if (weights === undefined) throw new RangeError(`there is no weight column "${column}"`)
      return weights
    },
  },
  costs: { by: 'row', of: (_, { yTrue, costs }) => costWeights(yTrue, costs) },
}

/**
 * Class weights for the counts of a training set, scaled so that all samples together weigh as
 * much as without; null where the weighting does not go by class.
 */
export function classWeightsOf(
  choice: WeightingChoice,
): ((counts: ClassCounts) => ClassWeights) | null {
  if (choice.kind === 'none') return null
  const weigh = weightings[choice.kind] as Weigh<WeightingChoice>
  if (weigh.by === 'row') return null
  return (counts) => {
    const { negative, positive } = weigh.of(choice, counts)
    const { negatives, positives } = counts
    const factor = (negatives + positives) / (negatives * negative + positives * positive)
    // Where the total is as it was already, rounding is all that a factor would add.
    if (Math.abs(factor - 1) < 1e-12) return { negative, positive }
    return { negative: factor * negative, positive: factor * positive }
  }
}

/** Weights of the samples of an experiment; null where the weighting does not go by row. */
export function rowWeightsOf(choice: WeightingChoice, facts: RowFacts): Float64Array | null {
  if (choice.kind === 'none') return null
  const weigh = weightings[choice.kind] as Weigh<WeightingChoice>
  return weigh.by === 'row' ? weigh.of(choice, facts) : null
}
