/**
 * Everything that speaks for or against the given labels of a scan: what models say, what the
 * neighbours say, how training went; and the queue with reasons that follows from it.
 */
import { encode, fitEncoder } from '../encoding/encoder.ts'
import type { Encoder } from '../encoding/encoder.ts'
import type { Engine } from '../kernels.ts'
import { areaUnderMargin, averagedOverTraining } from '../label-quality/area-under-margin.ts'
import { findLabelIssues } from '../label-quality/label-issues.ts'
import { modelDisagreement } from '../label-quality/model-disagreement.ts'
import type { ModelDisagreement } from '../label-quality/model-disagreement.ts'
import { neighborEvidence } from '../label-quality/neighbor-disagreement.ts'
import type { NeighborEvidence } from '../label-quality/neighbor-disagreement.ts'
import { positiveUnlabelled } from '../label-quality/positive-unlabelled.ts'
import type { PositiveUnlabelled } from '../label-quality/positive-unlabelled.ts'
import { reasonsInWords } from '../label-quality/reasons.ts'
import type { ClassNames } from '../label-quality/reasons.ts'
import { rankSuspicion } from '../label-quality/suspicion.ts'
import type { ModelScores, Suspicion } from '../label-quality/suspicion.ts'
import { noCheckpoint, partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { argsortAscending } from '../math/order.ts'
import { createStream } from '../math/random.ts'
import { fitAndScore } from './fit-and-score.ts'
import { labelScanModels } from './label-scan.ts'
import type { LabelScanData } from './label-scan.ts'
import { encoderOptions } from './run-fold.ts'

export interface LabelEvidence {
  readonly suspicion: Suspicion
  /** Samples that confident learning names, most doubtful first. */
  readonly issues: Int32Array
  readonly disagreement: ModelDisagreement
  readonly unlabelled: PositiveUnlabelled
  /** Area under the margin per sample. */
  readonly areaUnderMargin: Float64Array
  /** Of the most doubtful samples, as many as the time allows; null where the table is too wide. */
  readonly neighbors: NeighborEvidence | null
}

const NEIGHBORS = 10
/** Distances that are computed at most: a few seconds. All samples are looked at up to 30,000. */
const MOST_PAIRS = 1e9
/** Encoded values held at once for the search of neighbours: 512 MiB. */
const MOST_VALUES = 1 << 26
const VALUES_PER_BLOCK = 1 << 21

/**
 * Gathers the evidence on every label.
 *
 * @param scores As `finishLabelScan` returns them.
 *
 * Fits one more model, on all samples: the area under the margin is about samples trained on.
 */
export function gatherLabelEvidence(
  data: LabelScanData,
  scores: readonly ModelScores[],
  { seed, engine }: { readonly seed: number; readonly engine: Engine },
  checkpoint: Checkpoint = noCheckpoint,
): LabelEvidence {
  const { given } = data
  const suspicion = rankSuspicion(given, scores)
  checkpoint(0.1)
  return {
    suspicion,
    issues: findLabelIssues(
      given,
      suspicion.probabilities,
      'prune_by_noise_rate',
      {},
      suspicion.counted,
    ),
    disagreement: modelDisagreement(scores),
    unlabelled: positiveUnlabelled(given, suspicion.probabilities),
    areaUnderMargin: marginsOf(data, seed, engine, partOf(checkpoint, 0.1, 0.6)),
    neighbors: neighborsOf(data, suspicion.order, engine, partOf(checkpoint, 0.6, 1)),
  }
}

function marginsOf(
  { features, given, sampleWeights }: LabelScanData,
  seed: number,
  engine: Engine,
  checkpoint: Checkpoint,
): Float64Array {
  const all = Int32Array.from(given.keys())
  const choice = labelScanModels.find(({ name }) => name === 'gbdt_subsampled')!.choice
  const { encoder, model } = fitAndScore(
    { features, yTrue: given, sampleWeights },
    all,
    new Int32Array(0),
    { encoder: encoderOptions, sampling: { kind: 'none' }, classWeights: null, model: choice },
    createStream(seed, 'margin sampling'),
    partOf(checkpoint, 0, 0.8),
    { engine, stream: createStream(seed, 'margin') },
  )
  if (model.kind !== 'gradient_boosting') throw new RangeError(`got a model of kind ${model.kind}`)
  const trees = averagedOverTraining(model.trees)
  const logits = new Float64Array(given.length)
  forBlocks(encoder, all, (samples, start) => {
    const X = encode(encoder, features, samples)
    const sums = engine.boosting.sumOfTrees(trees, model.baseLogit, X, noCheckpoint)
    logits.set(sums, start)
    checkpoint(0.8 + (0.2 * (start + samples.length)) / given.length)
  })
  return areaUnderMargin(given, logits)
}

function forBlocks(
  encoder: Encoder,
  samples: Int32Array,
  work: (block: Int32Array, start: number) => void,
): void {
  const size = Math.max(1024, Math.floor(VALUES_PER_BLOCK / Math.max(1, encoder.features.length)))
  for (let start = 0; start < samples.length; start += size) {
    work(samples.subarray(start, start + size), start)
  }
}

function neighborsOf(
  { features, given }: LabelScanData,
  order: Int32Array,
  engine: Engine,
  checkpoint: Checkpoint,
): NeighborEvidence | null {
  const all = Int32Array.from(given.keys())
  const encoder = fitEncoder(features, all, encoderOptions)
  if (encoder.features.length * given.length > MOST_VALUES) return null
  const looked = Math.max(1, Math.min(order.length, Math.floor(MOST_PAIRS / given.length)))
  return neighborEvidence(
    encode(encoder, features, all),
    given,
    order.slice(0, looked),
    NEIGHBORS,
    checkpoint,
    engine.neighbors,
  )
}

/** One entry of a queue of labels to review. */
export interface QueuedSample {
  readonly sample: number
  readonly given: 0 | 1
  /** Probability that the label is wrong: what the queue goes by. */
  readonly score: number
  /** Probability of the other label by the blend of models, on labels as they are given. */
  readonly probabilityOfOther: number
  /** From 1, among the samples given this label. */
  readonly rankInClass: number
  readonly reasons: readonly string[]
}

/** What models say of every sample, as far as reasons are made of it. */
export interface LabelVoices {
  /** Of the positive class, by the blend of models. */
  readonly probabilities: Float64Array
  /** The same by each model. */
  readonly byModel: readonly Float64Array[]
  /** 1 where confident learning names the sample. */
  readonly isIssue: Uint8Array
  /** Rank of the area under the margin within the given class, lowest first, in [0, 1). */
  readonly marginRank: Float64Array
}

/** What its surroundings say of one sample; null where they were not looked at. */
export interface LabelSurroundings {
  readonly neighbors: { readonly others: number; readonly k: number } | null
  readonly nearDuplicate: { readonly row: number; readonly exact: boolean } | null
}

export function labelVoices(
  given: Uint8Array,
  { suspicion, issues, areaUnderMargin }: LabelEvidence,
): LabelVoices {
  const isIssue = new Uint8Array(given.length)
  for (const sample of issues) isIssue[sample] = 1
  return {
    probabilities: suspicion.probabilities,
    byModel: suspicion.byModel,
    isIssue,
    marginRank: ranksInClass(given, areaUnderMargin),
  }
}

/** The reasons to doubt the label of a sample, by sample and surroundings. */
export function createReasoning(
  given: Uint8Array,
  { probabilities, byModel, isIssue, marginRank }: LabelVoices,
  names: ClassNames,
): (sample: number, surroundings: LabelSurroundings) => string[] {
  const usualOther = [0, 1].map((label) => meanOther(given, probabilities, label))
  const usualByModel = byModel.map((p) => [1 - meanOther(given, p, 0), 1 - meanOther(given, p, 1)])
  return (sample, surroundings) => {
    const label = given[sample] === 1 ? 1 : 0
    const other = label === 1 ? 0 : 1
    const ofOther = (p: Float64Array): number => (label === 1 ? 1 - p[sample]! : p[sample]!)
    return reasonsInWords(
      {
        given: label,
        probabilityOfOther: ofOther(probabilities),
        usualInClass: usualOther[label]!,
        modelsForOther: byModel.filter((p, m) => ofOther(p) >= usualByModel[m]![other]!).length,
        models: byModel.length,
        ...surroundings,
        isConfidentIssue: isIssue[sample] === 1,
        marginRank: marginRank[sample]!,
      },
      names,
    )
  }
}

/**
 * The queue of all samples, those to look at first in front, with the reasons for each.
 *
 * @param limit Most entries to return.
 */
export function labelQueue(
  given: Uint8Array,
  evidence: LabelEvidence,
  names: ClassNames,
  limit = given.length,
): QueuedSample[] {
  const { suspicion, neighbors } = evidence
  const looked = new Int32Array(given.length).fill(-1)
  neighbors?.samples.forEach((sample, i) => {
    looked[sample] = i
  })
  const reasonsFor = createReasoning(given, labelVoices(given, evidence), names)
  const ranks = [0, 0]
  return Array.from(suspicion.order.subarray(0, limit), (sample): QueuedSample => {
    const label = given[sample] === 1 ? 1 : 0
    const p = suspicion.probabilities[sample]!
    const at = looked[sample]!
    return {
      sample,
      given: label,
      score: suspicion.wrong[sample]!,
      probabilityOfOther: label === 1 ? 1 - p : p,
      rankInClass: ++ranks[label]!,
      reasons: reasonsFor(sample, {
        neighbors:
          neighbors === null || at < 0
            ? null
            : {
                others: Math.round(neighbors.disagreement[at]! * neighbors.neighbors.k),
                k: neighbors.neighbors.k,
              },
        nearDuplicate: neighbors === null || at < 0 ? null : duplicateOf(neighbors, at),
      }),
    }
  })
}

function duplicateOf(
  { neighbors: { k, rows, distances }, nearDuplicate }: NeighborEvidence,
  at: number,
): { readonly row: number; readonly exact: boolean } | null {
  const row = nearDuplicate[at]!
  if (row < 0) return null
  const place = rows.indexOf(row, at * k)
  return { row, exact: distances[place] === 0 }
}

/** Rank of each sample within its given class, lowest value first, as a share of the class. */
function ranksInClass(given: Uint8Array, values: Float64Array): Float64Array {
  const sizes = [0, 0]
  for (const label of given) sizes[label]!++
  const taken = [0, 0]
  const ranks = new Float64Array(given.length)
  for (const sample of argsortAscending(values)) {
    const label = given[sample]!
    ranks[sample] = taken[label]!++ / sizes[label]!
  }
  return ranks
}

/** Mean probability of the other label over the samples given `label`; 0 without any. */
function meanOther(given: Uint8Array, probabilities: Float64Array, label: number): number {
  let count = 0
  let sum = 0
  for (let i = 0; i < given.length; i++) {
    if (given[i] !== label) continue
    count++
    sum += label === 1 ? 1 - probabilities[i]! : probabilities[i]!
  }
  return count === 0 ? 0 : sum / count
}
