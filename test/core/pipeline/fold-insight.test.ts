import { describe, expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { logit } from '#shared/core/math/elementary.ts'
import { evaluateRun } from '#shared/core/pipeline/evaluate-run.ts'
import { explainSamples } from '#shared/core/pipeline/explain-samples.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import { checkPlan } from '#shared/core/plan/check-plan.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import { averagePrecision, countsAtThresholds } from '#shared/core/metrics/ranking.ts'
import { parsePlan } from '#shared/contract/schemas.ts'
import { quickPlan, smallRequest, smallTable } from '../../support/small-table.ts'

const asked = (name: string): Configuration => ({
  ...quickPlan([name]).configurations[0]!,
  insight: {
    learningCurve: { shares: [0.5, 0.25, 1], metric: 'average_precision' },
    contributions: { samples: 60 },
    gradientFlow: true,
  },
})
const configurations = ['lr', 'gbdt_smote'].map(asked)
const plan = { ...quickPlan(['lr']), configurations }
const { data } = prepareExperiment(smallRequest({ plan, dataset: smallTable(600) }))
const columns = ['speed', 'distance', 'amount', 'country']

describe.each(configurations)('insight into $name', (configuration) => {
  const result = runFold(data, configuration, 1, noCheckpoint)
  const { learningCurve, contributions } = result.insight!

  it('leaves the results of the fold as they are', () => {
    const [plain] = quickPlan([configuration.name]).configurations
    expect(result).toEqual({
      ...runFold(data, plain!, 1, noCheckpoint),
      insight: result.insight,
    })
  })

  it('has a learning curve on growing shares, the last of which is the fold itself', () => {
    expect(learningCurve!.map(({ share }) => share)).toEqual([0.25, 0.5, 1])
    expect(learningCurve!.map(({ samples }) => samples)).toEqual([100, 200, 400])
    expect(learningCurve!.map(({ positives }) => positives)).toEqual([10, 20, 40])
    const yTrue = Uint8Array.from(result.samples, (sample) => data.yTrue[sample]!)
    const scores = result.corrected ?? result.scores
    expect(learningCurve!.at(-1)!.value).toBe(
      averagePrecision(countsAtThresholds(yTrue, scores, null)).value,
    )
    expect(learningCurve![0]!.value).not.toBe(learningCurve![2]!.value)
  })

  it('says what columns contribute: most by those that the label depends on', () => {
    expect(contributions!.samples).toBe(60)
    const [speed, , amount] = contributions!.meanAbsolute
    expect(contributions!.meanAbsolute).toHaveLength(4)
    expect(speed).toBeGreaterThan(2 * amount!)
  })

  it('is averaged over folds in the results', () => {
    const folds = [0, 1, 2].map((fold) => runFold(data, configuration, fold, noCheckpoint))
    const run = evaluateRun(data, configuration, layOutOfFold(folds, 600), noCheckpoint).result
    const values = folds.map(({ insight }) => insight!.learningCurve![1]!.value!)
    const point = run.learningCurve!.points[1]!
    expect(point.value).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 3, 12)
    expect(point.foldSpread).toEqual({ lower: Math.min(...values), upper: Math.max(...values) })
    expect(run.gradientFlow).toEqual(folds.flatMap(({ flow }) => flow ?? []))
    expect(run.gradientFlow).toHaveLength(configuration.name === 'lr' ? 0 : 3)
    expect(run.learningCurve!.metric).toBe('average_precision')
    expect(run.contributions![0]!.column).toBe('speed')
    expect(run.contributions!.map(({ column }) => column).sort()).toEqual(columns.toSorted())
  })

  it('explains a sample by the model of its fold, fitted again', () => {
    const samples = result.samples.slice(5, 9)
    const found = explainSamples(data, configuration, 1, samples, null, noCheckpoint)!
    expect(found.columns).toEqual(columns)
    samples.forEach((_, i) => {
      const sum = found.contributions
        .subarray(4 * i, 4 * i + 4)
        .reduce((total, value) => total + value, found.expected)
      expect(sum).toBeCloseTo(logit(result.scores[5 + i]!), 6)
    })
    expect(() => explainSamples(data, configuration, 0, samples, null, noCheckpoint)).toThrow(
      'judged by another fold than 0',
    )
  })
})

describe('insight in a plan', () => {
  it('comes from JSON with defaults, and is refused out of bounds', () => {
    const messages = (insight: object): string[] => {
      const configuration = { name: 'a', model: { kind: 'logistic_regression' }, insight }
      const text = JSON.stringify({ version: 1, configurations: [configuration] })
      const parsed = parsePlan(text, 'plan')
      expect(parsed.configurations[0]!.insight).toBeDefined()
      return checkPlan(parsed, { positives: 100, negatives: 900 }).map(({ message }) => message)
    }
    expect(messages({ learning_curve: {}, contributions: {}, gradient_flow: true })).toEqual([])
    expect(messages({ learning_curve: { shares: [0, 0.5] } })).toEqual([
      'shares must be above 0 and at most 1, got 0',
    ])
    expect(messages({ learning_curve: { shares: new Array<number>(21).fill(0.5) } })).toEqual([
      'there may be 20 shares at most, got 21',
    ])
    expect(messages({ contributions: { samples: 0 } })).toEqual([
      'samples must be 1 to 10,000, got 0',
    ])
  })

  it('has no contributions of models without exact ones', () => {
    const model = { ...defaultModels.multilayer_perceptron, hidden: [4], epochs: 2 }
    const network: Configuration = { ...asked('lr'), name: 'mlp', model }
    const result = runFold(data, network, 0, noCheckpoint)
    expect(result.insight!.contributions).toBeNull()
    expect(explainSamples(data, network, 0, result.samples, null, noCheckpoint)).toBeNull()
    const folds = [result, ...[1, 2].map((fold) => runFold(data, network, fold, noCheckpoint))]
    const { contributions } = evaluateRun(
      data,
      network,
      layOutOfFold(folds, 600),
      noCheckpoint,
    ).result
    expect(contributions).toBeNull()
  })
})
