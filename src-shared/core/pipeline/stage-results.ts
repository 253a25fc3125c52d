/** What is told of the parts of a run: its rules, the gate of two stages, its search. */
import { judgeDecisions, per1000 } from '../decision/operating-point.ts'
import { wilsonInterval } from '../metrics/wilson.ts'
import type { RuleChoice } from '../plan/plan.ts'
import type { FoundHyperparameters, RuleLayerResult, StagePoint } from '../report/analysis.ts'
import { askRules } from '../rules/rule-layer.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { FoldSearch, GateSums } from './fold-result.ts'

/** The rules alone, on all samples: nothing of them is fitted. */
export function ruleLayerResult(
  data: Pick<ExperimentData, 'features' | 'yTrue' | 'decisionWeights' | 'costs'>,
  rules: readonly RuleChoice[],
): RuleLayerResult {
  const { yTrue, decisionWeights: weights, costs, features } = data
  const outcome = askRules(
    rules,
    features,
    Int32Array.from(yTrue, (_, i) => i),
  )
  const decisions = Uint8Array.from(outcome.decision, (decision) => (decision === 1 ? 1 : 0))
  const alone = judgeDecisions({ yTrue, decisions, weights, costs })
  const countWhere = (is: (i: number) => boolean): { samples: number; positives: number } => {
    let samples = 0
    let positives = 0
    yTrue.forEach((y, i) => {
      if (!is(i)) return
      samples++
      positives += y
    })
    return { samples, positives }
  }
  return {
    alone: {
      recall: alone.recall,
      precision: alone.precision,
      alertsPer1000: per1000(alone.alertShare),
      costPer1000: per1000(alone.meanCost),
    },
    perRule: rules.map(({ when, then }, k) => {
      const counts = countWhere((i) => outcome.rule[i] === k)
      return {
        when,
        then,
        ...counts,
        positiveShareInterval: wilsonInterval(counts.positives, counts.samples, 0.95),
      }
    }),
    handedOn: countWhere((i) => outcome.decision[i] === -1),
  }
}

/** The gates of all folds together; null where there are none. */
export function gateResult(gates: readonly GateSums[]): StagePoint | null {
  if (gates.length === 0) return null
  const sum = (part: keyof GateSums): number => gates.reduce((total, gate) => total + gate[part], 0)
  const weight = sum('weight')
  const positive = sum('positive')
  const passed = sum('passed')
  const passedPositive = sum('passedPositive')
  return {
    recall: positive > 0 ? passedPositive / positive : null,
    precision: passed > 0 ? passedPositive / passed : null,
    alertsPer1000: per1000(passed / weight),
    costPer1000: per1000(sum('cost') / weight),
  }
}

export function foundHyperparameters({ trials, chosen }: FoldSearch): FoundHyperparameters {
  const last = trials.findLast(({ trial }) => trial === chosen)!
  return {
    trials: new Set(trials.map(({ trial }) => trial)).size,
    chosen,
    value: last.value,
    hyperparameters: Object.entries(last.hyperparameters).map(([name, value]) => ({
      name: name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), // as plans write it
      value,
    })),
  }
}
