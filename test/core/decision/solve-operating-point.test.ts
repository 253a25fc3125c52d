import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  solveOperatingPoint,
  type Requirement,
  type SolvedPoint,
} from '#shared/core/decision/solve-operating-point.ts'
import { costCurve } from '#shared/core/decision/threshold-curves.ts'

const costs = {
  truePositive: 1,
  falsePositive: 1,
  trueNegative: 0,
  falseNegative: 8,
  constant: true,
}
const WORK = { casesPerDay: 100, minutesPerAlert: 30 }

const y = Uint8Array.of(1, 0, 1, 0, 0, 1, 0, 0, 0, 0)
const scores = Float64Array.of(0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05)
const curve = costCurve({ yTrue: y, probabilities: scores, weights: null, costs })

function solve(
  requirements: readonly Requirement[],
  goal: 'cost' | 'recall' = 'cost',
): SolvedPoint {
  return solveOperatingPoint({ curve, goal, requirements, workload: WORK })
}

function feasible(point: SolvedPoint): Extract<SolvedPoint, { feasible: true }> {
  if (!point.feasible) throw new Error(point.sentence)
  return point
}

function infeasible(point: SolvedPoint): Extract<SolvedPoint, { feasible: false }> {
  if (point.feasible) throw new Error(point.sentence)
  return point
}

