import { normalQuantile } from '../math/normal.ts'
import type { Interval } from '../metrics/interval.ts'

export type EquivalenceVerdict = 'equal' | 'better' | 'worse' | 'undecided'

export interface PracticalEquivalence {
  readonly verdict: EquivalenceVerdict
  /**
   * Where undecided: samples in all with which a decision is as likely as `power`, if the difference
   * is what it seems; null where none will do, since the difference lies on the edge of the zone.
   */
  readonly rowsNeeded: number | null
  /** What those would decide. */
  readonly wouldBe: Exclude<EquivalenceVerdict, 'undecided'> | null
}

/**
 * Whether a difference matters: equal where the 90 % interval lies inside the zone ± m that the user
 * calls the same; better or worse where the 95 % interval excludes 0; otherwise undecided, with the
 * rows that would decide.
 *
 * A difference that is certain but lies inside the zone is equal: certain to be too small to matter.
 * The two one-sided tests behind the 90 % interval are at 5 % each.
 *
 * @param difference    Champion less challenger, as measured.
 * @param interval90, interval95 Paired intervals of it.
 * @param zone          m ≥ 0, in the unit of the difference; 0 never calls anything equal.
 * @param nSamples      Samples that the intervals rest on.
 * @param lowerIsBetter True for costs.
 * @param power         In (0, 1).
 *
 * Intervals are taken to narrow with the root of the rows.
 *
 * Source: Schuirmann (1987), "A Comparison of the Two One-Sided Tests Procedure and the Power
 * Approach", for the zone.
 */
export function practicalEquivalence({
  difference,
  interval90,
  interval95,
  zone,
  nSamples,
  lowerIsBetter,
  power = 0.8,
}: {
  readonly difference: number
  readonly interval90: Pick<Interval, 'lower' | 'upper'>
  readonly interval95: Pick<Interval, 'lower' | 'upper'>
  readonly zone: number
  readonly nSamples: number
  readonly lowerIsBetter: boolean
  readonly power?: number
}): PracticalEquivalence {
  if (!(zone >= 0 && zone < Infinity)) {
    throw new RangeError(`zone must be finite and at least 0, got ${zone}`)
  }
  if (!(power > 0 && power < 1)) throw new RangeError(`power must lie in (0, 1), got ${power}`)
  const decided = (verdict: EquivalenceVerdict): PracticalEquivalence => ({
    verdict,
    rowsNeeded: null,
    wouldBe: null,
  })
  const side = (value: number): 'better' | 'worse' =>
    value < 0 === lowerIsBetter ? 'better' : 'worse'
  if (zone > 0 && interval90.lower >= -zone && interval90.upper <= zone) return decided('equal')
  if (interval95.upper < 0) return decided(side(-1))
  if (interval95.lower > 0) return decided(side(1))

  const error = (interval95.upper - interval95.lower) / (2 * normalQuantile(0.975))
  const extra = normalQuantile(power)
  const size = Math.abs(difference)
  const rowsFor = (distance: number, quantile: number): number => {
    const ratio = ((quantile + extra) * error) / distance
    return distance > 0 ? Math.ceil(nSamples * ratio * ratio) : Infinity
  }
  const toDiffer = rowsFor(size, normalQuantile(0.975))
  const toBeEqual = rowsFor(zone - size, normalQuantile(0.95))
  const rows = Math.max(nSamples + 1, Math.min(toDiffer, toBeEqual))
  if (rows === Infinity) return { verdict: 'undecided', rowsNeeded: null, wouldBe: null }
  return {
    verdict: 'undecided',
    rowsNeeded: rows,
    wouldBe: toDiffer < toBeEqual ? side(difference) : 'equal',
  }
}
