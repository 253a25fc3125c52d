/**
 * `npm run quality`: out-of-fold quality on every data set of a reference folder, with its stored
 * folds, in the format of its peer_quality.json. Nothing is stored and no guardrail applies: it
 * measures the methods, not a decision.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findColumn, textOf } from '#shared/core/dataset/dataset.ts'
import type { Dataset } from '#shared/core/dataset/dataset.ts'
import { applyCalibrator, fitCalibrator } from '#shared/core/calibration/calibrator.ts'
import type { Calibrator } from '#shared/core/calibration/calibrator.ts'
import { calibrationStage } from '#shared/core/calibration/receipt.ts'
import { costCurve } from '#shared/core/decision/threshold-curves.ts'
import { stratifiedKFold } from '#shared/core/folds/stratified-k-fold.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { brierScore, logLoss } from '#shared/core/metrics/probability.ts'
import { averagePrecision, countsAtThresholds, rocAuc } from '#shared/core/metrics/ranking.ts'
import { samplesOfFold } from '#shared/core/pipeline/experiment-data.ts'
import { fitAndScore } from '#shared/core/pipeline/fit-and-score.ts'
import type { Fitting } from '#shared/core/pipeline/fit-and-score.ts'
import { undoTraining } from '#shared/core/pipeline/undo-training.ts'
import { lossOfModel } from '#shared/core/plan/plan.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import { parseCsvFile } from '#main/files/csv/parse-csv-file.ts'
import { readFoldFile } from '#main/files/csv/read-fold-file.ts'
import { labelIssueQuality } from './label-issues.ts'
import { recipes } from './recipes.ts'

interface ReferenceDataset {
  readonly name: string
  readonly file: string
  readonly folds: string
  readonly delimiter: string
  readonly target: string
  readonly positive: string
  readonly numeric: readonly string[]
  readonly categorical: readonly string[]
  readonly missing_tokens: readonly string[]
}

type Quality = Readonly<Record<string, number | null>>

const { values } = parseArgs({
  options: {
    reference: { type: 'string' },
    json: { type: 'string' },
    only: { type: 'string' },
    models: { type: 'string' },
    // Also fits calibrators inside each training set, with the untreated models beside.
    recalibrate: { type: 'boolean', default: false },
    'no-labels': { type: 'boolean' },
  },
})
const caller = process.env['INIT_CWD'] ?? process.cwd()
const reference = resolve(
  caller,
  values.reference ??
    process.env['STEELYARD_REFERENCE'] ??
    join(import.meta.dirname, '../../../shared/reference'),
)
const engine = createKernelEngine(await loadKernels())
const onlyDatasets = values.only?.split(',')
const onlyModels = values.models?.split(',')

const described = JSON.parse(
  readFileSync(join(reference, 'data/datasets.json'), 'utf8'),
) as readonly ReferenceDataset[]
const unknown = onlyDatasets?.filter((name) => described.every((one) => one.name !== name)) ?? []
if (unknown.length > 0) throw new Error(`no such data set: ${unknown.join(', ')}`)

const datasets: Record<string, unknown> = {}
for (const about of described) {
  if (onlyDatasets !== undefined && !onlyDatasets.includes(about.name)) continue
  datasets[about.name] = qualityOf(about)
}
if (values.json !== undefined) {
  const about = { recipe: 'as in peer_quality.json; see test/quality/recipes.ts', seed: 0 }
  writeFileSync(resolve(caller, values.json), `${JSON.stringify({ about, datasets }, null, 1)}\n`)
}

function qualityOf(about: ReferenceDataset): unknown {
  const dataset = parseCsvFile(join(reference, about.file), {
    delimiter: about.delimiter,
    missing: about.missing_tokens,
    ragged: 'refuse',
    kinds: {
      ...Object.fromEntries(about.numeric.map((name) => [name, 'numeric' as const])),
      ...Object.fromEntries(about.categorical.map((name) => [name, 'categorical' as const])),
    },
  })
  const yTrue = labelsOf(dataset, about)
  const folds = readFoldFile(join(reference, about.folds), dataset.nRows)
  const positives = yTrue.reduce((sum, y) => sum + y, 0)
  const data = {
    features: [...about.numeric, ...about.categorical].map((name) => findColumn(dataset, name)!),
    yTrue,
    sampleWeights: null,
  }
  const models: Record<string, Quality> = {}
  const wanted = Object.entries(recipes((yTrue.length - positives) / positives)).filter(
    ([name]) => onlyModels === undefined || onlyModels.includes(name),
  )
  for (const [name, fitting] of wanted) {
    const start = process.cpuUsage()
    const { scores, corrected, recalibrated } = outOfFold(data, folds, fitting)
    const { user, system } = process.cpuUsage(start)
    models[name] = { ...measure(yTrue, scores, folds), seconds: (user + system) / 1e6 }
    const treated =
      fitting.sampling.kind !== 'none' ||
      fitting.classWeights !== null ||
      lossOfModel(fitting.model).kind !== 'log_loss'
    if (treated) models[`${name}_corrected`] = measure(yTrue, corrected, folds)
    if (recalibrated !== null) {
      models[name] = { ...models[name], ...calibrationOf(yTrue, scores) }
      models[`${name}_recalibrated`] = {
        ...measure(yTrue, recalibrated, folds),
        ...calibrationOf(yTrue, recalibrated),
      }
    }
    const { average_precision: ap, roc_auc: auc, seconds } = models[name]
    process.stdout.write(
      `${about.name} ${name}: average precision ${ap!.toFixed(4)}, ROC AUC ${auc!.toFixed(4)}, ${seconds!.toFixed(1)} s CPU\n`,
    )
  }
  const flipsFile = join(reference, about.folds.replace(/\.csv$/, '.flips.json'))
  const issues =
    values['no-labels'] === true || !existsSync(flipsFile)
      ? {}
      : { label_issues: labelIssues(about.name, { ...data, folds, flipsFile }) }
  return { rows: dataset.nRows, positives, models, ...issues }
}

function labelIssues(
  name: string,
  {
    features,
    yTrue,
    folds,
    flipsFile,
  }: {
    readonly features: Parameters<typeof labelIssueQuality>[0]['features']
    readonly yTrue: Uint8Array
    readonly folds: Int32Array
    readonly flipsFile: string
  },
): ReturnType<typeof labelIssueQuality> {
  const start = process.cpuUsage()
  const flips = JSON.parse(readFileSync(flipsFile, 'utf8')) as Readonly<
    Record<string, readonly number[]>
  >
  const issues = labelIssueQuality({ features, yTrue, folds, flips, engine })
  const { user, system } = process.cpuUsage(start)
  const found = Object.entries(issues)
    .filter(([key]) => key.endsWith('/combined'))
    .map(([key, measured]) => `${key} ${measured['average_precision_given_negative']!.toFixed(4)}`)
  process.stdout.write(
    `${name} label issues, average precision given negative: ${found.join(', ')}, ${((user + system) / 1e6).toFixed(1)} s CPU\n`,
  )
  return issues
}

function labelsOf(dataset: Dataset, about: ReferenceDataset): Uint8Array {
  const target = findColumn(dataset, about.target)
  if (target === null) throw new Error(`${about.file} has no column ${about.target}`)
  return Uint8Array.from({ length: dataset.nRows }, (_, row) =>
    textOf(target, row) === about.positive ? 1 : 0,
  )
}

function outOfFold(
  data: Parameters<typeof fitAndScore>[0],
  folds: Int32Array,
  fitting: Fitting,
): {
  readonly scores: Float64Array
  readonly corrected: Float64Array
  readonly recalibrated: Float64Array | null
} {
  const scores = new Float64Array(folds.length)
  const corrected = new Float64Array(folds.length)
  const recalibrated = values.recalibrate ? new Float64Array(folds.length) : null
  const nFolds = folds.reduce((most, fold) => Math.max(most, fold), 0) + 1
  for (let fold = 0; fold < nFolds; fold++) {
    const judged = samplesOfFold(folds, fold, 'inside')
    const train = samplesOfFold(folds, fold, 'outside')
    const scored = fitAndScore(
      data,
      train,
      judged,
      fitting,
      createStream(0, 'quality', fitting.sampling.kind, fold),
      noCheckpoint,
      { engine, stream: createStream(0, 'quality model', fitting.model.kind, fold) },
    )
    const repaired = undoTraining(fitting.model, scored.scores, scored.trainPrevalence)
    if (recalibrated !== null) {
      const calibrator = innerCalibrator(data, train, fitting, fold)
      const final = applyCalibrator(calibrator, repaired)
      judged.forEach((sample, i) => {
        recalibrated[sample] = final[i]!
      })
    }
    judged.forEach((sample, i) => {
      scores[sample] = scored.scores[i]!
      corrected[sample] = repaired[i]!
    })
  }
  return { scores, corrected, recalibrated }
}

/** The calibrator of a fold: fitted on scores that inner folds give to its training samples. */
function innerCalibrator(
  data: Parameters<typeof fitAndScore>[0],
  train: Int32Array,
  fitting: Fitting,
  fold: number,
): Calibrator {
  const yTrain = Uint8Array.from(train, (sample) => data.yTrue[sample]!)
  const inner = stratifiedKFold(yTrain, 4, createStream(0, 'quality inner', fold), null)
  const scores = new Float64Array(train.length)
  for (let k = 0; k < 4; k++) {
    const held = samplesOfFold(inner, k, 'inside')
    const scored = fitAndScore(
      data,
      samplesOfFold(inner, k, 'outside').map((position) => train[position]!),
      held.map((position) => train[position]!),
      fitting,
      createStream(0, 'quality', fitting.sampling.kind, fold, k),
      noCheckpoint,
      { engine, stream: createStream(0, 'quality model', fitting.model.kind, fold, k) },
    )
    const repaired = undoTraining(fitting.model, scored.scores, scored.trainPrevalence)
    held.forEach((position, i) => {
      scores[position] = repaired[i]!
    })
  }
  return fitCalibrator('auto', scores, yTrain, null, inner)
}

