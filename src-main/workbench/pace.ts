/** How far long work has come. */
export interface Progress {
  readonly stage: 'import' | 'folds' | 'evaluation'
  /** Fraction of the stage that is done, in [0, 1]. */
  readonly fraction: number
  /** Null until there is enough behind it to go by. */
  readonly secondsLeft: number | null
  /** What is being worked on. */
  readonly detail: string
}

// Before this much has been done an estimate would be a guess.
const leastFraction = 0.02
const leastMs = 1000

/**
 * Turns units of work done into progress with time left, at the pace held so far in this stage.
 *
 * @param total Units of the whole stage, > 0.
 * @param now   Milliseconds of a clock that never runs backwards.
 */
export function createPace(
  stage: Progress['stage'],
  total: number,
  now: () => number,
  onProgress: (progress: Progress) => void,
): { reach(unitsDone: number, detail: string): void } {
  const start = now()
  return {
    reach(unitsDone, detail) {
      const fraction = total > 0 ? Math.min(1, unitsDone / total) : 1
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
