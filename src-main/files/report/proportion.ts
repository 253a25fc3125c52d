import { wilsonInterval } from '#shared/core/metrics/wilson.ts'
import type { Interval } from '#shared/core/report/analysis.ts'

/** How many of how many. */
export interface Proportion {
  readonly count: number
  readonly of: number
}

/** Coverage of every interval that the report computes itself. */
const LEVEL = 0.95

/** Wilson's interval of a share; null when it is one of nothing. */
export function shareInterval({ count, of }: Proportion): Interval | null {
  return wilsonInterval(Math.min(count, of), of, LEVEL)
}
