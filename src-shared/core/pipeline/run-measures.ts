/** Everything that is measured of a run, each with its interval, and what to think of that. */
import type { CalibrationStage } from '../calibration/receipt.ts'
import { recalibrationIntervals } from '../calibration/line-interval.ts'
import { maxAlertShare } from '../frame/limits.ts'
import type { SampleCosts } from '../frame/sample-costs.ts'
import { constantCosts, costRatio } from '../decision/cost-ratio.ts'
import { intervalPer1000, per1000, weightedMean } from '../decision/operating-point.ts'
import type { Judgement } from '../decision/operating-point.ts'
import { savingsOfDecisions } from '../decision/savings.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { createStream } from '../math/random.ts'
import { atShareIntervals, measureAtShare, rankSamples, takenAtShare } from '../metrics/at-share.ts'
import {
  calibrationBins,
  expectedCalibrationError,
  maximumCalibrationError,
} from '../metrics/calibration-bins.ts'
import type { BinStrategy } from '../metrics/calibration-bins.ts'
import { confusionAt } from '../metrics/confusion.ts'
import { DECISION_METRICS, measureDecisions } from '../metrics/decision-metrics.ts'
import type { DecisionMetricName } from '../metrics/decision-metrics.ts'
import type { Interval } from '../metrics/interval.ts'
import { meanInterval, ratioInterval } from '../metrics/mean-interval.ts'
import { measured, undefinedBecause } from '../metrics/measured.ts'
import type { Measured } from '../metrics/measured.ts'
import type { MeasureName } from '../metrics/measure-list.ts'
import { calibrationErrorInterval } from '../metrics/probability-intervals.ts'
import { countsAtThresholds } from '../metrics/ranking.ts'
import { rateInterval } from '../metrics/rate-interval.ts'
import type { RunMetrics, UndefinedMetric } from '../metrics/run-metrics.ts'
import { ECE_BINS } from '../metrics/run-metrics.ts'
import type { RunMeasure } from '../report/analysis.ts'
import { decisionIntervals } from '../statistics/decision-intervals.ts'
import { intervalWarning } from '../statistics/evidence-meter.ts'
import type { ExperimentData } from './experiment-data.ts'

const LEVEL = 0.95
/** Parts of the cases with the highest scores that precision, recall and lift are told of. */
const TOP_SHARES = [0.005, 0.01, 0.05, 0.1]

/** What a share or a measure of shares rests on; null where it is of no such thing. */
type Outcomes = { readonly successes: number; readonly failures: number } | null

/** What an evaluation has found out before. */
export interface EvaluatedRun {
  /** 1 = called positive at the tuned threshold of its fold, length nSamples. */
  readonly decisions: Uint8Array
  readonly judgement: Judgement
  readonly probabilities: Float64Array
  readonly metrics: RunMetrics
  readonly undefinedMetrics: readonly UndefinedMetric[]
  readonly intervals: Readonly<Record<keyof RunMetrics, Interval | null>>
  /** Of the probabilities as they are judged: the last of the receipt. */
  readonly stage: CalibrationStage
}

/**
 * All measures of a run, in the order of `MEASURES`: on out-of-fold probabilities and decisions at
 * nested thresholds, at the prevalence in use.
 *
 * An interval carries a caution where it rests on too little to be believed as it stands: fewer than
 * 20 positives, or fewer than 5 of what is counted or its opposite.
 */
