/**
 * Readable rules before a model. They are asked in order and the first that is true decides: the
 * case is alerted, passed, or handed on to the model; so is a case of which none is true.
 *
 * In a run a decided case has probability 1 or 0 and every other one lies in between, as do all
 * thresholds. So rules hold whatever the threshold, and all that is drawn and computed from
 * probabilities takes them in. Those of decided cases are decisions, though, not estimates.
 */
import type { Column } from '../dataset/dataset.ts'
import type { RuleChoice } from '../plan/plan.ts'
import { matchRule, ruleProblems } from './match-rule.ts'
import type { RuleColumn } from './match-rule.ts'
import { parseRule } from './parse-rule.ts'
import { ruleProblemText } from './rule.ts'

const MOST_RULES = 100

/** Probabilities of cases that the model decides stay within these. */
const LEAST_OF_MODEL = 1e-300
const MOST_OF_MODEL = 1 - 2 ** -53

/** What the rules say of each sample. */
export interface RuleOutcome {
  /** 1 alerted, 0 passed, −1 handed on. */
  readonly decision: Int8Array
  /** The rule that was true first; −1 where none was. */
  readonly rule: Int32Array
}

/**
 * @param columns What may be asked about; null where that isn't known.
 * @returns A sentence without full stop per problem.
 */
export function ruleLayerProblems(
  rules: readonly RuleChoice[],
  columns: readonly RuleColumn[] | null,
): string[] {
  if (rules.length > MOST_RULES) return [`there may be ${MOST_RULES} rules, got ${rules.length}`]
  return rules.flatMap(({ when }, i) => {
    const { condition, problem } = parseRule(when)
    const problems = problem === null ? ruleProblems(condition, columns ?? []) : [problem]
    const [first] = columns === null && problem === null ? [] : problems
    return first === undefined ? [] : [`rule ${i + 1}: ${ruleProblemText(first)}`]
  })
}

/** @throws RangeError when a rule can't be read or asked of these columns. */
export function askRules(
  rules: readonly RuleChoice[],
  columns: readonly Column[],
  samples: Int32Array,
): RuleOutcome {
  const [problem] = ruleLayerProblems(rules, columns)
  if (problem !== undefined) throw new RangeError(problem)
  const decision = new Int8Array(samples.length).fill(-1)
  const rule = new Int32Array(samples.length).fill(-1)
  rules.forEach(({ when, then }, k) => {
    const { condition } = parseRule(when)
    const decides = then === 'hand_on' ? -1 : Number(then === 'alert')
    matchRule(condition!, columns, samples).forEach((isTrue, i) => {
      if (isTrue === 0 || rule[i]! >= 0) return
      rule[i] = k
      decision[i] = decides
    })
  })
  return { decision, rule }
}

/** Probabilities with the rules' decisions in place. */
export function underRules({ decision }: RuleOutcome, probabilities: Float64Array): Float64Array {
  return probabilities.map((p, i) =>
    decision[i] === -1 ? Math.max(LEAST_OF_MODEL, Math.min(MOST_OF_MODEL, p)) : decision[i]!,
  )
}

/** The nearest threshold at which rules decide what they decide. */
export function thresholdUnderRules(threshold: number): number {
  return Math.max(LEAST_OF_MODEL, Math.min(1, threshold))
}
