/** What a frame asks a decision to keep to, as the one answer that everything else reads. */
import { formatNumber } from '../format.ts'
import type { Commitment, Frame } from './frame.ts'

/** The part of a frame that bounds decisions, whatever they cost. */
export type FrameLimits = Pick<
  Frame,
  'casesPerDay' | 'capacity' | 'minutesPerAlert' | 'reviewHoursPerDay' | 'commitments'
>

/** No limit, nothing known of the load. */
export const noLimits: FrameLimits = {
  casesPerDay: null,
  capacity: null,
  minutesPerAlert: null,
  reviewHoursPerDay: null,
  commitments: [],
}

export interface AlertLimit {
  readonly perDay: number
  /** Which of the stated limits binds; `alerts` where both allow the same. */
  readonly setBy: 'alerts' | 'review hours'
}

/**
 * The most alerts per day that a frame allows: its capacity, or as many as fit into the review
 * hours, whichever is less.
 *
 * @returns Null where neither is stated.
 */
export function alertLimit({
  capacity,
  minutesPerAlert,
  reviewHoursPerDay,
}: Omit<FrameLimits, 'casesPerDay' | 'commitments'>): AlertLimit | null {
  const fitting =
    reviewHoursPerDay === null || minutesPerAlert === null
      ? null
      : (reviewHoursPerDay * 60) / minutesPerAlert
  if (fitting === null) return capacity === null ? null : { perDay: capacity, setBy: 'alerts' }
  return capacity === null || fitting < capacity
    ? { perDay: fitting, setBy: 'review hours' }
    : { perDay: capacity, setBy: 'alerts' }
}

/** The largest share of cases that may be alerted, in [0, 1]; null without a limit. */
export function maxAlertShare(limits: Omit<FrameLimits, 'commitments'>): number | null {
  const limit = alertLimit(limits)
  return limit === null || limits.casesPerDay === null
    ? null
    : Math.min(1, limit.perDay / limits.casesPerDay)
}

/**
 * The alert limit in words, with what sets it wherever hours are stated: `60 alerts a day`,
 * `80 alerts a day (8 h of review at 6 min each)`.
 *
 * @param number How numbers are written.
 * @returns Null without a limit.
 */
export function alertLimitText(
  limits: Omit<FrameLimits, 'casesPerDay' | 'commitments'>,
  number: (value: number) => string = formatNumber,
): string | null {
  const limit = alertLimit(limits)
  if (limit === null) return null
  const { capacity, minutesPerAlert, reviewHoursPerDay } = limits
  const text = `${number(limit.perDay)} alerts a day`
  if (minutesPerAlert === null || reviewHoursPerDay === null) return text
  const review = `${formatNumber(reviewHoursPerDay)} h of review at ${formatNumber(minutesPerAlert)} min each`
  if (limit.setBy === 'alerts') return `${text} (within ${review})`
  return `${text} (${review}${capacity === null ? '' : `, less than the ${number(capacity)} alerts allowed`})`
}

/** The same for a label: `60 a day`, or `80 a day, 12 h` where the hours bind. */
export function alertLimitLabel(
  limits: Omit<FrameLimits, 'casesPerDay' | 'commitments'>,
  number: (value: number) => string = formatNumber,
): string | null {
  const limit = alertLimit(limits)
  if (limit === null) return null
  const hours =
    limit.setBy === 'alerts' ? '' : `, ${formatNumber(limits.reviewHoursPerDay!)}\u00a0h`
  return `${number(limit.perDay)} a day${hours}`
}

const measures = ['recall', 'precision'] as const

/** The rate that is promised for a measure; null where nothing is. */
export function committedRate(
  commitments: readonly Commitment[],
  measure: Commitment['measure'],
): number | null {
  return commitments.find((one) => one.measure === measure)?.atLeast ?? null
}

/** The commitments with that of one measure replaced, or taken out by null; recall first. */
export function withCommitment(
  commitments: readonly Commitment[],
  measure: Commitment['measure'],
  atLeast: number | null,
): readonly Commitment[] {
  return measures.flatMap((one): Commitment[] => {
    const rate = one === measure ? atLeast : committedRate(commitments, one)
    return rate === null ? [] : [{ measure: one, atLeast: rate }]
  })
}

/** `recall ≥ 0.8 and precision ≥ 0.5`; null where nothing is promised. */
export function commitmentsText(commitments: readonly Commitment[]): string | null {
  return commitments.length === 0
    ? null
    : commitments.map(({ measure, atLeast }) => `${measure} ≥ ${atLeast}`).join(' and ')
}
