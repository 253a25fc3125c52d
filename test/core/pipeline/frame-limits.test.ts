/** Several limits of a frame, from the folds to what is said of a run. */
import { describe, expect, it } from 'vitest'
import { decide, judgeDecisions } from '#shared/core/decision/operating-point.ts'
import type { FrameLimits } from '#shared/core/frame/limits.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { evaluateRun } from '#shared/core/pipeline/evaluate-run.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import { solverAnswer } from '#shared/core/pipeline/solver-answer.ts'
import { quickPlan, smallRequest } from '../../support/small-table.ts'

/** A run in a frame with these limits, and every threshold judged one by one. */
function runUnder(limits: Partial<FrameLimits>) {
  const { data } = prepareExperiment(
    smallRequest({ plan: quickPlan(['lr']), frame: { ...smallRequest().frame, ...limits } }),
  )
  const [configuration] = data.plan.configurations
  const folds = [0, 1, 2].map((fold) => runFold(data, configuration!, fold, noCheckpoint))
  const run = layOutOfFold(folds, data.yTrue.length)
  const { result } = evaluateRun(data, configuration!, run, noCheckpoint)
  const { yTrue, decisionWeights: weights, costs } = data
  const points = [Infinity, ...new Set(run.probabilities)].map((threshold) => ({
    threshold,
    ...judgeDecisions({
      ...{ yTrue, weights, costs },
      decisions: decide(run.probabilities, threshold),
    }),
  }))
  const answer = solverAnswer(data, run, result.threshold.value, noCheckpoint)
  return { folds, threshold: result.threshold, points, answer }
}

const staffed = { casesPerDay: 1000, capacity: 400, minutesPerAlert: 6, reviewHoursPerDay: 30 }

describe('a frame with several limits', () => {
  it('has its thresholds tuned under all of them, at least cost', () => {
    const recall = { measure: 'recall', atLeast: 0.3 } as const
    const precision = { measure: 'precision', atLeast: 0.2 } as const
    const { threshold, points, answer, folds } = runUnder({
      ...staffed,
      commitments: [recall, precision],
    })
    // Thirty hours at six minutes are 300 alerts of 1,000 cases.
    const keeping = points.filter(
      (point) => point.alertShare <= 0.3 && point.recall! >= 0.3 && (point.precision ?? 0) >= 0.2,
    )
    expect(keeping.length).toBeGreaterThan(1)
    const cheapest = keeping.toSorted(
      (a, b) => a.meanCost - b.meanCost || b.threshold - a.threshold,
    )[0]!
    expect(threshold).toMatchObject({ value: cheapest.threshold, feasible: true, shortfall: null })
    expect(answer.solved).toMatchObject({
      feasible: true,
      chosen: { threshold: cheapest.threshold },
    })
    expect(folds.every(({ tunedThreshold }) => tunedThreshold.feasible)).toBe(true)
  })

  it('says which limit would have to give way where no threshold keeps them all', () => {
    const { threshold, points, answer } = runUnder({
      ...staffed,
      reviewHoursPerDay: 2,
      commitments: [
        { measure: 'recall', atLeast: 0.95 },
        { measure: 'precision', atLeast: 0.1 },
      ],
    })
    expect(threshold.feasible).toBe(false)
    expect(threshold.shortfall).toMatch(
      /^recall 0.95 and precision 0.1 cannot be kept together within the review hours \(20 alerts per 1,000 cases\)/,
    )
    const used = points.find((point) => point.threshold === threshold.value)!
    expect(used.alertShare).toBeLessThanOrEqual(0.02)
    const within = points.filter(({ alertShare }) => alertShare <= 0.02)
    expect(used.recall).toBe(Math.max(...within.map(({ recall }) => recall!)))
    const { solved } = answer
    if (solved.feasible) throw new Error(solved.sentence)
    expect(solved.sentence).toMatch(/review hours at most 2 a day/)
    // The alerts alone can't give way: the hours would still be broken.
    expect(solved.relaxations.map(({ requirement }) => requirement.kind)).not.toContain('alerts')
  })

  it('comes to the same by hours as by the alerts that fit into them', () => {
    const commitments = [{ measure: 'precision', atLeast: 0.2 }] as const
    const byHours = runUnder({ ...staffed, capacity: null, commitments })
    const byAlerts = runUnder({ casesPerDay: 1000, capacity: 300, commitments })
    expect(byHours.folds.map(({ tunedThreshold }) => tunedThreshold.value)).toEqual(
      byAlerts.folds.map(({ tunedThreshold }) => tunedThreshold.value),
    )
    expect(byHours.threshold.value).toBe(byAlerts.threshold.value)
    expect(byHours.threshold.rule).toMatch(/within the review hours$/)
    expect(byAlerts.threshold.rule).toMatch(/within capacity$/)
  })
})
