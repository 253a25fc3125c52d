/** What the pool and its worker threads say to each other: a closed union in each direction. */
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import type { RunUnderDoubt } from '#shared/core/pipeline/cost-uncertainty.ts'
import type { RunDecisions, RunEvaluation } from '#shared/core/pipeline/evaluate-run.ts'
import type { FoldResult } from '#shared/core/pipeline/fold-result.ts'
import type { ChangedSides } from '#shared/core/pipeline/changed-sides.ts'
import type { JudgedRun, PairedGap } from '#shared/core/pipeline/judge-run.ts'
import type { ThresholdAnalysis } from '#shared/core/pipeline/threshold-analysis.ts'
import type { ImbalanceVerdict } from '#shared/core/diagnosis/verdict.ts'
import type { DiagnosedRuns } from '#shared/core/pipeline/diagnose-experiment.ts'
import type { Comparison } from '#shared/core/decision/comparison.ts'
import type { CostUncertainty, NetBenefitCurve } from '#shared/core/decision/uncertainty.ts'
import type { ConfigurationResult, FrameFacts, RunCurves } from '#shared/core/report/analysis.ts'
import type { Explanation } from '#shared/core/pipeline/explain-samples.ts'
import type { ClassNames } from '#shared/core/label-quality/reasons.ts'
import type { PlantedFlips, SignalAudit } from '#shared/core/label-quality/detector-audit.ts'
import type { LabelEstimates, LabelFindings } from '#shared/core/pipeline/label-findings.ts'
import type {
  LabelScanPart,
  LabelScanPlan,
  LabelScanStep,
} from '#shared/core/pipeline/label-scan.ts'
import type { ReviewContributions, ReviewEvidences } from '#shared/core/pipeline/review-evidence.ts'
import type { ModelChoice } from '#shared/core/plan/plan.ts'
import type { TrialResult } from '#shared/core/search/search-steps.ts'
import type { SliceSearch } from '#shared/core/slices/find-slices.ts'
import type { KernelModules } from '../kernels/load-kernels.ts'
import type { TeamChannel } from '../kernels/thread-team.ts'

/** One unit of background work on an experiment. */
export type Work =
  | {
      readonly kind: 'fold'
      readonly configuration: string
      readonly fold: number
      /** Of a search what has been tried in the fold. */
      readonly trials?: readonly TrialResult[]
    }
  /** One trial of a search, at one of its steps. */
  | {
      readonly kind: 'trial'
      readonly configuration: string
      readonly fold: number
      readonly step: number
      readonly trial: number
    }
  | {
      readonly kind: 'evaluate'
      readonly configuration: string
      readonly folds: readonly FoldResult[]
    }
  | {
      readonly kind: 'compare'
      readonly runs: readonly {
        readonly result: ConfigurationResult
        readonly decisions: readonly RunDecisions[]
        readonly doubt: RunUnderDoubt
      }[]
      readonly frame: FrameFacts
    }
  /** Whether imbalance is the problem. */
  | ({
      readonly kind: 'diagnose'
      /** Of the untreated run that treatments are held against. */
      readonly folds: readonly FoldResult[]
    } & Omit<DiagnosedRuns, 'reference'>)
  /** Where positives are missed by these decisions; 1 = called positive, length nSamples. */
  | { readonly kind: 'slices'; readonly decisions: Uint8Array }
  /** What a report draws, without evaluating again. */
  | { readonly kind: 'curves'; readonly folds: readonly FoldResult[] }
  /** What moves with the threshold of a run. */
  | {
      readonly kind: 'threshold'
      readonly folds: readonly FoldResult[]
      /** Threshold that follows from constant costs, or null. */
      readonly bayes: number | null
      /** What the evaluation of the run said, if there is one. */
      readonly known: ConfigurationResult | null
    }
  /** What acting on a run is worth, whatever errors cost. */
  | { readonly kind: 'benefit'; readonly folds: readonly FoldResult[] }
  /** What is said of a run beside others. */
  | {
      readonly kind: 'judge'
      readonly folds: readonly FoldResult[]
      readonly known: ConfigurationResult | null
    }
  /** Why samples of a fold have their scores. */
  | {
      readonly kind: 'explain'
      readonly configuration: string
      readonly fold: number
      readonly samples: Int32Array
      /** What a search found for the fold; null without a search. */
      readonly found: ModelChoice | null
    }
  /** How much dearer a run is than another. */
  | {
      readonly kind: 'difference'
      readonly folds: readonly FoldResult[]
      readonly other: readonly FoldResult[]
    }
  | {
      readonly kind: 'label_step'
      readonly plan: LabelScanPlan
      readonly step: LabelScanStep
      /** Labels in place of those of the experiment, where some were turned round for an audit. */
      readonly given: Uint8Array | null
    }
  /** What the steps of a scan come to. */
  | {
      readonly kind: 'label_findings'
      readonly plan: LabelScanPlan
      readonly parts: readonly LabelScanPart[]
    }
  /** How well each signal finds labels that were turned round. */
  | {
      readonly kind: 'label_audit'
      readonly plan: LabelScanPlan
      readonly parts: readonly LabelScanPart[]
      readonly flips: PlantedFlips
    }
  /** What columns contribute to the scores of samples of one fold. */
  | {
      readonly kind: 'review_contributions'
      readonly plan: LabelScanPlan
      readonly fold: number
      readonly samples: Int32Array
    }
  /** What reviewers of some samples are shown. */
  | {
      readonly kind: 'review_evidence'
      readonly findings: LabelFindings
      readonly samples: Int32Array
      readonly contributions: readonly ReviewContributions[]
      readonly names: ClassNames
    }
  /** Which samples two runs decide differently. */
  | {
      readonly kind: 'changed'
      readonly folds: readonly FoldResult[]
      readonly other: readonly FoldResult[]
      readonly most: number
      /** Also where they are, by the features. */
      readonly slices: boolean
    }

