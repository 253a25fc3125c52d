/**
 * The whole contract between the workbench and its page: commands, asked by the page and answered
 * once, and events, told by the workbench any number of times. Arguments are checked at run time in
 * the workbench, whatever host carried them.
 */
import * as v from 'valibot'
import type { AppInfo, FileHandle, RecentProject, Settings } from './app.ts'
import type { DatasetFacts, DatasetProfile, GridPage, ImportPreview } from './data.ts'
import type {
  CaseExplanation,
  ChangedCases,
  ExperimentOutcome,
  Report,
  RunBenefit,
  RunComparison,
  RunInsight,
  SliceRows,
  ThresholdData,
} from './decision.ts'
import type { LeakageDemonstration } from '../core/pipeline/leakage-demonstration.ts'
import type { ErrorReport } from './errors.ts'
import { queueKinds } from './labels.ts'
import type {
  HiddenRates,
  LabelsImpact,
  LabelsState,
  MergedPack,
  QueueView,
  ReviewCard,
  ReviewReply,
  WrittenPack,
  ReviewLogTable,
} from './labels.ts'
import { configurationSchema, frameSchema, rolesSchema, validationSchema } from './schemas.ts'
import type { RunSlices } from '../core/report/analysis.ts'
import type { FramePreview, Job, PlanPreview, ProjectState, TreatmentFacts } from './work.ts'

const id = v.pipe(v.number(), v.integer(), v.minValue(1))
const token = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/))
const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200))
const text = v.pipe(v.string(), v.maxLength(20_000))
const threshold = v.pipe(v.number(), v.minValue(0))
const count = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))
const nothing = v.strictObject({})

const run = v.strictObject({ experimentId: id, name: v.pipe(v.string(), v.maxLength(60)) })

const thresholdRule = v.picklist(['half', 'bayes', 'tuned', 'prevalence'])
const columnName = v.pipe(v.string(), v.maxLength(10_000))
const sliceCondition = v.variant('kind', [
  v.strictObject({
    kind: v.literal('range'),
    column: columnName,
    from: v.nullable(v.pipe(v.number(), v.finite())),
    below: v.nullable(v.pipe(v.number(), v.finite())),
  }),
  v.strictObject({ kind: v.literal('text'), column: columnName, text: v.string() }),
  v.strictObject({ kind: v.literal('missing'), column: columnName }),
])
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const positive = v.pipe(v.number(), v.gtValue(0), v.maxValue(1e9))
const reviewer = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))
const position = count(0, 2 ** 31)
const labelScan = {
  versionId: id,
  roles: rolesSchema,
  frame: v.nullable(frameSchema),
  seed: count(0, 0xffffffff),
}

const csvOptions = v.strictObject({
  delimiter: v.nullable(v.pipe(v.string(), v.regex(/^[\x09\x20-\x7e]$/))),
  missing: v.nullable(v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.maxLength(100))),
  ragged: v.picklist(['refuse', 'skip', 'pad']),
  kinds: v.record(v.string(), v.picklist(['numeric', 'categorical'])),
})

const plan = {
  versionId: id,
  roles: rolesSchema,
  frame: frameSchema,
  seed: count(0, 0xffffffff),
  folds: count(2, 20),
  innerFolds: count(2, 20),
  configurations: v.pipe(v.array(configurationSchema), v.maxLength(100)),
  /** Stratified folds when left out. */
  validation: v.exactOptional(validationSchema),
  /** Why guardrails that ask need not hold; none when left out. */
  acknowledgements: v.exactOptional(
    v.pipe(
      v.array(v.strictObject({ guardrail: v.pipe(v.string(), v.regex(/^G\d\d$/)), reason: text })),
      v.maxLength(100),
    ),
  ),
}

