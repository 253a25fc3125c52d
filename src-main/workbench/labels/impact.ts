/** What corrections changed: the same runs on both versions, in money and in words. */
import type {
  CorrectedVersion,
  ImpactFigures,
  ImpactRun,
  LabelsImpact,
} from '#shared/contract/labels.ts'
import { UserError } from '#shared/contract/errors.ts'
import { keptRows } from '#shared/core/dataset/correct-labels.ts'
import { judgeDecisions, per1000 } from '#shared/core/decision/operating-point.ts'
import { ONLY_TRAINS } from '#shared/core/folds/time-ordered.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import type { FoldResult } from '#shared/core/pipeline/fold-result.ts'
import { rowsInUse } from '#shared/core/pipeline/set-apart.ts'
import type { ConfigurationResult } from '#shared/core/report/analysis.ts'
import type { Experiment } from '../../store/experiments.ts'
import type { StoredCorrection } from '../../store/label-corrections.ts'
import { foldsByRow, storedRun } from '../analysis/stored-run.ts'
import { bookOf } from './book.ts'
import { correctedVersion, correctionRecord } from './corrections.ts'
import { impactSentences } from './impact-sentences.ts'
import { reviewedRows } from './labels-state.ts'
import type { LabelPorts } from './label-ports.ts'

/**
 * What the runs that were done on both versions say before and after.
 *
 * Each run is held against itself in three steps: as it was; the very same decisions judged by the
 * corrected labels, which is the same for every run and tells what the judging owes to the reviews;
 * and fitted again on them. The last two are also told without the rows that a model chose for
 * review: a model looks better on what it was allowed to correct.
 *
 * @throws UserError `bad_input` when the version isn't a corrected one.
 */
export async function labelsImpact(
  ports: LabelPorts,
  versionId: number,
  workers: number,
  signal: AbortSignal,
): Promise<LabelsImpact> {
  const { project } = ports
  const correction = project.datasets.correction(versionId)
  if (correction === null) {
    throw new UserError(
      'bad_input',
      'This version was not made by reviews. Apply some first, or choose one that was.',
    )
  }
  const base = project.datasets.get(correction.baseVersionId)!
  const record = correctionRecord(correction)
  const { byModel, atRandom } = reviewedRows(ports, bookOf(ports, base.fingerprint))
  const pairs = pairedExperiments(ports, correction)
  const runs: ImpactRun[] = []
  for (const { before, after } of pairs) {
    runs.push(...(await impactOf(ports, before, after, correction, byModel, workers, signal)))
  }
  const frame = pairs[0]?.before.frame ?? null
  const version: CorrectedVersion = correctedVersion(ports, correction)
  const impact = {
    version,
    relabelledToPositive: record.toPositive,
    relabelledToNegative: record.toNegative,
    reviewedByModel: byModel.size,
    reviewedAtRandom: atRandom.size,
    runs,
    currency: frame === null || frame.costsAssumed ? null : frame.currency,
    casesPerDay: frame?.casesPerDay ?? null,
    pending: runs.length === 0 || runs.some(({ after }) => after === null),
  }
  return { ...impact, conclusions: impactSentences(impact) }
}

/** Experiments of the corrected version, each with the one of the base that it repeats. */
function pairedExperiments(
  { project, workbench }: LabelPorts,
  { versionId, baseVersionId, excluded }: StoredCorrection,
): { readonly before: Experiment; readonly after: Experiment }[] {
  const all = project.experiments.list()
  const ofBase = all.filter(({ datasetVersionId }) => datasetVersionId === baseVersionId)
  const kept = keptRows(project.datasets.get(baseVersionId)!.nRows, excluded)
  return all
    .filter(({ datasetVersionId }) => datasetVersionId === versionId)
    .flatMap(({ id }) => {
      const after = workbench.experiment(id)
      const before = ofBase
        .map((one) => workbench.experiment(one.id))
        .findLast(
          (one) =>
            one.seed === after.seed &&
            after.plan.configurations.every(({ name }) =>
              one.plan.configurations.some((other) => other.name === name),
            ) &&
            after.folds.every((fold, i) => fold === one.folds[kept[i]!]),
        )
      return before === undefined ? [] : [{ before, after }]
    })
}

