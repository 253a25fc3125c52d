/** Probabilities on a log-odds axis, where 0.001 and 0.01 are as far apart as they feel. */
import { NOTHING } from './number-text.ts'

const TICKS = [
  1e-6, 1e-5, 1e-4, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9,
  0.95, 0.99, 0.999, 0.9999, 0.99999,
]

export interface ProbabilityAxis {
  readonly min: number
  readonly max: number
  readonly ticks: readonly number[]
  readonly text: (position: number) => string
  /** Position of a probability, kept inside the axis. */
  readonly place: (probability: number) => number
  /** Position of a probability, outside the axis where it lies outside. */
  readonly position: (probability: number) => number
}

/**
 * An axis from one probability to another.
 *
 * @param width  In pixels; ticks keep their distance.
 */
export function probabilityAxis(from: number, to: number, width: number): ProbabilityAxis {
  const min = logOdds(bounded(from))
  const max = Math.max(logOdds(bounded(to)), min + 0.5)
  const pixels = width / (max - min)
  const ticks: number[] = []
  // The round ones first; the others where there is room.
  const round = TICKS.filter((p) => [0.5, 0.1, 0.01, 0.9, 0.99, 0.001, 0.999, 1e-4].includes(p))
  for (const probability of [...round, ...TICKS]) {
    const position = logOdds(probability)
    const free = ticks.every((other) => Math.abs(other - position) * pixels >= 36)
    if (free && position >= min && position <= max) ticks.push(position)
  }
  return {
    min,
    max,
    ticks: ticks.sort((a, b) => a - b),
    text: (position) => textOf(position),
    position: (probability) => logOdds(bounded(probability)),
    place: (probability) => Math.min(max, Math.max(min, logOdds(bounded(probability)))),
  }
}

function textOf(position: number): string {
  const tick = TICKS.find((probability) => Math.abs(logOdds(probability) - position) < 1e-6)
  return tick === undefined
    ? NOTHING
    : tick < 1e-4
      ? tick.toExponential(0).replace('-', '\u2212')
      : String(tick)
}

function bounded(probability: number): number {
  return Math.min(1 - 1e-6, Math.max(1e-7, probability))
}

function logOdds(probability: number): number {
  return Math.log(probability / (1 - probability))
}
