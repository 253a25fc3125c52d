/** Rules on treatments themselves: how far to sample, what to make samples of, what to try first. */
import { formatNumber } from '../format.ts'
import type { Configuration } from '../plan/plan.ts'
import { resampledCounts } from '../plan/resampled-counts.ts'
import { leastMinority, samplingKinds } from '../plan/sampling-kinds.ts'
import type { Guardrail, GuardrailData, GuardrailFacts } from './guardrail.ts'
import { listed, rule } from './rule.ts'

/** Features from which neighbours are about as far as anybody. */
const HIGH_DIMENSION = 100
/** Share of zeros from which a table of so many columns counts as sparse. */
const SPARSE = { zeros: 0.7, columns: 20 } as const
/** So many numbered columns of one name are taken for an embedding. */
const EMBEDDING_COLUMNS = 16
/** Below so many positives what is odd may be found where what is positive can't be learnt. */
const FEW_POSITIVES = 50

/** What a made-up sample looks like where nothing has been made up. */
const TERRITORY = 0.5

const names = (configurations: readonly { readonly name: string }[]): string =>
  listed(configurations.map(({ name }) => name))

const makesSamples = ({ sampling }: Configuration): boolean =>
  sampling.kind !== 'none' &&
  samplingKinds[sampling.kind].does.startsWith('grows') &&
  samplingKinds[sampling.kind].makes !== 'copies'

const isWeighted = ({ sampling, weighting }: Configuration): boolean =>
  sampling.kind === 'none' && weighting.kind !== 'none'

/** Everything that was or will be run on these data. */
const known = ({ plan, history }: GuardrailFacts): readonly Configuration[] => [
  ...plan.configurations,
  ...history.configurations,
]

const rarer = ({ rows, positives }: GuardrailData): number => Math.min(positives, rows - positives)

