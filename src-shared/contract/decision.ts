/** What the pages Threshold and Compare draw. */
import type { CountedCurve } from '../core/decision/read-curve.ts'
import type { NetBenefitCurve } from '../core/decision/uncertainty.ts'
import type { FrameLimits } from '../core/frame/limits.ts'
import type { FlowEnd } from '../core/insight/flow-ends.ts'
import type { GradientFlow } from '../core/insight/training-record.ts'
import type { FoldSearch } from '../core/pipeline/fold-result.ts'
import type { SyntheticPassport } from '../core/pipeline/synthetic-passport.ts'
import type {
  AnalysisResults,
  AboutExecution,
  RunCurves,
  RunMeasure,
} from '../core/report/analysis.ts'
import type { ChangedSides } from '../core/pipeline/changed-sides.ts'
import type { Interval } from '../core/metrics/interval.ts'
import type { GridColumn } from './data.ts'
import type { RunReference } from './work.ts'

export interface ExperimentOutcome {
  readonly experimentId: number
  readonly results: AnalysisResults
  readonly about: AboutExecution
}

/** How a run came about, fold by fold: what its results leave out. */
export interface RunInsight {
  readonly run: RunReference
  /** Per outer fold; null where the model does not learn pass by pass. */
  readonly flows: readonly (GradientFlow | null)[]
  /** What training attends to at its end, in every run of the experiment that learns so. */
  readonly ends: readonly { readonly name: string; readonly end: FlowEnd }[]
  /** Per outer fold; empty without a search. */
  readonly searches: readonly FoldSearch[]
  /** Per outer fold. */
  readonly proof: readonly FoldProvenance[]
  /** Some made-up samples, with what they were made from. */
  readonly examples: readonly SyntheticExample[]
}

/** Why a model that has not seen a row scores it as it does. */
export interface CaseExplanation {
  readonly run: RunReference
  /** From 1. */
  readonly row: number
  readonly fold: number
  readonly isPositive: boolean
  /** Logit of nobody in particular; with all contributions it is that of the row. */
  readonly expected: number
  /** As trained, before correction and calibration. */
  readonly logit: number
  /** Final probability. */
  readonly probability: number
  /** By falling size; they add up to the difference of the logits. */
  readonly columns: readonly {
    readonly name: string
    readonly value: string | number | null
    readonly contribution: number
  }[]
}

/** What a fold judges, and where its made-up samples come from. */
export interface FoldProvenance {
  readonly fold: number
  /** Real rows that the fold judges; nothing else is ever judged. */
  readonly judged: number
  /** Made-up samples in its training set by the outer fold of parent and neighbour; null for none. */
  readonly madeFrom: SyntheticPassport['madeFrom'] | null
}

export interface SyntheticExample {
  readonly fold: number
  /** Rows of the data, from 1. */
  readonly parentRow: number
  readonly neighborRow: number
  /** The nearest real row of the commoner class, of the five nearest; null where there is none. */
  readonly majorityRow: number | null
  /** How far from parent to neighbour it lies. */
  readonly gap: number
  /** How many of its five nearest real samples are of the commoner class. */
  readonly majorityNearby: number
  readonly columns: readonly {
    readonly name: string
    readonly parent: string | number | null
    /** Null where it is missing or was voted on by neighbours that are not kept. */
    readonly made: string | number | null
    readonly neighbor: string | number | null
    readonly majority: string | number | null
    /** True where no real sample can have what it has. */
    readonly impossible: boolean
  }[]
}

