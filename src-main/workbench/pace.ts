/** How far long work has come. */
export interface Progress {
  readonly stage: 'import' | 'folds' | 'evaluation'
  /** Fraction of the import, or of the whole run, that is done; in [0, 1]. */
  readonly fraction: number
  /** Until the import, or the whole run, is done; null while there is too little to go by. */
  readonly secondsLeft: number | null
  /** What is being worked on. */
  readonly detail: string
}

// Before this much has been done an estimate would be a guess.
const leastFraction = 0.02
const leastMs = 1000

/**
 * Turns a fraction done into progress with time left, at the pace held so far.
 *
 * @param now Milliseconds of a clock that never runs backwards.
 */
export function createPace(
  stage: Progress['stage'],
  now: () => number,
  onProgress: (progress: Progress) => void,
): { reach(fraction: number, detail: string): void } {
  const start = now()
  return {
    reach(fraction, detail) {
      const elapsed = now() - start
      const known = fraction >= leastFraction && elapsed >= leastMs
      onProgress({
        stage,
        fraction,
        secondsLeft: known ? ((elapsed / fraction) * (1 - fraction)) / 1000 : null,
        detail,
      })
    },
  }
}
