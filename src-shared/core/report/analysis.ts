/**
 * The results of an analysis, as data. Everything here is a function of dataset, frame, plan and
 * seed alone: no time, no machine, no path. Its canonical JSON (keys in snake_case, see
 * contract/json.ts) is what the printed digest is taken of.
 *
 * Undefined numbers are `null`; the reason stands beside them.
 */
import type { Comparison, LedgerRow } from '../decision/comparison.ts'
import type { ThresholdGap } from '../decision/threshold-gap.ts'
import type { Guarantee } from '../decision/learn-then-test.ts'
import type { Requirement, SolvedPoint, Workload } from '../decision/solve-operating-point.ts'
import type { Confusion, OperatingPoint, ThresholdRule } from '../decision/operating-point.ts'
import type { CostUncertainty } from '../decision/uncertainty.ts'
import type { CalibrationReceipt } from '../calibration/receipt.ts'
import type { ImbalanceVerdict } from '../diagnosis/verdict.ts'
import type { GuardrailResult } from '../guardrails/guardrail-result.ts'
import type { GradientFlow } from '../insight/training-record.ts'
import type { Frame } from '../frame/frame.ts'
import type { Interval } from '../metrics/interval.ts'
import type { MeasureName } from '../metrics/measure-list.ts'
import type { RunMetrics, UndefinedMetric } from '../metrics/run-metrics.ts'
import type { FoldTraining } from '../pipeline/fold-result.ts'
import type { SyntheticReadout } from '../pipeline/synthetic-passport.ts'
import type { Configuration, RuleChoice, SearchChoice } from '../plan/plan.ts'
import type { SliceSearch } from '../slices/find-slices.ts'

export type { Comparison, LedgerRow } from '../decision/comparison.ts'
export type { Confusion, OperatingPoint } from '../decision/operating-point.ts'
export type { GuardrailResult } from '../guardrails/guardrail-result.ts'
export type { Interval } from '../metrics/interval.ts'
export type { SyntheticReadout } from '../pipeline/synthetic-passport.ts'
export type { RunMetrics } from '../metrics/run-metrics.ts'

export interface AnalysisResults {
  readonly dataset: DatasetFacts
  readonly frame: FrameFacts
  readonly experiment: ExperimentFacts
  /** In the order of the plan. */
  readonly configurations: readonly ConfigurationResult[]
  /** Name of the configuration whose operating point is cheapest; see `comparison`. */
  readonly champion: string
  readonly comparison: Comparison
  /**
   * The treatment ledger: every untreated run at 0.5, at the threshold of its costs, and tuned; its
   * post-hoc logit adjustment (`prevalence`), which is a mark and competes with nobody; every
   * treated run tuned. All on the same folds, each held against the reference.
   */
  readonly ledger: readonly LedgerRow[]
  /** Champion less opponent over repeated folds; null where the plan has no repeats. */
  readonly repeated: RepeatedDifference | null
  /** What the solver says of the recommended run. */
  readonly operatingPoint: SolverAnswer
  /** Every guardrail, by id. */
  readonly guardrails: readonly GuardrailResult[]
  /** The decision in one sentence, money first. */
  readonly sentence: string
  /** Whether imbalance is the problem; null in results of a time when nobody asked. */
  readonly verdict: ImbalanceVerdict | null
  /** Where the recommended run misses positives; null as `verdict` is. */
  readonly slices: RunSlices | null
  /** What if costs and prevalence are others; left out in results of a time when nobody asked. */
  readonly costUncertainty?: CostUncertainty
}

/** Of the decisions that a run takes by a rule, as they were taken out of fold. */
export interface RunSlices extends SliceSearch {
  readonly name: string
  readonly rule: ThresholdRule
}

/** Both at the tuned thresholds of their folds. */
export interface RepeatedDifference {
  readonly champion: string
  readonly opponent: string
  readonly repeats: number
  /** Of all repeats together. */
  readonly folds: number
  /** Below 0 the champion is cheaper. */
  readonly costPer1000: number
  readonly interval: Interval
}

