/** Gathers the evidence for a verdict on imbalance, from the untreated run and a few light fits. */
import { alarmProfile } from '../diagnosis/alarm-profile.ts'
import type { AlarmProfile } from '../diagnosis/alarm-profile.ts'
import { columnStrengths, isSuspect } from '../diagnosis/column-suspects.ts'
import type {
  BaselineEvidence,
  Estimated,
  HardnessEvidence,
  LabelEvidence,
  LeakEvidence,
  PeriodEvidence,
  RankingEvidence,
  TreatmentEvidence,
} from '../diagnosis/evidence.ts'
import { neighborhoodHardness } from '../diagnosis/neighborhood-hardness.ts'
import { decideVerdict } from '../diagnosis/verdict.ts'
import type { ImbalanceVerdict } from '../diagnosis/verdict.ts'
import { findDuplicateSamples } from '../dataset/duplicate-samples.ts'
import { pairedDifference } from '../decision/compare-runs.ts'
import type { LedgerRow } from '../decision/comparison.ts'
import { judgeDecisions, per1000, weightedMean } from '../decision/operating-point.ts'
import { encode, fitEncoder } from '../encoding/encoder.ts'
import type { Engine } from '../kernels.ts'
import { confidentJoint } from '../label-quality/confident-joint.ts'
import { positiveUnlabelled } from '../label-quality/positive-unlabelled.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { createStream, sampleWithoutReplacement } from '../math/random.ts'
import { wilsonInterval } from '../metrics/wilson.ts'
import type { ModelChoice } from '../plan/plan.ts'
import { delongCovariance, pairedAucTest } from '../statistics/delong.ts'
import type { ConfigurationResult } from '../report/analysis.ts'
import { evidenceMeter } from '../statistics/evidence-meter.ts'
import type { RunDecisions } from './evaluate-run.ts'
import { configurationNamed, samplesOfFold } from './experiment-data.ts'
import type { ExperimentData } from './experiment-data.ts'
import { fitAndScore } from './fit-and-score.ts'
import type { OutOfFold } from './out-of-fold.ts'
import { encoderOptions } from './run-fold.ts'
import { shareOfSamples } from './share-of-samples.ts'

export interface DiagnosedRuns {
  /** The untreated run that every treatment has to beat, and the ledger that says so. */
  readonly reference: OutOfFold
  readonly ledger: readonly LedgerRow[]
  /** What its evaluation said. */
  readonly known: Pick<ConfigurationResult, 'threshold' | 'metrics' | 'intervals'>
  readonly runs: readonly {
    readonly name: string
    readonly untreated: boolean
    readonly decisions: readonly RunDecisions[]
  }[]
  readonly currency: string | null
}

const LEVEL = 0.95
/** Of what a treatment saves: where few decisions differ, intervals are a little too narrow. */
const TREATMENT_LEVEL = 0.99
/** Folds that the points of the learning curve are judged on. */
const CURVE_FOLDS = 3
const CURVE_SHARES = [0.25, 0.5]
/** Samples that a point of the curve is fitted to, at most; of the negatives some are left out. */
const MOST_CURVE_SAMPLES = 40_000
/** Of each class, for the map of hardness. */
const MOST_POINTS = 200
/** Values of the table that neighbours are looked for in: 32 MiB of doubles. */
const MOST_NEIGHBOR_VALUES = 1 << 22
const LEAST_NEIGHBOR_ROWS = 2000
const STRONGEST_COLUMNS = 20
/** Positives that either period must have before times are compared. */
const LEAST_PER_PERIOD = 20

/**
 * The verdict on an experiment.
 *
 * Deterministic, and the same for every engine. Beside one pass over each column it fits the model
 * of the reference some ten times, on no more than 40,000 samples each.
 */
