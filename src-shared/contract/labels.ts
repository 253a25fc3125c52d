/** Labels that are doubted, the people who look at them, and what comes of it. */
import type { Agreement } from '../core/label-quality/cohen-kappa.ts'
import type { SignalAudit } from '../core/label-quality/detector-audit.ts'
import type { CorrectedRates } from '../core/label-quality/corrected-rates.ts'
import type { ControlStratum, HiddenRate } from '../core/label-quality/hidden-positives.ts'
import type { RowState, Verdict } from '../core/label-quality/review-log.ts'
import type { StoppingAdvice } from '../core/label-quality/stopping-advice.ts'
import type { LabelEstimates } from '../core/pipeline/label-findings.ts'
import type { ReviewColumn, ReviewEvidence } from '../core/pipeline/review-evidence.ts'
import type { Interval } from '../core/metrics/interval.ts'
import type { RunReference } from './work.ts'

export type { ReviewColumn, ReviewEvidence, RowState, Verdict }

export const queueKinds = [
  ...(['suspicion', 'money', 'disagreement', 'threshold'] as const),
  ...(['false_negatives', 'false_positives', 'hard', 'rows', 'control', 'second'] as const),
] as const

/**
 * What a queue is sorted by: `threshold`, `false_negatives`, `false_positives` and `hard` read the
 * predictions of a run; `rows` are named by whoever asks; `control` is random throughout; `second`
 * is a share of another queue, for another reviewer.
 */
export type QueueKind = (typeof queueKinds)[number]

/** What planted flips say of the signals of a scan. */
export interface ScanAudit {
  readonly planted: number
  readonly signals: readonly SignalAudit[]
}

export interface LabelScanView {
  readonly scanId: number
  readonly createdAt: string
  readonly seed: number
  readonly repeats: number
  readonly estimates: LabelEstimates
  /** Null when the scan was not audited. */
  readonly audit: ScanAudit | null
  /** True when roles were changed since. */
  readonly outdated: boolean
}

export interface QueueSummary {
  readonly queueId: number
  readonly name: string
  readonly kind: QueueKind
  readonly createdAt: string
  readonly seed: number
  /** Share of rows that were drawn at random. */
  readonly controlShare: number
  readonly total: number
  /** Rows by what has become of them; `open` are those that nobody has decided. */
  readonly states: Readonly<Record<RowState | 'open', number>>
  /** True when the data of the queue are not in this project. */
  readonly elsewhere: boolean
}

/** A row that reviewers contradict each other about. */
export interface ReviewConflict {
  readonly queueId: number
  readonly position: number
  readonly row: number
  readonly given: 0 | 1
  readonly said: readonly {
    readonly reviewer: string
    readonly verdict: Verdict
    readonly reason: string
    readonly note: string
    readonly at: string
  }[]
}

export interface LabelsState {
  readonly scan: LabelScanView | null
  readonly queues: readonly QueueSummary[]
  readonly names: { readonly positive: string; readonly negative: string }
  /** Of the log of reviews. `brokenAt`: where it was tampered with; null when it is whole. */
  readonly chain: {
    readonly events: number
    readonly hash: string
    readonly brokenAt: number | null
  }
  /** By the control rows of all queues of this version; null before any was judged. */
  readonly control: ControlEstimate | null
  readonly conflicts: readonly ReviewConflict[]
  /** Rows of this version by what was decided on them. */
  readonly decided: {
    readonly keep: number
    readonly relabel: number
    readonly exclude: number
    readonly unsure: number
    readonly adjudicate: number
  }
  /** Of the rows that two reviewers have judged. */
  readonly agreement: Agreement
  readonly reviewers: readonly string[]
  /** Versions that were made from this one by its reviews, newest first. */
  readonly corrected: readonly CorrectedVersion[]
  /** The correction that made this version, if one did. */
  readonly madeBy: CorrectedVersion | null
}

export interface ControlEstimate {
  readonly reviewed: number
  readonly found: number
  readonly hidden: HiddenRate
}

/** Precision and recall of a run as they are, and with hidden positives put where they belong. */
export interface HiddenRates {
  readonly run: RunReference
  readonly rates: CorrectedRates
  /** Rows labelled negative that the run alerts on, and that it leaves alone. */
  readonly alarms: ControlStratum
  readonly quiet: ControlStratum
}

