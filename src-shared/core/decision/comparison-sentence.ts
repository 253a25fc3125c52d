import { formatMoney, formatMoneyWithInterval } from '../format.ts'
import type { Interval } from '../metrics/interval.ts'
import { per1000ToMonth } from './operating-point.ts'

/** A run held against the champion, as it decided out of fold. */
export interface AgainstChampion {
  readonly name: string
  readonly costPer1000: number
  /** Cost per 1,000 cases minus the champion's; null on the champion. */
  readonly difference: { readonly value: number; readonly interval: Interval | null } | null
  readonly verdict: ComparisonVerdict
  /** How its threshold misses the constraints, in words; null when it keeps them. */
  readonly shortfall: string | null
}

export type ComparisonVerdict =
  'champion' | 'cheaper' | 'dearer' | 'no_clear_difference' | 'over_constraint'

export interface ComparisonUnits {
  readonly casesPerDay: number | null
  readonly currency: string | null
  readonly costsAssumed: boolean
}

/**
 * What a difference to the champion amounts to. A run that misses the constraints is never called
 * cheaper: it does another job.
 */
export function verdictOf(
  difference: AgainstChampion['difference'],
  shortfall: string | null,
): ComparisonVerdict {
  if (difference === null) return 'champion'
  if (shortfall !== null) return 'over_constraint'
  const { interval } = difference
  if (interval === null || (interval.lower <= 0 && interval.upper >= 0)) {
    return 'no_clear_difference'
  }
  return interval.upper < 0 ? 'cheaper' : 'dearer'
}

/**
 * What to make of runs side by side, money first, in a few sentences: which is cheaper for certain,
 * else what the champion costs and how near the next one comes. Who misses a constraint is named at
 * the end.
 *
 * Costs are a month of 30 days where the cases per day are known, else per 1,000 cases.
 *
 * @param runs The champion first; at least one more.
 */
export function comparisonSentence(
  runs: readonly AgainstChampion[],
  units: ComparisonUnits,
): string {
  const sentence = outcome(runs, units)
  const broken = runs.filter(({ shortfall }) => shortfall !== null)
  return [
    units.costsAssumed ? `On assumed costs: ${sentence}` : sentence,
    ...broken.map(({ name, shortfall }) => `${name} can't keep every constraint: ${shortfall!}.`),
  ].join(' ')
}

function outcome(runs: readonly AgainstChampion[], units: ComparisonUnits): string {
  const [champion, ...others] = runs
  if (champion === undefined) throw new RangeError('comparisonSentence needs a champion')
  const unit = units.casesPerDay === null ? 'per 1,000 cases' : 'a month'
  const amount = (costPer1000: number): string =>
    formatMoney(scaled(costPer1000, units), units.currency)
  const byDifference = others.toSorted(
    (a, b) => (a.difference?.value ?? 0) - (b.difference?.value ?? 0),
  )
  const [best, ...alsoCheaper] = byDifference.filter(({ verdict }) => verdict === 'cheaper')
  if (best !== undefined) {
    const also =
      alsoCheaper.length === 0
        ? ''
        : ` So ${alsoCheaper.length === 1 ? 'is' : 'are'} ${listed(alsoCheaper.map(({ name }) => name))}, by less.`
    return `${best.name} is cheaper than ${champion.name} by ${gapText(best, units)} ${unit}: ${amount(best.costPer1000)} against ${amount(champion.costPer1000)}.${also}`
  }
  const cost = `${amount(champion.costPer1000)} ${unit}`
  const unclear = byDifference.filter(({ verdict }) => verdict === 'no_clear_difference')
  const [nearest] = unclear
  if (nearest !== undefined) {
    const isCheaper = (nearest.difference?.value ?? 0) <= 0
    const rest =
      unclear.length === 1
        ? ''
        : ` Nor is there a clear difference to ${listed(unclear.slice(1).map(({ name }) => name))}.`
    return `No clear difference: ${champion.name} costs ${cost}, and ${nearest.name} came out ${gapText(nearest, units)} ${isCheaper ? 'cheaper' : 'dearer'}, which may be chance.${rest}`
  }
  const [closest] = byDifference.filter(({ verdict }) => verdict === 'dearer')
  return closest === undefined
    ? `${champion.name} costs ${cost}; nothing beside it keeps the constraints.`
    : `${champion.name} is cheapest, at ${cost}; ${others.length === 1 ? '' : 'the closest, '}${closest.name}${others.length === 1 ? '' : ','} costs ${gapText(closest, units)} more.`
}

/** A difference without its sign, its interval seen from the same side. */
function gapText({ difference }: AgainstChampion, units: ComparisonUnits): string {
  const { value, interval } = difference!
  const gap = scaled(Math.abs(value), units)
  if (interval === null) return formatMoney(gap, units.currency)
  const lower = scaled(interval.lower, units)
  const upper = scaled(interval.upper, units)
  return formatMoneyWithInterval(
    gap,
    value > 0 ? { lower, upper } : { lower: 0 - upper, upper: 0 - lower },
    units.currency,
  )
}

function scaled(costPer1000: number, { casesPerDay }: ComparisonUnits): number {
  return casesPerDay === null ? costPer1000 : per1000ToMonth(costPer1000, casesPerDay)
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`
}