export function diagnoseExperiment(
  data: ExperimentData,
  { reference, ledger, known, runs, currency }: DiagnosedRuns,
  checkpoint: Checkpoint,
  engine: Engine,
): ImbalanceVerdict {
  const { yTrue, features } = data
  const positives = yTrue.reduce((sum, y) => sum + y, 0)
  const { model } = configurationNamed(data.plan, reference.configuration)
  const fitter = fitterOf(data, model, engine)
  const run = runs.find(({ name }) => name === reference.configuration)!
  const alarms = alarmProfile(yTrue, reference.scores)
  return decideVerdict(
    {
      baseline: baselineOf(data, run, ledger, known.threshold.value),
      positives: evidenceMeter(positives, positives / yTrue.length),
      treatment: treatmentOf(data, run, runs),
      alarms,
      labels: labelsOf(yTrue, reference.scores, alarms),
      ranking: rankingOf(data, reference.scores, known, fitter, partOf(checkpoint, 0, 0.5)),
      leaks: leaksOf(data, fitter, partOf(checkpoint, 0.5, 0.7)),
      periods: periodsOf(data, fitter, partOf(checkpoint, 0.7, 0.8)),
      hardness: hardnessOf(data, reference.scores, engine, partOf(checkpoint, 0.8, 0.95)),
      duplicates: findDuplicateSamples(features, yTrue),
    },
    { reference: reference.configuration, currency, casesPerDay: data.casesPerDay },
  )
}

/** The verdict with rows of the table, where samples are only some of these. */
export function inTable(verdict: ImbalanceVerdict, rows: Int32Array | null): ImbalanceVerdict {
  if (rows === null) return verdict
  const { hardness } = verdict.evidence
  const points = hardness.points.map((point) => ({ ...point, row: rows[point.row]! }))
  return { ...verdict, evidence: { ...verdict.evidence, hardness: { ...hardness, points } } }
}

type Fitter = (
  train: Int32Array,
  judged: Int32Array,
  leaveOut: ReadonlySet<string>,
  name: readonly (string | number)[],
  checkpoint: Checkpoint,
) => Float64Array

/** Fits the untreated model of the reference on some samples and scores others. */
function fitterOf(data: ExperimentData, model: ModelChoice, engine: Engine): Fitter {
  return (train, judged, leaveOut, name, checkpoint) =>
    fitAndScore(
      {
        features: data.features.filter((column) => !leaveOut.has(column.name)),
        yTrue: data.yTrue,
        sampleWeights: data.sampleWeights,
      },
      train,
      judged,
      { encoder: encoderOptions, sampling: { kind: 'none' }, classWeights: null, model },
      createStream(data.seed, 'diagnosis sampling', ...name),
      checkpoint,
      { engine, stream: createStream(data.seed, 'diagnosis', ...name) },
    ).scores
}

function costsOf(data: ExperimentData, decisions: Uint8Array): Float64Array {
  const { yTrue, decisionWeights: weights, costs } = data
  return judgeDecisions({ yTrue, decisions, weights, costs }).costPerSample
}

function tunedOf({ decisions }: DiagnosedRuns['runs'][number]): Uint8Array {
  return decisions.find(({ rule }) => rule === 'tuned')!.decisions
}

/** What `a` costs more than `b` per 1,000 cases, paired. */
function saved(data: ExperimentData, a: Float64Array, b: Float64Array, level: number): Estimated {
  const { costPer1000, interval } = pairedDifference(a, b, {
    weights: data.decisionWeights,
    groups: data.groups,
    level,
  })
  return { value: costPer1000, interval }
}

function baselineOf(
  data: ExperimentData,
  run: DiagnosedRuns['runs'][number],
  ledger: readonly LedgerRow[],
  threshold: number,
): BaselineEvidence {
  const { yTrue, decisionWeights: weights } = data
  const nSamples = yTrue.length
  const half = run.decisions.find(({ rule }) => rule === 'half')!.decisions
  const atHalf = costsOf(data, half)
  const tuned = costsOf(data, tunedOf(run))
  const nobody = costsOf(data, new Uint8Array(nSamples))
  const everybody = costsOf(data, new Uint8Array(nSamples).fill(1))
  const mean = (costs: Float64Array): number => per1000(weightedMean(costs, weights))
  const isNobody = mean(nobody) <= mean(everybody)
  const without = isNobody ? nobody : everybody
  const right = half.reduce((sum, decision, i) => sum + (decision === yTrue[i] ? 1 : 0), 0)
  const negatives = yTrue.reduce((sum, y) => sum + 1 - y, 0)
  return {
    costAtHalf: mean(atHalf),
    costTuned: mean(tuned),
    costWithout: mean(without),
    withoutIs: isNobody ? 'alert nobody' : 'alert everybody',
    tuningSaves: tuningSaves(run.name, ledger),
    modelSaves: saved(data, without, tuned, LEVEL),
    threshold: threshold === Infinity ? null : threshold,
    accuracyAtHalf: right / nSamples,
    accuracyOfNobody: negatives / nSamples,
  }
}

