/** What the charts of a run draw, thinned to what can be seen; drawn once. */
import type { ThresholdData } from '#shared/contract/decision.ts'
import { committedRate } from '#shared/core/frame/limits.ts'
import { figuresAt, limitShare } from './decision-figures.ts'
import type { Decision, Outcome } from './decision-figures.ts'
import { logOdds, probabilityOf } from './threshold-scale.ts'
import type { ThresholdScale } from './threshold-scale.ts'

const pointsAcross = 480

export interface CostLines {
  /** Log-odds, increasing. */
  readonly places: readonly number[]
  /** For the span of amounts. */
  readonly total: readonly number[]
  /** Of positives without an alert and of alerts; null where they can't be told apart. */
  readonly missed: readonly number[] | null
  readonly handled: readonly number[] | null
  readonly least: number
  /** Top and bottom of the axis: dear ends are cut off so that the valley can be seen. */
  readonly axis: { readonly min: number; readonly max: number; readonly step: number }
}

/** Cost by threshold over the scale, and what it is made of. */
export function costLines(decision: Decision, scale: ThresholdScale): CostLines {
  const { data, amountFactor } = decision
  const places = placesAcross(scale, [data.tuned, data.bayes, 0.5, ...data.perFold])
  const total: number[] = []
  let missed: number[] | null = []
  let handled: number[] | null = []
  for (const place of places) {
    const { cost, outcomeCosts } = figuresAt(decision, probabilityOf(place))
    total.push(cost)
    if (outcomeCosts === null) missed = handled = null
    missed?.push((outcomeCosts?.falseNegative ?? 0) * amountFactor)
    handled?.push(
      ((outcomeCosts?.truePositive ?? 0) + (outcomeCosts?.falsePositive ?? 0)) * amountFactor,
    )
  }
  return { places, total, missed, handled, least: least(total), axis: costAxis(decision, total) }
}

/** Evenly spread places, and the marked thresholds among them: a marker lies on the line. */
function placesAcross({ low, high }: ThresholdScale, marked: readonly (number | null)[]): number[] {
  const places = new Set<number>()
  for (let i = 0; i <= pointsAcross; i++) places.add(low + (i / pointsAcross) * (high - low))
  for (const threshold of marked) {
    if (threshold === null || !(threshold > 0 && threshold < 1)) continue
    const place = logOdds(threshold)
    if (place > low && place < high) places.add(place)
  }
  return [...places].sort((a, b) => a - b)
}

/**
 * From the least cost to somewhat above what deciding without a model costs: the cheaper of
 * alerting nobody and everybody. Zero is always on it.
 */
function costAxis(
  { data, amountFactor, span }: Decision,
  total: readonly number[],
): CostLines['axis'] {
  const { totalCost } = data.curve
  const best = least(total)
  const dearest = total.reduce((a, b) => Math.max(a, b), 0)
  const withoutModel = Math.min(totalCost[0]!, totalCost[totalCost.length - 1]!) * amountFactor
  const wanted = [
    best + 1.5 * Math.max(0, withoutModel - best),
    best + 0.5 * Math.abs(best),
    1.25 * data.nested.costPer1000 * span.factor,
  ]
  const top = Math.max(0, Math.min(dearest, Math.max(...wanted)))
  const bottom = Math.min(0, best)
  const step = niceStep((top - bottom) / 4)
  return {
    min: Math.floor(bottom / step) * step,
    max: Math.max(Math.ceil(top / step - 0.05) * step, step),
    step,
  }
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity)
}

/** 1, 2 or 5 times a power of ten, at least about `rough`. */
export function niceStep(rough: number): number {
  if (!(rough > 0 && Number.isFinite(rough))) return 1
  const power = 10 ** Math.floor(Math.log10(rough))
  const lead = rough / power
  return (lead <= 1.2 ? 1 : lead <= 2.4 ? 2 : lead <= 6 ? 5 : 10) * power
}