export function runMeasures(
  data: ExperimentData,
  run: EvaluatedRun,
  checkpoint: Checkpoint,
): RunMeasure[] {
  const { yTrue } = data
  const positives = yTrue.reduce((sum, y) => sum + y, 0)
  const { tp, fp, fn, tn } = run.judgement.confusion
  const caught: Outcomes = { successes: tp, failures: fn }
  const tell = (
    measure: MeasureName,
    { value, reason }: Measured,
    interval: Interval | null,
    outcomes: Outcomes,
    share?: number,
  ): RunMeasure => ({
    measure,
    ...(share === undefined ? {} : { share }),
    value,
    reason,
    interval: value === null ? null : interval,
    caution: value === null || interval === null ? null : intervalWarning(positives, outcomes),
  })
  const money = moneyMeasures(data, run).map(([name, value, interval]) =>
    tell(name, value, interval, caught),
  )
  const outcomesOf: Partial<Record<DecisionMetricName, Outcomes>> = {
    precision: { successes: tp, failures: fp },
    specificity: { successes: tn, failures: fp },
    negativePredictiveValue: { successes: tn, failures: fn },
    accuracy: { successes: tp + tn, failures: fp + fn },
  }
  const decided = decidedMeasures(data, run, partOf(checkpoint, 0, 0.6))
  const decisions = [
    ...decided.map(([name, value, interval]) =>
      tell(name, value, interval, outcomesOf[name] ?? caught),
    ),
    tell('alertShare', measured(run.judgement.alertShare), alertInterval(data, run), {
      successes: tp + fp,
      failures: tn + fn,
    }),
  ]
  checkpoint(0.7)
  const top = topMeasures(data, run.probabilities, positives).map(
    ([name, value, interval, outcomes, share]) => tell(name, value, interval, outcomes, share),
  )
  const ranking = (
    [
      'averagePrecision',
      'rocAuc',
      'prGainArea',
      'recallAtPrecision50',
      'recallAtPrecision90',
      'precisionAtRecall50',
      'precisionAtRecall90',
    ] as const
  ).map((name) => tell(name, knownMetric(run, name), run.intervals[name], null))
  checkpoint(0.8)
  const probabilities = probabilityMeasures(data, run).map(([name, value, interval]) =>
    tell(name, value, interval, null),
  )
  checkpoint(1)
  return [...money, ...decisions, ...top, ...ranking, ...probabilities]
}

function knownMetric(
  { metrics, undefinedMetrics }: EvaluatedRun,
  name: keyof RunMetrics,
): Measured {
  const value = metrics[name]
  if (value !== null) return measured(value)
  const why = undefinedMetrics.find(({ metric }) => metric === name)
  return undefinedBecause(why?.reason ?? 'it is undefined')
}

type Told<Name extends MeasureName = MeasureName> = readonly [Name, Measured, Interval | null]

function moneyMeasures(
  { yTrue, decisionWeights: weights, groups, costs }: ExperimentData,
  { decisions, judgement }: EvaluatedRun,
): Told[] {
  const cost = meanInterval(judgement.costPerSample, weights, groups, LEVEL)
  const { interval, ...saved } = savingsOfDecisions(
    { yTrue, decisions, weights, groups, costs },
    LEVEL,
  )
  const odds = benefitOdds(costs)
  const worth = Float64Array.from(decisions, (decision, i) => {
    if (decision === 0 || odds.value === null) return 0
    return yTrue[i] === 1 ? 1 : -odds.value
  })
  return [
    ['costPer1000', measured(per1000(judgement.meanCost)), intervalPer1000(cost)],
    ['savings', saved, interval],
    [
      'netBenefit',
      odds.value === null ? odds : measured(weightedMean(worth, weights)),
      meanInterval(worth, weights, groups, LEVEL),
    ],
  ]
}

/** What a false alarm counts against a true positive: the odds of the Bayes threshold. */
function benefitOdds(costs: SampleCosts): Measured {
  const matrix = constantCosts(costs)
  if (matrix === null) return undefinedBecause('costs differ from case to case')
  const ratio = costRatio(matrix)
  return ratio === null
    ? undefinedBecause('one decision is the cheaper one whatever the case')
    : measured(1 / ratio)
}

function decidedMeasures(
  { yTrue, decisionWeights: weights, groups, plan, seed }: ExperimentData,
  { decisions }: EvaluatedRun,
  checkpoint: Checkpoint,
): Told<DecisionMetricName>[] {
  const measures = measureDecisions(confusionAt(yTrue, Float64Array.from(decisions), weights, 1))
  const intervals = decisionIntervals({
    ...{ yTrue, decisions, weights, groups, level: LEVEL },
    draws: plan.bootstrapDraws,
    // One stream name for all runs: every run is judged on the same drawn samples.
    stream: createStream(seed, 'bootstrap', 'decisions'),
    checkpoint,
  })
  return (Object.keys(DECISION_METRICS) as DecisionMetricName[]).map((name) => [
    name,
    measures[name],
    intervals[name],
  ])
}

