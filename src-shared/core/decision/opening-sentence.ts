import { formatNumber, formatWithInterval } from '../format.ts'
import type { Comparison } from './comparison.ts'
import { per1000ToMonth, type ThresholdRule } from './operating-point.ts'

/** What of the decision frame the sentence has to say. */
export interface OpeningFacts {
  readonly casesPerDay: number | null
  readonly costsAssumed: boolean
  /**
   * How the champion's threshold misses the constraints, in words; null when it keeps them or
   * there are none.
   */
  readonly shortfall: string | null
}

/**
 * The outcome of a comparison in one sentence: which way to decide is cheapest, by how much, out
 * of how many, and whether that is certain. A second one says which constraint cannot be kept.
 *
 * Costs are per month of 30 days where the cases per day are known, else per 1,000 cases.
 */
export function openingSentence(comparison: Comparison, facts: OpeningFacts): string {
  const sentence = outcome(comparison, facts.casesPerDay)
  const onWhichCosts = facts.costsAssumed ? `On assumed costs: ${lowerFirst(sentence)}` : sentence
  return facts.shortfall === null
    ? onWhichCosts
    : `${onWhichCosts} No threshold keeps every constraint: ${facts.shortfall}.`
}

function outcome(comparison: Comparison, casesPerDay: number | null): string {
  const { champion, difference, ledger } = comparison
  const money = (per1000: number): number =>
    casesPerDay === null ? per1000 : per1000ToMonth(per1000, casesPerDay)
  const unit = casesPerDay === null ? 'per 1,000 cases' : 'per month'
  const isUntreated = (name: string, rule: ThresholdRule): boolean =>
    ledger.some((row) => row.name === name && row.rule === rule && row.untreated)
  const nameOf = (name: string, rule: ThresholdRule): string =>
    `${isUntreated(name, rule) ? 'the untreated ' : ''}${name} ${RULES[rule]}`

  const winner = nameOf(champion.name, champion.rule)
  const corrected = champion.costPer1000BiasCorrected
  const allowance =
    champion.competitors < 2 || corrected === null
      ? ''
      : ` (${formatNumber(money(corrected))} when corrected for having picked the best)`
  const cost = `${formatNumber(money(champion.costPer1000))} ${unit}${allowance}`
  if (difference === null) return `Only one way to decide was compared: ${winner} costs ${cost}.`

  const opponent = nameOf(difference.opponent, difference.opponentRule)
  const gap = { ...difference, costPer1000: money(difference.costPer1000) }
  const interval = difference.interval && {
    lower: money(difference.interval.lower),
    upper: money(difference.interval.upper),
  }
  const among = `${champion.competitors} ways to decide`
  const lead = leadOf(gap.costPer1000, interval)

  if (!isUntreated(champion.name, champion.rule)) {
    return difference.certain
      ? `Of ${among}, ${winner} is cheapest: ${cost}, ${lead} than ${opponent}.`
      : `No clear winner among ${among}: ${winner} comes out cheapest at ${cost}, but its difference to ${opponent} is ${signed(gap.costPer1000, interval)} ${unit} and may be chance, so the untreated model with a tuned threshold is enough.`
  }
  const opening = ledger.every((row) => row.untreated)
    ? `Of ${among}, all without a treatment,`
    : `No treatment helped: of ${among},`
  return difference.certain
    ? `${opening} ${winner} is cheapest: ${cost}, ${lead} than ${opponent}.`
    : `${opening} ${winner} is cheapest at ${cost}; its difference to ${opponent} is ${signed(gap.costPer1000, interval)} ${unit} and may be chance.`
}

const RULES: Readonly<Record<ThresholdRule, string>> = {
  half: 'at threshold 0.5',
  bayes: 'at the Bayes threshold',
  tuned: 'at its tuned threshold',
}

type Bounds = { readonly lower: number; readonly upper: number } | null

/** "3.1 [0.4, 5.9] less" for −3.1 [−5.9, −0.4]. */
function leadOf(difference: number, bounds: Bounds): string {
  return difference <= 0
    ? `${signed(0 - difference, bounds && { lower: 0 - bounds.upper, upper: 0 - bounds.lower })} less`
    : `${signed(difference, bounds)} more`
}

function signed(difference: number, bounds: Bounds): string {
  return bounds === null ? formatNumber(difference) : formatWithInterval(difference, bounds)
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