/** Everything that moves with the threshold of one run, from its out-of-fold probabilities. */
export interface ThresholdData extends FrameLimits {
  readonly run: RunReference
  readonly untreated: boolean
  /** Cases in the data, of each class, not weighted. */
  readonly positives: number
  readonly negatives: number
  readonly curve: CountedCurve
  /** Bins of equal width in log-odds; the edges are probabilities. Cases, not weighted. */
  readonly histogram: {
    readonly edges: Float64Array
    readonly positives: Float64Array
    readonly negatives: Float64Array
  }
  /** Least and greatest cost per 1,000 cases over the outer folds, at thresholds that increase. */
  readonly foldSpread: {
    readonly thresholds: Float64Array
    readonly low: Float64Array
    readonly high: Float64Array
  }
  /** Fitted on all out-of-fold probabilities, to be used. */
  readonly tuned: number
  readonly tunedRule: string
  readonly feasible: boolean
  readonly shortfall: string | null
  /** Fitted in each outer fold, for the nested estimate. */
  readonly perFold: readonly number[]
  /** Null with a reason where each case has its own. */
  readonly bayes: number | null
  readonly bayesReason: string | null
  /** Judged on samples that neither model nor threshold has seen. */
  readonly nested: {
    readonly costPer1000: number
    readonly costPer1000Interval: Interval | null
    readonly recall: number | null
    readonly recallInterval: Interval | null
    readonly precision: number | null
    readonly precisionInterval: Interval | null
    readonly alertsPer1000: number
  }
  readonly prevalenceInUse: number
}

/** Decision curves of a run and of the untreated reference of its experiment. */
export interface RunBenefit {
  /** Null where a class is missing. */
  readonly own: NetBenefitCurve | null
  /** Null where it is the run itself, or the experiment has not been evaluated. */
  readonly reference: NetBenefitCurve | null
}

/** Runs side by side, against the first, which is the champion. */
export interface RunComparison {
  readonly champion: RunReference
  /** In the order asked for. */
  readonly runs: readonly ComparedRun[]
  /** What to make of it, money first. */
  readonly sentence: string
  readonly folds: number
  /** That differences rest on. */
  readonly cases: number
  readonly casesPerDay: number | null
  readonly prevalenceInUse: number
}

export interface ComparedRun {
  readonly run: RunReference
  readonly untreated: boolean
  readonly threshold: number
  readonly feasible: boolean
  readonly shortfall: string | null
  readonly costPer1000: Estimate
  readonly recall: Estimate
  readonly precision: Estimate
  readonly alertsPer1000: Estimate
  readonly averagePrecision: Estimate
  readonly rocAuc: Estimate
  readonly brier: Estimate
  /** Of a logistic recalibration of the probabilities: 1 is right. */
  readonly calibrationSlope: Estimate
  /** Everything that is measured of it, in the order it is told in. */
  readonly measures: readonly RunMeasure[]
  /** Cost per 1,000 cases minus the champion's, paired on the same cases; null on the champion. */
  readonly difference: Estimate | null
  /** Of 90 %; null on the champion. */
  readonly difference90: Interval | null
  readonly verdict: 'champion' | 'cheaper' | 'dearer' | 'no_clear_difference' | 'over_constraint'
  readonly curves: RunCurves
  /** Mean probability and share of positives per bin, with cases. */
  readonly reliability: readonly {
    readonly meanProbability: number
    readonly observed: number
    readonly count: number
  }[]
}

/** Cases that two runs decide differently at their tuned thresholds. */
export interface ChangedCases {
  readonly first: RunReference
  readonly second: RunReference
  readonly kinds: ChangedSides['kinds']
  /** The dearest first; `row` from 0, in the table. */
  readonly cases: readonly (Omit<ChangedSides['samples'][number], 'sample'> & {
    readonly row: number
  })[]
  readonly alike: number
  readonly rightness: ChangedSides['rightness']
  /** The same in words. */
  readonly rightnessSentence: string
  /** Where the changed cases are; null where it was not asked for. */
  readonly slices: ChangedSides['slices']
  /** From a worth in all cases to one in 1,000. */
  readonly per1000: number
}

export interface Estimate {
  readonly value: number | null
  readonly interval: Interval | null
  /** Why there is no value. */
  readonly reason: string | null
}

/** Some of the rows of a slice that were decided in one way. */
export interface SliceRows {
  /** In all. */
  readonly total: number
  /** Rows of the data, from 0, by falling probability. */
  readonly rows: Int32Array
  /** Out of fold, of each of these rows. */
  readonly probabilities: Float64Array
  readonly columns: readonly GridColumn[]
}

export interface Report {
  readonly title: string
  readonly html: string
  /** CSV files of everything that the report shows. */
  readonly tables: readonly { readonly name: string; readonly csv: string }[]
}
