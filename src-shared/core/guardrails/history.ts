import type { FrameFacts } from '../report/analysis.ts'
import type { GuardrailHistory, PrimaryMeasure } from './guardrail.ts'

/** What a project knows before anything was done. */
export const noHistory: GuardrailHistory = {
  configurations: [],
  labelsScanned: false,
  primaryMeasure: null,
}

export function measureOfFrame({ commitments }: Pick<FrameFacts, 'commitments'>): PrimaryMeasure {
  const [first, second] = commitments
  if (second !== undefined) return 'recall and precision'
  return first?.measure ?? 'cost'
}
