/** What a verdict rests on: numbers and intervals, each of which can be looked at by itself. */
import type { DuplicateSamples } from '../dataset/duplicate-samples.ts'
import type { Interval } from '../metrics/interval.ts'
import type { Evidence } from '../statistics/evidence-meter.ts'
import type { AlarmProfile } from './alarm-profile.ts'
import type { ColumnStrength } from './column-suspects.ts'

/** A number that is estimated, with its 95 % interval; null where drawing gives none. */
export interface Estimated {
  readonly value: number
  readonly interval: Interval | null
}

export interface VerdictEvidence {
  readonly baseline: BaselineEvidence
  readonly positives: Evidence
  readonly ranking: RankingEvidence
  readonly alarms: AlarmProfile
  readonly labels: LabelEvidence
  readonly hardness: HardnessEvidence
  readonly leaks: LeakEvidence
  readonly duplicates: DuplicateSamples
  /** Null where there is no time column, or too few cases in either period. */
  readonly periods: PeriodEvidence | null
  /** Null where no treated run was made. */
  readonly treatment: TreatmentEvidence | null
}

/** The untreated run with the least cost, as it is and with its threshold tuned. */
export interface BaselineEvidence {
  /** Costs per 1,000 cases. */
  readonly costAtHalf: number
  readonly costTuned: number
  /** Alerting nobody or everybody, whichever is cheaper. */
  readonly costWithout: number
  readonly withoutIs: 'alert nobody' | 'alert everybody'
  /** Cost at 0.5 less cost tuned. */
  readonly tuningSaves: Estimated
  /** Cost without a model less cost tuned. */
  readonly modelSaves: Estimated
  /** To be used; null stands for alerting nobody. */
  readonly threshold: number | null
  /** Unweighted, in the data; of the decisions at 0.5 and of saying no to everybody. */
  readonly accuracyAtHalf: number
  readonly accuracyOfNobody: number
}

export interface RankingEvidence {
  readonly rocAuc: Estimated
  /** By rising number of positives that the model was fitted on; the last has all there are. */
  readonly curve: readonly {
    readonly positives: number
    readonly samples: number
    readonly rocAuc: number
  }[]
  /** What the second half of the positives brought, paired on the same cases. */
  readonly lastHalfBrought: Estimated | null
  /** Why there is no curve; null where there is one. */
  readonly curveReason: string | null
}

export interface LabelEvidence {
  /** Elkan and Noto: share of the true positives that are labelled; null without positives. */
  readonly labelFrequency: number | null
  /** Positives that may be missed, by the ceiling of the alarms; null where there is none. */
  readonly missed: { readonly value: number; readonly lower: number; readonly upper: number } | null
  /** Labels off the diagonal of the confident joint, by what they are given. */
  readonly doubtedNegatives: number
  readonly doubtedPositives: number
}

export interface HardnessEvidence {
  readonly safe: number
  readonly borderline: number
  readonly rare: number
  readonly outlier: number
  readonly positiveNeighbors: number | null
  readonly aroundNegatives: number | null
  /** Rows that neighbours were looked for in; a sample of the data where these are many. */
  readonly among: number
  /** A sample of both classes for drawing, positives first. */
  readonly points: readonly HardnessPoint[]
}

export interface HardnessPoint {
  /** Row of the data, from 0. */
  readonly row: number
  readonly positive: boolean
  /** Out of fold. */
  readonly probability: number
  /** Share of the nearest neighbours with the other label. */
  readonly disagreement: number
}

export interface LeakEvidence {
  /** By falling ROC AUC, the strongest twenty. */
  readonly strongest: readonly ColumnStrength[]
  readonly suspects: readonly ColumnStrength[]
  /** ROC AUC of the same model without the suspects; null where there are none, or nothing else. */
  readonly rocAucWithout: number | null
}

export interface PeriodEvidence {
  readonly earlier: { readonly samples: number; readonly positives: number }
  readonly later: { readonly samples: number; readonly positives: number }
  /** ROC AUC on later cases of a model of earlier cases, and of one of as many cases of all times. */
  readonly rocAucOfEarlier: number
  readonly rocAucOfMixed: number
  /** The latter less the former, paired. */
  readonly lost: Estimated
}

export interface TreatmentEvidence {
  /** The cheapest treated run, and how many there are. */
  readonly name: string
  readonly tried: number
  /** Cost of the untreated and tuned less its own; the interval allows for picking among `tried`. */
  readonly saves: Estimated
}
