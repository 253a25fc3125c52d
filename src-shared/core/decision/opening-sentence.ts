import { formatMoney, formatMoneyWithInterval, formatTogether, withCurrency } from '../format.ts'
import type { Comparison, LedgerRow } from './comparison.ts'
import { per1000ToMonth, type ThresholdRule } from './operating-point.ts'

/** What of the decision frame the sentence has to say. */
export interface OpeningFacts {
  readonly casesPerDay: number | null
  /** What amounts are shown with; null for bare numbers. */
  readonly currency: string | null
  readonly costsAssumed: boolean
  /**
   * How the recommended threshold misses the constraints, in words; null when it keeps them or
   * there are none.
   */
  readonly shortfall: string | null
}

/**
 * The outcome of a comparison in a sentence or two, what to decide with first: what it costs, out
 * of how many ways, and whether anything is cheaper for certain. A further one says which
 * constraint cannot be kept.
 *
 * "No clear winner" stands in it exactly when the champion is not the reference (untreated, tuned)
 * and its difference to it is not certain.
 *
 * Costs are per month of 30 days where the cases per day are known, else per 1,000 cases.
 */
export function openingSentence(comparison: Comparison, facts: OpeningFacts): string {
  const sentence = outcome(comparison, facts)
  const onWhichCosts = facts.costsAssumed ? `On assumed costs: ${lowerFirst(sentence)}` : sentence
  return facts.shortfall === null
    ? onWhichCosts
    : `${onWhichCosts} No threshold keeps every constraint: ${facts.shortfall}.`
}

function outcome(comparison: Comparison, units: Units): string {
  const { casesPerDay, currency } = units
  const { champion, recommended, difference, ledger } = comparison
  const unit = casesPerDay === null ? 'per 1,000 cases' : 'per month'
  const amount = (costPer1000: number): string =>
    amountText(scaled(costPer1000, casesPerDay), currency)
  const winner = nameOf(ledger, champion)
  const cost = `${amount(champion.costPer1000)} ${unit}`
  if (difference === null) return `Only one way to decide was compared: ${winner} costs ${cost}.`

  const { competitors } = champion
  // The rest of the ledger breaks a constraint.
  const within = competitors < ledger.length ? ' within the constraints' : ''
  const ways = `${competitors} ${competitors === 1 ? 'way' : 'ways'} to decide${within}`
  const corrected = champion.costPer1000BiasCorrected
  const correction =
    competitors < 2 || corrected === null
      ? ''
      : ` (Corrected for having picked the best of ${competitors}: ${amount(corrected)}.)`

  const opponent = nameOf(ledger, { name: difference.opponent, rule: difference.opponentRule })
  const gap = gapText(difference, units)
  // Only what breaks a constraint can be cheaper than the champion.
  const championIsCheaper = difference.costPer1000 <= 0
  const than = championIsCheaper
    ? `${gap} less than ${opponent}`
    : `${gap} more than ${opponent}, which breaks a constraint`
  const otherCosts = championIsCheaper
    ? `costs ${gap} more`
    : `costs ${gap} less, but breaks a constraint`
  const nothingTreated = ledger.every((row) => row.untreated)

  if (isSame(champion, { name: comparison.reference, rule: 'tuned' })) {
    return nothingTreated
      ? `Of ${ways}, all without a treatment, ${winner} is cheapest: ${cost}; the next, ${opponent}, ${otherCosts}.${correction}`
      : `No treatment helped: ${winner} is cheapest of ${ways}, at ${cost}; the cheapest treated run, ${difference.opponent}, ${otherCosts}.${correction}`
  }
  if (!difference.certain) {
    if (isSame(champion, recommended)) {
      return `No clear winner in cost, but ${opponent} breaks a constraint: of ${ways}, ${winner} is cheapest, at ${cost}.${correction}`
    }
    const enough = `${nameOf(ledger, recommended)} is enough, at ${amount(rowOf(ledger, recommended).costPer1000)} ${unit}`
    // The name of a run stays as it is written, even where it opens a sentence.
    const Winner = rowOf(ledger, champion).untreated ? upperFirst(winner) : winner
    return `No clear winner among ${ways}: ${enough}. ${Winner} came out ${gap} cheaper, which may be chance.`
  }
  return rowOf(ledger, champion).untreated && !nothingTreated
    ? `No treatment helped: ${winner} is cheapest of ${ways}, at ${cost}, ${than}.${correction}`
    : `Of ${ways}, ${winner} is cheapest: ${cost}, ${than}.${correction}`
}

interface Way {
  readonly name: string
  readonly rule: ThresholdRule
}

const RULES: Readonly<Record<ThresholdRule, string>> = {
  half: 'at threshold 0.5',
  bayes: 'at the Bayes threshold',
  tuned: 'at its tuned threshold',
  prevalence: 'at the prevalence',
}

type Ledger = Comparison['ledger']

type Units = Pick<OpeningFacts, 'casesPerDay' | 'currency'>

function rowOf(ledger: Ledger, way: Way): LedgerRow {
  const row = ledger.find((each) => isSame(each, way))
  if (row === undefined) throw new RangeError(`the ledger has no row ${way.name}, ${way.rule}`)
  return row
}

function nameOf(ledger: Ledger, way: Way): string {
  const untreated = rowOf(ledger, way).untreated ? 'the untreated ' : ''
  return `${untreated}${way.name} ${RULES[way.rule]}`
}

/** Three significant digits, zeros included, since amounts stand side by side: `42.0`. */
function amountText(value: number, currency: string | null): string {
  return Math.abs(value) < 100
    ? withCurrency(formatTogether(value)[0]!, currency)
    : formatMoney(value, currency)
}

/** A difference without its sign, its interval seen from the same side. */
function gapText(
  { costPer1000, interval }: NonNullable<Comparison['difference']>,
  { casesPerDay, currency }: Units,
): string {
  const gap = scaled(Math.abs(costPer1000), casesPerDay)
  if (interval === null) return amountText(gap, currency)
  const lower = scaled(interval.lower, casesPerDay)
  const upper = scaled(interval.upper, casesPerDay)
  return formatMoneyWithInterval(
    gap,
    costPer1000 > 0 ? { lower, upper } : { lower: 0 - upper, upper: 0 - lower },
    currency,
  )
}

function scaled(costPer1000: number, casesPerDay: number | null): number {
  return casesPerDay === null ? costPer1000 : per1000ToMonth(costPer1000, casesPerDay)
}

function isSame(a: Way, b: Way): boolean {
  return a.name === b.name && a.rule === b.rule
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
