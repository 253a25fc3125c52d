import type { Column, Roles } from '../dataset/dataset.ts'
import type { DatasetFacts } from '../report/analysis.ts'
import type { GuardrailData } from './guardrail.ts'

/** What guardrails are told of the data. */
export function guardrailData(
  features: readonly Column[],
  { rows, positives, prevalence }: Pick<DatasetFacts, 'rows' | 'positives' | 'prevalence'>,
  roles: Roles,
): GuardrailData {
  return {
    rows,
    positives,
    prevalence,
    roles,
    features: features.map((column) => ({
      name: column.name,
      kind: column.kind,
      levels: column.kind === 'categorical' ? column.levels.length : null,
      zeros: column.kind === 'numeric' ? shareOfZeros(column.values) : 0,
    })),
  }
}

function shareOfZeros(values: Float64Array): number {
  let zeros = 0
  for (const value of values) if (value === 0) zeros++
  return values.length === 0 ? 0 : zeros / values.length
}