export interface WorkResults {
  readonly fold: FoldResult
  readonly trial: TrialResult
  readonly explain: Explanation | null
  readonly evaluate: RunEvaluation & { readonly curves: RunCurves; readonly doubt: RunUnderDoubt }
  readonly compare: {
    readonly comparison: Comparison
    readonly sentence: string
    readonly costUncertainty: CostUncertainty
  }
  readonly diagnose: ImbalanceVerdict
  readonly slices: SliceSearch
  readonly curves: RunCurves
  readonly threshold: ThresholdAnalysis
  readonly benefit: NetBenefitCurve | null
  readonly judge: JudgedRun
  readonly label_step: LabelScanPart
  readonly label_findings: { readonly findings: LabelFindings; readonly estimates: LabelEstimates }
  readonly label_audit: readonly SignalAudit[]
  readonly review_contributions: ReviewContributions
  readonly review_evidence: ReviewEvidences
  readonly difference: PairedGap
  readonly changed: ChangedSides
}

export type ToWorker =
  | {
      readonly type: 'open'
      readonly data: ExperimentData
      /** Compiled kernels, or null for plain TypeScript. */
      readonly kernels: KernelModules | null
      /** Element 0 is 1 once the work is no longer wanted; shared by all workers. */
      readonly cancelFlag: Int32Array
      /** Where others help this worker; null where there are no others, or no kernels. */
      readonly channel: TeamChannel | null
    }
  | { readonly type: 'run'; readonly id: number; readonly work: Work }
  /** Helps the worker of that channel, from that seat, until recalled through it. */
  | { readonly type: 'help'; readonly channel: TeamChannel; readonly seat: number }

export type FromWorker =
  | { readonly type: 'progress'; readonly id: number; readonly fraction: number }
  | {
      readonly type: 'done'
      readonly id: number
      readonly result: WorkResults[keyof WorkResults]
      readonly durationMs: number
    }
  | { readonly type: 'cancelled'; readonly id: number }
  /** Helps nobody any more. */
  | { readonly type: 'back' }
  | {
      readonly type: 'failed'
      readonly id: number
      readonly message: string
      readonly stack: string
    }