function alertInterval(
  { decisionWeights: weights, groups }: ExperimentData,
  { decisions: of }: EvaluatedRun,
): Interval | null {
  return rateInterval({ of, among: null, weights, groups, level: LEVEL })
}

function topMeasures(
  data: ExperimentData,
  probabilities: Float64Array,
  positives: number,
): (readonly [...Told, Outcomes, number])[] {
  const { yTrue, decisionWeights: weights, groups } = data
  const counts = countsAtThresholds(yTrue, probabilities, weights)
  const ranked = rankSamples(probabilities, weights)
  const limit = maxAlertShare(data)
  const shares = [
    ...new Set([...TOP_SHARES, ...(limit !== null && limit > 0 && limit < 1 ? [limit] : [])]),
  ].sort((a, b) => a - b)
  return shares.flatMap((share): (readonly [...Told, Outcomes, number])[] => {
    const { precision, recall, lift } = measureAtShare(counts, share)
    const taken = takenAtShare(ranked, share)
    const found = taken.reduce((sum, part, i) => sum + part * yTrue[i]!, 0)
    const all = taken.reduce((sum, part) => sum + part, 0)
    const caught = { successes: Math.round(found), failures: Math.round(positives - found) }
    const right = { successes: Math.round(found), failures: Math.round(all - found) }
    const intervals = atShareIntervals(yTrue, ranked, groups, share, LEVEL)
    const recalled = intervals.recall
    return [
      ['precisionAtTop', precision, intervals.precision, right, share],
      ['recallAtTop', recall, recalled, caught, share],
      [
        'liftAtTop',
        lift,
        recalled && {
          ...recalled,
          lower: recalled.lower / share,
          upper: recalled.upper / share,
        },
        caught,
        share,
      ],
    ]
  })
}

function probabilityMeasures(
  { yTrue, decisionWeights: weights, groups }: ExperimentData,
  run: EvaluatedRun,
): Told[] {
  const { probabilities, stage } = run
  const samples = { yTrue, probabilities, weights, groups }
  const ofStage = (
    name:
      'observedToExpected' | 'intercept' | 'slope' | 'reliability' | 'resolution' | 'uncertainty',
  ): Measured => {
    const value = stage[name]
    const why = stage.undefinedMeasures.find(({ measure }) => measure === name)
    return value === null ? undefinedBecause(why?.reason ?? 'it is undefined') : measured(value)
  }
  const { intercept, slope } = stage
  const line =
    intercept === null || slope === null
      ? null
      : recalibrationIntervals(samples, { intercept, slope }, LEVEL)
  const errorOf = (strategy: BinStrategy): readonly [Measured, Interval | null] => [
    expectedCalibrationError(calibrationBins(yTrue, probabilities, weights, strategy, ECE_BINS)),
    calibrationErrorInterval(samples, strategy, LEVEL),
  ]
  const equalCount = calibrationBins(yTrue, probabilities, weights, 'equal-count', ECE_BINS)
  return [
    ...(['brier', 'brierSkill'] as const).map((name): Told => [
      name,
      knownMetric(run, name),
      run.intervals[name],
    ]),
    ...(['reliability', 'resolution', 'uncertainty'] as const).map((name): Told => [
      name,
      ofStage(name),
      null,
    ]),
    ...(['logLoss', 'eceEqualCount10'] as const).map((name): Told => [
      name,
      knownMetric(run, name),
      run.intervals[name],
    ]),
    ['eceQuantile10', ...errorOf('quantile')],
    ['eceWidth10', ...errorOf('width')],
    ['largestCalibrationGap10', maximumCalibrationError(equalCount), null],
    [
      'observedToExpected',
      ofStage('observedToExpected'),
      ratioInterval(Float64Array.from(yTrue), probabilities, weights, groups, LEVEL),
    ],
    ['calibrationIntercept', ofStage('intercept'), line?.intercept ?? null],
    ['calibrationSlope', ofStage('slope'), line?.slope ?? null],
  ]
}