export const treatmentRules: readonly Guardrail[] = [
  rule({
    id: 'G12',
    kind: 'nudge',
    reason:
      'Balance is no aim in itself: every step towards it moves probabilities further, and precision is what it costs.',
    phrase:
      "Treating 'balance the classes' as a goal independent of the metric; target 1:1 to 1:3 ratio, not necessarily perfect balance",
    judge({ chosen, data }) {
      const negatives = data.rows - data.positives
      const isRarerPositive = data.positives <= negatives
      const beyond = chosen.filter(({ sampling }) => {
        const after = resampledCounts(sampling, negatives, data.positives)
        return isRarerPositive
          ? after.positives > after.negatives
          : after.negatives > after.positives
      })
      if (beyond.length > 0) {
        return {
          kind: 'acknowledge',
          message: `${names(beyond)}: the rarer class becomes the commoner one. Say what for, or sample to 1:3.`,
        }
      }
      const balanced = chosen.filter(
        ({ sampling }) =>
          'targetImbalanceRatio' in sampling &&
          sampling.targetCounts === undefined &&
          sampling.targetImbalanceRatio < 1.5,
      )
      if (balanced.length === 0) return null
      const odds = (ratio: number): string =>
        formatNumber(Math.max(negatives, data.positives) / rarer(data) / ratio)
      return `${names(balanced)}: sampled to balance, which multiplies the odds in training by ${odds(1)}. At 1:3 it is ${odds(3)}, with fewer samples made up or thrown away.`
    },
  }),
  rule({
    id: 'G13',
    kind: 'block',
    reason:
      'Weights change as much as made-up samples do and make nothing up: what is synthetic has to beat them on the same folds.',
    phrase:
      "establish a weighted baseline ... only add more aggressive resampling if the minority class still isn't being captured well",
    judge(facts) {
      const unanswered = facts.chosen.filter(
        (one) =>
          makesSamples(one) &&
          !known(facts).some((other) => isWeighted(other) && other.model.kind === one.model.kind),
      )
      return unanswered.length === 0
        ? null
        : `${names(unanswered)}: add the same model with class weights and no sampling, and see first what that does.`
    },
  }),
  rule({
    id: 'G14',
    kind: 'block',
    reason:
      'Between neighbours there is something only where columns are few, dense and numbers; elsewhere a made-up sample is like no case.',
    phrase:
      'fragile for high-dim data (images, text); SMOTE-NC handles mixed numerical-categorical features',
    judge({ chosen, data }) {
      const synthetic = chosen.filter(makesSamples)
      const tooFew = synthetic.filter(({ sampling }) => rarer(data) < leastMinority(sampling))
      if (tooFew.length > 0) {
        const least = Math.max(...tooFew.map(({ sampling }) => leastMinority(sampling)))
        return `${names(tooFew)}: at least ${least} samples of the rarer class are needed for so many neighbours, and there are ${rarer(data)}.`
      }
      const between = synthetic.filter(
        ({ sampling }) =>
          sampling.kind !== 'none' && samplingKinds[sampling.kind].reads === 'features',
      )
      if (between.length === 0) return null
      const doubt = doubtAboutColumns(data)
      if (doubt !== null) {
        return {
          kind: 'acknowledge',
          message: `${names(between)}: ${doubt}. Say why samples may be made between these, or take weights or an ensemble.`,
        }
      }
      const categories = data.features.filter(({ kind }) => kind === 'categorical').length
      return categories === 0
        ? null
        : {
            kind: 'nudge',
            message: `${names(between)}: ${categories} ${categories === 1 ? 'column' : 'columns'} of categories would get fractions of them. SMOTE-NC keeps categories whole.`,
          }
    },
  }),
  rule({
    id: 'G15',
    kind: 'force',
    reason:
      'Made-up samples may lie where only the commoner class was seen, or be what no case can be: that is measured and shown.',
    phrase:
      'assumes interpolation validity, may generate unrealistic samples near class boundaries',
    judge({ results }) {
      const bad = (results?.configurations ?? []).flatMap(({ name, synthetic }) => {
        if (synthetic === undefined) return []
        const { inMajorityTerritory, impossible } = synthetic
        const [worst] = impossible
        return inMajorityTerritory < TERRITORY && worst === undefined
          ? []
          : [
              `${name} (${percent(inMajorityTerritory)} of made-up samples amid the commoner class${
                worst === undefined
                  ? ''
                  : `; ${worst.column} is ${worst.kind === 'fraction' ? 'a fraction' : 'a mix of categories'} in ${percent(worst.share)}`
              })`,
            ]
      })
      return bad.length === 0 ? null : `Made-up samples are unlike real ones in ${listed(bad)}.`
    },
  }),
  rule({
    id: 'G33',
    kind: 'nudge',
    reason:
      'Of a handful of positives nothing is learnt but these; what is odd can still be found.',
    phrase: 'Anomaly-detection framing in rare-event settings',
    judge(facts) {
      const { positives } = facts.data
      const isTried = known(facts).some(({ model }) => model.kind === 'isolation_forest')
      return positives >= FEW_POSITIVES || isTried
        ? null
        : `There are ${positives} positives. An isolation forest looks for odd cases without learning from labels: try it beside the others.`
    },
  }),
  rule({
    id: 'G34',
    kind: 'nudge',
    reason: 'What is known for certain needs no model, and says by itself how much it catches.',
    phrase: 'add a rule-based layer for known fraud patterns',
    judge(facts) {
      const hasTreatment = facts.chosen.some(
        ({ sampling, weighting }) => sampling.kind !== 'none' || weighting.kind !== 'none',
      )
      const hasRules = known(facts).some(({ rules = [] }) => rules.length > 0)
      return hasRules || !hasTreatment
        ? null
        : 'No rule stands before a model. Where a pattern is certain, write it as a rule: it is measured alone and together with the model.'
    },
  }),
]

/** Why these columns are no place to make samples between; null where they may be. */
function doubtAboutColumns({ features, positives, rows }: GuardrailData): string | null {
  const numeric = features.filter(({ kind }) => kind === 'numeric')
  const dimension = features.reduce((sum, { levels }) => sum + (levels ?? 1), 0)
  const embedding = embeddingName(numeric.map(({ name }) => name))
  if (embedding !== null) {
    return `columns ${embedding}… look like an embedding, between whose points lies nothing known`
  }
  if (dimension > HIGH_DIMENSION) {
    return `with ${formatNumber(dimension)} features for ${Math.min(positives, rows - positives)} samples of the rarer class neighbours are hardly nearer than anybody`
  }
  const zeros = numeric.reduce((sum, one) => sum + one.zeros, 0) / Math.max(1, numeric.length)
  return numeric.length >= SPARSE.columns && zeros >= SPARSE.zeros
    ? `${percent(zeros)} of all numbers are 0, and samples between sparse ones are not sparse`
    : null
}

/** `emb_` of `emb_0` to `emb_63`. */
function embeddingName(columns: readonly string[]): string | null {
  const byStem = Map.groupBy(columns, (name) => /^(.*?\D)\d+$/.exec(name)?.[1] ?? '')
  for (const [stem, members] of byStem) {
    if (/^(?:emb|vec|dim|latent|feature_?vec)/i.test(stem) && members.length >= EMBEDDING_COLUMNS) {
      return stem
    }
  }
  return null
}

function percent(share: number): string {
  return `${formatNumber(100 * share)} %`
}
