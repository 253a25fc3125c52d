/**
 * Confidence intervals of the ranking measures by case bootstrap.
 *
 * As many samples as there are, drawn with replacement, stand for the data that might have come
 * instead; the interval lies between percentiles of the measure over many such draws. The draws
 * are not stratified: in new data the number of positives varies as well. Where samples come in
 * groups, whole groups are drawn.
 *
 * Samples that are alike for a ranking are counted together (ranking-cells.ts, math/multinomial.ts),
 * which gives the distribution of drawing rows at a fraction of the steps.
 *
 * Source: Efron and Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13.
 */
import type { Checkpoint } from '../math/checkpoint.ts'
import { createMultinomial } from '../math/multinomial.ts'
import { quantileSorted } from '../math/quantile.ts'
import type { RandomStream } from '../math/random.ts'
import { checkSamples } from './check-samples.ts'
import type { Interval } from './interval.ts'
import {
  measureRanking,
  type RankingCells,
  rankingCells,
  type RankingDraw,
} from './ranking-cells.ts'

const DRAWS_PER_CHECKPOINT = 8
const LARGEST_UNDEFINED_SHARE = 0.05

/**
 * Percentile intervals of the ranking measures of a run.
 *
 * @param yTrue   0 or 1 per sample, length nSamples.
 * @param scores  Not NaN, length nSamples.
 * @param weights ≥ 0 per sample; null means 1 each.
 * @param groups  Samples with one number ≥ 0 are drawn together, those with a negative number
 *   alone; null when each sample is drawn by itself.
 * @param draws   Number of bootstrap draws, at least 1.
 * @param level   Coverage aimed at, in (0, 1).
 * @returns null for a measure that is undefined in more than 5 % of the draws (the others leave
 *   those draws out), and for all when there are fewer than two samples or groups to draw.
 * @throws RangeError when lengths differ or a value lies outside its range.
 *
 * Deterministic given the stream. A draw takes about one step per positive and cut; with groups, or
 * weights that differ within a class, one per sample.
 */
export function bootstrapRanking({
  yTrue,
  scores,
  weights,
  groups,
  draws,
  level,
  stream,
  checkpoint,
}: {
  readonly yTrue: Uint8Array
  readonly scores: Float64Array
  readonly weights: Float64Array | null
  readonly groups: Int32Array | null
  readonly draws: number
  readonly level: number
  readonly stream: RandomStream
  readonly checkpoint: Checkpoint
}): Readonly<Record<keyof RankingDraw, Interval | null>> {
  checkSamples(yTrue, scores, weights)
  checkDraws(draws, level)
  const units = groups === null ? null : drawingUnits(groups, yTrue.length)
  const measures = Object.keys(undefinedRanking) as (keyof RankingDraw)[]
  const each = <T>(value: (measure: keyof RankingDraw) => T): Record<keyof RankingDraw, T> =>
    Object.fromEntries(measures.map((measure) => [measure, value(measure)])) as Record<
      keyof RankingDraw,
      T
    >
  if ((units?.count ?? yTrue.length) < 2) return each(() => null)

  const cells = rankingCells(yTrue, scores)
  const classWeights = units === null ? weightsByClass(yTrue, weights) : null
  const draw =
    classWeights === null
      ? sampleDraws(weights, cells, units, stream)
      : cellDraws(yTrue, cells, classWeights, stream)

  const results = each(() => new Float64Array(draws))
  const cellWeights = new Float64Array(cells.nCells)
  const ranking = { ...undefinedRanking }
  for (let k = 0; k < draws; k++) {
    if (k % DRAWS_PER_CHECKPOINT === 0) checkpoint(k / draws)
    draw(cellWeights)
    measureRanking(cellWeights, ranking)
    for (const measure of measures) results[measure][k] = ranking[measure]
  }
  checkpoint(1)
  return each((measure) => percentileInterval(results[measure], level, groups !== null))
}

const undefinedRanking: Readonly<RankingDraw> = {
  averagePrecision: NaN,
  rocAuc: NaN,
  recallAtPrecision50: NaN,
  recallAtPrecision90: NaN,
  precisionAtRecall50: NaN,
  precisionAtRecall90: NaN,
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
function cellDraws(
  yTrue: Uint8Array,
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

/** Draws samples, or whole groups, and adds up the weight that they bring to each ranking cell. */
function sampleDraws(
  weights: Float64Array | null,
  { cellOfSample }: RankingCells,
  units: DrawingUnits | null,
  stream: RandomStream,
): (cellWeights: Float64Array) => void {
  const nUnits = units?.count ?? cellOfSample.length
  const drawUnits = createMultinomial(new Int32Array(nUnits).fill(1), stream)
  const counts = new Int32Array(nUnits)
  return (cellWeights) => {
    drawUnits(counts)
    cellWeights.fill(0)
    for (let i = 0; i < cellOfSample.length; i++) {
      const count = counts[units === null ? i : units.unitOfSample[i]!]!
      if (count > 0) cellWeights[cellOfSample[i]!]! += count * (weights === null ? 1 : weights[i]!)
    }
  }
}