/** Fold spread for the span of amounts, at log-odds within the scale. */
export function spreadBand(
  { data, span: { factor } }: Decision,
  scale: ThresholdScale,
): { readonly low: [number, number][]; readonly high: [number, number][] } {
  const { thresholds, low, high } = data.foldSpread
  const band = { low: [] as [number, number][], high: [] as [number, number][] }
  thresholds.forEach((threshold, i) => {
    const place = logOdds(threshold)
    if (place < scale.low || place > scale.high) return
    band.low.push([place, low[i]! * factor])
    band.high.push([place, high[i]! * factor])
  })
  return band
}

export interface ScoreBins {
  /** Log-odds, one more than bins. */
  readonly edges: readonly number[]
  /** Cases, not weighted; the first and last bin hold what lies beyond. */
  readonly positives: readonly number[]
  readonly negatives: readonly number[]
}

/** Cases by log-odds and class on the scale, from the counts at every candidate. */
export function scoreBins(
  data: ThresholdData,
  { low, high }: ThresholdScale,
  bins = 58,
): ScoreBins {
  const { curve, positives, negatives } = data
  const edges = Array.from({ length: bins + 1 }, (_, i) => low + (i / bins) * (high - low))
  // Cases from an edge upwards; edges increase as candidates decrease.
  let candidate = curve.thresholds.length - 1
  const above = edges.map((edge, i) => {
    if (i === 0) return { positives, negatives }
    if (i === bins) return { positives: 0, negatives: 0 }
    while (candidate > 0 && logOdds(curve.thresholds[candidate]!) < edge) candidate--
    return { positives: curve.caught[candidate]!, negatives: curve.alarms[candidate]! }
  })
  const between = (key: 'positives' | 'negatives'): number[] =>
    Array.from({ length: bins }, (_, i) => above[i]![key] - above[i + 1]![key])
  return { edges, positives: between('positives'), negatives: between('negatives') }
}

export interface PrecisionRecallLine {
  /** Recall and precision, from few alerts to many. */
  readonly points: readonly [number, number][]
  /** The candidate of each point. */
  readonly thresholds: readonly number[]
}

/** Precision against recall, without points that would fall on the one before. */
export function precisionRecallLine({ curve }: ThresholdData): PrecisionRecallLine {
  const resolution = 1 / 500
  const points: [number, number][] = []
  const thresholds: number[] = []
  const last = curve.thresholds.length - 1
  for (let i = 1; i <= last; i++) {
    const alerts = curve.tp[i]! + curve.fp[i]!
    if (!(alerts > 0 && curve.weightOfPositives > 0)) continue
    const recall = curve.tp[i]! / curve.weightOfPositives
    const precision = curve.tp[i]! / alerts
    const before = points.at(-1)
    const isNear =
      before !== undefined &&
      Math.abs(before[0] - recall) < resolution &&
      Math.abs(before[1] - precision) < resolution
    if (isNear && i !== last) continue
    points.push([recall, precision])
    thresholds.push(curve.thresholds[i]!)
  }
  return { points, thresholds }
}

/** The threshold whose point lies closest; null without points. */
export function closestThreshold(
  { points, thresholds }: PrecisionRecallLine,
  recall: number,
  precision: number,
): number | null {
  let closest: number | null = null
  let least = Infinity
  points.forEach((point, i) => {
    const distance = (point[0] - recall) ** 2 + (point[1] - precision) ** 2
    if (distance < least) {
      least = distance
      closest = thresholds[i]!
    }
  })
  return closest
}

export interface IsoCost {
  /** For the span of amounts. */
  readonly cost: number
  readonly points: readonly [number, number][]
}

/**
 * Lines of equal cost in the plane of precision and recall; none where costs differ from case to
 * case, since then two points with the same rates cost differently.
 */