/** The best threshold of a run under the requirements of the frame, and how firmly it stands. */
export interface SolverAnswer {
  readonly configuration: string
  readonly goal: 'cost'
  readonly requirements: readonly Requirement[]
  readonly workload: Workload
  /** On all out-of-fold probabilities, which the threshold fits: nested estimates judge it. */
  readonly solved: SolvedPoint
  readonly spread: {
    /** Thresholds fitted inside the training sets. */
    readonly perFold: readonly number[]
    /** Limits of 95 % of the cheapest thresholds of bootstrap draws; null when no draw alerts. */
    readonly lower: number | null
    readonly upper: number | null
    /** Share of draws in which no alert at all is cheapest. */
    readonly noAlertShare: number
    readonly draws: number
  }
  /** What 1,000 cases cost more when the threshold lies at a limit of the spread. */
  readonly regretPer1000: {
    readonly atLower: number | null
    readonly atUpper: number | null
    /** Mean over the draws, against the best of each. */
    readonly mean: number
  }
  /** The threshold of the costs alone beside the tuned one; null with a reason. */
  readonly analytic: ThresholdGap | null
  readonly analyticReason: string | null
  /**
   * A threshold whose promise holds on new cases, tested on cases that nothing has seen; of the
   * recommended run only. Null with a reason.
   */
  readonly guarantee: Guarantee | null
  readonly guaranteeReason: string | null
}

export interface DatasetFacts {
  readonly rows: number
  readonly positives: number
  readonly prevalence: number
  /** SHA-256 over names, kinds and values of all columns; independent of how they are stored. */
  readonly fingerprint: string
  readonly target: string
  readonly positive: string
  readonly features: readonly string[]
  readonly leftOut: readonly { readonly column: string; readonly reason: string }[]
}

export interface FrameFacts extends Omit<Frame, 'prevalence'> {
  readonly prevalenceInData: number
  readonly prevalenceInUse: number
  /** Threshold on probabilities that follows from constant costs; null with a reason otherwise. */
  readonly bayesThreshold: number | null
  readonly bayesThresholdReason: string | null
}

export interface ExperimentFacts {
  readonly seed: number
  readonly folds: number
  readonly innerFolds: number
  readonly foldsFrom: 'seed' | 'file'
  readonly bootstrapDraws: number
  readonly notes: readonly string[]
  readonly proof: FoldProof
}

/** That what is judged was not trained on, counted rather than claimed. */
export interface FoldProof {
  /** In words: how folds were drawn. */
  readonly scheme: string
  /** Samples that are judged, of each class. */
  readonly judged: { readonly positives: number; readonly negatives: number }
  readonly folds: readonly {
    readonly fold: number
    readonly training: number
    readonly judged: number
    readonly judgedPositives: number
    /** Samples that are in both. */
    readonly shared: number
    /** Groups with samples in both. */
    readonly sharedGroups: number
    /** True where a sample of training is not earlier than all judged ones; false without order. */
    readonly latestOverlap: boolean
    /** Days between the last of training and the first judged; null without order. */
    readonly gapDays: number | null
  }[]
  /** Judged samples that agree in all features with one of their training set. */
  readonly duplicatesAcross: number
  /** Rows that no fold judges, and why. */
  readonly notJudged: readonly { readonly rows: number; readonly reason: string }[]
}

export interface ConfigurationResult {
  readonly name: string
  readonly untreated: boolean
  readonly configuration: Configuration
  readonly metrics: RunMetrics
  readonly undefinedMetrics: readonly UndefinedMetric[]
  readonly intervals: { readonly [Metric in keyof RunMetrics]: Interval | null }
  /** Everything that is measured of it; left out in results of earlier versions. */
  readonly measures?: readonly RunMeasure[]
  /** The tuned threshold; its confusion and cost below are the nested estimate. */
  readonly threshold: {
    /** The threshold to use, fitted on all out-of-fold probabilities. */
    readonly value: number
    readonly rule: string
    readonly fittedOn: string
    /** The threshold of each outer fold, fitted inside its training set. */
    readonly perFold: readonly number[]
    /** False when not all limits can be kept; `shortfall` says by how much. */
    readonly feasible: boolean
    readonly shortfall: string | null
  }
  readonly confusion: Confusion
  readonly costPer1000: number
  readonly costPer1000Interval: Interval | null
  /** Every threshold rule on the same out-of-fold probabilities: half, bayes, tuned. */
  readonly operatingPoints: readonly OperatingPoint[]
  /** What the solver says of this run. */
  readonly solver: SolverAnswer
  readonly calibration: CalibrationReceipt
  readonly training: TrainingFacts
  /** What the models of the outer folds owe to each column; null with a reason. */
  readonly importance: RunImportance | null
  readonly importanceReason: string | null
  /** The rules by themselves; left out where the configuration has none. */
  readonly rules?: RuleLayerResult
  /** If everything that the gate lets through were alerted; left out without a gate. */
  readonly gate?: StagePoint
  /** What made-up samples are like; left out where none was made between others. */
  readonly synthetic?: SyntheticReadout
  /** What each fold found inside its training set; left out without a search. */
  readonly search?: readonly FoundHyperparameters[]
  /** Left out where the configuration asked for none. */
  readonly learningCurve?: LearningCurve
  /** Left out where the configuration asked for none; null where the model has no exact ones. */
  readonly contributions?: readonly ColumnContribution[] | null
  /**
   * What training attended to in each fold. Left out where the configuration did not ask for it;
   * empty for models that don't learn pass by pass.
   */
  readonly gradientFlow?: readonly GradientFlow[]
}

