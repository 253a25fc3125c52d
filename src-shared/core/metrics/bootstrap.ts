/**
 * Confidence intervals by case bootstrap.
 *
 * As many samples as there are, drawn with replacement, stand for the data that might have come
 * instead; the interval lies between percentiles of the measure over many such draws. The draws
 * are not stratified: in new data the number of positives varies as well, and with it the
 * prevalence and every cost. Where samples come in groups, whole groups are drawn.
 *
 * Drawing rows one by one is only needed where each has its own say. Samples that are alike for
 * a measure are counted together (see ranking-cells.ts and math/multinomial.ts), which gives the
 * same distribution at a fraction of the steps.
 *
 * Source: Efron and Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13.
 */
import type { Checkpoint } from '../math/checkpoint.ts'
import { createMultinomial } from '../math/multinomial.ts'
import { argsortAscending } from '../math/order.ts'
import { quantileSorted } from '../math/quantile.ts'
import type { RandomStream } from '../math/random.ts'
import { blockSum } from '../math/sum.ts'
import { calibrationBins, equalCountSize, expectedCalibrationError } from './calibration-bins.ts'
import { checkProbabilities } from './check-samples.ts'
import type { Interval } from './interval.ts'
import { LOG_LOSS_EPSILON, logLossOf, squaredErrorOf } from './probability.ts'
import {
  measureRanking,
  type RankingCells,
  rankingCells,
  type RankingDraw,
} from './ranking-cells.ts'
import { ECE_BINS, mapMetrics, type RunMetrics } from './run-metrics.ts'

const DRAWS_PER_CHECKPOINT = 8
const LARGEST_UNDEFINED_SHARE = 0.05
const MOST_CELLS = 4096 // of equal value and weight; with more, samples are drawn one by one

type MetricDraws = { readonly [Metric in keyof RunMetrics]: Float64Array }

/**
 * Percentile intervals of all measures of a run.
 *
 * The interval of the calibration error is moved by the bias of its draws; see `withoutBias`.
 *
 * @param yTrue         0 or 1 per sample, length nSamples.
 * @param probabilities In [0, 1], length nSamples.
 * @param weights       ≥ 0 per sample; null means 1 each.
 * @param groups        Samples with one number ≥ 0 are drawn together, those with a negative
 *   number alone; null when each sample is drawn by itself.
 * @param draws         Number of bootstrap draws, at least 1.
 * @param level         Coverage aimed at, in (0, 1).
 * @returns null for a metric that is undefined in more than 5 % of the draws (the others leave
 *   those draws out), and for all when there are fewer than two samples or groups to draw.
 * @throws RangeError when lengths differ or a value lies outside its range.
 *
 * Deterministic given the stream. Per draw one step per sample, and for the ranking measures,
 * unless there are groups or weights that differ within a class, about one per positive and cut.
 */
export function bootstrapRunMetrics({
  yTrue,
  probabilities,
  weights,
  groups,
  draws,
  level,
  stream,
  checkpoint,
}: {
  readonly yTrue: Uint8Array
  readonly probabilities: Float64Array
  readonly weights: Float64Array | null
  readonly groups: Int32Array | null
  readonly draws: number
  readonly level: number
  readonly stream: RandomStream
  readonly checkpoint: Checkpoint
}): { readonly [Metric in keyof RunMetrics]: Interval | null } {
  checkProbabilities(yTrue, probabilities, weights)
  checkDraws(draws, level)
  const results = emptyDraws(draws)
  const noInterval = (): null => null
  const units = groups === null ? null : drawingUnits(groups, yTrue.length)
  if ((units?.count ?? yTrue.length) < 2) return mapMetrics(results, noInterval)

  const samples = { yTrue, probabilities, weights }
  const runs = alikeRuns(samples, units)
  const drawRuns =
    units === null ? createMultinomial(runs.sizes, stream) : groupDraws(units, runs, stream)
  const cells = rankingCells(yTrue, probabilities)
  const classWeights = units === null ? weightsByClass(yTrue, weights) : null
  const drawRanking =
    classWeights === null ? null : rankingDraws(samples, cells, classWeights, stream)

  const runCounts = new Int32Array(runs.sizes.length)
  const cellWeights = new Float64Array(cells.nCells)
  const ranking: RankingDraw = {
    averagePrecision: NaN,
    rocAuc: NaN,
    recallAtPrecision50: NaN,
    recallAtPrecision90: NaN,
    precisionAtRecall50: NaN,
    precisionAtRecall90: NaN,
  }
  for (let draw = 0; draw < draws; draw++) {
    if (draw % DRAWS_PER_CHECKPOINT === 0) checkpoint(draw / draws)
    drawRuns(runCounts)
    measureSums(runs, runCounts, results, draw)
    if (drawRanking === null) weighCells(runs, runCounts, cells, cellWeights)
    else drawRanking(cellWeights)
    measureRanking(cellWeights, ranking)
    results.averagePrecision[draw] = ranking.averagePrecision
    results.rocAuc[draw] = ranking.rocAuc
    results.recallAtPrecision50[draw] = ranking.recallAtPrecision50
    results.recallAtPrecision90[draw] = ranking.recallAtPrecision90
    results.precisionAtRecall50[draw] = ranking.precisionAtRecall50
    results.precisionAtRecall90[draw] = ranking.precisionAtRecall90
  }
  checkpoint(1)
  const intervals = mapMetrics(results, (values) =>
    percentileInterval(values, level, groups !== null),
  )
  const bins = calibrationBins(yTrue, probabilities, weights, 'equal-count', ECE_BINS)
  return {
    ...intervals,
    eceEqualCount10: withoutBias(
      intervals.eceEqualCount10,
      results.eceEqualCount10,
      expectedCalibrationError(bins).value,
    ),
  }
}

