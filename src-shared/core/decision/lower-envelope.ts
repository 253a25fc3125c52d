/**
 * Which of several ways to decide is cheapest, as a function of what a missed positive costs against
 * a false alarm.
 *
 * With prevalence π, true and false positive rates t and f, and the regret of a miss r times that of
 * a false alarm, the cost per case, in false alarms and above what right decisions cost, is
 *
 *     (1 − π) f  +  r · π (1 − t)
 *
 * a straight line in r. What is cheapest at each r is the lower envelope of the lines, and where two
 * of them cross, a sentence: "B is best from FN:FP = 37 on".
 *
 * Source: Drummond and Holte (2006), "Cost Curves: An Improved Method for Visualizing Classifier
 * Performance", for the envelope; they plot it against a probability, here it is the ratio.
 */
import type { CostCurve } from './threshold-curves.ts'

/** A point of a ROC curve, with the competitor it belongs to. */
export interface RatedPoint {
  readonly name: string
  readonly threshold: number | null
  /** True and false positive rate, in [0, 1]. */
  readonly truePositiveRate: number
  readonly falsePositiveRate: number
}

/** One stretch of cost ratios over which one point is cheapest. */
export interface EnvelopePiece {
  readonly point: RatedPoint
  /** FN:FP, at least 0; `to` may be Infinity. */
  readonly from: number
  readonly to: number
}

/**
 * The cheapest point at every cost ratio.
 *
 * @param points     At least one; of equally cheap ones the earlier is kept.
 * @param prevalence In (0, 1).
 * @returns Pieces from ratio 0 to Infinity, without gaps.
 * @throws RangeError when there are no points or a value lies outside its range.
 *
 * O(n log n).
 */
export function lowerEnvelope(points: readonly RatedPoint[], prevalence: number): EnvelopePiece[] {
  if (points.length === 0) throw new RangeError('an envelope needs points, got none')
  if (!(prevalence > 0 && prevalence < 1)) {
    throw new RangeError(`prevalence must lie in (0, 1), got ${prevalence}`)
  }
  const lines = points.map((point) => {
    for (const rate of [point.truePositiveRate, point.falsePositiveRate]) {
      if (!(rate >= 0 && rate <= 1)) throw new RangeError(`rates must lie in [0, 1], got ${rate}`)
    }
    return {
      point,
      start: (1 - prevalence) * point.falsePositiveRate,
      slope: prevalence * (1 - point.truePositiveRate),
    }
  })
  // From the steepest on: as the ratio grows, flatter lines take over.
  const sorted = lines
    .map((line, i) => ({ ...line, i }))
    .sort((a, b) => b.slope - a.slope || a.start - b.start || a.i - b.i)
  const hull: { line: (typeof sorted)[number]; from: number }[] = []
  for (const line of sorted) {
    if (hull.at(-1)?.line.slope === line.slope) continue // parallel and not lower
    let from = 0
    for (let last = hull.at(-1); last !== undefined; last = hull.at(-1)) {
      from = (line.start - last.line.start) / (last.line.slope - line.slope)
      if (from > last.from) break
      hull.pop()
      from = 0
    }
    hull.push({ line, from })
  }
  return hull.map(({ line, from }, i) => ({
    point: line.point,
    from,
    to: hull[i + 1]?.from ?? Infinity,
  }))
}

/** Who is best over a stretch of ratios. */
export interface BestStretch {
  /** Null where no run is needed, since nobody, or everybody, gets an alert. */
  readonly name: string | null
  readonly alerts: Alerted
  /** FN:FP, at least 0; `to` may be Infinity. */
  readonly from: number
  readonly to: number
}

export type Alerted = 'nobody' | 'some' | 'everybody'

/** Neighbouring pieces of one name joined: who is best where. */
export function bestByRatio(pieces: readonly EnvelopePiece[]): readonly BestStretch[] {
  const joined: { name: string | null; alerts: Alerted; from: number; to: number }[] = []
  for (const { point, from, to } of pieces) {
    const alerts = alertedBy(point)
    const name = alerts === 'some' ? point.name : null
    const last = joined.at(-1)
    if (last?.name === name && last.alerts === alerts) last.to = to
    else joined.push({ name, alerts, from, to })
  }
  return joined
}

