/** From what a person asks of a threshold to the solver and back to words. */
import type { ThresholdData } from '#shared/contract/decision.ts'
import { committedRate } from '#shared/core/frame/limits.ts'
import { solveOperatingPoint } from '#shared/core/decision/solve-operating-point.ts'
import type {
  Requirement,
  RequirementKind,
  SolvedPoint,
} from '#shared/core/decision/solve-operating-point.ts'

/** As typed; null where nothing is asked. */
export interface Wishes {
  readonly goal: 'cost' | 'recall'
  /** Percent. */
  readonly recall: number | null
  readonly precision: number | null
  /** A day, or of 1,000 cases where the cases of a day aren't known. */
  readonly alerts: number | null
  /** A day. */
  readonly reviewHours: number | null
  readonly minutesPerAlert: number | null
}

/** What the frame asks already. */
export function wishesOf(data: ThresholdData): Wishes {
  const { commitments, capacity, casesPerDay, minutesPerAlert, reviewHoursPerDay } = data
  const committed = (measure: 'recall' | 'precision'): number | null => {
    const rate = committedRate(commitments, measure)
    return rate === null ? null : 100 * rate
  }
  return {
    goal: 'cost',
    recall: committed('recall'),
    precision: committed('precision'),
    alerts: casesPerDay === null ? null : capacity,
    reviewHours: casesPerDay === null ? null : reviewHoursPerDay,
    minutesPerAlert,
  }
}

/** Without cases of a day a limit of alerts is of this many cases. */
const ALERTS_OF = 1000

/** @returns Why the wishes can't be solved, or the answer. */
export function solveWishes(
  { curve, casesPerDay }: ThresholdData,
  wishes: Wishes,
): { readonly problem: string } | { readonly solved: SolvedPoint; readonly requirements: number } {
  const { recall, precision, alerts, reviewHours, minutesPerAlert } = wishes
  if (reviewHours !== null && minutesPerAlert === null) {
    return { problem: 'Say how many minutes an alert takes, or leave the hours open.' }
  }
  if (reviewHours !== null && casesPerDay === null) {
    return { problem: 'Hours a day need the number of cases a day: state it in the frame.' }
  }
  const asked: readonly (readonly [RequirementKind, number | null])[] = [
    ['recall', recall === null ? null : recall / 100],
    ['precision', precision === null ? null : precision / 100],
    ['alerts', alerts],
    ['review hours', reviewHours],
  ]
  const requirements = asked.flatMap(([kind, limit]): Requirement[] =>
    limit === null ? [] : [{ kind, limit }],
  )
  return {
    requirements: requirements.length,
    solved: solveOperatingPoint({
      curve: {
        ...curve,
        positives: curve.weightOfPositives,
        negatives: curve.weightOfNegatives,
      },
      goal: wishes.goal,
      requirements,
      workload: {
        casesPerDay: casesPerDay ?? ALERTS_OF,
        minutesPerAlert: minutesPerAlert !== null && minutesPerAlert > 0 ? minutesPerAlert : null,
      },
    }),
  }
}
