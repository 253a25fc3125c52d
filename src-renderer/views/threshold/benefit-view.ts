/** How decision curves are laid out, in numbers. */
import type { NetBenefitCurve } from '#shared/core/decision/uncertainty.ts'
import { niceStep } from './drawn-curves.ts'
import { logOdds } from './threshold-scale.ts'

/** How far below 0 the axis goes at most, as a part of what is above. */
const BELOW = 0.5
const STEPS = 4

/** Ends of both axes: log-odds across, net true positives of 1,000 cases upwards. */
export function benefitRange(
  own: NetBenefitCurve,
  reference: NetBenefitCurve | null,
): {
  readonly low: number
  readonly high: number
  readonly bottom: number
  readonly top: number
  readonly step: number
} {
  const { points } = own
  const drawn = [...points, ...(reference?.points ?? [])]
  const tops = drawn.map(
    (point) => point.netBenefitPer1000Interval?.upper ?? point.netBenefitPer1000,
  )
  const highest = Math.max(points[0]!.alertAllPer1000, ...tops, 0)
  const lowest = Math.min(...drawn.map(({ netBenefitPer1000 }) => netBenefitPer1000), 0)
  const step = niceStep(highest / STEPS || 1)
  return {
    low: logOdds(points[0]!.thresholdProbability),
    high: logOdds(points.at(-1)!.thresholdProbability),
    // Alerting on everybody falls without end, and so may a run: what matters is near 0.
    bottom: -step * Math.max(1, Math.ceil(Math.min(-lowest, BELOW * highest) / step)),
    top: step * Math.max(1, Math.ceil(highest / step)),
    step,
  }
}
