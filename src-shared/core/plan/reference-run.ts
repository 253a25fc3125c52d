import { referenceKind } from './ladder.ts'
import { isUntreated } from './plan.ts'
import type { Configuration } from './plan.ts'

/**
 * The untreated run that a run is held against: of the same kind of model, the same hyperparameters
 * first; of a random forest for what balances itself. Null for one that is untreated, and where
 * there is none.
 */
export function referenceRun<Run extends { readonly configuration: Configuration }>(
  run: Run,
  runs: readonly Run[],
): Run | null {
  if (isUntreated(run.configuration)) return null
  const { model } = run.configuration
  const kind = referenceKind(model.kind) ?? model.kind
  const alike = runs.filter(
    ({ configuration }) => configuration.model.kind === kind && isUntreated(configuration),
  )
  const agreement = (other: Run): number =>
    Object.entries(other.configuration.model).filter(
      ([key, value]) => JSON.stringify(model[key as keyof typeof model]) === JSON.stringify(value),
    ).length
  return alike.toSorted((a, b) => agreement(b) - agreement(a))[0] ?? null
}