export interface CorrectedVersion {
  readonly versionId: number
  readonly number: number
  readonly baseVersionId: number
  readonly relabelled: number
  readonly excluded: number
  readonly createdAt: string
}

export interface QueueItem {
  readonly position: number
  readonly row: number
  readonly given: 0 | 1
  /** What this reviewer has said; null when nothing stands. */
  readonly mine: Verdict | null
  /** What has become of the row; null while it is open, or not to be known. */
  readonly state: RowState | null
  /** Money at stake; null where nothing says. */
  readonly stake: number | null
}

export interface QueueView {
  readonly queue: QueueSummary
  readonly names: LabelsState['names']
  readonly currency: string | null
  readonly stakesFrom: 'costs' | 'amounts' | 'cases'
  readonly columns: readonly ReviewColumn[]
  readonly columnsLeftOut: number
  /** What raised these rows: scan and models. */
  readonly model: string
  readonly items: readonly QueueItem[]
  readonly footer: SessionFooter
  readonly reasons: readonly string[]
}

export interface SessionFooter {
  readonly done: number
  readonly total: number
  /** Median of the latest verdicts; null before the first. */
  readonly secondsPerReview: number | null
  readonly secondsLeft: number | null
  /** What is at stake in the labels that were found to be wrong. */
  readonly found: number
  readonly wrongLabels: number
  readonly control: ControlEstimate | null
  readonly advice: StoppingAdvice | null
  /** Row that undo or redo would change; null when there is nothing. */
  readonly undoRow: number | null
  readonly redoRow: number | null
}

export interface ReviewCard {
  readonly position: number
  readonly row: number
  readonly given: 0 | 1
  /** Probability that the label is wrong. */
  readonly wrong: number
  /** What models would do. */
  readonly suggestion: 'keep' | 'relabel'
  readonly stake: number | null
  readonly worth: number | null
  readonly title: readonly { readonly label: string; readonly text: string }[]
  readonly evidence: ReviewEvidence
  readonly history: readonly {
    readonly at: string
    readonly what: string
  }[]
}

/** What a verdict, an undo or a redo has changed. */
export interface ReviewReply {
  /** False when this had been told before. */
  readonly recorded: boolean
  readonly item: QueueItem
  readonly footer: SessionFooter
}

/** Every review of a version; rows count from 1, and the last hash is the head of the log. */
export interface ReviewLogTable {
  readonly header: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

export interface WrittenPack {
  readonly name: string
  readonly text: string
}

export interface MergedPack {
  readonly queueId: number
  readonly name: string
  /** Reviews that this project didn't have, and that it had. */
  readonly added: number
  readonly known: number
  /** Rows that reviewers now contradict each other about. */
  readonly conflicts: number
  readonly notes: readonly string[]
}

/** What a run says of the data before and after the corrections. */
export interface ImpactRun {
  readonly name: string
  readonly before: ImpactFigures
  /** The same predictions, judged by the corrected labels: what the test set does. */
  readonly rejudged: ImpactFigures | null
  /** Fitted again on the corrected labels; null until it is done. */
  readonly after: ImpactFigures | null
  readonly afterRun: RunReference | null
}

export interface ImpactFigures {
  readonly costPer1000: number
  readonly interval: Interval | null
  readonly recall: number | null
  readonly precision: number | null
  readonly threshold: number
  /** Without the rows that reviewers were shown because a model doubted them. */
  readonly unreviewed: {
    readonly costPer1000: number
    readonly recall: number | null
    readonly precision: number | null
  } | null
}

export interface LabelsImpact {
  readonly version: CorrectedVersion
  readonly relabelledToPositive: number
  readonly relabelledToNegative: number
  /** Rows that a model chose for review, and rows that were drawn at random. */
  readonly reviewedByModel: number
  readonly reviewedAtRandom: number
  readonly runs: readonly ImpactRun[]
  /** What changed for whoever decides, in words, the weightiest first. */
  readonly conclusions: readonly string[]
  readonly currency: string | null
  readonly casesPerDay: number | null
  /** Runs that still have to be done again. */
  readonly pending: boolean
}