const draft = v.strictObject({
  roles: v.nullable(rolesSchema),
  classNames: v.strictObject({
    positive: v.pipe(v.string(), v.maxLength(60)),
    negative: v.pipe(v.string(), v.maxLength(60)),
  }),
  frame: v.nullable(frameSchema),
  frameLocked: v.boolean(),
  seed: plan.seed,
  folds: plan.folds,
  innerFolds: plan.innerFolds,
  configurations: plan.configurations,
  validation: plan.validation,
  compared: v.pipe(v.array(run), v.maxLength(24)),
  /** What is expected before runs are compared. */
  hypothesis: v.exactOptional(text),
  notes: text,
})

export const settingsSchema = v.strictObject({
  theme: v.picklist(['system', 'light', 'dark']),
  textSize: count(90, 130),
  threads: v.nullable(count(1, 256)),
  memoryCapBytes: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(256 * 2 ** 20))),
  /** Who reviews labels; empty: as the system calls the user. */
  reviewer: v.pipe(v.string(), v.trim(), v.maxLength(100)),
})

export const commandArgs = {
  'app.info': nothing,
  'settings.get': nothing,
  /** Only what changes, so that of two changes made at once neither undoes the other. */
  'settings.change': v.partial(settingsSchema),

  /** Electron: a dialog of the host. Elsewhere refused: the page uploads. */
  'file.choose': v.strictObject({ purpose: v.picklist(['project', 'new_project', 'table']) }),
  'file.upload': v.strictObject({ name, sizeBytes: count(0, 2 ** 50) }),
  'file.append': v.strictObject({ fileId: token, bytes: v.instance(Uint8Array) }),

  'recent.list': nothing,
  'recent.remove': v.strictObject({ recentId: token }),
  /** `fileId` of a `new_project` dialog, else null: by name, in the folder of projects. */
  'project.create': v.strictObject({ name, fileId: v.nullable(token) }),
  'project.open': v.strictObject({ fileId: token }),
  'project.reopen': v.strictObject({ recentId: token }),
  /** A project with made-up card payments, ready to be analysed. */
  'project.sample': nothing,
  'project.state': nothing,
  'project.close': nothing,

  'data.preview': v.strictObject({ fileId: token, options: csvOptions }),
  'data.import': v.strictObject({ fileId: token, name, options: csvOptions }),
  'data.select': v.strictObject({ versionId: id }),
  'data.profile': v.strictObject({ versionId: id, roles: rolesSchema }),
  'data.rows': v.strictObject({
    versionId: id,
    firstRow: count(0, 2 ** 31),
    nRows: count(1, 500),
    /** Positions of the columns to read. */
    columns: v.pipe(v.array(count(0, 100_000)), v.maxLength(200)),
  }),

  /** Saved before it is answered. `reason` is asked for where a locked frame changes. */
  'draft.save': v.strictObject({ versionId: id, draft, reason: v.nullable(text) }),
  'frame.preview': v.strictObject({ versionId: id, roles: rolesSchema, frame: frameSchema }),
  'plan.preview': v.strictObject(plan),
  /** What treatments are judged by before any is chosen. */
  'plan.facts': v.strictObject({ versionId: id, roles: rolesSchema, frame: frameSchema }),

  /** Untreated runs of the same models are added. Folds that are kept already don't run again. */
  'run.start': v.strictObject(plan),
  'run.resume': v.strictObject({ experimentId: id }),
  'run.outcome': v.strictObject({ experimentId: id }),
  'run.insight': v.strictObject({ run }),
  /** Fits the model of the fold that judges the row again. `row` counts from 1. */
  'run.explain': v.strictObject({ run, row: count(1, 2 ** 31) }),
  'job.list': nothing,
  'job.cancel': v.strictObject({ jobId: token }),

  'threshold.data': v.strictObject({ run }),
  /** What acting on the run is worth, whatever errors cost. */
  'threshold.benefit': v.strictObject({ run }),
  'threshold.keep': v.strictObject({ run, threshold, reason: text }),
  /** Where the run misses positives, deciding by a rule. */
  'slices.find': v.strictObject({ run, rule: thresholdRule }),
  /** The rows of a slice, or of all data without conditions, that were decided in one way. */
  'slices.rows': v.strictObject({
    run,
    rule: thresholdRule,
    where: v.pipe(v.array(sliceCondition), v.maxLength(2)),
    cell: v.picklist(['missed', 'caught', 'false_alarm', 'quiet']),
    /** Counted among those rows, which come by falling probability. */
    firstRow: count(0, 2 ** 31),
    nRows: count(0, 500),
    /** Positions of the columns to read. */
    columns: v.pipe(v.array(count(0, 100_000)), v.maxLength(200)),
  }),
  /** Opens the test set that was locked away; counted, and never taken back. */
  'test.open': v.strictObject({ run, threshold, reason: text }),
  'compare.runs': v.strictObject({ runs: v.pipe(v.array(run), v.minLength(2), v.maxLength(24)) }),
  /** What sampling before splitting would claim; shown, and never kept. */
  'leakage.demonstrate': v.strictObject({ experimentId: id }),
  /** `slices`: also in which slices they are, which reads the whole table. */
  'compare.changed': v.strictObject({ first: run, second: run, slices: v.boolean() }),
  'report.make': v.strictObject({ experimentId: id }),

  /** Null: of a project without data, which packs can be reviewed in. */
  'labels.state': v.strictObject({ versionId: v.nullable(id) }),
  /** Fits models to doubt labels by. `audit`: also tests them on labels that are turned round. */
  'labels.scan': v.strictObject({ ...labelScan, repeats: count(1, 10), audit: v.boolean() }),
  /** Makes a queue of what the latest scan found. */
  'queue.make': v.strictObject({
    ...labelScan,
    kind: v.picklist(queueKinds.filter((kind) => kind !== 'second')),
    name: v.nullable(name),
    size: count(1, 20_000),
    controlShare: share,
    actionability: share,
    secondsPerReview: positive,
    /** For advice when to stop; null: nobody has said. */
    costPerReview: v.nullable(positive),
    run: v.nullable(run),
    rows: v.nullable(v.pipe(v.array(position), v.maxLength(20_000))),
  }),
  /** A share of the decided rows of a queue, for a reviewer who doesn't know the verdicts. */
  'queue.second': v.strictObject({ queueId: id, share, seed: count(0, 0xffffffff) }),
  'queue.view': v.strictObject({ queueId: id, reviewer }),
  'queue.cards': v.strictObject({
    queueId: id,
    reviewer,
    positions: v.pipe(v.array(position), v.maxLength(50)),
  }),
  /** On disk before it is answered. `key` is new for every verdict, and told again with it. */
  'review.decide': v.strictObject({
    queueId: id,
    position,
    key: token,
    kind: v.picklist(['verdict', 'adjudication']),
    verdict: v.picklist(['keep', 'relabel', 'exclude', 'unsure']),
    alsoSame: v.boolean(),
    reviewer,
    reason: v.pipe(v.string(), v.maxLength(200)),
    note: v.pipe(v.string(), v.maxLength(2000)),
    seconds: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1e7))),
    suggestionVisible: v.boolean(),
  }),
  'review.undo': v.strictObject({ queueId: id, key: token, reviewer }),
  'review.redo': v.strictObject({ queueId: id, key: token, reviewer }),
  /**
   * Makes a version of what was decided, and runs what is pinned (or the latest experiment) again on
   * it, with the same plan, seed and folds.
   */
  'labels.apply': v.strictObject({ versionId: id, roles: rolesSchema }),
  /**
   * Precision and recall of a run with hidden positives counted; null before a random row was judged.
   */
  'labels.rates': v.strictObject({ run }),
  /** What the corrections of a version changed. */
  'labels.impact': v.strictObject({ versionId: id }),
  /** A queue as a file for a colleague; without reviews for one who shall not know them. */
  'pack.write': v.strictObject({ queueId: id, withReviews: v.boolean() }),
  'pack.merge': v.strictObject({ fileId: token }),
  /** Every review of a version, as a table. */
  'review.log': v.strictObject({ versionId: id }),
} as const

