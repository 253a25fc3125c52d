import { logit } from '../math/elementary.ts'
import { countsAtThresholds } from '../metrics/ranking.ts'
import { candidateAt, type CountedCurve } from './read-curve.ts'
import { costCurve, tiedMinima, type CostCurve, type ScoredSamples } from './threshold-curves.ts'

/** How many candidates are kept at least of each sort when there are too many; see `joined`. */
const KEPT = { highest: 4096, byAlerts: 30_000, byLogOdds: 30_000 } as const

/** Log-odds between which candidates are kept evenly; beyond them the number of alerts decides. */
const LOG_ODDS_RANGE = 14

/**
 * The cost curve with counts of cases, as a page shows it.
 *
 * @param most   Candidates up to which all are kept; of more, neighbours are joined to about
 *   65,000. What stays is exact.
 * @param always Thresholds that are to be read exactly, joined or not. The first and last candidate
 *   and the cheapest are so anyway.
 * @throws RangeError as `costCurve` does.
 *
 * O(nSamples log nSamples). Deterministic.
 */
export function countedCurve(
  samples: ScoredSamples,
  { most, always }: { readonly most: number; readonly always: readonly number[] },
): CountedCurve {
  const curve = costCurve(samples)
  const { caught, alarms } = countCases(samples, curve)
  const whole: CountedCurve = {
    thresholds: curve.thresholds,
    caught,
    alarms,
    tp: curve.tp,
    fp: curve.fp,
    totalCost: curve.totalCost,
    weightOfPositives: curve.positives,
    weightOfNegatives: curve.negatives,
    joined: false,
  }
  return whole.thresholds.length <= most ? whole : joined(whole, always)
}

/** Counts at the candidates of a weighted curve, which lacks the scores of weight 0. */
function countCases(
  { yTrue, probabilities, weights }: ScoredSamples,
  { thresholds, tp, fp }: CostCurve,
): Pick<CountedCurve, 'caught' | 'alarms'> {
  if (weights === null) return { caught: tp, alarms: fp }
  const counts = countsAtThresholds(yTrue, probabilities, null)
  const caught = new Float64Array(thresholds.length)
  const alarms = new Float64Array(thresholds.length)
  let reached = -1
  for (let i = 0; i < thresholds.length; i++) {
    while (
      reached + 1 < counts.thresholds.length &&
      counts.thresholds[reached + 1]! >= thresholds[i]!
    ) {
      reached++
    }
    if (reached < 0) continue
    caught[i] = counts.truePositives[reached]!
    alarms[i] = counts.falsePositives[reached]!
  }
  return { caught, alarms }
}

/**
 * Fewer candidates, evenly spread in two ways, by number of alerts and by log-odds, so that neither
 * the few alerts at the top nor the wide range below are coarse; the highest are all there.
 */
function joined(curve: CountedCurve, always: readonly number[]): CountedCurve {
  const { thresholds, totalCost } = curve
  const last = thresholds.length - 1
  const isKept = new Uint8Array(thresholds.length)
  isKept.fill(1, 0, KEPT.highest)
  isKept[last] = 1
  isKept[tiedMinima(totalCost)[0]!] = 1
  for (const threshold of always) {
    const at = candidateAt(thresholds, threshold)
    isKept[at] = 1
    isKept[Math.min(last, at + 1)] = 1
  }
  let part = -1
  let step = NaN
  const perStep = (2 * LOG_ODDS_RANGE) / KEPT.byLogOdds
  for (let i = KEPT.highest; i <= last; i++) {
    const partOfAlerts = Math.floor((i * KEPT.byAlerts) / last)
    const p = thresholds[i]!
    const logOdds = p > 0 && p < 1 ? logit(p) : p >= 1 ? LOG_ODDS_RANGE : -LOG_ODDS_RANGE
    const stepOfOdds = Math.floor(
      Math.max(-LOG_ODDS_RANGE, Math.min(LOG_ODDS_RANGE, logOdds)) / perStep,
    )
    if (partOfAlerts !== part || stepOfOdds !== step) isKept[i] = 1
    part = partOfAlerts
    step = stepOfOdds
  }
  const kept = (values: Float64Array): Float64Array => values.filter((_, i) => isKept[i] === 1)
  return {
    ...curve,
    thresholds: kept(thresholds),
    caught: kept(curve.caught),
    alarms: kept(curve.alarms),
    tp: kept(curve.tp),
    fp: kept(curve.fp),
    totalCost: kept(totalCost),
    joined: true,
  }
}
