import { choiceRules } from './choice-rules.ts'
import { framingRules } from './framing-rules.ts'
import type { Guardrail, GuardrailFacts, GuardrailFinding } from './guardrail.ts'
import type { GuardrailResult } from './guardrail-result.ts'
import { measuringRules } from './measuring-rules.ts'
import { treatmentRules } from './treatment-rules.ts'
import { validationRules } from './validation-rules.ts'

/** Every guardrail, by its id. */
export const guardrails: readonly Guardrail[] = [
  ...framingRules,
  ...measuringRules,
  ...validationRules,
  ...choiceRules,
  ...treatmentRules,
].sort((a, b) => (a.id < b.id ? -1 : 1))

/** A reason typed by a person why a guardrail need not hold. */
export interface Acknowledgement {
  /** Id of the guardrail. */
  readonly guardrail: string
  readonly reason: string
}

export interface GuardrailJudgement {
  /** All guardrails, by id. */
  readonly results: readonly GuardrailResult[]
  /** What refuses the order whatever anybody says. */
  readonly blocked: readonly GuardrailFinding[]
  /** What refuses it until a reason is typed. */
  readonly toAcknowledge: readonly GuardrailFinding[]
}

/**
 * Holds an order, or what came of it, against every guardrail.
 *
 * An acknowledgement answers findings that ask for one, and no others: what is blocked stays so.
 * Blank reasons count for nothing.
 */
export function judgeGuardrails(
  facts: GuardrailFacts,
  acknowledgements: readonly Acknowledgement[],
): GuardrailJudgement {
  const reasons = new Map(
    acknowledgements.flatMap(({ guardrail, reason }): [string, string][] =>
      reason.trim() === '' ? [] : [[guardrail, reason.trim()]],
    ),
  )
  const judged = guardrails.map((guardrail) => ({ guardrail, finding: guardrail.judge(facts) }))
  return {
    results: judged.map(({ guardrail: { id, kind, reason, phrase }, finding }): GuardrailResult => {
      const common = { id, kind, reason, phrase }
      if (finding === null) {
        return { ...common, state: 'passed', findings: [], acknowledgement: null }
      }
      const acknowledgement = finding.kind === 'acknowledge' ? (reasons.get(id) ?? null) : null
      const state = acknowledgement === null ? 'failed' : 'overridden'
      return { ...common, state, findings: [finding], acknowledgement }
    }),
    blocked: judged.flatMap(({ finding }) => (finding?.kind === 'block' ? [finding] : [])),
    toAcknowledge: judged.flatMap(({ finding }) =>
      finding?.kind === 'acknowledge' && !reasons.has(finding.id) ? [finding] : [],
    ),
  }
}
