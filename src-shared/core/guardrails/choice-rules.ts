/** Rules on what is tried: in which order, how much of it, and what has to be looked at first. */
import { formatNumber } from '../format.ts'
import { isBalancedModel, lossOfModel, stagesOf, treatsImbalance } from '../plan/plan.ts'
import type { Configuration } from '../plan/plan.ts'
import { samplingKinds } from '../plan/sampling-kinds.ts'
import { classWeightsOf } from '../weighting/weighting.ts'
import type { Guardrail, GuardrailFacts } from './guardrail.ts'
import { listed, rule } from './rule.ts'

/** Imbalance ratios between which SMOTE is at home. */
const MODERATE = { from: 10, to: 100 } as const
/** A ratio of class weights from which single positives move a model. */
const EXTREME_WEIGHT_RATIO = 200
/** Below so many equal samples weighted ones know little. */
const LEAST_EFFECTIVE_SAMPLES = 100
const RARE = 0.01
/** Draws of an under-sampler that show how much its result depends on the draw. */
const LEAST_DRAWS = 3

const names = (configurations: readonly Configuration[]): string =>
  listed(configurations.map(({ name }) => name))

const does = ({ sampling }: Configuration): string =>
  sampling.kind === 'none' ? '' : samplingKinds[sampling.kind].does

const makesSamples = ({ sampling }: Configuration): boolean =>
  sampling.kind !== 'none' &&
  samplingKinds[sampling.kind].does.startsWith('grows') &&
  samplingKinds[sampling.kind].makes !== 'copies'

/** Everything that was or will be run on these data. */
const known = ({ plan, history }: GuardrailFacts): readonly Configuration[] => [
  ...plan.configurations,
  ...history.configurations,
]

const usesFocal = ({ model }: Configuration): boolean =>
  stagesOf(model).some((stage) => lossOfModel(stage).kind === 'focal')

