import { confidentJoint, labelNoise } from '#shared/core/label-quality/confident-joint.ts'
import { countIssues, findLabelIssues } from '#shared/core/label-quality/label-issues.ts'
import type {
  LabelIssueMethod,
  LabelIssueOptions,
} from '#shared/core/label-quality/label-issues.ts'
import {
  adjustedProbabilities,
  confidenceWeightedEntropy,
  normalizedMargin,
  selfConfidence,
} from '#shared/core/label-quality/label-quality-scores.ts'
import { averagePrecision, countsAtThresholds, rocAuc } from '#shared/core/metrics/ranking.ts'
import type { Checker, GoldenHandlers } from '../handlers.ts'

const methods: Readonly<Record<string, LabelIssueMethod>> = {
  prune_by_noise_rate: 'prune_by_noise_rate',
  prune_by_class: 'prune_by_class',
  both: 'both',
  confident_learning: 'confident_learning',
  predicted_neq_given: 'predicted_other',
  low_normalized_margin: 'low_normalized_margin',
  low_self_confidence: 'low_self_confidence',
}

const scores: Readonly<Record<string, (given: Uint8Array, p: Float64Array) => Float64Array>> = {
  self_confidence: selfConfidence,
  normalized_margin: normalizedMargin,
  confidence_weighted_entropy: confidenceWeightedEntropy,
}

type Score = Readonly<Record<string, unknown>>

export const labels: GoldenHandlers = {
  labels: ({ input, expect }, check) => {
    const given = Uint8Array.from(input['labels'] as number[])
    const probabilities = Float64Array.from(input['p1'] as number[])
    const counted = confidentJoint(given, probabilities)
    const noise = labelNoise(counted.calibrated)
    const { negative, positive } = counted.thresholds
    check.close('confident_thresholds', [negative, positive], expect['confident_thresholds'])
    check.equal(
      'confident_joint_uncalibrated',
      counted.confident,
      expect['confident_joint_uncalibrated'],
    )
    check.equal('confident_joint', counted.calibrated, expect['confident_joint'])
    check.equal('off_diagonal_indices', counted.offDiagonal, expect['off_diagonal_indices'])
    check.close('joint', noise.joint, expect['joint'])
    check.close(
      'estimate_latent',
      {
        py: noise.truePrior,
        noise_matrix_given_by_true: noise.givenByTrue,
        inverse_noise_matrix_true_by_given: noise.trueByGiven,
      },
      expect['estimate_latent'],
    )
    check.equal(
      'num_label_issues',
      {
        off_diagonal: countIssues(given, probabilities, counted),
        off_diagonal_calibrated: counted.calibrated[0][1] + counted.calibrated[1][0],
      },
      expect['num_label_issues'],
    )
    const confidence = selfConfidence(given, probabilities)
    for (const [name, wanted] of Object.entries(
      expect['find_label_issues'] as Record<string, { indices: number[] } & Score>,
    )) {
      checkIssues(name, wanted, { given, probabilities, confidence, counted }, check)
    }
    for (const [name, wanted] of Object.entries(expect['label_quality'] as Score)) {
      check.close(`label_quality.${name}`, scoreNamed(name, given, probabilities), wanted)
    }
    const ranking = expect['reference_ranking'] as
      (Score & { readonly scores: Readonly<Record<string, Score>> }) | undefined
    if (ranking === undefined) return
    const flipped = new Uint8Array(given.length)
    for (const row of input['flipped_rows'] as number[]) flipped[row] = 1
    for (const [name, wanted] of Object.entries(ranking)) {
      if (name === 'scores') continue
      const flagged = findLabelIssues(given, probabilities, methodNamed(name), {}, counted)
      const right = flagged.filter((i) => flipped[i] === 1).length
      const flips = (input['flipped_rows'] as number[]).length
      const got = {
        flagged: flagged.length,
        true_flips_flagged: right,
        precision: flagged.length === 0 ? null : right / flagged.length,
        recall: flips === 0 ? null : right / flips,
      }
      check.close(`reference_ranking.${name}`, got, wanted)
    }
    for (const [name, wanted] of Object.entries(ranking.scores)) {
      const doubts = scoreNamed(name, given, probabilities).map((score) => -score)
      check.close(`reference_ranking.${name}`, rankingOf(flipped, doubts, given), wanted)
    }
  },
}

function scoreNamed(name: string, given: Uint8Array, probabilities: Float64Array): Float64Array {
  const adjusted = name.endsWith('_adjusted')
  const score = scores[name.replace(/_adjusted$/, '')]
  if (score === undefined) throw new RangeError(`there is no label quality score ${name}`)
  return score(given, adjusted ? adjustedProbabilities(given, probabilities) : probabilities)
}

function methodNamed(name: string): LabelIssueMethod {
  const method = methods[name]
  if (method === undefined) throw new RangeError(`there is no method ${name}`)
  return method
}

/**
 * Of samples with one given label and one score, any may be named, in any order: the library takes
 * them as its sort leaves them. So labels and scores are compared, which is as strict elsewhere.
 */
function checkIssues(
  name: string,
  wanted: { readonly indices: readonly number[] } & Score,
  {
    given,
    probabilities,
    confidence,
    counted,
  }: {
    readonly given: Uint8Array
    readonly probabilities: Float64Array
    readonly confidence: Float64Array
    readonly counted: ReturnType<typeof confidentJoint>
  },
  check: Checker,
): void {
  const [, base = '', option, amount = ''] = /^(.*?)(?:_(frac|min)_(.*))?$/.exec(name)!
  const number = Number(amount.replace('_', '.'))
  const options: LabelIssueOptions =
    option === 'frac' ? { noiseShare: number } : option === 'min' ? { leastPerClass: number } : {}
  const found = findLabelIssues(given, probabilities, methodNamed(base), options, counted)
  const what = `find_label_issues.${name}`
  const byLabel = (samples: Iterable<number>): number[][] =>
    [0, 1].map((label) =>
      [...samples]
        .filter((i) => given[i] === label)
        .map((i) => confidence[i]!)
        .sort((a, b) => a - b),
    )
  check.equal(`${what}.indices`, byLabel(found), byLabel(wanted.indices))
  const ranked = wanted['ranked_by_self_confidence'] as number[] | undefined
  if (ranked === undefined) return
  check.equal(
    `${what}.ranked_by_self_confidence`,
    Array.from(found, (i) => confidence[i]!),
    ranked.map((i) => confidence[i]!),
  )
}

function rankingOf(flipped: Uint8Array, doubts: Float64Array, given: Uint8Array): Score {
  const negatives = Int32Array.from(given.keys()).filter((i) => given[i] === 0)
  const all = countsAtThresholds(flipped, doubts, null)
  const amongNegatives = countsAtThresholds(
    Uint8Array.from(negatives, (i) => flipped[i]!),
    Float64Array.from(negatives, (i) => doubts[i]!),
    null,
  )
  return {
    roc_auc: rocAuc(all).value,
    average_precision: averagePrecision(all).value,
    roc_auc_given_negative: rocAuc(amongNegatives).value,
  }
}
