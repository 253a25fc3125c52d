/**
 * What a reviewer is shown of a sample: its values against those of both classes, what they
 * contribute, how steady the score is, the most similar samples of either class, and samples that
 * are the very same.
 *
 * It is worked out once, when a queue is made, and kept with it: what somebody decided by can be
 * looked up later, and goes with the queue to whoever reviews it elsewhere.
 */
import { textOf } from '../dataset/dataset.ts'
import type { Column } from '../dataset/dataset.ts'
import { encode, fitEncoder } from '../encoding/encoder.ts'
import type { Engine } from '../kernels.ts'
import type { ClassNames } from '../label-quality/reasons.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'
import { nearestNeighbors } from '../math/nearest-neighbors.ts'
import { quantileSorted } from '../math/quantile.ts'
import { createStream } from '../math/random.ts'
import { sortNumbers } from '../math/sort-numbers.ts'
import { samplesOfFold } from './experiment-data.ts'
import { fitAndScore } from './fit-and-score.ts'
import { contributionsOf } from './fold-insight.ts'
import { createReasoning } from './label-evidence.ts'
import { voicesOf } from './label-findings.ts'
import type { LabelFindings } from './label-findings.ts'
import type { LabelScanData, LabelScanPlan } from './label-scan.ts'
import { encoderOptions } from './run-fold.ts'

/** 5 %, 25 %, 50 %, 75 % and 95 % of the values of a class; null where it has none. */
export type Spread = readonly [number, number, number, number, number] | null

export type ReviewColumn =
  | {
      readonly name: string
      readonly kind: 'numeric'
      readonly negatives: Spread
      readonly positives: Spread
    }
  | { readonly name: string; readonly kind: 'categorical' }

export type ReviewValue = number | string | null

export interface SimilarSample {
  readonly row: number
  /** In standard deviations of the columns. */
  readonly distance: number
  /** In the order of the columns. */
  readonly values: readonly ReviewValue[]
}

export interface ReviewEvidence {
  /** In the order of the columns, as all arrays below. */
  readonly values: readonly ReviewValue[]
  /** Of texts, in how much of either class the same is found; null for numbers. */
  readonly shares: readonly ({ readonly negatives: number; readonly positives: number } | null)[]
  /** To the logit of a model that has not seen the sample; null where none could be had. */
  readonly contributions: readonly number[] | null
  /** Probability of the positive class in each repeat, and by each model. */
  readonly repeats: readonly number[]
  readonly byModel: readonly number[]
  /** Among the most similar samples; null where the table is too wide to look. */
  readonly neighbors: { readonly others: number; readonly k: number } | null
  /** The most similar whose label nobody doubts; empty where the table is too wide. */
  readonly similarPositives: readonly SimilarSample[]
  readonly similarNegatives: readonly SimilarSample[]
  /** Samples with the very same features. */
  readonly same: {
    readonly withThisLabel: readonly number[]
    readonly withTheOther: readonly number[]
    /** Those beyond the ones that are listed. */
    readonly more: number
  }
  readonly reasons: readonly string[]
}

export interface ReviewEvidences {
  readonly columns: readonly ReviewColumn[]
  /** Features beyond those, which contribute least. */
  readonly columnsLeftOut: number
  /** One per sample asked for. */
  readonly evidence: readonly ReviewEvidence[]
}

/** Contributions of some samples of one fold, nSamples × features. */
export interface ReviewContributions {
  readonly samples: Int32Array
  readonly perColumn: Float64Array | null
}

/** More can't be taken in at a glance. */
const MOST_COLUMNS = 40
const NEIGHBORS = 10
const SIMILAR = 3
const MOST_SAME = 50
/** Encoded values held at once for the search of neighbours: 512 MiB. */
const MOST_VALUES = 1 << 26
const SPREAD = [0.05, 0.25, 0.5, 0.75, 0.95]

/**
 * What the columns contribute to the scores of some samples, all of one fold of the first repeat.
 * The model of that fold is fitted again, to the same bits.
 */
export function reviewContributions(
  data: LabelScanData,
  { seed, models, folds }: LabelScanPlan,
  fold: number,
  samples: Int32Array,
  checkpoint: Checkpoint,
  engine: Engine,
): ReviewContributions {
  const explained = models.find(({ choice }) => choice.kind === 'gradient_boosting')
  if (explained === undefined) return { samples, perColumn: null }
  const train = samplesOfFold(folds[0]!, fold, 'outside')
  const name = ['label scan', explained.name, 0, fold] as const
  const fitted = fitAndScore(
    { features: data.features, yTrue: data.given, sampleWeights: data.sampleWeights },
    train,
    samples,
    {
      encoder: encoderOptions,
      sampling: { kind: 'none' },
      classWeights: null,
      model: explained.choice,
    },
    createStream(seed, ...name, 'sampling'),
    partOf(checkpoint, 0, 0.7),
    { engine, stream: createStream(seed, ...name) },
  )
  const found = contributionsOf(data, fitted, train, samples, partOf(checkpoint, 0.7, 1))
  return { samples, perColumn: found?.perColumn ?? null }
}

