import { cannotRun } from './cards/method-card.ts'
import type { CardFacts, CardVerdict } from './cards/method-card.ts'
import { checkPlan } from './check-plan.ts'
import type { PlanFacts } from './check-plan.ts'
import { defaultPlan } from './default-plan.ts'
import { offeredBy } from './ladder.ts'
import type { Remedy } from './ladder.ts'
import type { ModelChoice, Plan } from './plan.ts'

/** The data and the frame, as far as remedies are judged by them. */
export interface RemedyFacts {
  readonly plan: PlanFacts
  readonly card: Omit<CardFacts, 'movesProbabilities'>
  readonly weightColumns: readonly string[]
}

/** Why a remedy can't be tried with a model on these data: a sentence; null when it can. */
export function obstacleTo(
  remedy: Remedy,
  kind: ModelChoice['kind'],
  facts: RemedyFacts,
  folds: Pick<Plan, 'folds' | 'innerFolds'>,
): string | null {
  const treated = remedy.treat(kind, facts)
  if (typeof treated === 'string') return treated
  const offered = offeredBy(remedy, kind, facts)!
  // Rules aren't written yet when they are offered.
  const plan = { ...defaultPlan(), ...folds, configurations: [{ ...offered, rules: [] }] }
  const problem = checkPlan(plan, facts.plan).find(
    (finding) => finding.severity === 'refused' && finding.configuration === offered.name,
  )
  return problem === undefined ? null : `${problem.message}.`
}

/**
 * What is to be said of a remedy on these data: what its card says, unless no model can be tried
 * with it.
 *
 * @param obstacles Of the models that it would be tried with.
 */
export function judgeRemedy(
  { card }: Remedy,
  facts: Pick<RemedyFacts, 'card'>,
  obstacles: readonly (string | null)[],
): CardVerdict {
  const verdict = card.judge({ ...facts.card, movesProbabilities: true })
  if (verdict.fit === 'cannot_run' || obstacles.includes(null)) return verdict
  const last = obstacles.at(-1)
  return last === undefined || last === null ? verdict : cannotRun(phraseOf(last))
}

/** A sentence as what goes on after "because"; names keep their capitals. */
function phraseOf(sentence: string): string {
  const text = sentence.replace(/\.$/, '')
  return /^[A-Z][a-z]+ /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
