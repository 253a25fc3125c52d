/** What guardrails found, as it is stored, shown and reported. */

/**
 * `block`: the order is refused. `acknowledge`: refused until a person has typed a reason, which is
 * kept and printed. `force`: always computed and shown. `default`, `nudge`: said, and left to the
 * user.
 */
export type GuardrailKind = 'block' | 'force' | 'acknowledge' | 'default' | 'nudge'

export interface GuardrailFinding {
  readonly id: string
  /** Of a rule with two kinds (refused here, a word there) the one that applies. */
  readonly kind: GuardrailKind
  /** What was found, with its numbers, and what to do about it. */
  readonly message: string
  /** Why that matters. */
  readonly because: string
  /** The configuration it is about; left out where it is about the whole. */
  readonly configuration?: string
}

/** One guardrail held against an experiment. */
export interface GuardrailResult {
  readonly id: string
  readonly kind: GuardrailKind
  /**
   * `overridden`: something was against it, and a person has said why it may be. `failed`: only
   * rules that neither refuse nor ask.
   */
  readonly state: 'passed' | 'failed' | 'overridden'
  /** What the rule asks for. */
  readonly reason: string
  readonly phrase: string
  /** Empty where the rule is kept. */
  readonly findings: readonly GuardrailFinding[]
  /** The reason typed by a person; null where nobody was asked. */
  readonly acknowledgement: string | null
}
