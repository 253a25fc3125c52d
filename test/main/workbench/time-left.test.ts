import { describe, expect, it } from 'vitest'
import { createStream } from '#shared/core/math/random.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import { foldUnit, planUnits } from '#main/workbench/cost-units.ts'
import type { PlannedUnit } from '#main/workbench/cost-units.ts'
import { createTimeLeft } from '#main/workbench/time-left.ts'
import type { TimeLeft } from '#main/workbench/time-left.ts'

const facts = { positives: 500, negatives: 99_500, nColumns: 30 }
const none = (): boolean => false

interface Report {
  /** Milliseconds since the start. */
  readonly at: number
  readonly left: number | null
  readonly fraction: number
}

/**
 * Plays a run through on a clock of its own: units in order on the free workers, each reporting
 * ten times, and collects what is said of the time left.
 */
function play(
  units: readonly PlannedUnit[],
  workers: number,
  durationOf: (unit: PlannedUnit, position: number) => number,
  reported: (fraction: number, unit: PlannedUnit) => number,
  before: (timeLeft: TimeLeft) => void = () => undefined,
): { reports: Report[]; total: number } {
  let clock = 0
  const timeLeft = createTimeLeft(units, workers, () => clock)
  before(timeLeft)
  const durations = units.map(durationOf)
  const state = units.map(() => ({ startedAt: NaN, reports: 0, done: false }))
  const reports: Report[] = []
  for (;;) {
    let free = workers - state.filter(({ startedAt, done }) => startedAt >= 0 && !done).length
    units.forEach(({ after }, i) => {
      if (free === 0 || !Number.isNaN(state[i]!.startedAt)) return
      if (!after.every((other) => state[other]!.done)) return
      state[i]!.startedAt = clock
      timeLeft.reach(i, 0)
      free--
    })
    let next = -1
    let nextAt = Infinity
    state.forEach(({ startedAt, reports: made, done }, i) => {
      if (Number.isNaN(startedAt) || done) return
      const at = startedAt + ((made + 1) / 10) * durations[i]!
      if (at < nextAt) [next, nextAt] = [i, at]
    })
    if (next < 0) return { reports, total: clock }
    clock = nextAt
    const unit = state[next]!
    unit.reports++
    if (unit.reports < 10) timeLeft.reach(next, reported(unit.reports / 10, units[next]!))
    else {
      unit.done = true
      timeLeft.finish(next, durations[next]!)
    }
    reports.push({ at: clock, left: timeLeft.milliseconds(), fraction: timeLeft.fraction() })
  }
}

const steady = (fraction: number): number => fraction
/** Logistic regression doesn't know how many steps it will need; the others do. */
const uneven = (fraction: number, { family }: PlannedUnit): number =>
  family === 'logistic_regression' ? fraction / (fraction + 0.4) : fraction

/** What kinds of work really take, against what was guessed of them; and 10 % up or down each. */
function truth(seed: number, misguessed: Readonly<Record<string, number>>) {
  const stream = createStream(seed, 'durations')
  return ({ family, size, guess }: PlannedUnit): number =>
    size * guess * (misguessed[family] ?? 1) * (0.9 + 0.2 * stream.uniform())
}