export function isoCosts(decision: Decision, axis: CostLines['axis'], best: number): IsoCost[] {
  const { data, costs, amountFactor } = decision
  const constant = constantCosts(costs)
  if (constant === null) return []
  const prevalence = data.prevalenceInUse
  const perCase = (cost: number): number =>
    cost / (amountFactor * (data.curve.weightOfPositives + data.curve.weightOfNegatives))
  const regret = constant.falsePositive - constant.trueNegative
  if (!(regret > 0)) return []
  const levels = isoLevels(best, axis)
  return levels.flatMap((cost) => {
    const points: [number, number][] = []
    for (let i = 1; i <= 200; i++) {
      const tp = (prevalence * i) / 200
      const withoutAlarms =
        constant.truePositive * tp +
        constant.falseNegative * (prevalence - tp) +
        constant.trueNegative * (1 - prevalence)
      const fp = (perCase(cost) - withoutAlarms) / regret
      if (fp > 0) points.push([i / 200, tp / (tp + fp)])
    }
    return points.length > 1 ? [{ cost, points }] : []
  })
}

/** Three round amounts above the least cost. */
function isoLevels(best: number, axis: CostLines['axis']): number[] {
  const step = niceStep((axis.max - best) / 4)
  const first = Math.floor(best / step) * step + step
  return [first, first + step, first + 2 * step]
}

function constantCosts(costs: Decision['costs']): Record<Outcome, number> | null {
  const { truePositive, falsePositive, trueNegative, falseNegative } = costs
  if (
    typeof truePositive !== 'number' ||
    typeof falsePositive !== 'number' ||
    typeof trueNegative !== 'number' ||
    typeof falseNegative !== 'number'
  ) {
    return null
  }
  return { truePositive, falsePositive, trueNegative, falseNegative }
}

/** Ends of the line on which as many alerts are given as the frame allows; null without a limit. */
export function capacityLine(data: ThresholdData): [[number, number], [number, number]] | null {
  const limit = limitShare(data)
  if (limit === null || limit <= 0) return null
  // precision = prevalence · recall ÷ share of alerts
  const slope = data.prevalenceInUse / limit
  return slope <= 1
    ? [
        [0, 0],
        [1, slope],
      ]
    : [
        [0, 0],
        [1 / slope, 1],
      ]
}

/** Outline of where all limits are kept; null without a commitment, or empty. */
export function keptZone(data: ThresholdData): [number, number][] | null {
  const { commitments } = data
  if (commitments.length === 0) return null
  const limit = limitShare(data)
  const slope = limit === null ? 0 : limit === 0 ? Infinity : data.prevalenceInUse / limit
  const from = committedRate(commitments, 'recall') ?? 0
  const floor = committedRate(commitments, 'precision') ?? 0
  const to = slope > 1 ? 1 / slope : 1
  if (!(to > from)) return null
  const under = (recall: number): number => Math.min(1, Math.max(floor, slope * recall))
  // The lower edge bends where the alert limit takes over from a committed precision.
  const bend = slope > 0 ? floor / slope : 0
  const corners = [to, ...(bend > from && bend < to ? [bend] : []), from]
  return [[from, 1], [to, 1], ...corners.map((recall): [number, number] => [recall, under(recall)])]
}

/** Heights in [0, 1] over the scale that show where the thresholds of the folds lie. */
export function foldRibbon(
  perFold: readonly number[],
  { low, high }: ThresholdScale,
  bins = 120,
): number[] {
  const width = 0.022 // of the scale; wide enough to be seen, not an estimate of density
  const heights = Array.from({ length: bins + 1 }, (_, i) =>
    perFold.reduce((sum, threshold) => {
      const at = (Math.min(high, Math.max(low, logOdds(threshold))) - low) / (high - low)
      return sum + Math.exp(-(((i / bins - at) / width) ** 2) / 2)
    }, 0),
  )
  const highest = heights.reduce((a, b) => Math.max(a, b), 0)
  return heights.map((height) => (highest === 0 ? 0 : height / highest))
}

/** The highest candidate with at least this recall; null where none has it. */
export function thresholdForRecall({ curve }: ThresholdData, recall: number): number | null {
  const wanted = recall * curve.weightOfPositives * (1 - 1e-12)
  const last = curve.thresholds.length - 1
  if (!(curve.weightOfPositives > 0) || curve.tp[last]! < wanted) return null
  let low = 0
  let high = last
  while (low < high) {
    const middle = (low + high) >> 1
    if (curve.tp[middle]! >= wanted) high = middle
    else low = middle + 1
  }
  return curve.thresholds[low]!
}