/**
 * The interval moved down by the bias of its draws, mean of draws − measured, and cut at 0.
 *
 * A calibration error adds up absolute differences, so noise can only raise it: the draws, which
 * carry the noise of the data and their own, lie above the measured value, often altogether.
 */
function withoutBias(
  interval: Interval | null,
  draws: Float64Array,
  measured: number | null,
): Interval | null {
  if (interval === null || measured === null) return null
  const defined = draws.filter((value) => !Number.isNaN(value))
  const bias = blockSum(defined) / defined.length - measured
  return {
    ...interval,
    lower: Math.max(0, interval.lower - bias),
    upper: Math.max(0, interval.upper - bias),
    method: `${interval.method}, moved by their bias`,
  }
}

/**
 * Percentile interval of a weighted mean, Σ w·v / Σ w, over case draws: both sums vary.
 *
 * @param values  Finite, length nSamples.
 * @param weights ≥ 0 per sample; null means 1 each.
 * @param groups  As for `bootstrapRunMetrics`.
 * @returns null with fewer than two samples or groups, or when the weights of more than 5 % of
 *   the draws add up to 0.
 * @throws RangeError when lengths differ, or `draws` or `level` lies outside its range.
 *
 * Deterministic given the stream. With up to 4,096 different pairs of value and weight a draw
 * costs about one step per pair, with groups one per group, otherwise one per sample.
 */
export function bootstrapWeightedMean(
  values: Float64Array,
  weights: Float64Array | null,
  groups: Int32Array | null,
  draws: number,
  level: number,
  stream: RandomStream,
  checkpoint: Checkpoint,
): Interval | null {
  const nSamples = values.length
  if (weights !== null && weights.length !== nSamples) {
    throw new RangeError(
      `weights must have the length of values, got ${weights.length} for ${nSamples}`,
    )
  }
  checkDraws(draws, level)
  const units = groups === null ? null : drawingUnits(groups, nSamples)
  if ((units?.count ?? nSamples) < 2) return null

  const cellOfSample = units?.unitOfSample ?? cellsOfEqualPairs(values, weights)
  const nCells = 1 + cellOfSample.reduce((largest, cell) => Math.max(largest, cell), -1)
  const sizes = new Int32Array(nCells)
  const weighted = new Float64Array(nCells)
  const total = new Float64Array(nCells)
  for (let i = 0; i < nSamples; i++) {
    const cell = cellOfSample[i]!
    const weight = weights === null ? 1 : weights[i]!
    sizes[cell]! += 1
    weighted[cell]! += weight * values[i]!
    total[cell]! += weight
  }
  // A cell holds the sums of all its samples: a group is drawn as one, alike samples one by one.
  if (units === null) {
    for (let cell = 0; cell < nCells; cell++) {
      weighted[cell]! /= sizes[cell]!
      total[cell]! /= sizes[cell]!
    }
  } else sizes.fill(1)

  const drawCells = createMultinomial(sizes, stream)
  const counts = new Int32Array(nCells)
  const means = new Float64Array(draws)
  for (let draw = 0; draw < draws; draw++) {
    if (draw % DRAWS_PER_CHECKPOINT === 0) checkpoint(draw / draws)
    drawCells(counts)
    let numerator = 0
    let denominator = 0
    for (let cell = 0; cell < nCells; cell++) {
      numerator += counts[cell]! * weighted[cell]!
      denominator += counts[cell]! * total[cell]!
    }
    means[draw] = denominator > 0 ? numerator / denominator : NaN
  }
  checkpoint(1)
  return percentileInterval(means, level, groups !== null)
}

/**
 * The interval between the percentiles of `draws` that leave (1 − level) / 2 on either side.
 *
 * @param draws One value per draw, NaN where the measure is undefined.
 * @returns null when more than 5 % of the draws are undefined.
 */