async function impactOf(
  ports: LabelPorts,
  before: Experiment,
  after: Experiment,
  correction: StoredCorrection,
  byModel: ReadonlySet<number>,
  workers: number,
  signal: AbortSignal,
): Promise<ImpactRun[]> {
  const { project, workbench } = ports
  const known = workbench.outcome(before.id)?.results.configurations ?? []
  const done = workbench.outcome(after.id)?.results.configurations ?? []
  const kept = keptRows(project.datasets.get(correction.baseVersionId)!.nRows, correction.excluded)
  // Element i is the row of the base that sample i of the experiment on the correction was.
  const rows = rowsInUse(after.folds)?.map((row) => kept[row]!) ?? kept
  const sampleOf = new Map(Array.from(rows, (row, sample) => [row, sample]))
  const leftOut = Uint8Array.from(rows, (row) => (byModel.has(row) ? 1 : 0))
  return workbench.judge(after.id, workers, signal, (pool, { data }) => {
    const impactOfRun = async (name: string, was: ConfigurationResult): Promise<ImpactRun> => {
      const folds = foldsByRow(storedRun(ports, { experimentId: before.id, name })).map((fold) =>
        onCorrection(fold, sampleOf),
      )
      const { result } = await pool.run({ kind: 'judge', folds, known: null })
      const now = done.find((one) => one.name === name)
      return {
        name,
        before: evaluatedFigures(was, null),
        rejudged: {
          costPer1000: result.costPer1000.value!,
          interval: result.costPer1000.interval,
          recall: result.recall.value,
          precision: result.precision.value,
          threshold: result.threshold.value,
          unreviewed: figuresWithout(data, folds, leftOut),
        },
        after:
          now === undefined
            ? null
            : evaluatedFigures(
                now,
                figuresWithout(data, project.experiments.loadFoldResults(after.id, name), leftOut),
              ),
        afterRun: now === undefined ? null : { experimentId: after.id, name },
      }
    }
    return Promise.all(
      after.plan.configurations.flatMap(({ name }) => {
        const was = known.find((one) => one.name === name)
        return was === undefined ? [] : [impactOfRun(name, was)]
      }),
    )
  })
}

/** What the evaluation of a run said, with thresholds that were tuned. */
function evaluatedFigures(
  { costPer1000, costPer1000Interval, operatingPoints, threshold }: ConfigurationResult,
  unreviewed: ImpactFigures['unreviewed'],
): ImpactFigures {
  const tuned = operatingPoints.find(({ rule }) => rule === 'tuned')
  return {
    costPer1000,
    interval: costPer1000Interval,
    recall: tuned?.recall ?? null,
    precision: tuned?.precision ?? null,
    threshold: threshold.value,
    unreviewed,
  }
}

/** A fold by rows of the base as one of samples of the correction; those left out are gone. */
function onCorrection(fold: FoldResult, sampleOf: ReadonlyMap<number, number>): FoldResult {
  const at = Array.from(fold.samples.keys()).filter((i) => sampleOf.has(fold.samples[i]!))
  const pick = (values: Float64Array): Float64Array => Float64Array.from(at, (i) => values[i]!)
  return {
    ...fold,
    samples: Int32Array.from(at, (i) => sampleOf.get(fold.samples[i]!)!),
    scores: pick(fold.scores),
    corrected: fold.corrected && pick(fold.corrected),
    probabilities: pick(fold.probabilities),
  }
}

/** Cost and rates of the decisions on judged samples that are not left out; null without any. */
function figuresWithout(
  { yTrue, decisionWeights, costs, folds: foldOf }: ExperimentData,
  folds: readonly FoldResult[],
  leftOut: Uint8Array,
): ImpactFigures['unreviewed'] {
  const decisions = new Uint8Array(yTrue.length)
  for (const { samples, probabilities, tunedThreshold } of folds) {
    samples.forEach((sample, i) => {
      decisions[sample] = probabilities[i]! >= tunedThreshold.value ? 1 : 0
    })
  }
  const weights = Float64Array.from(yTrue, (_, i) =>
    leftOut[i] === 1 || foldOf[i] === ONLY_TRAINS
      ? 0
      : decisionWeights === null
        ? 1
        : decisionWeights[i]!,
  )
  if (!weights.some((weight) => weight > 0)) return null
  const { meanCost, recall, precision } = judgeDecisions({ yTrue, decisions, weights, costs })
  return { costPer1000: per1000(meanCost), recall, precision }
}
