import type { CostMatrix } from '../frame/sample-costs.ts'
import type { RatedPoint } from './lower-envelope.ts'

/** What a number is thought to be, and how low and high it might be: low ≤ likely ≤ high. */
export interface Range {
  readonly low: number
  readonly likely: number
  readonly high: number
}

export type UncertainInput = keyof CostMatrix | 'prevalence'

export type UncertainFrame = Readonly<Record<UncertainInput, Range>>

export interface TornadoBar {
  readonly input: UncertainInput
  readonly range: Range
  /** Cost per case with the threshold kept, the input at its low, and its high end. */
  readonly atLow: number
  readonly atHigh: number
  /** The same with the threshold chosen anew. */
  readonly solvedAtLow: number
  readonly solvedAtHigh: number
  /** |atHigh − atLow|. */
  readonly swing: number
  /** Whether another threshold would be cheaper somewhere in the range. */
  readonly changesThreshold: boolean
}

export interface Tornado {
  /** Cost per case with every input as likely. */
  readonly likely: number
  /** The widest swing first. */
  readonly bars: readonly TornadoBar[]
}

/** How far up and down costs and prevalence might be, in percent of what they are thought to be. */
export type Doubt = Readonly<Record<'misses' | 'alarms' | 'prevalence', number>>

/**
 * What is doubted as long as nobody says otherwise: a cost is seldom known better than to a half, and
 * prevalence moves by a third from one season to the next.
 */
export const DEFAULT_DOUBT: Doubt = { misses: 50, alarms: 50, prevalence: 30 }

/** Ranges around what is stated; those of right decisions have no width. */
export function doubtedFrame(costs: CostMatrix, prevalence: number, doubt: Doubt): UncertainFrame {
  const around = (likely: number, percent: number): Range => {
    const part = (Math.abs(likely) * percent) / 100
    return { low: likely - part, likely, high: likely + part }
  }
  const moved = around(prevalence, doubt.prevalence)
  return {
    falseNegative: around(costs.falseNegative, doubt.misses),
    falsePositive: around(costs.falsePositive, doubt.alarms),
    truePositive: around(costs.truePositive, 0),
    trueNegative: around(costs.trueNegative, 0),
    prevalence: {
      ...moved,
      low: Math.max(NEARLY_NONE, moved.low),
      high: Math.min(1 - NEARLY_NONE, moved.high),
    },
  }
}

const NEARLY_NONE = 1e-9 // a prevalence of 0 or 1 has no odds

const INPUTS: readonly UncertainInput[] = [
  'falseNegative',
  'falsePositive',
  'truePositive',
  'trueNegative',
  'prevalence',
]

/**
 * How much each uncertain cost, and the prevalence, moves the cost of a decision, one at a time.
 *
 * @param chosen The operating point in use.
 * @param others All points that could be chosen instead, e.g. `hullPoints`; may be empty.
 * @throws RangeError when a range is not ordered and finite, or the prevalence leaves (0, 1).
 */
export function tornado(
  chosen: RatedPoint,
  others: readonly RatedPoint[],
  frame: UncertainFrame,
): Tornado {
  for (const input of INPUTS) {
    const { low, likely, high } = frame[input]
    if (!(low <= likely && likely <= high && Number.isFinite(low) && Number.isFinite(high))) {
      throw new RangeError(
        `${input} must have low ≤ likely ≤ high, got ${low}, ${likely} and ${high}`,
      )
    }
  }
  if (!(frame.prevalence.low > 0 && frame.prevalence.high < 1)) {
    throw new RangeError(
      `prevalence must lie in (0, 1), got ${frame.prevalence.low} to ${frame.prevalence.high}`,
    )
  }
  const likelyInputs = Object.fromEntries(
    INPUTS.map((input) => [input, frame[input].likely]),
  ) as Record<UncertainInput, number>
  const solved = (inputs: Record<UncertainInput, number>): number =>
    Math.min(...[chosen, ...others].map((point) => costPerCase(point, inputs)))

  const bars = INPUTS.flatMap((input): TornadoBar[] => {
    const range = frame[input]
    if (range.low === range.high) return []
    const low = { ...likelyInputs, [input]: range.low }
    const high = { ...likelyInputs, [input]: range.high }
    const atLow = costPerCase(chosen, low)
    const atHigh = costPerCase(chosen, high)
    const solvedAtLow = solved(low)
    const solvedAtHigh = solved(high)
    const rounding = 1e-12 * Math.max(Math.abs(atLow), Math.abs(atHigh))
    return [
      {
        input,
        range,
        atLow,
        atHigh,
        solvedAtLow,
        solvedAtHigh,
        swing: Math.abs(atHigh - atLow),
        changesThreshold: solvedAtLow < atLow - rounding || solvedAtHigh < atHigh - rounding,
      },
    ]
  }).sort((a, b) => b.swing - a.swing)
  return { likely: costPerCase(chosen, likelyInputs), bars }
}

/** Mean cost of a case decided at a point, with the given costs and prevalence. */
export function costPerCase(
  { truePositiveRate, falsePositiveRate }: RatedPoint,
  inputs: Readonly<Record<UncertainInput, number>>,
): number {
  const { prevalence, truePositive, falseNegative, falsePositive, trueNegative } = inputs
  return (
    prevalence * (truePositiveRate * truePositive + (1 - truePositiveRate) * falseNegative) +
    (1 - prevalence) * (falsePositiveRate * falsePositive + (1 - falsePositiveRate) * trueNegative)
  )
}
