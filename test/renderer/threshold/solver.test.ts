import { describe, expect, it } from 'vitest'
import type { FrameDraft } from '#shared/contract/work.ts'
import { constantCosts, costRatio } from '#shared/core/decision/cost-ratio.ts'
import { bayesThreeWay } from '#shared/core/decision/three-way.ts'
import { decisionOf } from '../../../src-renderer/views/threshold/decision-figures.ts'
import { solveWishes, wishesOf } from '../../../src-renderer/views/threshold/solver.ts'
import {
  atPrevalence,
  bestRuns,
  doubted,
  mapOfRuns,
  netBenefitAt,
  reviewsAtFirst,
  withReview,
} from '../../../src-renderer/views/threshold/what-if.ts'
import { thresholdDataOf } from './made-threshold-data.ts'

const yTrue = Uint8Array.of(1, 0, 1, 0, 0, 1, 0, 0, 0, 0)
const scores = Float64Array.of(0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05)
const matrix = { truePositive: 1, falsePositive: 1, trueNegative: 0, falseNegative: 8 }
const costs = { ...matrix, constant: true }
const data = thresholdDataOf(yTrue, scores, costs, { casesPerDay: 100, capacity: 30 })
const frame: FrameDraft = {
  costs: matrix,
  casesPerDay: 100,
  capacity: 30,
  prevalence: null,
  minutesPerAlert: null,
  reviewHoursPerDay: null,
  commitments: [],
  currency: '€',
}
const nothing = {
  goal: 'cost',
  recall: null,
  precision: null,
  alerts: null,
  reviewHours: null,
  minutesPerAlert: null,
} as const

function solved(wishes: Parameters<typeof solveWishes>[1]): ReturnType<typeof solveWishes> & {
  solved: object
} {
  const answer = solveWishes(data, wishes)
  if ('problem' in answer) throw new Error(answer.problem)
  return answer
}

describe('what is asked of the solver', () => {
  it('starts from the frame', () => {
    expect(wishesOf(data)).toEqual({ ...nothing, alerts: 30 })
    const committed = { ...data, commitments: [{ measure: 'recall' as const, atLeast: 0.85 }] }
    expect(wishesOf(committed).recall).toBeCloseTo(85, 12)
    expect(
      wishesOf({
        ...committed,
        commitments: [...committed.commitments, { measure: 'precision', atLeast: 0.5 }],
        minutesPerAlert: 6,
        reviewHoursPerDay: 2,
      }),
    ).toMatchObject({ recall: 85, precision: 50, alerts: 30, reviewHours: 2, minutesPerAlert: 6 })
    expect(wishesOf({ ...data, casesPerDay: null }).alerts).toBeNull()
  })

  it('is the least cost within what can be worked', () => {
    // Three alerts of ten cases: 30 of 100 a day.
    expect(solved({ ...nothing, alerts: 30 }).solved).toMatchObject({
      feasible: true,
      chosen: { threshold: 0.7, alertsPerDay: 30 },
      unconstrained: { threshold: 0.4 },
    })
  })

  it('takes hours with the minutes of an alert, and says what is missing without', () => {
    const hours = { ...nothing, reviewHours: 10, minutesPerAlert: 20 }
    expect(solved(hours).solved).toMatchObject({ chosen: { threshold: 0.7 } })
    expect(solveWishes(data, { ...hours, minutesPerAlert: null })).toMatchObject({
      problem: expect.stringMatching(/minutes/) as string,
    })
    expect(solveWishes({ ...data, casesPerDay: null }, hours)).toMatchObject({
      problem: expect.stringMatching(/cases a day/) as string,
    })
  })

  it('says on what to give way where wishes contradict each other', () => {
    const { solved: answer } = solved({ ...nothing, recall: 100, alerts: 30 }) as {
      solved: { feasible: boolean; relaxations: { requirement: object; attainable: number }[] }
    }
    expect(answer.feasible).toBe(false)
    expect(answer.relaxations).toMatchObject([
      { requirement: { kind: 'recall' }, attainable: 2 / 3 },
      { requirement: { kind: 'alerts' }, attainable: 60 },
    ])
  })
})