/** As the ledger has it, so that one number has one interval. */
function tuningSaves(name: string, ledger: readonly LedgerRow[]): Estimated {
  const row = ledger.find((one) => one.name === name && one.rule === 'half')!
  return { value: row.differenceToReference ?? 0, interval: row.differenceInterval }
}

/** The cheapest treated run against the reference; its interval allows for having been picked. */
function treatmentOf(
  data: ExperimentData,
  run: DiagnosedRuns['runs'][number],
  runs: DiagnosedRuns['runs'],
): TreatmentEvidence | null {
  const treated = runs.filter(({ untreated }) => !untreated)
  if (treated.length === 0) return null
  const judged = treated.map((one) => {
    const costs = costsOf(data, tunedOf(one))
    return { name: one.name, costs, mean: weightedMean(costs, data.decisionWeights) }
  })
  const cheapest = judged.reduce((best, one) => (one.mean < best.mean ? one : best))
  const untreated = costsOf(data, tunedOf(run))
  const level = 1 - (1 - TREATMENT_LEVEL) / treated.length
  return {
    name: cheapest.name,
    tried: treated.length,
    saves: saved(data, untreated, cheapest.costs, level),
  }
}

function labelsOf(
  yTrue: Uint8Array,
  scores: Float64Array,
  { quarters, shape }: AlarmProfile,
): LabelEvidence {
  const { offDiagonal } = confidentJoint(yTrue, scores)
  const doubtedPositives = offDiagonal.reduce((sum, i) => sum + yTrue[i]!, 0)
  const positives = yTrue.reduce((sum, y) => sum + y, 0)
  const upperHalf = quarters?.slice(0, 2) ?? []
  const sumOf = (key: 'positives' | 'negatives'): number =>
    upperHalf.reduce((sum, quarter) => sum + quarter[key], 0)
  const [found, alarms] = [sumOf('positives'), sumOf('negatives')]
  const interval = shape === 'ceiling' ? wilsonInterval(alarms, found + alarms, LEVEL) : null
  const missedAt = (share: number): number => (positives * share) / (1 - share)
  return {
    labelFrequency: positiveUnlabelled(yTrue, scores).labelFrequency,
    missed: interval && {
      value: missedAt(alarms / (found + alarms)),
      lower: missedAt(interval.lower),
      upper: missedAt(interval.upper),
    },
    doubtedNegatives: offDiagonal.length - doubtedPositives,
    doubtedPositives,
  }
}

function aucOf(yTrue: Uint8Array, scores: Float64Array): number {
  const found = delongCovariance(yTrue, [scores])
  if ('reason' in found) throw new RangeError(`no ROC AUC: ${found.reason}`)
  return found.auc[0]!
}

/** How much larger the ROC AUC of `a` is than that of `b`, paired; null where a class has one sample. */
function aucGain(yTrue: Uint8Array, a: Float64Array, b: Float64Array): Estimated | null {
  const found = delongCovariance(yTrue, [a, b])
  const test = 'reason' in found ? null : pairedAucTest(found, 0, 1, LEVEL)
  return test && { value: test.difference, interval: test.interval }
}

