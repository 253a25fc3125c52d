/** Work on a dataset version: what is drafted, ordered, running and done. */
import type { CostSource, Frame } from '../core/frame/frame.ts'
import type { FinalTest } from '../core/pipeline/final-test.ts'
import type { Roles } from '../core/dataset/dataset.ts'
import type { GuardrailResult } from '../core/guardrails/guardrail-result.ts'
import type { Configuration, ValidationChoice } from '../core/plan/plan.ts'
import type { DatasetFacts } from './data.ts'

export type { TreatmentFacts } from '../core/pipeline/treatment-facts.ts'

/** Costs may be left open, which assumes FN:FP = (1 − prevalence):prevalence. */
export type FrameDraft = Omit<Frame, 'costs' | 'costsAssumed'> & {
  readonly costs: Frame['costs'] | null
}

/** Nothing stated: costs follow from the prevalence, and nothing limits alerts. */
export const openFrame: FrameDraft = {
  costs: null,
  casesPerDay: null,
  capacity: null,
  minutesPerAlert: null,
  reviewHoursPerDay: null,
  prevalence: null,
  commitments: [],
  currency: null,
}

/** What a person has chosen so far for one dataset version. Saved whole with every edit. */
export interface Draft {
  readonly roles: Roles | null
  /** The user's own words for the two classes. */
  readonly classNames: { readonly positive: string; readonly negative: string }
  readonly frame: FrameDraft | null
  /** A locked frame changes only with a reason, which is kept. */
  readonly frameLocked: boolean
  readonly seed: number
  readonly folds: number
  readonly innerFolds: number
  /** Treatments to run beside the untreated models. */
  readonly configurations: readonly Configuration[]
  /** How cases are set apart for judging; stratified folds when left out. */
  readonly validation?: ValidationChoice
  /** Runs to be compared, the champion first; at most 24. */
  readonly compared: readonly RunReference[]
  /** What is expected before runs are compared. */
  readonly hypothesis?: string
  /** What the analyst notes beside the comparison, and the conclusion drawn. */
  readonly notes: string
}

export interface RunReference {
  readonly experimentId: number
  readonly name: string
}

export interface ProjectState {
  /** Without folder and suffix. */
  readonly name: string
  /** Oldest first. */
  readonly datasets: readonly DatasetFacts[]
  /** The version that is worked on; null while there is none. */
  readonly versionId: number | null
  readonly draft: Draft | null
  /** Newest first; of all dataset versions. */
  readonly experiments: readonly ExperimentFactsOfProject[]
  /** Oldest first, of the version that is worked on. */
  readonly kept: readonly KeptOperatingPoint[]
  /** Of the version that is worked on. */
  readonly labels: {
    readonly scanned: boolean
    /** Rows of all queues, and those among them that somebody has decided. */
    readonly decided: number
    readonly total: number
  }
  /** Set when the last program on this project did not close it. */
  readonly restored: {
    readonly savedAt: string
    /** Runs that can be resumed. */
    readonly interruptedRuns: number
    readonly removedImports: number
  } | null
}

export interface ExperimentFactsOfProject {
  readonly experimentId: number
  readonly name: string
  readonly versionId: number
  readonly roles: Roles
  readonly frame: FrameDraft
  readonly seed: number
  readonly folds: number
  readonly innerFolds: number
  readonly createdAt: string
  readonly state: 'running' | 'interrupted' | 'done' | 'failed' | 'cancelled'
  readonly reason: string | null
  readonly runs: readonly {
    readonly name: string
    readonly untreated: boolean
    readonly configuration: Configuration
    readonly foldsDone: number
    readonly folds: number
    /** Per outer fold, in their order; null where it is not done. */
    readonly foldSeconds: readonly (number | null)[]
  }[]
  /** SHA-256 of the canonical results; null before they exist. */
  readonly digest: string | null
  /** Cases that were locked away for a final test; left out where there are none. */
  readonly finalTest?: {
    readonly share: number
    /** Oldest first; none is ever taken back. */
    readonly openings: readonly {
      readonly run: string
      readonly reason: string
      readonly createdAt: string
      readonly result: FinalTest
    }[]
  }
}

export interface KeptOperatingPoint {
  readonly keptId: number
  readonly run: RunReference
  readonly threshold: number
  readonly reason: string
  readonly createdAt: string
}

export type JobState = 'queued' | 'running' | 'interrupted' | 'done' | 'failed' | 'cancelled'

/** Anything long: it goes on when the page is closed. */
export interface Job {
  readonly jobId: string
  readonly kind: 'preview' | 'import' | 'run' | 'report' | 'labels'
  readonly title: string
  readonly state: JobState
  /** In [0, 1]. */
  readonly fraction: number
  readonly detail: string
  /** Null while there is too little to go by, or nothing left. */
  readonly secondsLeft: number | null
  readonly startedAt: string
  readonly endedAt: string | null
  /** Why it failed; null otherwise. */
  readonly reason: string | null
  /** What came of it, or what it works on. */
  readonly versionId: number | null
  readonly experimentId: number | null
}

/** The first rows with the costs that the frame gives them, and what follows from it. */
export interface FramePreview {
  readonly rows: readonly {
    readonly row: number
    readonly label: 'positive' | 'negative'
    readonly truePositive: number
    readonly falsePositive: number
    readonly trueNegative: number
    readonly falseNegative: number
    /** Null where one decision is always right. */
    readonly bayesThreshold: number | null
  }[]
  readonly costs: Readonly<
    Record<keyof Frame['costs'], { readonly mean: number; readonly source: CostSource }>
  >
  readonly costsAssumed: boolean
  readonly positives: number
  readonly negatives: number
  readonly prevalenceInData: number
  readonly prevalenceInUse: number
  /** Null with a reason where costs differ from row to row. */
  readonly bayesThreshold: number | null
  readonly bayesThresholdReason: string | null
  /** Cost per 1,000 cases of alerting nobody and of alerting everybody, at the prevalence in use. */
  readonly alertNobodyPer1000: number
  readonly alertEverybodyPer1000: number
  readonly notes: readonly string[]
}

/** What a set of configurations would take, before anything is queued. */
export interface PlanPreview {
  readonly runs: readonly {
    readonly name: string
    readonly untreated: boolean
    /** Folds kept from earlier runs on the same data, frame and folds. */
    readonly foldsKept: number
    /** Why it can't run on these data; null when it can. */
    readonly refusedBecause: string | null
  }[]
  /** Every guardrail as far as it is known before the data are loaded, by id. */
  readonly guardrails: readonly GuardrailResult[]
  readonly memoryBytes: number
  readonly memoryCapBytes: number
  readonly workers: number
  readonly notes: readonly string[]
}
