/**
 * The scale that slider and charts share: log-odds of the probability, from `low` to `high`. Both
 * ends are open: the lowest position alerts on every case, the highest on none.
 */
import type { ThresholdData } from '#shared/contract/decision.ts'

export interface ThresholdScale {
  readonly low: number
  readonly high: number
}

/** Beyond these log-odds (one in ten million) a position could not be told from the end. */
const widest = 16
/** Shares of cases that may lie outside of the drawn scale, below and above. */
const allBelow = 0.002
const positivesBelow = 0.01
const positivesAbove = 0.995
const allAbove = 0.9995

/** ln(p / (1 − p)), within the widest scale. */
export function logOdds(probability: number): number {
  if (probability <= 0) return -widest
  if (probability >= 1) return widest
  return Math.min(widest, Math.max(-widest, Math.log(probability / (1 - probability))))
}

export function probabilityOf(logOddsValue: number): number {
  return 1 / (1 + Math.exp(-logOddsValue))
}

/**
 * The scale that shows nearly all cases, the whole of the rarer class, 0.5 and every threshold that
 * is marked, with ends on half log-odds.
 */
export function scaleOf(data: ThresholdData): ThresholdScale {
  const { curve, positives, negatives } = data
  const total = positives + negatives
  const last = curve.thresholds.length - 1
  const scoreAbove = (share: number, countAt: (i: number) => number, whole: number): number => {
    let low = Math.min(1, last)
    let high = last
    while (low < high) {
      const middle = (low + high) >> 1
      if (countAt(middle) >= share * whole) high = middle
      else low = middle + 1
    }
    return logOdds(curve.thresholds[low]!)
  }
  const cases = (i: number): number => curve.caught[i]! + curve.alarms[i]!
  const caught = (i: number): number => curve.caught[i]!
  const marked = [0.5, data.tuned, data.bayes, ...data.perFold]
    .filter((value): value is number => value !== null && value > 0 && value < 1)
    .map(logOdds)
  const low = Math.min(
    scoreAbove(1 - allBelow, cases, total),
    scoreAbove(1 - positivesBelow, caught, positives),
    ...marked.map((value) => value - 0.25),
  )
  const high = Math.max(
    scoreAbove(1 - allAbove, cases, total),
    scoreAbove(1 - positivesAbove, caught, positives),
    ...marked.map((value) => value + 0.25),
  )
  return { low: Math.floor(2 * low) / 2, high: Math.ceil(2 * high) / 2 }
}

/** Where a threshold lies on the scale, in log-odds; what lies outside is at the end. */
export function placeOf({ low, high }: ThresholdScale, threshold: number): number {
  return Math.min(high, Math.max(low, logOdds(threshold)))
}

/**
 * The threshold at a place of the scale, to three significant digits of the probability or, above
 * one half, of what it lacks to 1: what is read is what holds. Ends: 0 and Infinity.
 */
export function thresholdAt({ low, high }: ThresholdScale, place: number): number {
  if (place <= low) return 0
  if (place >= high) return Infinity
  const digits = 3
  if (place <= 0) return Number(probabilityOf(place).toPrecision(digits))
  const lack = Number(probabilityOf(-place).toPrecision(digits))
  return Number((1 - lack).toPrecision(12))
}

const tickProbabilities = [
  1e-6, 1e-5, 1e-4, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.95, 0.98,
  0.99, 0.999, 0.9999, 0.99999, 0.999999,
]

/** Log-odds to label, at most about one per `room` of the scale; 0.5 is always among them. */
export function ticksOf({ low, high }: ThresholdScale, most = 20): number[] {
  const inside = tickProbabilities.map(logOdds).filter((value) => value > low && value < high)
  const room = (high - low) / most
  const byWorth = inside.toSorted((a, b) => worth(b) - worth(a))
  const kept: number[] = []
  for (const value of byWorth) {
    if (kept.every((other) => Math.abs(other - value) >= room)) kept.push(value)
  }
  return kept.sort((a, b) => a - b)
}

/** Which ticks to keep first: 0.5, powers of ten and their mirror images, then the others. */
function worth(place: number): number {
  if (place === 0) return 3
  const rarer = Math.log10(probabilityOf(-Math.abs(place)))
  return Math.abs(rarer - Math.round(rarer)) < 1e-3 ? 2 : 1
}

/** 0.001, 0.5, 0.99, 0.9999: as short as it is exact. */
export function tickText(place: number): string {
  const digits = 2
  if (place <= 0) return plain(Number(probabilityOf(place).toPrecision(digits)))
  return plain(Number((1 - Number(probabilityOf(-place).toPrecision(digits))).toPrecision(12)))
}

function plain(value: number): string {
  return value >= 1e-4 ? String(value) : value.toExponential(0).replace('-', '\u2212')
}