function rankingOf(
  data: ExperimentData,
  scores: Float64Array,
  { metrics, intervals }: Pick<ConfigurationResult, 'metrics' | 'intervals'>,
  fit: Fitter,
  checkpoint: Checkpoint,
): RankingEvidence {
  const { yTrue, folds, seed } = data
  const rocAuc = { value: metrics.rocAuc ?? aucOf(yTrue, scores), interval: intervals.rocAuc }
  const nFolds = Math.min(CURVE_FOLDS, data.plan.folds)
  const parts = Array.from({ length: nFolds }, (_, fold) => {
    const train = samplesOfFold(folds, fold, 'outside')
    return {
      judged: samplesOfFold(folds, fold, 'inside'),
      train: withFewerNegatives(yTrue, train, MOST_CURVE_SAMPLES, seed),
      isWhole: train.length <= MOST_CURVE_SAMPLES,
    }
  })
  const smallest = Math.min(
    ...parts.map(({ train }) => train.reduce((sum, i) => sum + yTrue[i]!, 0)),
  )
  if (Math.floor(smallest * CURVE_SHARES[0]!) < 2) {
    const curveReason = 'too few positives to fit a model to a quarter of them'
    return { rocAuc, curve: [], lastHalfBrought: null, curveReason }
  }
  const shares = [...CURVE_SHARES, 1]
  const yJudged = labelsOfSamples(
    yTrue,
    parts.map((part) => part.judged),
  )
  const points = shares.map((share, k) => {
    let positives = 0
    let samples = 0
    const pieces = parts.map(({ train, judged, isWhole }, fold) => {
      const part = shareOfSamples(
        yTrue,
        train,
        share,
        2,
        createStream(seed, 'diagnosis curve', fold),
      )
      samples += part.length / nFolds
      for (const sample of part) positives += yTrue[sample]! / nFolds
      if (share === 1 && isWhole) return Float64Array.from(judged, (sample) => scores[sample]!)
      const at = (k * nFolds + fold) / (shares.length * nFolds)
      const next = partOf(checkpoint, at, at + 1 / (shares.length * nFolds))
      return fit(part, judged, NONE, ['curve', fold, k], next)
    })
    return {
      positives: Math.round(positives),
      samples: Math.round(samples),
      scores: joined(Float64Array, pieces),
    }
  })
  return {
    rocAuc,
    curve: points.map((point) => ({
      positives: point.positives,
      samples: point.samples,
      rocAuc: aucOf(yJudged, point.scores),
    })),
    lastHalfBrought: aucGain(yJudged, points.at(-1)!.scores, points.at(-2)!.scores),
    curveReason: null,
  }
}

const NONE: ReadonlySet<string> = new Set()

/** Labels of the samples of one part after the other. */
function labelsOfSamples(yTrue: Uint8Array, parts: readonly Int32Array[]): Uint8Array {
  return Uint8Array.from(joined(Int32Array, parts), (sample) => yTrue[sample]!)
}

