/** Rules on the proof: what is judged has not been seen, and carries no more than it can. */
import { formatFixed } from '../format.ts'
import type { Guardrail } from './guardrail.ts'
import { listed, rule } from './rule.ts'
import { evidenceMeter } from '../statistics/evidence-meter.ts'

export const validationRules: readonly Guardrail[] = [
  rule({
    id: 'G04',
    kind: 'block',
    reason:
      'Samples are only ever made or dropped when fitting, inside a fold; what is judged stays as it came.',
    phrase:
      'Apply SMOTE only to training data, never to validation or test sets. Evaluate on natural distribution',
    judge({ results }) {
      if (results === null) return null
      const { judged } = results.experiment.proof
      const moved = results.configurations.filter(({ confusion: { tp, fp, tn, fn } }) => {
        return tp + fn !== judged.positives || fp + tn !== judged.negatives
      })
      return moved.length === 0
        ? null
        : `${listed(moved.map(({ name }) => name))} was judged on other cases than those of the data.`
    },
  }),
  rule({
    id: 'G05',
    kind: 'force',
    reason:
      'A case that is in training and in judgement, itself or as its copy, is remembered rather than predicted.',
    phrase: 'apply SMOTE within a cross-validation loop to prevent data leakage',
    judge({ results }) {
      if (results === null) return null
      const { folds, duplicatesAcross } = results.experiment.proof
      const broken = folds.filter(
        ({ shared, sharedGroups, latestOverlap }) =>
          shared > 0 || sharedGroups > 0 || latestOverlap,
      )
      if (broken.length > 0) {
        return `Fold ${listed(broken.map(({ fold }) => String(fold + 1)))}: training and judged cases overlap.`
      }
      return duplicatesAcross > 0
        ? `${formatFixed(duplicatesAcross, 0)} judged cases have an equal twin in training. Keep duplicates together in the plan (validation.keep_duplicates_together).`
        : null
    },
  }),
  rule({
    id: 'G22',
    kind: 'force',
    reason: 'How many positives there are decides what may be claimed, whatever the share.',
    phrase: 'A tiny, noisy minority class may require different handling',
    judge({ data }) {
      const evidence = evidenceMeter(data.positives, null)
      return evidence.claim === 'nothing' || evidence.claim === 'counts only'
        ? `${evidence.sentence} Report counts and exact intervals, and no ranking of methods.`
        : null
    },
  }),
  rule({
    id: 'G23',
    kind: 'default',
    reason:
      'Folds keep the shares of the classes; where cases have an order or belong together, folds follow that.',
    phrase: 'Using stratified cross-validation when appropriate',
    judge({ plan, data: { roles } }) {
      const { scheme } = plan.validation ?? { scheme: 'stratified' }
      return roles.time !== null && scheme !== 'time'
        ? `"${roles.time}" is the time of a case, but folds mix all times. Judge on later cases than those of training (validation.scheme "time").`
        : null
    },
  }),
  rule({
    id: 'G27',
    kind: 'block',
    reason:
      'A threshold is chosen on cases that training has not seen, and the locked test set is opened once, after that.',
    phrase:
      'total cost = (FN_cost * #FN) + (FP_cost * #FP)) and use it to select the final threshold',
    judge({ results }) {
      const unseen = results?.configurations.filter(
        ({ threshold }) => threshold.perFold.length === 0,
      )
      return unseen === undefined || unseen.length === 0
        ? null
        : `${listed(unseen.map(({ name }) => name))}: no threshold was fitted inside the training sets.`
    },
  }),
]
