/** What treatments are judged by before any is chosen: data and frame, without a plan. */
import type { Column } from '../dataset/dataset.ts'
import { defaultPlan } from '../plan/default-plan.ts'
import type { CardFacts } from '../plan/cards/method-card.ts'
import type { PlanFacts } from '../plan/check-plan.ts'
import type { MemoryFacts } from '../plan/memory-estimate.ts'
import type { FrameFacts } from '../report/analysis.ts'
import { memoryFacts } from './memory-facts.ts'
import type { JudgedSamples } from './prepare-experiment.ts'

export interface TreatmentFacts {
  readonly plan: PlanFacts
  readonly memory: MemoryFacts
  /** All but what depends on the configuration. */
  readonly card: Omit<CardFacts, 'movesProbabilities'>
  /** Numeric columns but the target: one may hold weights. */
  readonly weightColumns: readonly string[]
}

/**
 * @param features    Columns that models may see; of their values a few stand for all.
 * @param sharedBytes What lies in shared memory.
 */
export function treatmentFacts(
  features: readonly Column[],
  samples: JudgedSamples,
  frame: FrameFacts,
  weightColumns: readonly string[],
  sharedBytes: number,
): TreatmentFacts {
  const positives = samples.yTrue.reduce((sum, y) => sum + y, 0)
  const counts = { positives, negatives: samples.yTrue.length - positives }
  const numericColumns = features.flatMap(({ kind, name }) => (kind === 'numeric' ? [name] : []))
  const categoricalColumns = features.length - numericColumns.length
  const memory: MemoryFacts = {
    ...memoryFacts({
      ...samples,
      features: [...features],
      weightColumns: {},
      folds: new Int32Array(0),
      plan: defaultPlan(),
      seed: 0,
    }),
    sharedBytes,
  }
  return {
    plan: {
      ...counts,
      numericColumns,
      hasCategories: categoricalColumns > 0,
      columns: features.map(({ name, kind }) => ({ name, kind })),
      weightColumns,
    },
    memory,
    card: {
      ...counts,
      numericColumns: numericColumns.length,
      categoricalColumns,
      nFeatures: memory.nFeatures,
      prevalenceInUse: frame.prevalenceInUse,
      commitments: frame.commitments,
      hasCosts: !frame.costsAssumed,
      costsPerRow: Object.values(frame.costs).some((source) => typeof source !== 'number'),
    },
    weightColumns,
  }
}