/** A measure of a run, or why there is none. `MEASURES` says what it means. */
export interface RunMeasure {
  readonly measure: MeasureName
  /** Of the cases with the highest scores that it is about; only for measures of the top. */
  readonly share?: number
  readonly value: number | null
  readonly reason: string | null
  readonly interval: Interval | null
  /** Why the interval is to be read with care; null where it can stand alone, or there is none. */
  readonly caution: string | null
}

/** The metric on judged samples by how much a model was fitted on; means over the outer folds. */
export interface LearningCurve {
  readonly metric: SearchChoice['metric']
  readonly points: readonly {
    readonly share: number
    readonly samples: number
    readonly positives: number
    /** Higher is better; null where it is undefined in every fold. */
    readonly value: number | null
    readonly foldSpread: FoldSpread | null
  }[]
}

/** Mean absolute contribution of a column to the logit of judged samples; mean over the folds. */
export interface ColumnContribution {
  readonly column: string
  readonly meanAbsolute: number
  readonly foldSpread: FoldSpread
}

/** The result of a search in one outer fold. */
export interface FoundHyperparameters {
  readonly trials: number
  /** Which trial won; 0 is the one the plan states, where that is within the ranges. */
  readonly chosen: number
  /** What the winner came to by the metric of the search, on inner folds; higher is better. */
  readonly value: number | null
  readonly hyperparameters: readonly { readonly name: string; readonly value: number }[]
}

/** A part of a run that decides by itself, at the prevalence in use. */
export interface StagePoint {
  readonly recall: number | null
  readonly precision: number | null
  readonly alertsPer1000: number
  readonly costPer1000: number
}

/** Rules measured alone; together with the model they are the run. */
export interface RuleLayerResult {
  /** Alerts of the rules and no others. */
  readonly alone: StagePoint
  /** In the order of the plan; counts of samples, not weighted. */
  readonly perRule: readonly {
    readonly when: string
    readonly then: RuleChoice['then']
    /** Samples that no earlier rule was true of. */
    readonly samples: number
    readonly positives: number
    /** Of the share of positives; null for a rule that is true of none. */
    readonly positiveShareInterval: Interval | null
  }[]
  /** What the model decides. */
  readonly handedOn: { readonly samples: number; readonly positives: number }
}

export interface RunImportance {
  /** How `permutation` was measured, in words. */
  readonly method: string
  /** Judged samples that it was measured on. */
  readonly samplesPerFold: readonly number[]
  /** Every column that models may see, by falling `permutation`. */
  readonly columns: readonly ColumnImportance[]
}

/** Means over the outer folds. */
export interface ColumnImportance {
  readonly column: string
  /** Average precision lost without what the column says; below 0 by chance. */
  readonly permutation: number
  /** Share of the gain of all splits; null for models without splits. */
  readonly gain: number | null
  /** Change of the logit per standard deviation; null but for numeric columns in linear models. */
  readonly coefficient: number | null
  readonly foldSpread: {
    readonly permutation: FoldSpread
    readonly gain: FoldSpread | null
    readonly coefficient: FoldSpread | null
  }
}

/** The lowest and the highest of the outer folds. */
export interface FoldSpread {
  readonly lower: number
  readonly upper: number
}

export interface TrainingFacts {
  /** Samples per outer fold that the model was fitted on, after sampling. */
  readonly perFold: readonly Omit<FoldTraining, 'notes'>[]
  readonly notes: readonly string[]
}

/** What the report draws, thinned for drawing; derived from the out-of-fold predictions. */
export interface RunCurves {
  readonly name: string
  readonly precisionRecall: readonly {
    readonly threshold: number
    readonly recall: number
    readonly precision: number
  }[]
  /** Cost per 1,000 cases at each candidate threshold, on the data it is drawn from. */
  readonly cost: readonly { readonly threshold: number; readonly costPer1000: number }[]
  /** Samples per bin of probability, by class, not weighted: 40 bins of equal width on [0, 1]. */
  readonly histogram: {
    readonly edges: readonly number[]
    readonly positives: readonly number[]
    readonly negatives: readonly number[]
  }
}

/** Facts of one particular execution: outside the digest. */
export interface AboutExecution {
  readonly digest: string
  readonly version: string
  readonly engine: string
  readonly node: string
  readonly platform: string
  readonly workers: number
  readonly startedAt: string
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly command: string
}