function percentileInterval(draws: Float64Array, level: number, grouped: boolean): Interval | null {
  const defined = draws.filter((value) => !Number.isNaN(value)).sort()
  const undefinedShare = 1 - defined.length / draws.length
  if (defined.length === 0 || undefinedShare > LARGEST_UNDEFINED_SHARE) return null
  const outside = (1 - level) / 2
  return {
    lower: quantileSorted(defined, outside),
    upper: quantileSorted(defined, 1 - outside),
    level,
    method: `${grouped ? 'group' : 'case'} bootstrap, percentile, ${draws.length} draws`,
  }
}

function checkDraws(draws: number, level: number): void {
  if (!Number.isInteger(draws) || draws < 1) {
    throw new RangeError(`draws must be an integer of at least 1, got ${draws}`)
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie in (0, 1), got ${level}`)
}

function emptyDraws(draws: number): MetricDraws {
  return {
    averagePrecision: new Float64Array(draws),
    rocAuc: new Float64Array(draws),
    brier: new Float64Array(draws),
    brierSkill: new Float64Array(draws),
    logLoss: new Float64Array(draws),
    eceEqualCount10: new Float64Array(draws),
    recallAtPrecision50: new Float64Array(draws),
    recallAtPrecision90: new Float64Array(draws),
    precisionAtRecall50: new Float64Array(draws),
    precisionAtRecall90: new Float64Array(draws),
  }
}

interface Samples {
  readonly yTrue: Uint8Array
  readonly probabilities: Float64Array
  readonly weights: Float64Array | null
}

/** What is drawn as one: groups numbered from 0 in order of appearance, lone samples among them. */
interface DrawingUnits {
  readonly unitOfSample: Int32Array
  readonly count: number
}

function drawingUnits(groups: Int32Array, nSamples: number): DrawingUnits {
  if (groups.length !== nSamples) {
    throw new RangeError(
      `groups must have one number per sample, got ${groups.length} for ${nSamples}`,
    )
  }
  const unitOfGroup = new Map<number, number>()
  let count = 0
  const unitOfSample = groups.map((group) => {
    if (group < 0) return count++
    const known = unitOfGroup.get(group)
    if (known !== undefined) return known
    unitOfGroup.set(group, count)
    return count++
  })
  return { unitOfSample, count }
}

/**
 * Samples in order of probability, neighbours that are alike in everything taken together.
 *
 * Only neighbours in the stable order are joined: bins of equal count may cut through equal
 * probabilities, and where they do depends on the order of the samples.
 */
interface AlikeRuns {
  readonly sizes: Int32Array
  readonly firstSample: Int32Array
  readonly y: Uint8Array
  readonly probability: Float64Array
  readonly weight: Float64Array
  readonly squaredError: Float64Array
  readonly logLoss: Float64Array
}

function alikeRuns(
  { yTrue, probabilities, weights }: Samples,
  units: DrawingUnits | null,
): AlikeRuns {
  const nSamples = yTrue.length
  const order = argsortAscending(probabilities)
  const firstSample = new Int32Array(nSamples)
  const sizes = new Int32Array(nSamples)
  let nRuns = 0
  for (let rank = 0; rank < nSamples; rank++) {
    const i = order[rank]!
    const before = rank === 0 ? -1 : order[rank - 1]!
    const joins =
      before >= 0 &&
      units === null &&
      probabilities[i] === probabilities[before] &&
      yTrue[i] === yTrue[before] &&
      weights?.[i] === weights?.[before]
    if (!joins) firstSample[nRuns++] = i
    sizes[nRuns - 1]! += 1
  }
  const first = firstSample.slice(0, nRuns)
  return {
    sizes: sizes.slice(0, nRuns),
    firstSample: first,
    y: Uint8Array.from(first, (i) => yTrue[i]!),
    probability: Float64Array.from(first, (i) => probabilities[i]!),
    weight: Float64Array.from(first, (i) => weights?.[i] ?? 1),
    squaredError: Float64Array.from(first, (i) => squaredErrorOf(yTrue[i]!, probabilities[i]!)),
    logLoss: Float64Array.from(first, (i) =>
      logLossOf(yTrue[i]!, probabilities[i]!, LOG_LOSS_EPSILON),
    ),
  }
}

/** Draws whole groups; every sample is then drawn as often as its group. */
function groupDraws(
  { unitOfSample, count }: DrawingUnits,
  runs: AlikeRuns,
  stream: RandomStream,
): (runCounts: Int32Array) => void {
  const drawUnits = createMultinomial(new Int32Array(count).fill(1), stream)
  const unitCounts = new Int32Array(count)
  const unitOfRun = runs.firstSample.map((i) => unitOfSample[i]!)
  return (runCounts) => {
    drawUnits(unitCounts)
    for (let run = 0; run < runCounts.length; run++) runCounts[run] = unitCounts[unitOfRun[run]!]!
  }
}

/** Brier score and skill, log loss and calibration error of a draw; NaN where undefined. */
function measureSums(
  { y, probability, weight, squaredError, logLoss }: AlikeRuns,
  runCounts: Int32Array,
  results: MetricDraws,
  draw: number,
): void {
  let nDrawn = 0
  for (const count of runCounts) nDrawn += count

  let total = 0
  let positives = 0
  let squared = 0
  let losses = 0
  let gaps = 0
  let bin = 0
  let room = equalCountSize(nDrawn, ECE_BINS, 0)
  let promised = 0
  let came = 0
  for (let run = 0; run < runCounts.length; run++) {
    let count = runCounts[run]!
    if (count === 0) continue
    const each = weight[run]!
    const positive = y[run]!
    const p = probability[run]!
    const drawn = count * each
    total += drawn
    positives += drawn * positive
    squared += drawn * squaredError[run]!
    losses += drawn * logLoss[run]!

    // Bins hold equal counts of drawn samples: a run may reach across the ends of some.
    while (count >= room && bin < ECE_BINS) {
      promised += room * each * p
      came += room * each * positive
      gaps += Math.abs(came - promised)
      promised = 0
      came = 0
      count -= room
      bin += 1
      room = equalCountSize(nDrawn, ECE_BINS, bin)
    }
    promised += count * each * p
    came += count * each * positive
    room -= count
  }

  const prevalence = positives / total
  const reference = prevalence * (1 - prevalence)
  results.brier[draw] = total > 0 ? squared / total : NaN
  results.brierSkill[draw] = reference > 0 ? 1 - squared / total / reference : NaN
  results.logLoss[draw] = total > 0 ? losses / total : NaN
  results.eceEqualCount10[draw] = total > 0 ? gaps / total : NaN
}

/** The weights of [negatives, positives] when all samples of a class weigh the same, else null. */
function weightsByClass(
  yTrue: Uint8Array,
  weights: Float64Array | null,
): readonly [number, number] | null {
  if (weights === null) return [1, 1]
  const byClass: [number, number] = [NaN, NaN]
  for (let i = 0; i < yTrue.length; i++) {
    const y = yTrue[i] as 0 | 1
    if (Number.isNaN(byClass[y])) byClass[y] = weights[i]!
    else if (byClass[y] !== weights[i]) return null
  }
  return [byClass[0] || 0, byClass[1] || 0]
}

/** Draws the ranking cells themselves, for samples that weigh the same within each class. */
function rankingDraws(
  { yTrue }: Samples,
  { cellOfSample, nCells }: RankingCells,
  classWeights: readonly [number, number],
  stream: RandomStream,
): (cellWeights: Float64Array) => void {
  const sizes = new Int32Array(nCells)
  for (let i = 0; i < yTrue.length; i++) sizes[cellOfSample[i]!]! += 1
  const drawCells = createMultinomial(sizes, stream)
  const counts = new Int32Array(nCells)
  return (cellWeights) => {
    drawCells(counts)
    for (let cell = 0; cell < nCells; cell++) {
      cellWeights[cell] = counts[cell]! * classWeights[cell % 3 === 2 ? 1 : 0]
    }
  }
}

/** Adds up the weight that drawn samples bring to each ranking cell. */
function weighCells(
  { firstSample, weight }: AlikeRuns,
  runCounts: Int32Array,
  { cellOfSample }: RankingCells,
  cellWeights: Float64Array,
): void {
  cellWeights.fill(0)
  for (let run = 0; run < runCounts.length; run++) {
    cellWeights[cellOfSample[firstSample[run]!]!]! += runCounts[run]! * weight[run]!
  }
}

/** Numbers samples alike in value and weight; past 4,096 kinds every sample has its own number. */
function cellsOfEqualPairs(values: Float64Array, weights: Float64Array | null): Int32Array {
  const cellOfPair = new Map<number, Map<number, number>>()
  const cells = new Int32Array(values.length)
  let nCells = 0
  for (let i = 0; i < values.length; i++) {
    const weight = weights === null ? 1 : weights[i]!
    let cellOfWeight = cellOfPair.get(values[i]!)
    if (cellOfWeight === undefined) {
      cellOfWeight = new Map()
      cellOfPair.set(values[i]!, cellOfWeight)
    }
    let cell = cellOfWeight.get(weight)
    if (cell === undefined) {
      if (nCells === MOST_CELLS) return cells.map((_, sample) => sample)
      cell = nCells++
      cellOfWeight.set(weight, cell)
    }
    cells[i] = cell
  }
  return cells
}
