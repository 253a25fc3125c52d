/** One look at cases that were locked away: by a model of everything else, at a settled threshold. */
import { findColumn } from '../dataset/dataset.ts'
import { takeRows } from '../dataset/take-rows.ts'
import { decide, intervalPer1000, judgeDecisions, per1000 } from '../decision/operating-point.ts'
import { rateInterval } from '../metrics/rate-interval.ts'
import { ONLY_TRAINS } from '../folds/time-ordered.ts'
import type { Interval } from '../metrics/interval.ts'
import { meanInterval } from '../metrics/mean-interval.ts'
import { measureRun } from '../metrics/run-metrics.ts'
import type { Confusion } from '../decision/operating-point.ts'
import type { ExperimentData } from './experiment-data.ts'
import { costsOf, pick, pickOrNull } from './run-fold.ts'
import type { FoldResult } from './fold-result.ts'
import { ExperimentRefused, prepareSamples } from './prepare-experiment.ts'
import type { ExperimentRequest } from './prepare-experiment.ts'
import { LOCKED } from './set-apart.ts'
import type { CALIBRATES } from './set-apart.ts'

/** What was seen when the locked cases were opened. */
export interface FinalTest {
  readonly rows: number
  readonly positives: number
  readonly threshold: number
  readonly confusion: Confusion
  readonly recall: number | null
  readonly recallInterval: Interval | null
  readonly precision: number | null
  readonly precisionInterval: Interval | null
  readonly alertsPer1000: number
  readonly costPer1000: number
  readonly costPer1000Interval: Interval | null
  readonly averagePrecision: number | null
  readonly rocAuc: number | null
}

const LEVEL = 0.95

/**
 * Cases that were set apart as fold 0, and those of the folds as its training set.
 *
 * @param assignment Of every row, as the experiment was set up.
 * @param code       Which cases: `LOCKED` or `CALIBRATES`; the others that were set apart stay out.
 * @param features   Names of the columns that its models may see.
 * @throws ExperimentRefused when no case has the code.
 */
export function setApartData(
  request: Pick<ExperimentRequest, 'dataset' | 'roles' | 'frame' | 'plan' | 'seed'>,
  assignment: Int32Array,
  code: typeof LOCKED | typeof CALIBRATES,
  features: readonly string[],
): ExperimentData {
  if (!assignment.includes(code)) {
    throw new ExperimentRefused(
      code === LOCKED
        ? 'No cases of this experiment are locked away. Order one with a share for the final test (--test-share, or validation.final_test_share of the plan).'
        : 'No cases of this experiment are kept to test thresholds on.',
    )
  }
  const rows: number[] = []
  assignment.forEach((one, row) => {
    if (one === code || one >= ONLY_TRAINS) rows.push(row)
  })
  const taken = Int32Array.from(rows)
  const dataset = takeRows(request.dataset, taken)
  return {
    ...prepareSamples({ ...request, dataset }).samples,
    features: features.map((name) => findColumn(dataset, name)!),
    weightColumns: Object.fromEntries(
      request.plan.configurations.flatMap(({ weighting }) => {
        if (weighting.kind !== 'column') return []
        const column = findColumn(dataset, weighting.column)
        return column?.kind === 'numeric' ? [[weighting.column, column.values]] : []
      }),
    ),
    folds: taken.map((row) => (assignment[row] === code ? 0 : ONLY_TRAINS)),
    plan: request.plan,
    seed: request.seed,
  }
}

/** Judges the locked cases at a threshold that was settled before. */
export function judgeFinalTest(
  data: ExperimentData,
  { samples, probabilities }: Pick<FoldResult, 'samples' | 'probabilities'>,
  threshold: number,
): FinalTest {
  const yTrue = pick(data.yTrue, samples)
  const weights = pickOrNull(data.decisionWeights, samples)
  const groups = data.groups === null ? null : samples.map((i) => data.groups![i]!)
  const decisions = decide(probabilities, threshold)
  const judgement = judgeDecisions({
    yTrue,
    decisions,
    weights,
    costs: costsOf(data.costs, samples),
  })
  const rate = (of: Uint8Array, among: Uint8Array): Interval | null =>
    rateInterval({ of, among, weights, groups, level: LEVEL })
  const { metrics } = measureRun(yTrue, probabilities, weights)
  return {
    rows: samples.length,
    positives: yTrue.reduce((sum, y) => sum + y, 0),
    threshold,
    confusion: judgement.confusion,
    recall: judgement.recall,
    recallInterval: judgement.recall === null ? null : rate(decisions, yTrue),
    precision: judgement.precision,
    precisionInterval: judgement.precision === null ? null : rate(yTrue, decisions),
    alertsPer1000: per1000(judgement.alertShare),
    costPer1000: per1000(judgement.meanCost),
    costPer1000Interval: intervalPer1000(
      meanInterval(judgement.costPerSample, weights, groups, LEVEL),
    ),
    averagePrecision: metrics.averagePrecision,
    rocAuc: metrics.rocAuc,
  }
}
