import type { HyperparameterRange, ModelChoice, SearchChoice } from './plan.ts'

const log = (low: number, high: number): HyperparameterRange => ({
  ...{ low, high, scale: 'log', whole: false },
})
const whole = (low: number, high: number): HyperparameterRange => ({
  ...{ low, high, scale: 'linear', whole: true },
})

const rangesByModel: Readonly<
  Record<ModelChoice['kind'], Readonly<Record<string, HyperparameterRange>>>
> = {
  logistic_regression: { c: log(0.001, 100) },
  gradient_boosting: {
    maxDepth: whole(2, 8),
    learningRate: log(0.02, 0.3),
    lambda: log(0.1, 30),
    minChildWeight: log(0.1, 30),
  },
  multilayer_perceptron: {
    learningRate: log(1e-4, 1e-2),
    l2: log(1e-6, 1e-1),
    dropout: { low: 0, high: 0.5, scale: 'linear', whole: false },
  },
  decision_tree: { maxDepth: whole(2, 16), minLeafWeight: log(1, 100) },
  random_forest: { minLeafWeight: log(1, 50) },
  balanced_random_forest: { minLeafWeight: log(1, 20) },
  balanced_bagging: { trees: whole(10, 100), minLeafWeight: log(1, 20) },
  self_paced_ensemble: { trees: whole(10, 50), hardnessBins: whole(5, 40) },
  easy_ensemble: { members: whole(5, 30), rounds: whole(20, 100) },
  rus_boost: { rounds: whole(20, 200), learningRate: log(0.05, 1) },
  gaussian_naive_bayes: { varianceShare: log(1e-12, 1e-2) },
  isolation_forest: { samplesPerTree: whole(64, 1024) },
  two_stage: { gateRecall: { low: 0.9, high: 0.995, scale: 'linear', whole: false } },
}

/** A search over what usually matters most of a kind of model; 27 trials are 9, 3 and 1 in halving. */
export function defaultSearch({ kind }: Pick<ModelChoice, 'kind'>): SearchChoice {
  return {
    kind: 'successive_halving',
    trials: 27,
    metric: 'average_precision',
    factor: 3,
    ranges: rangesByModel[kind],
  }
}