export const choiceRules: readonly Guardrail[] = [
  rule({
    id: 'G16',
    kind: 'nudge',
    reason:
      'Between 1:10 and 1:100 there are positives enough to place samples between, and too few to do without.',
    phrase: 'moderate imbalance (1:10 to 1:100)',
    judge({ plan, data }) {
      const ratio = (data.rows - data.positives) / data.positives
      const synthetic = plan.configurations.filter(makesSamples)
      if (synthetic.length === 0 || (ratio >= MODERATE.from && ratio <= MODERATE.to)) return null
      return `At 1:${formatNumber(ratio)} samples are made by ${names(synthetic)}. ${
        ratio > MODERATE.to
          ? 'Ensembles on balanced draws fit such ratios better.'
          : 'At so mild a ratio a threshold usually does.'
      }`
    },
  }),
  rule({
    id: 'G17',
    kind: 'force',
    reason:
      'Under-sampling throws cases away: how many is shown, and more than one draw is judged.',
    phrase: 'The tradeoff is information loss',
    judge({ results }) {
      const single = (results?.configurations ?? []).filter(
        ({ configuration, training }) =>
          does(configuration) === 'shrinks' && training.perFold.length < LEAST_DRAWS,
      )
      return single.length === 0
        ? null
        : `${names(single.map(({ configuration }) => configuration))}: fewer than ${LEAST_DRAWS} draws were judged. Take more folds.`
    },
  }),
  rule({
    id: 'G18',
    kind: 'nudge',
    reason: 'Where a few samples weigh as much as all others, they alone decide what is learnt.',
    phrase: 'extreme weights can cause training instability',
    judge({ plan, data }) {
      const counts = { positives: data.positives, negatives: data.rows - data.positives }
      const extreme = plan.configurations.flatMap(({ name, weighting }) => {
        const weights = classWeightsOf(weighting)?.(counts)
        if (weights === undefined) return []
        const { positive, negative } = weights
        const sum = counts.positives * positive + counts.negatives * negative
        const squares = counts.positives * positive ** 2 + counts.negatives * negative ** 2
        const effective = (sum * sum) / squares
        const ratio = positive / negative
        return ratio > EXTREME_WEIGHT_RATIO || effective < LEAST_EFFECTIVE_SAMPLES
          ? [
              `${name} (${formatNumber(ratio)}:1, as much as ${formatNumber(effective)} equal samples)`,
            ]
          : []
      })
      return extreme.length === 0
        ? null
        : `Extreme weights: ${listed(extreme)}. Try the inverse square root, and look at the spread over the folds.`
    },
  }),
  rule({
    id: 'G19',
    kind: 'block',
    reason:
      'Focal loss needs a model that follows a gradient; its settings and what training attends to are shown.',
    phrase: 'only works with differentiable models',
    judge({ plan }) {
      const focal = plan.configurations.filter(usesFocal)
      const differentiable = new Set([
        'logistic_regression',
        'gradient_boosting',
        'multilayer_perceptron',
      ])
      const impossible = focal.filter(({ model }) =>
        stagesOf(model).some(
          (stage) => lossOfModel(stage).kind === 'focal' && !differentiable.has(stage.kind),
        ),
      )
      if (impossible.length > 0) return `${names(impossible)}: this model follows no gradient.`
      const unseen = focal.filter(({ insight }) => insight?.gradientFlow !== true)
      return unseen.length === 0
        ? null
        : {
            kind: 'force',
            message: `${names(unseen)}: the shares of easy and hard cases in training are not shown. Ask for insight.gradient_flow.`,
          }
    },
  }),
  rule({
    id: 'G21',
    kind: 'acknowledge',
    reason:
      'Among many negatives there are missed positives; every treatment turns their wrong labels up.',
    phrase: 'A "99:1" fraud dataset usually has many false negatives in the majority class',
    judge: ({ chosen, history }) =>
      history.labelsScanned || !chosen.some(treatsImbalance)
        ? null
        : 'The labels of these data have not been scanned, and a treatment is to be run. Scan both classes first, or say why not.',
  }),
  rule({
    id: 'G24',
    kind: 'nudge',
    reason:
      'Which treatment helps is found by comparing: nothing, weights and sampling at least, one at a time.',
    phrase: 'Comparing weighting versus resampling instead of assuming one is best',
    judge(facts) {
      if (!facts.chosen.some(treatsImbalance)) return null
      const all = known(facts)
      const lacking = [
        ...(all.some(({ weighting }) => weighting.kind !== 'none') ? [] : ['weighted run']),
        ...(all.some((one) => one.sampling.kind !== 'none' || isBalancedModel(one.model))
          ? []
          : ['sampled run']),
      ]
      if (lacking.length > 0) return `The comparison has no ${lacking.join(' and no ')}.`
      const combined = facts.chosen.filter(
        (one) =>
          [one.sampling.kind !== 'none', one.weighting.kind !== 'none', usesFocal(one)].filter(
            Boolean,
          ).length > 1,
      )
      return combined.length === 0
        ? null
        : `Treatments are combined in ${names(combined)}; each shifts the odds again, and one is rarely worse.`
    },
  }),
  rule({
    id: 'G25',
    kind: 'nudge',
    reason:
      'Where positives are very rare, or recall is promised, a gate before the model lets it look at what matters.',
    phrase: 'Two-stage models: a high-recall first stage, then a high-precision filter',
    judge(facts) {
      const { frame } = facts
      const asked = frame.commitments.find(({ measure }) => measure === 'recall')
      if (asked === undefined && frame.prevalenceInUse >= RARE) return null
      if (known(facts).some(({ model }) => model.kind === 'two_stage')) return null
      return `${
        asked !== undefined
          ? `The frame commits to a recall of ${formatNumber(100 * asked.atLeast)} %`
          : `${formatNumber(100 * frame.prevalenceInUse)} % of the cases are positive`
      }: a gate and a filter have not been tried.`
    },
  }),
  rule({
    id: 'G26',
    kind: 'force',
    reason: 'Which positives are missed says what a treatment would have to change.',
    phrase:
      'Analyze current false negatives: Categorize missed frauds by type (e.g., amount, time)',
    judge({ results }) {
      if (results?.slices !== null) return null
      const { recommended } = results.comparison
      const isTreated = results.configurations.some(
        ({ name, configuration }) => name === recommended.name && treatsImbalance(configuration),
      )
      return isTreated
        ? `${recommended.name} is recommended, but nobody has looked at which positives are missed. Look at the slices before the strategy changes.`
        : null
    },
  }),
]
