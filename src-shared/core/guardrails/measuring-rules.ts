/** Rules on the numbers: none of them alone, and none for what it is not. */
import { correctsPriorOdds, treatsImbalance } from '../plan/plan.ts'
import type { Configuration } from '../plan/plan.ts'
import type { Guardrail } from './guardrail.ts'
import { listed, rule } from './rule.ts'

/** Whether probabilities of a treated run are left where the treatment has moved them. */
function leavesMoved(configuration: Configuration): boolean {
  return (
    treatsImbalance(configuration) &&
    configuration.calibration.calibrator === 'none' &&
    !correctsPriorOdds(configuration)
  )
}

export const measuringRules: readonly Guardrail[] = [
  rule({
    id: 'G06',
    kind: 'block',
    reason:
      'Saying no to everything is right in almost all cases: a share of right decisions says nothing.',
    phrase: 'a model that predicts all negatives gets 99% accuracy',
    judge({ results }) {
      const alone = (results?.configurations ?? []).filter(
        ({ metrics }) => 'accuracy' in metrics && !('recallAtPrecision50' in metrics),
      )
      return alone.length === 0
        ? null
        : `${listed(alone.map(({ name }) => name))}: accuracy stands alone.`
    },
  }),
  rule({
    id: 'G07',
    kind: 'force',
    reason:
      'ROC AUC is kind to rare classes: average precision and the prevalence stand beside it.',
    phrase: 'report the full precision-recall curve, not the average precision alone',
    judge({ results }) {
      const alone = (results?.configurations ?? []).filter(
        ({ metrics }) => metrics.rocAuc !== null && metrics.averagePrecision === null,
      )
      return alone.length === 0
        ? null
        : `${listed(alone.map(({ name }) => name))}: ROC AUC without average precision.`
    },
  }),
  rule({
    id: 'G09',
    kind: 'force',
    reason:
      'Sampling, weights and focal loss move probabilities: they are scores until shown to be right.',
    phrase: 'distinguish calibration impact of resampling vs class weighting',
    judge({ results }) {
      const scores = (results?.configurations ?? []).filter(
        ({ configuration, calibration }) =>
          treatsImbalance(configuration) &&
          !calibration.stages.some(({ stage }) => stage !== 'raw'),
      )
      return scores.length === 0
        ? null
        : `${listed(scores.map(({ name }) => name))}: treated and not corrected; what these runs give are scores, not probabilities.`
    },
  }),
  rule({
    id: 'G10',
    kind: 'acknowledge',
    reason:
      'A threshold from costs holds for probabilities; a treatment moves them away from frequencies.',
    phrase:
      'Either correct them post-hoc (Platt scaling, isotonic regression) or skip the resampling',
    judge({ chosen }) {
      const moved = chosen.filter(leavesMoved)
      return moved.length === 0
        ? null
        : `${listed(moved.map(({ name }) => name))}: treated, and neither shifted back nor recalibrated. Choose a calibration, or say why scores will do.`
    },
  }),
  rule({
    id: 'G11',
    kind: 'default',
    reason: 'One half is the threshold of equal costs, which hardly anybody has.',
    phrase: 'the default 0.5 cutoff is often not appropriate',
    judge: ({ results }) =>
      results?.comparison.recommended.rule === 'half'
        ? `${results.comparison.recommended.name} at 0.5 came out cheapest; state costs or a commitment that a threshold can be tuned to.`
        : null,
  }),
]
