/**
 * Parallel axes of compared runs: a scale for each figure on which better is up, which runs a range
 * on an axis leaves lit, and which line lies under the pointer.
 */
import type { ComparedRun, Estimate } from '#shared/contract/decision.ts'
import { rate } from '../../format/numbers.ts'
import { figuresOf } from './figures.ts'
import type { Figure, FigureId, Units } from './figures.ts'

/** How good a value is, for any figure: the greater the better, in the figure's own unit. */
type Goodness = number

export interface GoodnessRange {
  readonly low: Goodness
  readonly high: Goodness
}

/** Ranges that runs have to lie in to stay lit; axes without one let every run pass. */
export type AxisRanges = ReadonlyMap<FigureId, GoodnessRange>

export interface ParallelAxis {
  readonly id: FigureId
  readonly label: string
  readonly title: string
  /** Which way is better, since up always is. */
  readonly direction: string
  /** At the ends of the axis. */
  readonly scale: GoodnessRange
  /** Per run; null where it has no value. */
  readonly goodness: readonly (Goodness | null)[]
  /** Ends of the intervals, worse first; null where there is none. */
  readonly intervals: readonly (GoodnessRange | null)[]
  /** The value per run as tables write it; null where there is none. */
  readonly texts: readonly (string | null)[]
  /** Why a run has no value. */
  readonly reasons: readonly (string | null)[]
  /** What stands for a goodness, in the unit of the tables. */
  readonly textOf: (goodness: Goodness) => string
}

/** How far from 1 the axis of the slope reaches at least: it has no intervals to be measured by. */
const leastReach = 0.5

const directions = {
  more: 'higher is better',
  less: 'lower is better',
  near_one: 'nearer 1 is better',
} as const

/**
 * An axis for each figure of which one end is better.
 *
 * Axes are as wide as the intervals, so that a difference within them looks small. That of the slope
 * has 1 at its top: values above and below are as far down as they are away from it.
 */
export function parallelAxes(runs: readonly ComparedRun[], units: Units): ParallelAxis[] {
  return figuresOf(units).flatMap((figure): ParallelAxis[] => {
    const { id, label, title, better, format, factor } = figure
    if (better === null) return []
    const estimates = runs.map((run) => run[id])
    const goodnessOf = goodness[better]
    return [
      {
        ...{ id, label, title, direction: directions[better] },
        scale: scaleOf(estimates, figure, goodnessOf),
        goodness: estimates.map(({ value }) => (value === null ? null : goodnessOf(value))),
        intervals: estimates.map(({ value, interval }) =>
          value === null || interval === null
            ? null
            : spanOf([goodnessOf(interval.lower), goodnessOf(interval.upper)]),
        ),
        texts: estimates.map(({ value }) => (value === null ? null : format(value * factor))),
        reasons: estimates.map(({ value, reason }) => (value === null ? reason : null)),
        textOf: (good) =>
          better === 'near_one'
            ? good === 0
              ? '1'
              : `1 ± ${rate(-good)}`
            : format((better === 'less' ? -good : good) * factor),
      },
    ]
  })
}

const goodness: Readonly<Record<NonNullable<Figure['better']>, (value: number) => Goodness>> = {
  more: (value) => value,
  // Never −0, which would be written with a sign.
  less: (value) => 0 - value,
  near_one: (value) => 0 - Math.abs(value - 1),
}

function spanOf(ends: readonly Goodness[]): GoodnessRange {
  return {
    low: ends.reduce((a, b) => Math.min(a, b), Infinity),
    high: ends.reduce((a, b) => Math.max(a, b), -Infinity),
  }
}

