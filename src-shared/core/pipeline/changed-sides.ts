import type { Column } from '../dataset/dataset.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { changedSlices } from '../slices/changed-slices.ts'
import type { ChangedSlice, ChangedSlices, SidesOfSamples } from '../slices/changed-slices.ts'
import { conditionTest } from '../slices/condition.ts'
import { rightnessOf } from '../statistics/rightness.ts'
import type { Rightness } from '../statistics/rightness.ts'
import type { RightnessByClass } from '../statistics/rightness-sentence.ts'
import type { ExperimentData } from './experiment-data.ts'
import { nestedJudgement } from './judge-run.ts'
import type { OutOfFold } from './out-of-fold.ts'

/** Cases of one kind that two runs decide differently. */
export interface ChangedKind {
  /** Who alerts on them. */
  readonly alertedBy: 'first' | 'second'
  readonly positive: boolean
  readonly cases: number
  /** What they cost by the second run less what they cost by the first, in all; weighted. */
  readonly worth: number
}

export interface ChangedSample {
  /** Position among the judged samples. */
  readonly sample: number
  readonly alertedBy: 'first' | 'second'
  readonly positive: boolean
  readonly worth: number
  /** Probabilities that the two runs give it. */
  readonly first: number
  readonly second: number
  /** Positions of the slices that it lies in; none where slices were not asked for. */
  readonly slices: readonly number[]
}

export interface ChangedSides {
  /** Positives first, then by who alerts. */
  readonly kinds: readonly ChangedKind[]
  /** The dearest changes first; at most `most`. */
  readonly samples: readonly ChangedSample[]
  readonly alike: number
  /** Which of the two is right more often, where exactly one is. */
  readonly rightness: RightnessByClass
  /** Null where they were not asked for. */
  readonly slices: ChangedSlices | null
}

/**
 * The samples that two runs decide differently at their tuned thresholds, and what they are worth.
 *
 * @param most Samples to tell one by one.
 * @param features Columns to tell by where they are; null for none.
 */
export function changedSides(
  data: ExperimentData,
  first: OutOfFold,
  second: OutOfFold,
  most: number,
  features: readonly Column[] | null,
  checkpoint: Checkpoint,
): ChangedSides {
  const a = nestedJudgement(data, first)
  const b = nestedJudgement(data, second)
  const changed: Omit<ChangedSample, 'slices'>[] = []
  a.decisions.forEach((decision, sample) => {
    if (decision === b.decisions[sample]) return
    const weight = data.decisionWeights?.[sample] ?? 1
    changed.push({
      sample,
      alertedBy: decision === 1 ? 'first' : 'second',
      positive: data.yTrue[sample] === 1,
      worth: weight * (b.judgement.costPerSample[sample]! - a.judgement.costPerSample[sample]!),
      first: first.probabilities[sample]!,
      second: second.probabilities[sample]!,
    })
  })
  const kinds = [true, false].flatMap((positive) =>
    (['second', 'first'] as const).map((alertedBy): ChangedKind => {
      const of = changed.filter((one) => one.positive === positive && one.alertedBy === alertedBy)
      return {
        alertedBy,
        positive,
        cases: of.length,
        worth: of.reduce((sum, { worth }) => sum + worth, 0),
      }
    }),
  )
  const slices = features && changedSlices(features, sidesOf(changed, data), checkpoint)
  const slicesOf = features === null ? () => [] : membership(slices?.slices ?? [], features)
  return {
    kinds,
    samples: changed
      .toSorted((x, y) => Math.abs(y.worth) - Math.abs(x.worth) || x.sample - y.sample)
      .slice(0, most)
      .map((one) => ({ ...one, slices: slicesOf(one.sample) })),
    alike: data.yTrue.length - changed.length,
    rightness: rightnessByClass(data, a.decisions, b.decisions),
    slices,
  }
}

function rightnessByClass(
  { yTrue, decisionWeights: weights, groups }: ExperimentData,
  a: Uint8Array,
  b: Uint8Array,
): RightnessByClass {
  const right = (decisions: Uint8Array): Uint8Array =>
    decisions.map((decision, i) => (decision === yTrue[i] ? 1 : 0))
  const [first, second] = [right(a), right(b)]
  const among = (of: Uint8Array | null): Rightness =>
    rightnessOf({ first, second, among: of, weights, groups })
  return { all: among(null), positives: among(yTrue), negatives: among(yTrue.map((y) => 1 - y)) }
}

function sidesOf(
  samples: readonly Omit<ChangedSample, 'slices'>[],
  { yTrue, decisionWeights: weights, groups }: ExperimentData,
): SidesOfSamples {
  const changed = new Uint8Array(yTrue.length)
  const won = new Uint8Array(yTrue.length)
  const worth = new Float64Array(yTrue.length)
  for (const { sample, alertedBy, positive, worth: difference } of samples) {
    changed[sample] = 1
    won[sample] = (alertedBy === 'second') === positive ? 1 : 0
    worth[sample] = difference
  }
  return { changed, won, worth, weights, groups }
}

/** Positions of the slices that a sample lies in. */
function membership(
  slices: readonly ChangedSlice[],
  features: readonly Column[],
): (sample: number) => number[] {
  const columns = new Map(features.map((column) => [column.name, column]))
  const tests = slices.map(({ where }) =>
    where.map((condition) => conditionTest(condition, columns.get(condition.column)!)),
  )
  return (sample) =>
    tests.flatMap((conditions, slice) => (conditions.every((test) => test(sample)) ? [slice] : []))
}
