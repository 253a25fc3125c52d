/** What the limits on alerts come to, so that one can be weighed against the other while typing. */
import { alertLimit } from '#shared/core/frame/limits.ts'
import type { FrameLimits } from '#shared/core/frame/limits.ts'
import { count, plain } from '../../format/numbers.ts'

/** Empty where hours and minutes say nothing yet. */
export function limitSentence({
  capacity,
  minutesPerAlert,
  reviewHoursPerDay,
}: Omit<FrameLimits, 'casesPerDay' | 'commitments'>): string {
  if (minutesPerAlert === null) return ''
  if (reviewHoursPerDay === null) {
    return capacity === null
      ? 'The hours are missing: minutes alone limit nothing.'
      : `${alerts(capacity)} at ${plain(minutesPerAlert)} min take ${plain((capacity * minutesPerAlert) / 60, 3)} h a day. The hours are missing: only alerts are limited.`
  }
  const hours = { minutesPerAlert, reviewHoursPerDay }
  const fitting = alertLimit({ ...hours, capacity: null })!.perDay
  const are = `${plain(reviewHoursPerDay)} h at ${plain(minutesPerAlert)} min are ${alerts(fitting)} a day`
  if (capacity === null) return `${are}.`
  const limit = `your limit of ${alerts(capacity)}`
  if (fitting === capacity) return `${are}, the same as ${limit}.`
  return alertLimit({ ...hours, capacity })!.setBy === 'alerts'
    ? `${are}; ${limit} binds.`
    : `${are}; they bind before ${limit}.`
}

function alerts(value: number): string {
  const text = value < 100 ? plain(value, 3) : count(value)
  return `${text} ${text === '1' ? 'alert' : 'alerts'}`
}