/** The reliability part of the Brier score, and positives observed to expected. */
function calibrationOf(yTrue: Uint8Array, probabilities: Float64Array): Quality {
  const { reliability, observedToExpected } = calibrationStage('raw', yTrue, probabilities, null)
  return { reliability, observed_to_expected: observedToExpected }
}

function measure(yTrue: Uint8Array, probabilities: Float64Array, folds: Int32Array): Quality {
  const ranking = (
    samples: Int32Array,
  ): { readonly ap: number | null; readonly auc: number | null } => {
    const counts = countsAtThresholds(
      Uint8Array.from(samples, (sample) => yTrue[sample]!),
      Float64Array.from(samples, (sample) => probabilities[sample]!),
      null,
    )
    return { ap: averagePrecision(counts).value, auc: rocAuc(counts).value }
  }
  const pooled = ranking(folds.map((_, sample) => sample))
  const perFold = [...new Set(folds)].map((fold) => ranking(samplesOfFold(folds, fold, 'inside')))
  const ap = spreadOf(perFold.map((fold) => fold.ap))
  const auc = spreadOf(perFold.map((fold) => fold.auc))
  const curve = costCurve({
    yTrue,
    probabilities,
    weights: null,
    costs: {
      truePositive: 0,
      falsePositive: 1,
      trueNegative: 0,
      falseNegative: 10,
      constant: true,
    },
  })
  return {
    average_precision: pooled.ap,
    roc_auc: pooled.auc,
    brier: brierScore(yTrue, probabilities, null).value,
    log_loss: logLoss(yTrue, probabilities, null, 1e-15).value,
    best_cost_fn10_fp1:
      curve.totalCost.reduce((least, cost) => Math.min(least, cost)) / yTrue.length,
    average_precision_fold_mean: ap.mean,
    average_precision_fold_sd: ap.sd,
    roc_auc_fold_mean: auc.mean,
    roc_auc_fold_sd: auc.sd,
  }
}

/** Mean and sample standard deviation over the folds in which the measure is defined. */
function spreadOf(perFold: readonly (number | null)[]): { mean: number | null; sd: number | null } {
  const defined = perFold.filter((value) => value !== null)
  const n = defined.length
  if (n === 0) return { mean: null, sd: null }
  const mean = defined.reduce((sum, value) => sum + value, 0) / n
  const squares = defined.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: n < 2 ? null : Math.sqrt(squares / (n - 1)) }
}