/** One after the other: there may be more values than a call can have arguments. */
function joined<A extends Int32Array | Float64Array>(
  type: new (length: number) => A,
  parts: readonly A[],
): A {
  const whole = new type(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** All positives and so many negatives that there are `most` samples, drawn; ascending. */
function withFewerNegatives(
  yTrue: Uint8Array,
  samples: Int32Array,
  most: number,
  seed: number,
): Int32Array {
  if (samples.length <= most) return samples
  const [negatives, positives] = [0, 1].map((label) =>
    samples.filter((sample) => yTrue[sample] === label),
  )
  const stream = createStream(seed, 'diagnosis negatives')
  const kept = (of: Int32Array, room: number): Int32Array =>
    sampleWithoutReplacement(of, Math.min(of.length, room), stream)
  const keptPositives = kept(positives!, most / 2)
  const taken = [...keptPositives, ...kept(negatives!, most - keptPositives.length)]
  return Int32Array.from(taken).sort()
}

function leaksOf(data: ExperimentData, fit: Fitter, checkpoint: Checkpoint): LeakEvidence {
  const { features, yTrue, folds } = data
  const strengths = columnStrengths(features, yTrue, folds)
  strengths.sort((a, b) => b.rocAuc - a.rocAuc)
  checkpoint(0.3)
  const suspects = strengths.filter(isSuspect)
  const strongest = strengths.slice(0, STRONGEST_COLUMNS)
  if (suspects.length === 0 || suspects.length === features.length) {
    return { strongest, suspects, rocAucWithout: null }
  }
  const leaveOut = new Set(suspects.map(({ column }) => column))
  const nFolds = Math.min(CURVE_FOLDS, data.plan.folds)
  const judged = Array.from({ length: nFolds }, (_, fold) => samplesOfFold(folds, fold, 'inside'))
  const scores = judged.map((inside, fold) => {
    const train = samplesOfFold(folds, fold, 'outside')
    const part = partOf(checkpoint, 0.3 + (0.7 * fold) / nFolds, 0.3 + (0.7 * (fold + 1)) / nFolds)
    const fitted = withFewerNegatives(yTrue, train, MOST_CURVE_SAMPLES, data.seed)
    return fit(fitted, inside, leaveOut, ['without', fold], part)
  })
  const yJudged = labelsOfSamples(yTrue, judged)
  return { strongest, suspects, rocAucWithout: aucOf(yJudged, joined(Float64Array, scores)) }
}

/**
 * Whether a model of the past still holds: on some of the later half of the cases, a model of the
 * earlier half is held against one of as many cases of all times.
 */
function periodsOf(
  data: ExperimentData,
  fit: Fitter,
  checkpoint: Checkpoint,
): PeriodEvidence | null {
  const { times, yTrue, folds, seed } = data
  if (times === null) return null
  const timed = Int32Array.from(yTrue.keys()).filter((i) => !Number.isNaN(times[i]))
  timed.sort((a, b) => times[a]! - times[b]! || a - b)
  const middle = times[timed[timed.length >> 1]!]
  if (middle === undefined) return null
  const earlier = timed.filter((i) => times[i]! < middle)
  const later = timed.filter((i) => times[i]! >= middle)
  const positivesOf = (samples: Int32Array): number =>
    samples.reduce((sum, i) => sum + yTrue[i]!, 0)
  if (Math.min(positivesOf(earlier), positivesOf(later)) < LEAST_PER_PERIOD) return null
  // Later cases of every other fold are judged; those of the others may be learnt from.
  const judged = later.filter((i) => folds[i]! % 2 === 0).sort()
  const yJudged = Uint8Array.from(judged, (i) => yTrue[i]!)
  const isJudged = new Uint8Array(yTrue.length)
  for (const i of judged) isJudged[i] = 1
  const pool = timed.filter((i) => isJudged[i] === 0).sort()
  const most = Math.min(earlier.length, MOST_CURVE_SAMPLES)
  const stream = createStream(seed, 'diagnosis periods')
  const ofAllTimes = shareOfSamples(yTrue, pool, Math.min(1, most / pool.length), 2, stream)
  const ofEarlier = shareOfSamples(yTrue, earlier.sort(), most / earlier.length, 2, stream)
  const [past, mixed] = [ofEarlier, ofAllTimes].map((train, k) =>
    fit(train, judged, NONE, ['period', k], partOf(checkpoint, k / 2, (k + 1) / 2)),
  )
  const lost = aucGain(yJudged, mixed!, past!)
  if (lost === null) return null
  return {
    earlier: { samples: earlier.length, positives: positivesOf(earlier) },
    later: { samples: later.length, positives: positivesOf(later) },
    rocAucOfEarlier: aucOf(yJudged, past!),
    rocAucOfMixed: aucOf(yJudged, mixed!),
    lost,
  }
}

function hardnessOf(
  data: ExperimentData,
  scores: Float64Array,
  engine: Engine,
  checkpoint: Checkpoint,
): HardnessEvidence {
  const { yTrue, features, seed } = data
  const all = Int32Array.from(yTrue.keys())
  const encoderOf = (samples: Int32Array) => fitEncoder(features, samples, encoderOptions)
  const nFeatures = encoderOf(all.subarray(0, Math.min(all.length, LEAST_NEIGHBOR_ROWS))).features
    .length
  const room = Math.max(LEAST_NEIGHBOR_ROWS, Math.floor(MOST_NEIGHBOR_VALUES / nFeatures))
  const stream = createStream(seed, 'diagnosis neighbours')
  const among = shareOfSamples(yTrue, all, Math.min(1, room / all.length), HARD_LEAST, stream)
  const positions = Int32Array.from(among.keys())
  const queries = Int32Array.from(
    [1, 0].flatMap((label) => {
      const ofClass = positions.filter((at) => yTrue[among[at]!] === label)
      const drawn = sampleWithoutReplacement(
        ofClass,
        Math.min(MOST_POINTS, ofClass.length),
        createStream(seed, 'diagnosis points', label),
      )
      return [...drawn.sort()]
    }),
  )
  const { disagreement, ...kinds } = neighborhoodHardness(
    encode(encoderOf(among), features, among),
    Uint8Array.from(among, (sample) => yTrue[sample]!),
    queries,
    checkpoint,
    engine.neighbors,
  )
  return {
    ...kinds,
    among: among.length,
    points: Array.from(queries, (at, i) => {
      const row = among[at]!
      return {
        row,
        positive: yTrue[row] === 1,
        probability: scores[row]!,
        disagreement: disagreement[i]!,
      }
    }),
  }
}

/** Of each class, among the rows that neighbours are looked for in. */
const HARD_LEAST = 500