export interface CommandResults {
  'app.info': AppInfo
  'settings.get': Settings
  'settings.change': Settings
  'file.choose': FileHandle | null
  'file.upload': FileHandle
  'file.append': { readonly receivedBytes: number }
  'recent.list': readonly RecentProject[]
  'recent.remove': readonly RecentProject[]
  'project.create': ProjectState
  'project.open': ProjectState
  'project.reopen': ProjectState
  'project.sample': ProjectState
  'project.state': ProjectState | null
  'project.close': null
  'data.preview': ImportPreview
  'data.import': { readonly jobId: string }
  'data.select': ProjectState
  'data.profile': DatasetProfile
  'data.rows': GridPage
  'draft.save': ProjectState
  'frame.preview': FramePreview
  'plan.preview': PlanPreview
  'plan.facts': TreatmentFacts
  'run.start': { readonly jobId: string; readonly experimentId: number }
  'run.resume': { readonly jobId: string; readonly experimentId: number }
  'run.outcome': ExperimentOutcome | null
  'run.insight': RunInsight
  'run.explain': CaseExplanation
  'job.list': readonly Job[]
  'job.cancel': { readonly cancelled: boolean }
  'threshold.data': ThresholdData
  'threshold.benefit': RunBenefit
  'threshold.keep': ProjectState
  'slices.find': RunSlices
  'slices.rows': SliceRows
  'test.open': ProjectState
  'compare.runs': RunComparison
  'leakage.demonstrate': LeakageDemonstration
  'compare.changed': ChangedCases
  'report.make': Report
  'labels.state': LabelsState
  'labels.scan': { readonly jobId: string }
  'queue.make': { readonly jobId: string }
  'queue.second': { readonly queueId: number }
  'queue.view': QueueView
  'queue.cards': readonly ReviewCard[]
  'review.decide': ReviewReply
  'review.undo': ReviewReply
  'review.redo': ReviewReply
  'labels.apply': { readonly versionId: number; readonly jobIds: readonly string[] }
  'labels.rates': HiddenRates | null
  'labels.impact': LabelsImpact
  'pack.write': WrittenPack
  'pack.merge': MergedPack
  'review.log': ReviewLogTable
}

