/** `steelyard labels`: which labels of a table to look at first, and why. */
import { basename } from 'node:path'
import { openFrame } from '#shared/contract/work.ts'
import { UserError } from '#shared/contract/errors.ts'
import { canonicalJson, toJson } from '#shared/contract/json.ts'
import { findColumn, textOf } from '#shared/core/dataset/dataset.ts'
import type { Dataset, Roles } from '#shared/core/dataset/dataset.ts'
import { labelNoise } from '#shared/core/label-quality/confident-joint.ts'
import type { Engine } from '#shared/core/kernels.ts'
import type { SignalAudit } from '#shared/core/label-quality/detector-audit.ts'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import { auditLabelSignals, plantForAudit } from '#shared/core/pipeline/label-audit.ts'
import { gatherLabelEvidence, labelQueue } from '#shared/core/pipeline/label-evidence.ts'
import type { LabelEvidence, QueuedSample } from '#shared/core/pipeline/label-evidence.ts'
import {
  finishLabelScan,
  labelScanSteps,
  planLabelScan,
  runLabelScanStep,
} from '#shared/core/pipeline/label-scan.ts'
import type {
  LabelScanData,
  LabelScanPart,
  LabelScanPlan,
} from '#shared/core/pipeline/label-scan.ts'
import { ExperimentRefused, prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import type { PreparedExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import { parseCsvFile } from '../../files/csv/parse-csv-file.ts'
import { readFoldFile } from '../../files/csv/read-fold-file.ts'
import { countText, percentText } from '../../files/report/number-text.ts'
import { writeFileWhole } from '../../files/write-file-whole.ts'
import { createKernelEngine } from '../../kernels/create-engine.ts'
import { loadKernels } from '../../kernels/load-kernels.ts'
import { createPace } from '../../workbench/pace.ts'
import type { Watch } from '../../workbench/workbench.ts'
import type { Arguments } from './options.ts'
import { callersPath, csvOptions, rolesOf } from './requests.ts'

const DEFAULT_REPEATS = 3
const PRINTED = 10

/** Reads the table, scans its labels, prints the head of the queue and writes all of it. */
export async function scanLabels(
  given: Arguments,
  watch: Watch,
  print: (text: string) => void,
): Promise<void> {
  const path = callersPath(given.files[0]!)
  const repeats = given.whole('repeats', 1) ?? DEFAULT_REPEATS
  const seed = given.whole('seed', 0) ?? 1
  const table = parseCsvFile(path, csvOptions(given))
  const roles = rolesOf(given, () => rarerValue(table, given.text('target')))
  const { data, datasetFacts } = prepared(given, table, roles, seed)
  const scanned: LabelScanData = {
    features: data.features,
    given: data.yTrue,
    sampleWeights: data.sampleWeights,
    groups: data.groups,
  }
  const engine = createKernelEngine(await loadKernels())
  const scan = (of: LabelScanData): Promise<LabelEvidence> =>
    evidenceOf(of, scanPlan(of, { seed, repeats, firstFolds: data.folds }), engine, watch)
  const evidence = await scan(scanned)
  const names = classNames(table, roles)
  const queue = labelQueue(scanned.given, evidence, names)
  print(describeQueue(basename(path), queue, evidence, names))
  let audit: SignalAudit[] | null = null
  if (given.flag('audit')) {
    const planted = plantForAudit(scanned, 1, null, seed)
    audit = auditLabelSignals(await scan(planted.data), planted.flips)
    print(describeAudit(audit, planted.flips.planted.length, names))
  }
  const json = given.text('json')
  if (json === null) return
  const about = {
    file: basename(path),
    target: roles.target,
    positive: roles.positive,
    seed,
    repeats,
    rows: datasetFacts.rows,
    positives: datasetFacts.positives,
    rowsCountFrom: 0,
  }
  const entries = queue.map((entry) => entryOf(entry, names))
  const result = { about, estimates: estimatesOf(evidence), audit, queue: entries }
  writeFileWhole(callersPath(json), `${canonicalJson(toJson(result))}\n`)
}

/** As many folds as the first repeat has. Labels that can't be spread over them are the user's. */
function scanPlan(
  data: LabelScanData,
  options: { readonly seed: number; readonly repeats: number; readonly firstFolds: Int32Array },
): LabelScanPlan {
  const nFolds = options.firstFolds.reduce((most, fold) => Math.max(most, fold), 0) + 1
  try {
    return planLabelScan(data, { ...options, nFolds })
  } catch (error) {
    if (error instanceof RangeError) throw new UserError('bad_input', `Folds: ${error.message}.`)
    throw error
  }
}

/** Works through the steps of a scan, so that it can be watched and called off between any two. */
async function evidenceOf(
  data: LabelScanData,
  plan: LabelScanPlan,
  engine: Engine,
  watch: Watch,
): Promise<LabelEvidence> {
  const steps = labelScanSteps(plan)
  const parts: LabelScanPart[] = []
  const pace = createPace('folds', () => performance.now(), watch.onProgress)
  const checkpoint = (): void => {
    if (watch.signal.aborted) throw new Cancelled()
    pace.reach(
      parts.length / (steps.length + 1),
      `${parts.length} of ${steps.length} models fitted`,
    )
  }
  for (const step of steps) {
    await turn() // lets Ctrl C be heard
    checkpoint()
    parts.push(runLabelScanStep(data, plan, step, checkpoint, engine))
  }
  await turn()
  const scores = finishLabelScan(plan, parts)
  return gatherLabelEvidence(data, scores, { seed: plan.seed, engine }, checkpoint)
}

function prepared(
  given: Arguments,
  dataset: Dataset,
  roles: Roles,
  seed: number,
): PreparedExperiment {
  const folds = given.text('folds')
  try {
    return prepareExperiment({
      dataset,
      roles,
      frame: openFrame,
      plan: defaultPlan(),
      planNotes: [],
      seed,
      folds:
        folds === null
          ? null
          : { assignment: readFoldFile(callersPath(folds), dataset.nRows), from: 'file' },
      fingerprint: '',
    })
  } catch (error) {
    if (error instanceof ExperimentRefused) throw new UserError('bad_input', error.message)
    throw error
  }
}

/** The rarer value of a target with two: what `--positive` is when nobody says. */
function rarerValue(table: Dataset, target: string | null): string | undefined {
  if (target === null) return undefined
  const column = findColumn(table, target)
  if (column === null) {
    const names = table.columns.slice(0, 20).map(({ name }) => `"${name}"`)
    throw new UserError(
      'bad_input',
      `There is no column "${target}". The columns are: ${names.join(', ')}.`,
    )
  }
  const counts = new Map<string, number>()
  for (let row = 0; row < table.nRows; row++) {
    const text = textOf(column, row)
    if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  const [first, second, ...others] = counts
  if (first === undefined || second === undefined || others.length > 0) return undefined
  return first[1] < second[1] ? first[0] : second[0]
}

/** A target of two values calls the classes by them; of more, the rest is `not <positive>`. */
function classNames(table: Dataset, roles: Roles): { negative: string; positive: string } {
  const column = findColumn(table, roles.target)!
  const others = new Set<string>()
  for (let row = 0; row < table.nRows && others.size < 3; row++) {
    const text = textOf(column, row)!
    if (text !== roles.positive) others.add(text)
  }
  const [only, ...rest] = others
  const negative = rest.length === 0 && only !== undefined ? only : `not ${roles.positive}`
  return { negative, positive: roles.positive }
}

function estimatesOf({ suspicion, unlabelled, issues }: LabelEvidence): unknown {
  const { calibrated } = suspicion.counted
  return {
    models: suspicion.models,
    labelIssues: issues.length,
    confidentJoint: calibrated,
    shareOfNegativesThatArePositive: labelNoise(calibrated).trueByGiven[1][0],
    hiddenPositives: [
      {
        method: 'confident learning',
        estimate: calibrated[0][1],
        assumes: 'that models are as sure of true positives as of those given positive',
      },
      {
        method: 'positive-unlabelled',
        estimate: unlabelled.hiddenPositives,
        assumes:
          'that positives were found regardless of what they look like, and can be told for certain',
      },
    ],
  }
}

function entryOf(
  { sample, given, score, probabilityOfOther, rankInClass, reasons }: QueuedSample,
  names: { readonly negative: string; readonly positive: string },
): unknown {
  return {
    row: sample,
    rowNumber: sample + 1,
    given,
    givenLabel: given === 1 ? names.positive : names.negative,
    score,
    probabilityOfOther,
    rankInClass,
    reasons,
  }
}

function describeQueue(
  file: string,
  queue: readonly QueuedSample[],
  { suspicion, issues }: LabelEvidence,
  names: { readonly negative: string; readonly positive: string },
): string {
  const [[, hidden], [wrong]] = suspicion.counted.calibrated
  const lines = [
    `${file}: ${countText(issues.length)} labels are doubted; of the rows labelled ${names.negative}, about ${countText(hidden)} look ${names.positive}, and ${countText(wrong)} the other way round.`,
    '',
  ]
  for (const { sample, given, score, reasons } of queue.slice(0, PRINTED)) {
    const label = given === 1 ? names.positive : names.negative
    lines.push(`Row ${sample + 1}, labelled ${label}: wrong with probability ${percentText(score)}`)
    for (const reason of reasons) lines.push(`  ${reason}`)
  }
  return lines.join('\n')
}

function describeAudit(
  audit: readonly SignalAudit[],
  planted: number,
  names: { readonly negative: string; readonly positive: string },
): string {
  const lines = audit.map(
    ({ signal, recallAtK }) => `  ${percentText(recallAtK).padStart(7)}  ${signal}`,
  )
  return [
    '',
    `Of ${planted} rows labelled ${names.positive} that were relabelled ${names.negative} for a test, each signal had among its first ${planted}:`,
    ...lines,
  ].join('\n')
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
