import type { FrameFacts } from '../report/analysis.ts'
import type { GuardrailHistory, PrimaryMeasure } from './guardrail.ts'

/** What a project knows before anything was done. */
export const noHistory: GuardrailHistory = {
  configurations: [],
  labelsScanned: false,
  primaryMeasure: null,
}

export function measureOfFrame({ commitment }: Pick<FrameFacts, 'commitment'>): PrimaryMeasure {
  return commitment?.measure ?? 'cost'
}