export interface Events {
  /** Anything about a job has changed; the whole of it. */
  'job.changed': Job
  /** Null: no project is open any more. */
  'project.changed': ProjectState | null
  'settings.changed': Settings
  /** The project's file can't be reached; what to do is in the message. */
  'project.lost': ErrorReport
  /** A menu of the host asks for a command of the page's palette. */
  'menu.chosen': { readonly command: string }
  'data.imported': DatasetFacts
  /** A scan, a queue or reviews were added, of data that many versions may share. */
  'labels.changed': { readonly queueId: number | null }
}

export type Command = keyof typeof commandArgs
export type Args<C extends Command> = Unchanging<v.InferOutput<(typeof commandArgs)[C]>>
export type Result<C extends Command> = CommandResults[C]
export type EventName = keyof Events
export type EventMessage = {
  [E in EventName]: { readonly event: E; readonly data: Events[E] }
}[EventName]

/** Answers travel as data: an error thrown across a process boundary loses all but its text. */
export type Reply =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: ErrorReport }

/** What nobody changes who has been given it. */
type Unchanging<T> = T extends Uint8Array
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Unchanging<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Unchanging<T[Key]> }
      : T

// A command without a result type, or the reverse, doesn't compile.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
true satisfies Same<Command, keyof CommandResults>

export function isCommand(value: unknown): value is Command {
  return typeof value === 'string' && Object.hasOwn(commandArgs, value)
}
