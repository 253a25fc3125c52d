/** What a job says of itself in a line. */
import type { Job } from '#shared/contract/work.ts'
import { dateTime, duration } from '../../format/numbers.ts'
import type { IconName } from '../icons.ts'

export const jobIcons: Readonly<Record<Job['state'], IconName>> = {
  queued: 'clock',
  running: 'play',
  interrupted: 'pause',
  done: 'check',
  failed: 'circle-alert',
  cancelled: 'x',
}

export function jobText({ state, detail, secondsLeft, reason, endedAt }: Job): string {
  switch (state) {
    case 'queued':
      return 'Waits for its turn'
    case 'running':
      return [detail, secondsLeft === null ? '' : `${duration(secondsLeft)} left`]
        .filter(Boolean)
        .join(', ')
    case 'interrupted':
      return detail === '' ? 'Interrupted; what is done is kept' : detail
    case 'failed':
      return reason ?? 'Failed'
    case 'cancelled':
      return detail === '' ? 'Cancelled' : `Cancelled: ${detail}`
    case 'done':
      return [detail, endedAt === null ? '' : dateTime(endedAt)].filter(Boolean).join(', ')
  }
}
