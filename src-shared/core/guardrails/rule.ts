import type { Guardrail, GuardrailFacts, GuardrailFinding, GuardrailKind } from './guardrail.ts'

/** What a rule objects to: its text, or that with what differs from the rule. */
type Objection =
  | string
  | {
      readonly message: string
      readonly kind?: GuardrailKind
      readonly because?: string
      readonly configuration?: string
    }

/** A guardrail whose findings say the same reason unless they have one of their own. */
export function rule({
  judge,
  ...guardrail
}: Omit<Guardrail, 'judge'> & {
  readonly judge: (facts: GuardrailFacts) => Objection | null
}): Guardrail {
  return {
    ...guardrail,
    judge(facts): GuardrailFinding | null {
      const objection = judge(facts)
      if (objection === null) return null
      const { id, kind, reason: because } = guardrail
      return {
        id,
        kind,
        because,
        ...(typeof objection === 'string' ? { message: objection } : objection),
      }
    },
  }
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`
}
