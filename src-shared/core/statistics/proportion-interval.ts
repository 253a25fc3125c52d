import { betaQuantile } from '../math/incomplete-beta.ts'
import { normalQuantile } from '../math/normal.ts'
import type { Interval } from '../metrics/interval.ts'
import { wilsonInterval } from '../metrics/wilson.ts'

/**
 * `wilson`: near the level on average, the default. `clopper-pearson`: never below the level, hence
 * wide; for guarantees. `wilson-corrected`: Wilson with continuity correction, nearly as wide.
 * `jeffreys`: as near as Wilson, equal tails. `agresti-coull`: Wilson's centre with a plain normal
 * interval, whose limits may leave [0, 1].
 */
export type ProportionMethod =
  'wilson' | 'wilson-corrected' | 'clopper-pearson' | 'agresti-coull' | 'jeffreys'

/**
 * Confidence interval of a proportion by the given method.
 *
 * @param successes An integer in [0, trials].
 * @param trials    A non-negative integer.
 * @param level     In (0, 1).
 * @returns null when there are no trials.
 * @throws RangeError when an argument lies outside its range.
 *
 * Source: Brown, Cai and DasGupta (2001), "Interval Estimation for a Binomial Proportion"; Newcombe
 * (1998) for Wilson with continuity correction.
 */
export function proportionInterval(
  method: ProportionMethod,
  successes: number,
  trials: number,
  level: number,
): Interval | null {
  checkCounts(successes, trials, level)
  if (trials === 0) return null
  switch (method) {
    case 'wilson':
      return wilsonInterval(successes, trials, level)
    case 'wilson-corrected':
      return wilsonCorrected(successes, trials, level)
    case 'clopper-pearson':
      return clopperPearsonInterval(successes, trials, level)
    case 'agresti-coull':
      return agrestiCoull(successes, trials, level)
    case 'jeffreys':
      return betaTails(successes + 0.5, trials - successes + 0.5, 'Jeffreys')
  }

  function betaTails(a: number, b: number, name: string): Interval {
    return {
      lower: successes === 0 ? 0 : betaQuantile((1 - level) / 2, a, b),
      upper: successes === trials ? 1 : betaQuantile((1 + level) / 2, a, b),
      level,
      method: name,
    }
  }
}

/**
 * The exact interval of a proportion: all proportions that an exact test at (1 − level) / 2 a side
 * does not refuse. Covers at least `level` whatever the truth, often more.
 *
 * @param successes An integer in [0, trials].
 * @param trials    A non-negative integer.
 * @param level     In (0, 1).
 * @returns null when there are no trials.
 * @throws RangeError when an argument lies outside its range.
 *
 * Source: Clopper and Pearson (1934), "The Use of Confidence or Fiducial Limits Illustrated in the
 * Case of the Binomial".
 */
export function clopperPearsonInterval(
  successes: number,
  trials: number,
  level: number,
): Interval | null {
  checkCounts(successes, trials, level)
  if (trials === 0) return null
  const outside = (1 - level) / 2
  return {
    lower: successes === 0 ? 0 : betaQuantile(outside, successes, trials - successes + 1),
    upper: successes === trials ? 1 : betaQuantile(1 - outside, successes + 1, trials - successes),
    level,
    method: 'Clopper-Pearson',
  }
}

function checkCounts(successes: number, trials: number, level: number): void {
  if (!(successes >= 0 && successes <= trials)) {
    throw new RangeError(`successes must lie in [0, trials], got ${successes} of ${trials}`)
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie in (0, 1), got ${level}`)
}

function wilsonCorrected(successes: number, trials: number, level: number): Interval {
  const z = normalQuantile((1 + level) / 2)
  const share = successes / trials
  const spread = z * z
  const whole = 2 * (trials + spread)
  const centre = (2 * successes + spread) / whole
  const below = spread - 2 - 1 / trials + 4 * share * (trials * (1 - share) + 1)
  const above = spread + 2 - 1 / trials + 4 * share * (trials * (1 - share) - 1)
  return {
    lower: successes === 0 ? 0 : centre - (1 + z * Math.sqrt(below)) / whole,
    upper: successes === trials ? 1 : centre + (1 + z * Math.sqrt(above)) / whole,
    level,
    method: 'Wilson, continuity corrected',
  }
}

function agrestiCoull(successes: number, trials: number, level: number): Interval {
  const z = normalQuantile((1 + level) / 2)
  const whole = trials + z * z
  const share = (successes + (z * z) / 2) / whole
  const reach = z * Math.sqrt((share * (1 - share)) / whole)
  return { lower: share - reach, upper: share + reach, level, method: 'Agresti-Coull' }
}
