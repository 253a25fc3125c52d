/** What a scan of labels leaves behind: what queues and cards are made of, and what it estimates. */
import { labelNoise } from '../label-quality/confident-joint.ts'
import { blendedPerRepeat } from '../label-quality/suspicion.ts'
import type { ModelScores } from '../label-quality/suspicion.ts'
import { labelVoices } from './label-evidence.ts'
import type { LabelEvidence, LabelVoices } from './label-evidence.ts'

/** Arrays of one element per sample unless said otherwise; what is between 0 and 1 is rounded. */
export interface LabelFindings {
  /** All samples, the most doubtful first. */
  readonly ranking: Int32Array
  /** Probability that the given label is wrong. */
  readonly wrong: Float64Array
  /** Of the positive class, by the blend of models. */
  readonly probabilities: Float64Array
  /** Between models; see `modelDisagreement`. */
  readonly disagreement: Float64Array
  /** Blended probability per repeat, nSamples × repeats. */
  readonly repeats: Float64Array
  /** Probability per model, nSamples × models. */
  readonly byModel: Float64Array
  /** Rank of the area under the margin within the given class, 0 = lowest, in [0, 1). */
  readonly marginRank: Float64Array
  /** Samples that confident learning names, most doubtful first. */
  readonly issues: Int32Array
}

export interface LabelEstimates {
  readonly models: readonly { readonly name: string; readonly weight: number }[]
  readonly repeats: number
  readonly positives: number
  readonly negatives: number
  /** Labels that confident learning doubts. */
  readonly issues: number
  /** Positives among the samples given negative; null where a method has no answer. */
  readonly hiddenPositives: readonly {
    readonly method: string
    readonly count: number | null
    /** Share of the samples given negative. */
    readonly rate: number | null
    readonly assumes: string
  }[]
  /** Negatives among the samples given positive, by confident learning. */
  readonly wrongPositives: number
}

/** Takes out of the evidence what is kept; probabilities in single precision, which is plenty. */
export function labelFindings(
  given: Uint8Array,
  scores: readonly ModelScores[],
  evidence: LabelEvidence,
): LabelFindings {
  const { suspicion, disagreement, issues } = evidence
  const { marginRank } = labelVoices(given, evidence)
  const perRepeat = blendedPerRepeat(given, scores, suspicion)
  return {
    ranking: suspicion.order,
    wrong: rounded(suspicion.wrong),
    probabilities: rounded(suspicion.probabilities),
    disagreement: rounded(disagreement.betweenModels),
    repeats: rounded(laidSideBySide(perRepeat, given.length)),
    byModel: rounded(laidSideBySide(suspicion.byModel, given.length)),
    marginRank: rounded(marginRank),
    issues,
  }
}

export function labelEstimates(
  given: Uint8Array,
  { suspicion, unlabelled, issues }: LabelEvidence,
  repeats: number,
): LabelEstimates {
  const positives = given.reduce((sum, label) => sum + label, 0)
  const negatives = given.length - positives
  const { calibrated } = suspicion.counted
  const share = (count: number | null): number | null =>
    count === null || negatives === 0 ? null : Math.min(1, count / negatives)
  return {
    models: suspicion.models,
    repeats,
    positives,
    negatives,
    issues: issues.length,
    hiddenPositives: [
      {
        method: 'Confident learning',
        count: calibrated[0][1],
        rate: negatives === 0 ? null : labelNoise(calibrated).trueByGiven[1][0],
        assumes:
          'Models are as sure of the positives that nobody found as of those that somebody did.',
      },
      {
        method: 'Positive-unlabelled learning',
        count: unlabelled.hiddenPositives,
        rate: share(unlabelled.hiddenPositives),
        assumes:
          'Positives were found regardless of what they look like, and can be told for certain: a ceiling where the classes overlap.',
      },
    ],
    wrongPositives: calibrated[1][0],
  }
}

/** What `createReasoning` needs, from what was kept. */
export function voicesOf({
  probabilities,
  byModel,
  issues,
  marginRank,
}: LabelFindings): LabelVoices {
  const nSamples = probabilities.length
  const nModels = nSamples === 0 ? 0 : byModel.length / nSamples
  const isIssue = new Uint8Array(nSamples)
  for (const sample of issues) isIssue[sample] = 1
  return {
    probabilities,
    byModel: Array.from({ length: nModels }, (_, m) =>
      Float64Array.from({ length: nSamples }, (_, i) => byModel[i * nModels + m]!),
    ),
    isIssue,
    marginRank,
  }
}

function rounded(values: Float64Array): Float64Array {
  return values.map(Math.fround)
}

function laidSideBySide(arrays: readonly Float64Array[], nSamples: number): Float64Array {
  const laid = new Float64Array(nSamples * arrays.length)
  arrays.forEach((values, at) => {
    for (let i = 0; i < nSamples; i++) laid[i * arrays.length + at] = values[i]!
  })
  return laid
}