/** All values and intervals; where these are one point, some room around it. */
function scaleOf(
  estimates: readonly Estimate[],
  { better, bounds }: Figure,
  goodnessOf: (value: number) => Goodness,
): GoodnessRange {
  const ends = estimates
    .flatMap(({ value, interval }) =>
      value === null ? [] : [value, interval?.lower ?? value, interval?.upper ?? value],
    )
    .map(goodnessOf)
  const isNearOne = better === 'near_one'
  const span = spanOf(isNearOne ? [...ends, 0, -leastReach] : ends)
  if (span.low < span.high) return span
  const at = span.low === span.high ? span.low : 0
  const limits = spanOf((bounds ?? [-Infinity, Infinity]).map(goodnessOf))
  const room = Math.abs(at) * 0.06 || 1
  return { low: Math.max(limits.low, at - room), high: Math.min(limits.high, at + room) }
}

/** Share of the way up an axis, in [0, 1]. */
export function placeOf({ scale: { low, high } }: ParallelAxis, good: Goodness): number {
  return Math.min(1, Math.max(0, (good - low) / (high - low)))
}

/** What lies at a share of the way up. */
export function goodnessAt({ scale: { low, high } }: ParallelAxis, place: number): Goodness {
  // The ends as they are, without the rounding of a sum.
  if (place >= 1) return high
  return place <= 0 ? low : low + place * (high - low)
}

/** Per run whether it lies in every range; a run without a value lies in none. */
export function litRuns(
  axes: readonly ParallelAxis[],
  ranges: AxisRanges,
  nRuns: number,
): boolean[] {
  return Array.from({ length: nRuns }, (_, run) =>
    axes.every(({ id, goodness: values }) => {
      const range = ranges.get(id)
      if (range === undefined) return true
      const value = values[run] ?? null
      return value !== null && value >= range.low && value <= range.high
    }),
  )
}

/** Values that runs have on an axis, each once, worst first: where the keys stop. */
export function stopsOf({ goodness: values }: ParallelAxis): Goodness[] {
  return [...new Set(values.filter((value) => value !== null))].sort((a, b) => a - b)
}

/**
 * A range with one end moved by so many stops; null where it lets every stop pass.
 *
 * @param range Null: as wide as the stops.
 */
export function steppedRange(
  stops: readonly Goodness[],
  range: GoodnessRange | null,
  end: 'low' | 'high',
  by: number,
): GoodnessRange | null {
  const last = stops.length - 1
  if (last < 0) return null
  // The outermost stops that lie in the range.
  const first = range === null ? 0 : stops.findIndex((stop) => stop >= range.low)
  const final = range === null ? last : stops.findLastIndex((stop) => stop <= range.high)
  const from = first < 0 ? last : first
  const to = Math.max(from, final)
  const moved = (at: number, least: number, most: number): number =>
    Math.min(most, Math.max(least, at + by))
  const low = end === 'low' ? moved(from, 0, to) : from
  const high = end === 'high' ? moved(to, from, last) : to
  return low === 0 && high === last ? null : { low: stops[low]!, high: stops[high]! }
}

export type Point = readonly [x: number, y: number]

/** Pieces of a line between its gaps; a point between two gaps is a piece by itself. */
export function piecesOf<T>(line: readonly (T | null)[]): { start: number; items: T[] }[] {
  const pieces: { start: number; items: T[] }[] = []
  line.forEach((item, i) => {
    if (item === null) return
    const piece = pieces.at(-1)
    if (piece !== undefined && piece.start + piece.items.length === i) piece.items.push(item)
    else pieces.push({ start: i, items: [item] })
  })
  return pieces
}

/**
 * The line nearest to a point, the first of those equally near; null where none is within reach.
 *
 * @param lines One per run, a place on each axis, null where it has a gap.
 */
export function lineAt(
  lines: readonly (readonly (Point | null)[])[],
  at: Point,
  reach: number,
): number | null {
  let nearest: number | null = null
  let least = reach
  lines.forEach((line, run) => {
    for (const { items } of piecesOf(line)) {
      items.forEach((point, i) => {
        const distance = distanceTo(at, point, items[i + 1] ?? point)
        if (distance < least || (nearest === null && distance <= least)) {
          nearest = run
          least = distance
        }
      })
    }
  })
  return nearest
}

function distanceTo([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const along =
    length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
  return Math.hypot(x - ax - along * dx, y - ay - along * dy)
}
