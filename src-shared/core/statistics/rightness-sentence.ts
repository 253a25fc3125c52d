import { formatNumber } from '../format.ts'
import type { Rightness } from './rightness.ts'

/** Rightness among all cases, among positives (recall) and among negatives (specificity). */
export interface RightnessByClass {
  readonly all: Rightness
  readonly positives: Rightness
  readonly negatives: Rightness
}

/** P-value up to which, and interval beyond 0 from which, one is called right more often. */
const LEVEL = 0.05

/**
 * Which of two runs is right more often, overall, among positives and among negatives, and whether
 * it may be chance.
 */
export function rightnessSentence(
  { all, positives, negatives }: RightnessByClass,
  names: readonly [string, string],
): string {
  if (all.onlyFirst + all.onlySecond === 0) return 'Both runs are right in the same cases.'
  const reasons = new Set([all, positives, negatives].flatMap(({ reason }) => reason ?? []))
  return [
    clause('Of all cases', all, names),
    clause('Of the positives (recall)', positives, names),
    clause('Of the negatives (specificity)', negatives, names),
    reasons.size < 2 && all.reason === null
      ? 'McNemar’s exact test, each p by itself.'
      : `Where there is no p, McNemar’s test does not hold, since ${[...reasons].join(' and ')}: the paired 95 % interval is told instead.`,
  ].join(' ')
}

function clause(
  of: string,
  rightness: Rightness,
  [first, second]: readonly [string, string],
): string {
  const { onlyFirst, onlySecond, pValue } = rightness
  if (onlyFirst + onlySecond === 0) return `${of}, both are right in the same.`
  const ahead = aheadBy(rightness)
  const verdict =
    ahead === 0
      ? 'either may be right more often'
      : `${ahead > 0 ? second : first} is right more often`
  const counts = `${second} alone is right in ${formatNumber(onlySecond)}, ${first} alone in ${formatNumber(onlyFirst)}`
  return `${of}, ${counts} (${pValue === null ? spanText(rightness) : pText(pValue)}): ${verdict}.`
}

/** 1 where the second is right more often for certain, −1 where the first is, else 0. */
function aheadBy({ onlyFirst, onlySecond, pValue, difference, interval }: Rightness): number {
  if (pValue !== null) return pValue <= LEVEL ? Math.sign(onlySecond - onlyFirst) : 0
  const isClear = interval !== null && (interval.lower > 0 || interval.upper < 0)
  return isClear ? Math.sign(difference ?? 0) : 0
}

function pText(pValue: number): string {
  return pValue < 0.001 ? 'p < 0.001' : `p = ${Number(pValue.toPrecision(2))}`
}

function spanText({ difference, interval }: Rightness): string {
  if (difference === null) return 'none has a weight'
  const points = (share: number): string => formatNumber(100 * share)
  return interval === null
    ? `${points(difference)} points, of one group`
    : `${points(difference)} points [${points(interval.lower)}, ${points(interval.upper)}]`
}