/**
 * Lays together what reviewers of some samples are shown.
 *
 * @param contributions Of all of the samples, in any parts and order; samples without any get none.
 */
export function reviewEvidence(
  data: LabelScanData,
  findings: LabelFindings,
  samples: Int32Array,
  contributions: readonly ReviewContributions[],
  names: ClassNames,
  checkpoint: Checkpoint,
  engine: Engine,
): ReviewEvidences {
  const { features, given } = data
  const nFeatures = features.length
  const byColumn = new Map<number, Float64Array>()
  for (const { samples: of, perColumn } of contributions) {
    of.forEach((sample, i) => {
      const part = perColumn?.subarray(i * nFeatures, (i + 1) * nFeatures)
      if (part !== undefined) byColumn.set(sample, part)
    })
  }
  const shown = shownColumns(features, byColumn)
  const voices = voicesOf(findings)
  const reasonsFor = createReasoning(given, voices, names)
  const surroundings = lookAround(data, voices.isIssue, samples, engine, partOf(checkpoint, 0, 0.8))
  const same = findSame(features, samples)
  checkpoint(0.9)
  const columns = shown.map((at) => reviewColumn(features[at]!, given))
  const shares = shown.map((at) => classShares(features[at]!, given))
  const nRepeats = findings.repeats.length / given.length
  const valuesOf = (row: number): ReviewValue[] => shown.map((at) => valueOf(features[at]!, row))
  const similar = (found: Found | null, i: number): SimilarSample[] =>
    found === null
      ? []
      : Array.from({ length: found.k }, (_, n) => ({
          row: found.rows[i * found.k + n]!,
          distance: found.distances[i * found.k + n]!,
          values: valuesOf(found.rows[i * found.k + n]!),
        }))
  return {
    columns,
    columnsLeftOut: nFeatures - shown.length,
    evidence: Array.from(samples, (sample, i): ReviewEvidence => {
      const label = given[sample]!
      const alike = same[i]!
      const withTheOther = alike.filter((row) => given[row] !== label)
      const withThisLabel = alike.filter((row) => given[row] === label)
      const others = surroundings?.others[i] ?? 0
      const k = surroundings?.k ?? 0
      const own = byColumn.get(sample)
      return {
        values: valuesOf(sample),
        shares: shares.map((share) => share(sample)),
        contributions: own === undefined ? null : shown.map((at) => own[at]!),
        repeats: Array.from(findings.repeats.subarray(sample * nRepeats, (sample + 1) * nRepeats)),
        byModel: voices.byModel.map((p) => p[sample]!),
        neighbors: k === 0 ? null : { others, k },
        similarPositives: similar(surroundings?.positives ?? null, i),
        similarNegatives: similar(surroundings?.negatives ?? null, i),
        same: {
          withThisLabel: withThisLabel.slice(0, MOST_SAME),
          withTheOther: withTheOther.slice(0, MOST_SAME),
          more:
            Math.max(0, withThisLabel.length - MOST_SAME) +
            Math.max(0, withTheOther.length - MOST_SAME),
        },
        reasons: reasonsFor(sample, {
          neighbors: k === 0 ? null : { others, k },
          nearDuplicate:
            withTheOther[0] === undefined ? null : { row: withTheOther[0], exact: true },
        }),
      }
    }),
  }
}

/** Positions of the features that cards show: all, or those that contribute most. */
function shownColumns(
  features: readonly Column[],
  byColumn: ReadonlyMap<number, Float64Array>,
): number[] {
  const all = features.map((_, at) => at)
  if (features.length <= MOST_COLUMNS) return all
  const sizes = new Float64Array(features.length)
  for (const values of byColumn.values()) {
    for (const at of all) sizes[at]! += Math.abs(values[at]!)
  }
  return all
    .toSorted((a, b) => sizes[b]! - sizes[a]! || a - b)
    .slice(0, MOST_COLUMNS)
    .sort((a, b) => a - b)
}

interface Found {
  readonly k: number
  readonly rows: Int32Array
  readonly distances: Float64Array
}

