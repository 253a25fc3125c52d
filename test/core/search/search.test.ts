import { describe, expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { compareExperiment } from '#shared/core/pipeline/compare-experiment.ts'
import { evaluateRun } from '#shared/core/pipeline/evaluate-run.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { runFold, runTrial } from '#shared/core/pipeline/run-fold.ts'
import { trialOf } from '#shared/core/pipeline/search-fold.ts'
import { checkPlan } from '#shared/core/plan/check-plan.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import type { Configuration, SearchChoice } from '#shared/core/plan/plan.ts'
import { parsePlan } from '#shared/contract/schemas.ts'
import { drawTrials } from '#shared/core/search/draw-trials.ts'
import { pendingTrials, searchSteps, winningTrial } from '#shared/core/search/search-steps.ts'
import type { TrialResult } from '#shared/core/search/search-steps.ts'
import { quickPlan, smallRequest, smallTable } from '../../support/small-table.ts'

const halving: SearchChoice = {
  kind: 'successive_halving',
  trials: 9,
  metric: 'average_precision',
  factor: 3,
  ranges: { c: { low: 1e-4, high: 100, scale: 'log', whole: false } },
}
const random: SearchChoice = { ...halving, kind: 'random', trials: 4 }
const lr = defaultModels.logistic_regression
const boosting = defaultModels.gradient_boosting

describe('drawTrials', () => {
  it('begins with what is stated, and draws the same whatever their number', () => {
    const nine = drawTrials(halving, lr, 5)
    expect(nine[0]!.model).toEqual(lr)
    expect(drawTrials({ ...halving, trials: 3 }, lr, 5)).toEqual(nine.slice(0, 3))
    expect(new Set(nine.map(({ hyperparameters }) => hyperparameters['c'])).size).toBe(9)
    expect(drawTrials(halving, lr, 6)).not.toEqual(nine)
    const beyond = drawTrials(halving, { ...lr, c: 1000 }, 5)
    expect(beyond[0]!.hyperparameters['c']).toBeLessThanOrEqual(100)
  })

  it('draws evenly: in the logarithm, whole numbers as often each, listed values as listed', () => {
    const search: SearchChoice = {
      ...random,
      trials: 400,
      ranges: {
        learningRate: { low: 0.001, high: 1, scale: 'log', whole: false },
        maxDepth: { low: 2, high: 5, scale: 'linear', whole: true },
        bins: { values: [32, 256] },
      },
    }
    const drawn = drawTrials(search, boosting, 1).map(({ hyperparameters }) => hyperparameters)
    const shareOf = (is: (one: (typeof drawn)[number]) => boolean): number =>
      drawn.filter(is).length / drawn.length
    expect(shareOf(({ learningRate }) => learningRate! < 0.0316)).toBeCloseTo(0.5, 1)
    for (const depth of [2, 3, 4, 5]) {
      expect(shareOf(({ maxDepth }) => maxDepth === depth)).toBeCloseTo(0.25, 1)
    }
    expect(shareOf(({ bins }) => bins === 32)).toBeCloseTo(0.5, 1)
    expect(drawn.every(({ learningRate: r }) => r! >= 0.001 && r! <= 1)).toBe(true)
  })
})

describe('steps of a search', () => {
  it('halve trials and grow samples, up to all of them', () => {
    expect(searchSteps(halving)).toEqual([
      { trials: 9, share: expect.closeTo(1 / 9, 12) as number },
      { trials: 3, share: expect.closeTo(1 / 3, 12) as number },
      { trials: 1, share: 1 },
    ])
    expect(searchSteps(random)).toEqual([{ trials: 4, share: 1 }])
    for (const trials of [2, 10, 500]) {
      for (const factor of [2, 3, 10]) {
        const steps = searchSteps({ ...halving, trials, factor })
        expect(steps[0]!.trials).toBe(trials)
        expect(steps.at(-1)!.share).toBe(1)
        expect(steps[0]!.share).toBeGreaterThanOrEqual(0.05)
      }
    }
  })

  it('go on with the best, wherever they were interrupted and in whatever order results came', () => {
    const valueOf = (trial: number): number | null => (trial === 3 ? null : ((trial * 5) % 9) / 10)
    const known: TrialResult[] = []
    for (;;) {
      const pending = pendingTrials(halving, known)
      if (pending.length === 0) break
      expect(pendingTrials(halving, known.toReversed())).toEqual(pending)
      const next = pending.at(-1)! // not the first, as when workers finish in another order
      known.push({ ...next, value: valueOf(next.trial) })
    }
    expect(known).toHaveLength(13)
    const of = (step: number): number[] =>
      known.flatMap((result) => (result.step === step ? [result.trial] : [])).sort()
    // Values 0, .5, .1, none, .2, .7, .3, .8, .4 of trials 0 to 8.
    expect(of(1)).toEqual([1, 5, 7])
    expect(of(2)).toEqual([7])
    expect(winningTrial(halving, known)).toBe(7)
  })

  it('take the first of equally good trials, and undefined ones last', () => {
    const known = [null, 0.5, 0.5, 0.1].map((value, trial) => ({ step: 0, trial, value }))
    expect(winningTrial(random, known)).toBe(1)
    const none = known.map((result) => ({ ...result, value: null }))
    expect(winningTrial(random, none)).toBe(0)
  })
})

describe('a search in a run', () => {
  const searched: Configuration = {
    ...quickPlan(['lr_balanced']).configurations[0]!,
    name: 'searched',
    search: { ...random, metric: 'log_loss' },
  }
  const plan = { ...quickPlan(['lr']), configurations: [searched] }
  const { data, frameFacts } = prepareExperiment(smallRequest({ plan }))
  const result = runFold(data, searched, 1, noCheckpoint)

  it('is fitted with the winner, and tells of every trial', () => {
    const { chosen, trials } = result.search!
    expect(trials.map(({ trial }) => trial)).toEqual([0, 1, 2, 3])
    const best = Math.max(...trials.map(({ value }) => value!))
    expect(trials[chosen]!.value).toBe(best)
    const model = { ...lr, c: trials[chosen]!.hyperparameters['c']! }
    const [balanced] = quickPlan(['lr_balanced']).configurations
    const fixed = runFold(data, { ...balanced!, name: 'searched', model }, 1, noCheckpoint)
    expect(result).toEqual({ ...fixed, search: result.search })
  })

  it('goes on from known trials to the same result', () => {
    const some = [2, 0].map((trial) =>
      runTrial(data, searched, 1, { step: 0, trial }, noCheckpoint),
    )
    expect(runFold(data, searched, 1, noCheckpoint, undefined, some)).toEqual(result)
    // What is known is taken as it is.
    const lie = [{ step: 0, trial: 3, value: 5 }]
    expect(runFold(data, searched, 1, noCheckpoint, undefined, lie).search!.chosen).toBe(3)
  })

  it('never looks at the samples that the fold judges', () => {
    const inside = (i: number): boolean => data.folds[i] === 1
    const scrambled = {
      ...data,
      yTrue: data.yTrue.map((y, i) => (inside(i) ? 1 - y : y)),
      features: data.features.map((column) =>
        column.kind === 'numeric'
          ? { ...column, values: column.values.map((x, i) => (inside(i) ? 1 - x : x)) }
          : column,
      ),
    }
    expect(runFold(scrambled, searched, 1, noCheckpoint).search).toEqual(result.search)
  })

  it('takes samples of a step into the next one', () => {
    const halved: Configuration = { ...searched, search: { ...halving, trials: 4, factor: 2 } }
    const samplesOf = (step: number): Int32Array =>
      trialOf(large, halved, 0, { step, trial: 0 }).samples
    const large = prepareExperiment(
      smallRequest({ dataset: smallTable(3000), plan: { ...plan, configurations: [halved] } }),
    ).data
    const [first, second, third] = [0, 1, 2].map((step) => new Set(samplesOf(step)))
    expect([first!.size, second!.size, third!.size]).toEqual([500, 1000, 2000])
    expect([...first!].every((i) => second!.has(i))).toBe(true)
    expect([...second!].every((i) => third!.has(i))).toBe(true)
    expect(() => trialOf(large, halved, 0, { step: 3, trial: 0 })).toThrow('no trial 0 at step 3')
  })

  it('reports progress that never falls, and counts its trials among the competitors', () => {
    const seen: number[] = []
    const results = [0, 1, 2].map((fold) =>
      runFold(data, searched, fold, (done) => {
        if (fold === 0) seen.push(done)
      }),
    )
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(1)
    const runs = data.plan.configurations.map((configuration) => {
      const folds =
        configuration.name === 'searched'
          ? results
          : [0, 1, 2].map((fold) => runFold(data, configuration, fold, noCheckpoint))
      return evaluateRun(data, configuration, layOutOfFold(folds, 400), noCheckpoint)
    })
    expect(runs.at(-1)!.result.search).toHaveLength(3)
    expect(runs.at(-1)!.result.search![1]).toMatchObject({
      trials: 4,
      hyperparameters: [{ name: 'c' }],
    })
    const { comparison } = compareExperiment(data, runs, frameFacts, noCheckpoint)
    expect(comparison.champion.competitors).toBe(4)
    expect(comparison.champion.competitorsWithTrials).toBe(7)
  })
})

describe('a search in a plan', () => {
  const facts = { positives: 500, negatives: 5000 }
  const messages = (search: object, model: object = { kind: 'gradient_boosting' }): string[] => {
    const text = JSON.stringify({ version: 1, configurations: [{ name: 'a', model, search }] })
    return checkPlan(parsePlan(text, 'plan'), facts).map(({ message }) => message)
  }

  it('comes from JSON, with defaults', () => {
    const text = JSON.stringify({
      version: 1,
      configurations: [
        {
          name: 'a',
          model: { kind: 'gradient_boosting' },
          search: {
            ranges: { learning_rate: { low: 0.01, high: 1, scale: 'log' }, bins: { values: [8] } },
          },
        },
      ],
    })
    expect(parsePlan(text, 'plan').configurations[0]!.search).toEqual({
      kind: 'successive_halving',
      trials: 27,
      metric: 'average_precision',
      factor: 3,
      ranges: {
        learningRate: { low: 0.01, high: 1, scale: 'log', whole: false },
        bins: { values: [8] },
      },
    })
  })

  it.each([
    [{ ranges: {} }, 'search: ranges must name a hyperparameter'],
    [{ ranges: { depth: { values: [1] } } }, 'search: gradient_boosting has no number "depth"'],
    [{ ranges: { bins: { values: [] } } }, 'search: bins needs 1 to 100 values, got 0'],
    [{ ranges: { bins: { low: 9, high: 8 } } }, 'needs a low end that is not above'],
    [{ ranges: { lambda: { low: 0, high: 8, scale: 'log' } } }, 'needs a low end above 0'],
    [{ ranges: { bins: { low: 4.5, high: 8, whole: true } } }, 'needs whole numbers'],
    [{ ranges: { bins: { values: [3] } } }, 'search: bins must be 4 to 256, got 3'],
    [{ ranges: { row_share: { low: 0.5, high: 2 } } }, 'above 0 and at most 1, got 2'],
    [{ trials: 1, ranges: { bins: { values: [8] } } }, 'search: trials must be 2 to 500, got 1'],
    [{ factor: 1, ranges: { bins: { values: [8] } } }, 'search: factor must be 2 to 10, got 1'],
  ])('is refused where %o', (search, message) => {
    expect(messages(search).join()).toContain(message)
  })

  it('may be about optional hyperparameters', () => {
    expect(messages({ ranges: { column_share: { low: 0.5, high: 1 } } })).toEqual([])
    const model = { kind: 'two_stage' }
    expect(messages({ ranges: { gate_recall: { low: 0.9, high: 1 } } }, model)).toEqual([])
  })
})
