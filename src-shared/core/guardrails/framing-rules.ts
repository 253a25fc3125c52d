/** Rules on the question: what a decision is for comes before how it is made. */
import { treatsImbalance } from '../plan/plan.ts'
import { measureOfFrame } from './history.ts'
import type { Guardrail } from './guardrail.ts'
import { listed, rule } from './rule.ts'

export const framingRules: readonly Guardrail[] = [
  rule({
    id: 'G01',
    kind: 'block',
    reason:
      'A treatment is chosen for what errors cost: without that nobody can say whether it has helped.',
    phrase:
      'asks what the cost asymmetry is, what metric is being optimized, and whether the imbalance is even the problem',
    judge: ({ chosen, frame }) =>
      frame.costsAssumed && frame.commitments.length === 0 && chosen.some(treatsImbalance)
        ? 'Treatments were chosen, but nothing says what errors cost. State the cost of a miss and of a false alarm (their ratio will do), or what the decision commits to.'
        : null,
  }),
  rule({
    id: 'G02',
    kind: 'force',
    reason:
      'Whether imbalance is the problem is asked first, of the plain model at its best threshold.',
    phrase: 'You question whether imbalance is the problem before applying fixes',
    judge: ({ results }) =>
      results === null || results.ledger.some((row) => row.untreated && row.rule === 'tuned')
        ? null
        : 'No untreated model with a tuned threshold was judged.',
  }),
  rule({
    id: 'G03',
    kind: 'default',
    reason:
      'A treatment is shown beside the untreated model with a tuned threshold, on the same folds.',
    phrase: 'You bring up threshold tuning as the first response, not a model change',
    judge({ results }) {
      const alone = (results?.ledger ?? []).filter(
        (row) => !row.untreated && row.differenceToReference === null,
      )
      return alone.length === 0
        ? null
        : `${listed(alone.map(({ name }) => name))} is not held against the untreated model.`
    },
  }),
  rule({
    id: 'G08',
    kind: 'acknowledge',
    reason: 'A measure that is changed once results are known can be the one that flatters them.',
    phrase:
      "I'd track recall at a fixed precision (or precision at a fixed recall, whichever the business commits to)",
    judge({ frame, history }) {
      const before = history.primaryMeasure
      const now = measureOfFrame(frame)
      return before === null || before === now
        ? null
        : `Earlier results on these data were decided by ${before}, this order is by ${now}. Say why it changes.`
    },
  }),
  rule({
    id: 'G28',
    kind: 'force',
    reason:
      'Whether the goal can be reached, and what more of it would cost, is said with every result.',
    phrase:
      'recall of 70% on a 0.1% fraud rate. The business demands 85% ... manageable for the ops team',
    judge({ results }) {
      if (results === null) return null
      const { solved } = results.operatingPoint
      return solved.feasible ? null : solved.sentence
    },
  }),
  rule({
    id: 'G31',
    kind: 'force',
    reason: 'A choice without its reason reads as a list of tools.',
    phrase: 'Giving A Tool List Without A Decision Process',
    judge({ chosen }) {
      const silent = chosen.filter(
        (one) => treatsImbalance(one) && (one.because ?? '').trim() === '',
      )
      return silent.length === 0
        ? null
        : `Nothing says why ${listed(silent.map(({ name }) => name))} ${silent.length === 1 ? 'was' : 'were'} chosen. Give each a "because".`
    },
  }),
  rule({
    id: 'G32',
    kind: 'default',
    reason: 'Stakeholders read money and cases, not metrics.',
    phrase: 'Explaining results in terms stakeholders care about',
    judge({ frame }) {
      const lacking = [
        ...(frame.costsAssumed ? ['what errors cost'] : []),
        ...(frame.currency === null ? ['a currency'] : []),
        ...(frame.casesPerDay === null ? ['how many cases arrive a day'] : []),
      ]
      return lacking.length === 0
        ? null
        : `The frame does not say ${listed(lacking)}, so the report can't speak in money a month.`
    },
  }),
]
