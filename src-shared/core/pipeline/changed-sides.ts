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
}

export interface ChangedSides {
  /** Positives first, then by who alerts. */
  readonly kinds: readonly ChangedKind[]
  /** The dearest changes first; at most `most`. */
  readonly samples: readonly ChangedSample[]
  readonly alike: number
}

/**
 * The samples that two runs decide differently at their tuned thresholds, and what they are worth.
 *
 * @param most Samples to tell one by one.
 */
export function changedSides(
  data: ExperimentData,
  first: OutOfFold,
  second: OutOfFold,
  most: number,
): ChangedSides {
  const a = nestedJudgement(data, first)
  const b = nestedJudgement(data, second)
  const changed: ChangedSample[] = []
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
  return {
    kinds,
    samples: changed
      .toSorted((x, y) => Math.abs(y.worth) - Math.abs(x.worth) || x.sample - y.sample)
      .slice(0, most),
    alike: data.yTrue.length - changed.length,
  }
}
