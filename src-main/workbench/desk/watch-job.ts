import type { Watch } from '../workbench.ts'
import type { JobControl } from './jobs.ts'
import type { OpenedProject } from './opened-project.ts'

/** Follows work as a job: called off with the job, or when the project is closed. */
export function watchOf(control: JobControl, { signal }: OpenedProject): Watch {
  return {
    signal: AbortSignal.any([control.signal, signal]),
    onNotice: (text) => {
      control.progress(0, text)
    },
    onProgress: ({ fraction, detail, secondsLeft }) => {
      control.progress(fraction, detail, secondsLeft)
    },
  }
}