/** The ends of a ROC curve are those of every run. */
export function alertedBy({ truePositiveRate, falsePositiveRate }: RatedPoint): Alerted {
  if (truePositiveRate === 0 && falsePositiveRate === 0) return 'nobody'
  return truePositiveRate === 1 && falsePositiveRate === 1 ? 'everybody' : 'some'
}

/**
 * All candidates of a cost curve as points, but for those that another beats at every ratio and
 * prevalence (only the convex hull of a ROC curve can be cheapest).
 *
 * @returns Empty when a class is missing.
 */
export function hullPoints(
  name: string,
  curve: Pick<CostCurve, 'thresholds' | 'tp' | 'fp' | 'positives' | 'negatives'>,
): RatedPoint[] {
  const { thresholds, tp, fp, positives, negatives } = curve
  if (!(positives > 0 && negatives > 0)) return []
  const hull: number[] = []
  for (let i = 0; i < thresholds.length; i++) {
    for (;;) {
      const b = hull.at(-1)
      const a = hull.at(-2)
      if (b === undefined || a === undefined) break
      // b stays while the way from a over b to i turns to the right.
      const turn = (fp[b]! - fp[a]!) * (tp[i]! - tp[a]!) - (tp[b]! - tp[a]!) * (fp[i]! - fp[a]!)
      if (turn < 0) break
      hull.pop()
    }
    hull.push(i)
  }
  return hull.map((i) => ({
    name,
    threshold: thresholds[i]!,
    truePositiveRate: tp[i]! / positives,
    falsePositiveRate: fp[i]! / negatives,
  }))
}

/** The cheapest point of each cell of a grid, row by prevalence, column by cost ratio. */
export interface RatioPrevalenceMap {
  readonly ratios: readonly number[]
  readonly prevalences: readonly number[]
  /** Index into `points`, row-major. */
  readonly best: Int32Array
  /** Cost per case in false alarms, row-major. */
  readonly cost: Float64Array
}

/** From an eighth to eight times what is stated. */
const FACTORS = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8] as const

/**
 * Ratios and prevalences around those that are stated, which stand in the middle: from one to the
 * next the ratio doubles, and so do the odds of the prevalence.
 *
 * @param ratio      FN:FP, > 0.
 * @param prevalence In (0, 1).
 */
export function gridAround(
  ratio: number,
  prevalence: number,
): Pick<RatioPrevalenceMap, 'ratios' | 'prevalences'> {
  const odds = prevalence / (1 - prevalence)
  return {
    ratios: FACTORS.map((factor) => factor * ratio),
    prevalences: FACTORS.map((factor) =>
      factor === 1 ? prevalence : (factor * odds) / (1 + factor * odds),
    ),
  }
}

/**
 * Who is cheapest where neither cost ratio nor prevalence is known: a heat map.
 *
 * @param ratios      FN:FP, ≥ 0.
 * @param prevalences In (0, 1).
 */
export function mapOfRatioAndPrevalence(
  points: readonly RatedPoint[],
  ratios: readonly number[],
  prevalences: readonly number[],
): RatioPrevalenceMap {
  if (points.length === 0) throw new RangeError('a map needs points, got none')
  const best = new Int32Array(ratios.length * prevalences.length)
  const cost = new Float64Array(best.length)
  prevalences.forEach((prevalence, row) => {
    ratios.forEach((ratio, column) => {
      let least = Infinity
      let index = 0
      points.forEach(({ truePositiveRate, falsePositiveRate }, k) => {
        const value =
          (1 - prevalence) * falsePositiveRate + ratio * prevalence * (1 - truePositiveRate)
        if (value < least) {
          least = value
          index = k
        }
      })
      best[row * ratios.length + column] = index
      cost[row * ratios.length + column] = least
    })
  })
  return { ratios, prevalences, best, cost }
}