describe('createTimeLeft', () => {
  const machines: readonly [string, Readonly<Record<string, number>>][] = [
    ['as guessed', {}],
    ['boosting ten times slower than guessed', { gradient_boosting: 10 }],
    ['boosting twice as fast as guessed', { gradient_boosting: 0.5 }],
    ['evaluation three times slower than guessed', { bootstrap: 3 }],
    ['a machine 50 times slower', { ...Object.fromEntries(families().map((f) => [f, 50])) }],
  ]
  for (const workers of [1, 2, 4]) {
    it.each(machines)(
      `is within a quarter of the truth after a tenth of a mixed run with ${workers} workers: %s`,
      (_, misguessed) => {
        for (const seed of [1, 2, 3]) {
          const units = planUnits(defaultPlan(), facts, none)
          const { reports, total } = play(units, workers, truth(seed, misguessed), uneven)
          for (const { at, left } of reports) {
            // With four workers the first units of all kinds are still running after a tenth,
            // and what takes them longer than guessed is only known with the first that is done.
            if (at < (workers < 4 ? 0.1 : 0.15) * total) continue
            const truly = total - at
            // At the very end a single unit is left, and may itself be off.
            expect(Math.abs(left! - truly)).toBeLessThan(Math.max(0.25 * truly, 0.03 * total))
          }
        }
      },
    )
  }

  it('is never negative, ends at 0, and its fraction never falls', () => {
    const units = planUnits(defaultPlan(), facts, none)
    const { reports } = play(units, 3, truth(4, { gradient_boosting: 20 }), uneven)
    let before = 0
    for (const { left, fraction } of reports) {
      expect(left === null || left >= 0).toBe(true)
      expect(fraction).toBeGreaterThanOrEqual(before)
      expect(fraction).toBeLessThanOrEqual(1)
      before = fraction
    }
    expect(reports.at(-1)).toMatchObject({ left: 0, fraction: 1 })
  })

  it('counts down evenly where units take what the earlier ones took', () => {
    const units = planUnits(defaultPlan(), facts, none)
    const { reports, total } = play(units, 2, ({ size, guess }) => size * guess, steady)
    for (const [i, { at, left }] of reports.entries()) {
      if (i === 0 || at < 0.1 * total) continue
      const previous = reports[i - 1]!
      const jump = left! - (previous.left! - (at - previous.at))
      expect(Math.abs(jump)).toBeLessThan(0.02 * total)
    }
  })

  it('moves its end by no more than units are off what was measured before', () => {
    const units = planUnits(defaultPlan(), facts, none)
    for (const seed of [1, 2, 3]) {
      const { reports, total } = play(units, 2, truth(seed, {}), steady)
      for (const [i, { at, left }] of reports.entries()) {
        if (i === 0 || at < 0.1 * total) continue
        const previous = reports[i - 1]!
        const jump = left! - (previous.left! - (at - previous.at))
        // A unit is 10 % off at most, so the rates that are learnt from it move by 20 % at most.
        expect(Math.abs(jump)).toBeLessThan(0.2 * previous.left! + 0.02 * total)
      }
    }
  })

  it('says nothing before anything is measured, and knows from an earlier process', () => {
    const units = planUnits(defaultPlan(), facts, none)
    expect(createTimeLeft(units, 2, () => 0).milliseconds()).toBeNull()
    const [configuration] = defaultPlan().configurations
    const done = foldUnit(defaultPlan(), facts, configuration!, 0)
    const missing = planUnits(defaultPlan(), facts, (name, fold) =>
      name === configuration!.name ? fold === 0 : false,
    )
    const resumed = createTimeLeft(missing, 2, () => 0)
    resumed.learn(done, 1000)
    expect(resumed.milliseconds()).toBeGreaterThan(1000)
  })

  it('starts a unit anew when a worker died over it', () => {
    const units = planUnits(defaultPlan(), facts, none)
    let clock = 0
    const timeLeft = createTimeLeft(units, 1, () => clock)
    timeLeft.reach(0, 0)
    clock = 1000
    timeLeft.reach(0, 0.5)
    const half = timeLeft.milliseconds()!
    timeLeft.reach(0, 0)
    clock = 2000
    timeLeft.reach(0, 0.5)
    expect(timeLeft.milliseconds()).toBeCloseTo(half, 6)
  })
})

describe('planUnits', () => {
  const plan = defaultPlan()
  const units = planUnits(plan, facts, none)
  const name = ({ work }: PlannedUnit): string =>
    'configuration' in work ? `${work.kind} ${work.configuration.name}` : work.kind

  it('begins with one fold of each kind of model, and ends with comparison and diagnosis', () => {
    expect(units.slice(0, 2).map(name)).toEqual(['fold lr', 'fold gbdt'])
    expect(units.slice(-2).map(name)).toEqual(['compare', 'diagnose'])
  })

  it('holds every fold and evaluation once, each evaluation after its folds', () => {
    const nConfigurations = plan.configurations.length
    expect(units).toHaveLength(nConfigurations * (plan.folds + 1) + 2)
    expect(new Set(units.map((unit) => JSON.stringify(unit.work))).size).toBe(units.length)
    units.forEach(({ work, after }, position) => {
      expect(after.every((other) => other < position)).toBe(true)
      if (work.kind === 'evaluate') expect(after).toHaveLength(plan.folds)
    })
    expect(units[units.length - 2]!.after).toHaveLength(nConfigurations)
  })

  it('leaves out the folds that are there', () => {
    const missing = planUnits(plan, facts, (configuration) => configuration === 'lr')
    expect(missing.map(name)).not.toContain('fold lr')
    expect(missing.map(name)).toContain('evaluate lr')
    expect(missing.slice(0, 2).map(name)).toEqual(['fold lr_balanced', 'fold gbdt'])
  })
})

function families(): string[] {
  return [...new Set(planUnits(defaultPlan(), facts, none).map(({ family }) => family))]
}