function lookAround(
  { features, given }: LabelScanData,
  isIssue: Uint8Array,
  samples: Int32Array,
  engine: Engine,
  checkpoint: Checkpoint,
): {
  readonly k: number
  readonly others: Float64Array
  readonly positives: Found
  readonly negatives: Found
} | null {
  const all = Int32Array.from(given.keys())
  const encoder = fitEncoder(features, all, encoderOptions)
  if (encoder.features.length * given.length > MOST_VALUES || given.length < 2) return null
  const X = encode(encoder, features, all)
  const search = (candidates: Int32Array, wanted: number, from: number, to: number): Found =>
    nearest(X, samples, candidates, wanted, engine, partOf(checkpoint, from, to))
  const around = search(all, NEIGHBORS, 0, 0.4)
  const clear = (label: number): Int32Array =>
    all.filter((sample) => given[sample] === label && isIssue[sample] === 0)
  return {
    k: around.k,
    others: Float64Array.from(samples, (sample, i) => {
      let others = 0
      for (let n = 0; n < around.k; n++) {
        if (given[around.rows[i * around.k + n]!] !== given[sample]) others++
      }
      return others
    }),
    positives: search(clear(1), SIMILAR, 0.4, 0.6),
    negatives: search(clear(0), SIMILAR, 0.6, 1),
  }
}

/** A search never finds the sample itself, so one candidate is not enough to be sure of any. */
function nearest(
  X: Matrix,
  samples: Int32Array,
  candidates: Int32Array,
  wanted: number,
  engine: Engine,
  checkpoint: Checkpoint,
): Found {
  const k = Math.min(wanted, candidates.length - 1)
  if (k < 1) return { k: 0, rows: new Int32Array(0), distances: new Float64Array(0) }
  return nearestNeighbors(X, samples, candidates, k, checkpoint, engine.neighbors)
}

/** Other samples with the very same features, per sample asked for, ascending. */
function findSame(features: readonly Column[], samples: Int32Array): number[][] {
  const nSamples = lengthOf(features[0]!)
  const hashes = new Uint32Array(nSamples).fill(0x811c9dc5)
  const bits = new Float64Array(1)
  const words = new Uint32Array(bits.buffer)
  for (const column of features) {
    for (let i = 0; i < nSamples; i++) {
      if (column.kind === 'categorical') {
        hashes[i] = Math.imul(hashes[i]! ^ column.codes[i]!, 0x01000193)
        continue
      }
      bits[0] = column.values[i]! + 0 // −0 is 0
      hashes[i] = Math.imul(Math.imul(hashes[i]! ^ words[0]!, 0x01000193) ^ words[1]!, 0x01000193)
    }
  }
  const wanted = new Map<number, number[]>()
  for (const sample of samples) wanted.set(hashes[sample]!, [])
  hashes.forEach((hash, i) => wanted.get(hash)?.push(i))
  return Array.from(samples, (sample) =>
    wanted
      .get(hashes[sample]!)!
      .filter((i) => i !== sample && features.every((column) => isSame(column, i, sample))),
  )
}

function isSame(column: Column, a: number, b: number): boolean {
  if (column.kind === 'categorical') return column.codes[a] === column.codes[b]
  const [one, other] = [column.values[a]!, column.values[b]!]
  return one === other || (Number.isNaN(one) && Number.isNaN(other))
}

function reviewColumn(column: Column, given: Uint8Array): ReviewColumn {
  const { name } = column
  if (column.kind === 'categorical') return { name, kind: 'categorical' }
  const spread = (label: number): Spread => {
    const values = sortNumbers(
      column.values.filter((value, i) => given[i] === label && !Number.isNaN(value)),
    )
    if (values.length === 0) return null
    const [a, b, c, d, e] = SPREAD.map((q) => quantileSorted(values, q))
    return [a!, b!, c!, d!, e!]
  }
  return { name, kind: 'numeric', negatives: spread(0), positives: spread(1) }
}

/** In how much of either class the text of a sample is found. */
function classShares(
  column: Column,
  given: Uint8Array,
): (sample: number) => { readonly negatives: number; readonly positives: number } | null {
  if (column.kind === 'numeric') return () => null
  const counts = [new Map<number, number>(), new Map<number, number>()] as const
  const sizes = [0, 0]
  column.codes.forEach((code, i) => {
    const label = given[i] === 1 ? 1 : 0
    counts[label].set(code, (counts[label].get(code) ?? 0) + 1)
    sizes[label]!++
  })
  const share = (label: 0 | 1, code: number): number =>
    sizes[label] === 0 ? 0 : (counts[label].get(code) ?? 0) / sizes[label]!
  return (sample) => {
    const code = column.codes[sample]!
    return { negatives: share(0, code), positives: share(1, code) }
  }
}

function valueOf(column: Column, row: number): ReviewValue {
  if (column.kind === 'categorical') return textOf(column, row)
  const value = column.values[row]!
  return Number.isNaN(value) ? null : value
}

function lengthOf(column: Column): number {
  return column.kind === 'numeric' ? column.values.length : column.codes.length
}
