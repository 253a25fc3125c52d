/**
 * Rules that keep an analysis honest. Each looks at the facts of one order: what is to be run on
 * which data, for which decision, what has been done before, and, once there are any, the results.
 */
import type { Roles } from '../dataset/dataset.ts'
import type { Configuration, Plan } from '../plan/plan.ts'
import type { AnalysisResults, FrameFacts } from '../report/analysis.ts'
import type { GuardrailFinding, GuardrailKind } from './guardrail-result.ts'

export type { GuardrailFinding, GuardrailKind } from './guardrail-result.ts'

export interface Guardrail {
  /** G and two digits; never given to another rule. */
  readonly id: string
  readonly kind: GuardrailKind
  /** What the rule asks for and why, in one sentence. */
  readonly reason: string
  /** What the guides say, for those who ask why. */
  readonly phrase: string
  /**
   * What is against the order, or null where the rule is kept. Called once when a plan is ordered
   * (`results` null) and once more with what came of it.
   */
  judge(facts: GuardrailFacts): GuardrailFinding | null
}

export interface GuardrailFacts {
  /** As it will run: completed with the untreated runs and fitted to the data. */
  readonly plan: Plan
  /** Configurations that a person asked for; the others of the plan are added for comparison. */
  readonly chosen: readonly Configuration[]
  readonly data: GuardrailData
  readonly frame: FrameFacts
  readonly history: GuardrailHistory
  /** Null when a plan is ordered. */
  readonly results: Omit<AnalysisResults, 'guardrails'> | null
}

export interface GuardrailData {
  readonly rows: number
  readonly positives: number
  /** Share of positives, weighted where the data are. */
  readonly prevalence: number
  /** The columns that models may see. */
  readonly features: readonly {
    readonly name: string
    readonly kind: 'numeric' | 'categorical'
    /** Distinct texts of a categorical column; null for a numeric one. */
    readonly levels: number | null
    /** Share of the values that are 0 (numeric), in [0, 1]; 0 for a categorical column. */
    readonly zeros: number
  }[]
  readonly roles: Roles
}

/** What the project knows of earlier work on the same version of the data. */
export interface GuardrailHistory {
  /** Configurations of earlier experiments that have results. */
  readonly configurations: readonly Configuration[]
  /** Whether the labels of both classes have been scanned for doubtful ones. */
  readonly labelsScanned: boolean
  /** What the latest experiment with results was decided by; null where there is none. */
  readonly primaryMeasure: PrimaryMeasure | null
}

/** What a frame asks a decision to be best at, or to keep to first of all. */
export type PrimaryMeasure = 'cost' | 'recall' | 'precision' | 'recall and precision'