describe('solveOperatingPoint', () => {
  it('takes the cheapest where nothing is required', () => {
    // All three positives from 0.4 on: 6 alerts cost 6, no miss.
    const point = feasible(solve([]))
    expect(point.chosen).toMatchObject({ threshold: 0.4, meanCost: 0.6, recall: 1, precision: 0.5 })
    expect(point).toMatchObject({ binding: [], priceOfRequirements: 0, oneDecision: null })
  })

  it('names what binds and what it costs', () => {
    const alerts = { kind: 'alerts', limit: 30 } as const // 3 of 10 cases
    const point = feasible(solve([alerts, { kind: 'recall', limit: 0.5 }]))
    // Three alerts catch two: 3 + 8 instead of 6.
    expect(point.chosen).toMatchObject({ threshold: 0.7, alertsPerDay: 30, reviewHoursPerDay: 15 })
    expect(point.priceOfRequirements).toBeCloseTo(0.5, 12)
    expect(point.binding).toEqual([alerts])
    expect(point.sentence).toBe('Alerts from 0.7 on; set by alerts at most 30 a day.')
  })

  it('maximises recall, then saves cost', () => {
    const hours = { kind: 'review hours', limit: 20 } as const // 40 alerts a day
    const { chosen } = feasible(solve([hours], 'recall'))
    expect(chosen).toMatchObject({ threshold: 0.7, reviewHoursPerDay: 15 })
  })

  it('says by how much a requirement is missed, and which gives way with least change', () => {
    const recall = { kind: 'recall', limit: 0.9 } as const
    const alerts = { kind: 'alerts', limit: 50 } as const
    const { relaxations, sentence } = infeasible(solve([recall, alerts]))
    expect(
      relaxations.map(({ requirement, attainable }) => [requirement.kind, attainable]),
    ).toEqual([
      ['alerts', 60],
      ['recall', 2 / 3],
    ])
    expect(relaxations[0]!.relativeChange).toBeCloseTo(0.2, 12)
    expect(relaxations[0]!.reading.threshold).toBe(0.4)
    expect(relaxations[1]!.reading.threshold).toBe(0.7)
    expect(sentence).toBe(
      'No threshold keeps recall at least 0.9 and alerts at most 50 a day: alerts can be at least 60 a day with recall at least 0.9, 10 too many.',
    )
  })

  it('says when one requirement is not enough to relax', () => {
    const { relaxations, shortfalls, sentence } = infeasible(
      solve([
        { kind: 'precision', limit: 1 },
        { kind: 'recall', limit: 1 },
        { kind: 'alerts', limit: 10 },
      ]),
    )
    expect(relaxations.map(({ requirement }) => requirement.kind)).toEqual(['recall'])
    expect(shortfalls).not.toHaveLength(0)
    expect(sentence).toContain('recall can be at most 0.333')
  })

  it('answers one distinct score, one class, and costs that make one decision always right', () => {
    const flat = costCurve({ yTrue: y, probabilities: new Float64Array(10), weights: null, costs })
    const workload = { casesPerDay: null, minutesPerAlert: null }
    const all = feasible(
      solveOperatingPoint({ curve: flat, goal: 'cost', requirements: [], workload }),
    )
    expect(all).toMatchObject({ oneDecision: 'alert', chosen: { threshold: 0, recall: 1 } })
    const noPositives = costCurve({
      yTrue: new Uint8Array(10),
      probabilities: scores,
      weights: null,
      costs,
    })
    expect(
      feasible(
        solveOperatingPoint({ curve: noPositives, goal: 'cost', requirements: [], workload }),
      ),
    ).toMatchObject({ oneDecision: 'none', chosen: { recall: null, precision: null } })
    const impossible = infeasible(
      solveOperatingPoint({
        curve: noPositives,
        goal: 'cost',
        requirements: [{ kind: 'recall', limit: 0.5 }],
        workload,
      }),
    )
    expect(impossible.sentence).toContain('recall undefined')
    expect(impossible.relaxations).toEqual([])
  })

  it('refuses limits that make no sense', () => {
    expect(() => solve([{ kind: 'precision', limit: 0 }])).toThrow('precision must lie in (0, 1]')
    expect(() =>
      solveOperatingPoint({
        curve,
        goal: 'cost',
        requirements: [{ kind: 'alerts', limit: 3 }],
        workload: { casesPerDay: null, minutesPerAlert: null },
      }),
    ).toThrow('needs casesPerDay')
  })

  it('is the best of all candidates, in every case', () => {
    const requirement = fc.oneof(
      fc.record({
        kind: fc.constantFrom('precision' as const, 'recall' as const),
        limit: fc.integer({ min: 1, max: 8 }).map((eighths) => eighths / 8),
      }),
      fc.record({
        kind: fc.constantFrom('alerts' as const, 'review hours' as const),
        limit: fc.integer({ min: 0, max: 100 }),
      }),
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1), fc.nat(8)), { minLength: 1, maxLength: 16 }),
        fc.array(requirement, { maxLength: 3 }),
        fc.constantFrom('cost' as const, 'recall' as const),
        (rows, requirements, goal) => {
          const samples = {
            yTrue: Uint8Array.from(rows, ([label]) => label),
            probabilities: Float64Array.from(rows, ([, score]) => score / 8),
            weights: null,
            costs,
          }
          const own = costCurve(samples)
          const n = rows.length
          const candidates = [Infinity, ...new Set(samples.probabilities)].map((threshold) => {
            const flagged = rows.filter(([, score]) => score / 8 >= threshold)
            const tp = flagged.filter(([label]) => label === 1).length
            const positives = rows.filter(([label]) => label === 1).length
            const measures: Record<Requirement['kind'], number> = {
              precision: tp / flagged.length,
              recall: tp / positives,
              alerts: (100 * flagged.length) / n,
              'review hours': (50 * flagged.length) / n,
            }
            const kept = requirements.map(({ kind, limit }) =>
              kind === 'precision' || kind === 'recall'
                ? measures[kind] >= limit - 1e-9
                : measures[kind] <= limit + 1e-9,
            )
            const cost = flagged.length + 8 * (positives - tp)
            return { threshold, measures, kept, keeps: kept.every(Boolean), cost, tp }
          })
          const kept = candidates.filter(({ keeps }) => keeps)
          const point = solveOperatingPoint({ curve: own, goal, requirements, workload: WORK })
          expect(point.feasible).toBe(kept.length > 0)
          if (!point.feasible) {
            // How far each alone would have to give way, by looking at every candidate.
            const ways = requirements.flatMap((requirement, r) => {
              const { kind } = requirement
              const reached = candidates
                .filter(({ kept: all }) => all.every((keeps, i) => i === r || keeps))
                .map(({ measures }) => measures[kind])
                .filter((value) => !Number.isNaN(value))
              if (reached.length === 0) return []
              const isFloor = kind === 'precision' || kind === 'recall'
              return [{ requirement, attainable: Math[isFloor ? 'max' : 'min'](...reached) }]
            })
            expect(point.relaxations.length).toBe(ways.length)
            for (const { requirement, attainable } of ways) {
              const found = point.relaxations.find((one) => one.requirement === requirement)!
              expect(found.attainable).toBeCloseTo(attainable, 9)
            }
            return
          }
          kept.sort(
            (a, b) =>
              (goal === 'recall' ? b.tp - a.tp : 0) || a.cost - b.cost || b.threshold - a.threshold,
          )
          expect(point.chosen.threshold).toBe(kept[0]!.threshold)
          expect(point.chosen.meanCost).toBeCloseTo(kept[0]!.cost / n, 12)
        },
      ),
    )
  })
})
