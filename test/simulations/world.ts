/**
 * A world in which every measure is known: positives and negatives have normal scores, rounded to a
 * grid, so that the share of each class at each level is exact.
 */
import { sigmoid } from '#shared/core/math/elementary.ts'
import { normalCdf, normalQuantile } from '#shared/core/math/normal.ts'
import type { RandomStream } from '#shared/core/math/random.ts'

const STEP = 0.05
const LOWEST = -6
const LEVELS = 300

/** Two models on the same samples; B is the weaker one, and its scores are related to A's. */
export interface World {
  readonly prevalence: number
  /** Distance between the class means of a score, in standard deviations. */
  readonly distanceA: number
  readonly distanceB: number
  readonly correlation: number
}

export interface Drawn {
  readonly yTrue: Uint8Array
  /** Probabilities of the two models; not quite calibrated, so that the error is above 0. */
  readonly a: Float64Array
  readonly b: Float64Array
}

/** Share of all cases by level, lowest first, and the probability that a model gives there. */
export interface Population {
  readonly positive: Float64Array
  readonly negative: Float64Array
  readonly probability: Float64Array
}

export function population(prevalence: number, distance: number): Population {
  const shareOf = (mean: number): Float64Array =>
    Float64Array.from({ length: LEVELS }, (_, level) => {
      const upper = LOWEST + (level + 0.5) * STEP - mean
      const above = level === LEVELS - 1 ? 1 : normalCdf(upper)
      return above - (level === 0 ? 0 : normalCdf(upper - STEP))
    })
  return {
    positive: shareOf(distance).map((share) => share * prevalence),
    negative: shareOf(0).map((share) => share * (1 - prevalence)),
    probability: Float64Array.from({ length: LEVELS }, (_, level) =>
      probabilityAt(level, prevalence, distance),
    ),
  }
}

/** What models of these worlds make of the true log-odds. */
export const FLAW = { flattened: 0.9, raised: 0.2 } as const

/** The true log-odds, flattened and raised a little. */
function probabilityAt(level: number, prevalence: number, distance: number): number {
  const score = LOWEST + level * STEP
  const logOdds =
    distance * score - (distance * distance) / 2 + Math.log(prevalence / (1 - prevalence))
  return sigmoid(FLAW.flattened * logOdds + FLAW.raised)
}

function levelOf(score: number): number {
  return Math.max(0, Math.min(LEVELS - 1, Math.round((score - LOWEST) / STEP)))
}

export function draw(world: World, n: number, stream: RandomStream): Drawn {
  const { prevalence, distanceA, distanceB, correlation } = world
  const [ofA, ofB] = [distanceA, distanceB].map((d) => population(prevalence, d).probability)
  const normal = (): number => normalQuantile(Math.max(stream.uniform(), 1e-16))
  const rest = Math.sqrt(1 - correlation * correlation)
  const yTrue = new Uint8Array(n)
  const a = new Float64Array(n)
  const b = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const y = stream.uniform() < prevalence ? 1 : 0
    const first = normal()
    const second = correlation * first + rest * normal()
    yTrue[i] = y
    a[i] = ofA![levelOf(first + y * distanceA)]!
    b[i] = ofB![levelOf(second + y * distanceB)]!
  }
  return { yTrue, a, b }
}
