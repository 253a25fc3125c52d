import { maxAlertShare } from '../frame/limits.ts'
import type { FrameLimits } from '../frame/limits.ts'
import type { Requirement } from './solve-operating-point.ts'

/** What a frame asks a threshold to keep to. */
export function frameRequirements(limits: FrameLimits): Requirement[] {
  const { casesPerDay, reviewHoursPerDay, commitments } = limits
  // More alerts than cases are no more than all of them.
  const share = maxAlertShare({ ...limits, reviewHoursPerDay: null })
  return [
    ...commitments.map(({ measure, atLeast }) => ({ kind: measure, limit: atLeast })),
    ...(casesPerDay === null || share === null
      ? []
      : [{ kind: 'alerts' as const, limit: share * casesPerDay }]),
    ...(reviewHoursPerDay === null
      ? []
      : [{ kind: 'review hours' as const, limit: reviewHoursPerDay }]),
  ]
}