describe('what would change the decision', () => {
  it('reads costs where they are one number each', () => {
    expect(constantCosts(decisionOf(data, frame).costs)).toEqual(matrix)
    const column = { ...frame, costs: { ...matrix, falseNegative: { column: 'amount' } } }
    expect(constantCosts(decisionOf(data, column).costs)).toBeNull()
    expect(costRatio(matrix)).toBe(7)
    expect(costRatio({ ...matrix, falseNegative: 1 })).toBeNull()
  })

  it('moves one input at a time, around what the curve says', () => {
    const { likely, bars } = doubted(data, matrix, 0.4, { misses: 50, alarms: 0, prevalence: 20 })
    expect(likely).toBeCloseTo(data.curve.totalCost[6]! / 10, 12)
    expect(bars.map(({ input }) => input).sort()).toEqual(['falseNegative', 'prevalence'])
    // No positive is missed from 0.4 on, so what a miss costs moves nothing.
    expect(bars.find(({ input }) => input === 'falseNegative')!.swing).toBeCloseTo(0, 12)
  })

  it('says from which ratio on another run is best', () => {
    const worse = Float64Array.from(scores, (_, i) => scores[(i + 3) % 10]!)
    const other = thresholdDataOf(yTrue, worse, costs)
    const runs = [
      { name: 'a', data },
      { name: 'b', data: other },
    ]
    const best = bestRuns(runs, 0.3)
    expect(best[0]!.from).toBe(0)
    expect(best.at(-1)!.to).toBeNull()
    const { ratios, prevalences, cells } = mapOfRuns(runs, 7, 0.3)!
    expect([ratios[3], prevalences[3]]).toEqual([7, 0.3])
    const here = best.find(({ from, to }) => 7 >= from && 7 < (to ?? Infinity))!
    expect(cells[3]![3]).toMatchObject({ name: here.name, alerts: here.alerts })
    const none = thresholdDataOf(new Uint8Array(10), scores, costs)
    expect(bestRuns([{ name: 'a', data: none }], 0.3)).toEqual([])
    expect(mapOfRuns([{ name: 'a', data: none }], 7, 0.3)).toBeNull()
    expect(atPrevalence(none, matrix, 0.4, 0.3)).toBeNull()
  })

  it('puts people between two cuts where that is cheaper, and no others', () => {
    const review = { costPerReview: 0.2, recall: 1, specificity: 1, maxShare: 1 }
    const banded = withReview(data, matrix, review)!
    expect(banded.meanCost).toBeLessThan(banded.withoutReview.meanCost)
    expect(banded.reviewShare).toBeGreaterThan(0)
    const dear = withReview(data, matrix, { ...review, costPerReview: 100 })!
    expect(dear.reviewShare).toBe(0)
    // A reviewer who is always right and costs next to nothing is asked about everything.
    const free = bayesThreeWay(scores, matrix, { ...review, costPerReview: 1e-6 })
    expect(new Set(free)).toEqual(new Set([1]))
  })

  it('solves cost and cut together at another prevalence, within what can be worked', () => {
    const same = atPrevalence(data, matrix, 0.4, 0.3)!
    expect(same.kept.meanCost).toBeCloseTo(data.curve.totalCost[6]! / 10, 12)
    // Six alerts of ten cases are more than 30 of 100 a day; three are the most that fit.
    expect(same.broken).toMatchObject([{ requirement: { kind: 'alerts', limit: 30 } }])
    expect(same.solved).toMatchObject({ feasible: true, chosen: { threshold: 0.7 } })
    const open = atPrevalence({ ...data, capacity: null }, matrix, 0.4, 0.001)!
    if (!open.solved.feasible) throw new Error()
    expect(open.solved.chosen.meanCost).toBeLessThan(open.kept.meanCost)
    expect(open.solved.chosen.alertShare).toBeLessThan(0.5)
    expect(open.moved(0.4)).toBeLessThan(0.01)
  })

  it('reads the net benefit of the threshold in use', () => {
    // From 0.4 on three are caught and three alarmed, at odds of 2 to 3.
    expect(netBenefitAt(data, 0.4)).toBeCloseTo((1000 * (3 - (3 * 2) / 3)) / 10, 9)
    expect(netBenefitAt(data, 0)).toBeNull()
    expect(netBenefitAt(data, Infinity)).toBeNull()
  })
})

describe('reviews to begin with', () => {
  const none = { capacity: null, minutesPerAlert: null, reviewHoursPerDay: null }
  it.each([
    [none, 100],
    [{ ...none, minutesPerAlert: 6 }, 100],
    [{ ...none, capacity: 60 }, 60],
    [{ ...none, minutesPerAlert: 7, reviewHoursPerDay: 8 }, 68],
    [{ capacity: 60, minutesPerAlert: 10, reviewHoursPerDay: 6 }, 36],
  ])('are what the frame allows, 100 where it has no limit: %j', (limits, wanted) => {
    expect(reviewsAtFirst(limits)).toBe(wanted)
  })
})
