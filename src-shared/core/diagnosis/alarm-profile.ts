/**
 * How many cases labelled negative stand among the positives that are ranked highest: what tells
 * classes that overlap from positives that nobody labelled.
 *
 * Where classes overlap, the highest scores are the purest, and negatives creep in the more of the
 * positives are to be caught. Where positives were missed at random, the same share of what looks
 * positive is labelled negative at the very top and further down: the purity has a ceiling.
 */
import { argsortDescending } from '../math/order.ts'
import type { Interval } from '../metrics/interval.ts'
import { wilsonInterval } from '../metrics/wilson.ts'

/** A quarter of the given positives, in the order of their scores, and the negatives among them. */
export interface AlarmQuarter {
  readonly positives: number
  readonly negatives: number
  /** Negatives ÷ both, and its 95 % interval (Wilson). */
  readonly negativeShare: number
  readonly interval: Interval
}

export interface AlarmProfile {
  /** From the highest scores down. Null with fewer than 4 positives. */
  readonly quarters: readonly AlarmQuarter[] | null
  /**
   * `ceiling`: negatives stand at the very top and hardly become more. `rising`: they become more
   * further down. `pure`: there are none to speak of. `unclear`: too few positives to say.
   */
  readonly shape: 'ceiling' | 'rising' | 'pure' | 'unclear'
}

const LEVEL = 0.95
/** The top quarter must hold this share of negatives for certain, and not nearly half. */
const LEAST_AT_TOP = 0.05
const MOST_AT_TOP = 0.4
/** The share may rise so much to the second quarter, and twice that to the third; and by chance. */
const MOST_RISE = 0.12
const CHANCE = 1.6448536269514722 // standard errors: 5 % on one side
/** Positives in the top quarter below which its purity is anybody's guess. */
const FEW = 15

/**
 * @param yTrue  0 or 1 per sample, length nSamples.
 * @param scores Out of fold, length nSamples. Samples of one score stand in their order.
 */
export function alarmProfile(yTrue: Uint8Array, scores: Float64Array): AlarmProfile {
  const all = yTrue.reduce((sum, y) => sum + y, 0)
  if (all < 4) return { quarters: null, shape: 'unclear' }
  const order = argsortDescending(scores)
  const quarters: AlarmQuarter[] = []
  let positives = 0
  let inQuarter = 0
  let negatives = 0
  for (const i of order) {
    if (yTrue[i] === 0) {
      negatives++
      continue
    }
    positives++
    inQuarter++
    if (positives < Math.round((all * (quarters.length + 1)) / 4)) continue
    quarters.push({
      positives: inQuarter,
      negatives,
      negativeShare: negatives / (inQuarter + negatives),
      interval: wilsonInterval(negatives, inQuarter + negatives, LEVEL)!,
    })
    inQuarter = 0
    negatives = 0
    if (quarters.length === 4) break
  }
  return { quarters, shape: shapeOf(quarters) }
}

function shapeOf([first, second, third]: readonly AlarmQuarter[]): AlarmProfile['shape'] {
  if (first!.positives < FEW) return 'unclear'
  if (third!.negativeShare < LEAST_AT_TOP) return 'pure'
  if (first!.interval.lower < LEAST_AT_TOP || first!.negativeShare > MOST_AT_TOP) return 'rising'
  return leastRise(first!, second!) <= MOST_RISE && leastRise(first!, third!) <= 2 * MOST_RISE
    ? 'ceiling'
    : 'rising'
}

/** By how much the share of negatives rises at least, chance allowed for. */
function leastRise(from: AlarmQuarter, to: AlarmQuarter): number {
  const variance = ({ positives, negatives, negativeShare }: AlarmQuarter): number =>
    (negativeShare * (1 - negativeShare)) / (positives + negatives)
  const error = Math.sqrt(variance(from) + variance(to))
  return to.negativeShare - from.negativeShare - CHANCE * error
}
