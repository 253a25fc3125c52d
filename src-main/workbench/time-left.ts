/**
 * How long a run still takes, from what its own units took so far.
 *
 * A unit costs its size (rows × features and the like, see cost-units.ts) times the rate of its
 * kind. The rate of a kind is what its finished units took per size; before the first is finished,
 * the rate of its family; before that, the guess that came with it, scaled by how far the measured
 * kinds are off theirs, and giving way to what the running units took for the part they say is
 * done. So guesses only relate kinds to each other, and only until there is a measurement.
 *
 * The time left is found by playing the rest of the run through: units in order, each on the
 * worker that is free first, none before those that it waits for.
 */

/** One unit of a run. */
export interface CostedUnit {
  /** Units of one kind take time in proportion to their size. */
  readonly kind: string
  /** Kinds of one family take about as long per size as each other. */
  readonly family: string
  /** > 0. */
  readonly size: number
  /** A guess at the milliseconds per size, > 0: only its ratio to that of other kinds counts. */
  readonly guess: number
  /** Positions of units that must be done before. */
  readonly after: readonly number[]
}

export interface TimeLeft {
  /** Takes in what a unit took in an earlier process. */
  learn(unit: Pick<CostedUnit, 'kind' | 'family' | 'size' | 'guess'>, durationMs: number): void
  /** A thread has done this fraction of a unit; 0 says that it has taken it up (again). */
  reach(position: number, fraction: number): void
  finish(position: number, durationMs: number): void
  /** Milliseconds until the last unit is done; null while nothing has been measured. */
  milliseconds(): number | null
  /** Fraction of the work that is done, in [0, 1], by time; never less than it was. */
  fraction(): number
}

// Below this the done part of a unit says little about the rest.
const leastFraction = 0.1

// What is left of a unit that has taken longer than expected, against what it took so far.
const overdueShare = 0.05

interface Measured {
  ms: number
  size: number
}

/** Measured so far, of units that are `whole` in size. */
interface PartlyMeasured extends Measured {
  whole: number
}

/**
 * @param units   In the order in which they are taken up.
 * @param workers ≥ 1.
 * @param now     Milliseconds of a clock that never runs backwards.
 */
export function createTimeLeft(
  units: readonly CostedUnit[],
  workers: number,
  now: () => number,
): TimeLeft {
  const kinds = new Map<string, Measured>()
  const families = new Map<string, Measured>()
  const guessed: Measured = { ms: 0, size: 0 } // size is what the guesses made of it
  const states = units.map(() => ({
    startedAt: 0,
    reachedAt: 0,
    fraction: 0,
    running: false,
    done: false,
  }))
  let shown = 0

  const add = (
    { kind, family, size, guess }: Pick<CostedUnit, 'kind' | 'family' | 'size' | 'guess'>,
    ms: number,
  ): void => {
    for (const [map, name] of [
      [kinds, kind],
      [families, family],
    ] as const) {
      const known = map.get(name) ?? { ms: 0, size: 0 }
      map.set(name, { ms: known.ms + ms, size: known.size + size })
    }
    guessed.ms += ms
    guessed.size += size * guess
  }

  /** What running units say of families of which none is finished. */
  const surveyRunning = (): { families: Map<string, PartlyMeasured>; guessed: Measured } => {
    const found = new Map<string, PartlyMeasured>()
    const total = { ...guessed }
    units.forEach(({ family, size, guess }, i) => {
      const { running, fraction, startedAt, reachedAt } = states[i]!
      if (!running || fraction < leastFraction || families.has(family)) return
      const known = found.get(family) ?? { ms: 0, size: 0, whole: 0 }
      const ms = reachedAt - startedAt
      const done = size * fraction
      found.set(family, {
        ms: known.ms + ms,
        size: known.size + done,
        whole: known.whole + size,
      })
      total.ms += ms
      total.size += done * guess
    })
    return { families: found, guessed: total }
  }

  /** Milliseconds of every unit as a whole; null while nothing has been measured. */
  const expected = (): Float64Array | null => {
    const running = surveyRunning()
    const { ms, size: guessedMs } = running.guessed
    if (guessedMs === 0) return null
    return Float64Array.from(units, ({ kind, family, size, guess }) => {
      const known = kinds.get(kind) ?? families.get(family)
      if (known !== undefined) return size * (known.ms / known.size)
      const scaled = guess * (ms / guessedMs)
      const part = running.families.get(family)
      if (part === undefined) return size * scaled
      // The first steps are seldom typical: the guess fades as the part done grows.
      const share = part.size / part.whole
      return size * (share * (part.ms / part.size) + (1 - share) * scaled)
    })
  }

  return {
    learn: add,
    reach(position, fraction) {
      const state = states[position]!
      if (!state.running || fraction < state.fraction) state.startedAt = now()
      state.running = true
      state.reachedAt = now()
      state.fraction = fraction
    },
    finish(position, durationMs) {
      states[position] = { ...states[position]!, fraction: 1, running: false, done: true }
      add(units[position]!, durationMs)
    },
    milliseconds() {
      const whole = expected()
      if (whole === null) return null
      const doneAt = new Float64Array(units.length)
      const freeAt: number[] = []
      const remaining = (i: number): number => {
        const { running, startedAt, fraction } = states[i]!
        if (!running) return whole[i]!
        const elapsed = now() - startedAt
        return Math.max(whole[i]! - elapsed, overdueShare * (1 - fraction) * elapsed)
      }
      states.forEach(({ running }, i) => {
        if (running) freeAt.push((doneAt[i] = remaining(i)))
      })
      while (freeAt.length < workers) freeAt.push(0)
      units.forEach(({ after }, i) => {
        const { running, done } = states[i]!
        if (running || done) return
        let first = 0
        freeAt.forEach((at, worker) => {
          if (at < freeAt[first]!) first = worker
        })
        const ready = after.reduce((latest, other) => Math.max(latest, doneAt[other]!), 0)
        freeAt[first] = doneAt[i] = Math.max(freeAt[first]!, ready) + remaining(i)
      })
      return doneAt.reduce((latest, at) => Math.max(latest, at), 0)
    },
    fraction() {
      const whole = expected() ?? Float64Array.from(units, ({ size, guess }) => size * guess)
      let done = 0
      let total = 0
      whole.forEach((ms, i) => {
        done += ms * states[i]!.fraction
        total += ms
      })
      shown = Math.max(shown, total > 0 ? Math.min(1, done / total) : 1)
      return shown
    },
  }
}
