import { describe, expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { averagePrecision, countsAtThresholds } from '#shared/core/metrics/ranking.ts'
import { fitModel, predictLogits, predictProbabilities } from '#shared/core/models/model.ts'
import { passesGate } from '#shared/core/models/two-stage.ts'
import type { Model } from '#shared/core/models/model.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import type { TwoStageChoice } from '#shared/core/plan/plan.ts'
import { makeSamples, upTo } from './make-samples.ts'

const train = makeSamples({ nSamples: 3000, nFeatures: 4, offset: -4 })
const fresh = makeSamples({ nSamples: 3000, nFeatures: 4, offset: -4, seed: 9 })
const choice: TwoStageChoice = {
  ...defaultModels.two_stage,
  filter: { ...defaultModels.gradient_boosting, iterations: 30, maxDepth: 3 },
}

type TwoStages = Extract<Model, { kind: 'two_stage' }>

function fitted(changes: Partial<TwoStageChoice> = {}): TwoStages {
  const { model } = fitModel({ ...choice, ...changes }, train, noCheckpoint)
  if (model.kind !== 'two_stage') throw new Error('not two stages')
  return model
}

describe('two stages', () => {
  it('let about the share of positives through that was asked for, also of new samples', () => {
    for (const gateRecall of [0.8, 0.95]) {
      const model = fitted({ gateRecall })
      const passes = [...predictProbabilities(model, fresh.X)].map((p) => passesGate(model, p))
      const positives = upTo(3000).filter((i) => fresh.yTrue[i] === 1)
      const recall = positives.filter((i) => passes[i]).length / positives.length
      expect(positives.length).toBeGreaterThan(150)
      expect(Math.abs(recall - gateRecall)).toBeLessThan(0.07)
      expect(passes.filter(Boolean).length).toBeLessThan(2000)
    }
  })

  it('rank every sample that passes above every one that is stopped, by the gate logit', () => {
    const model = fitted()
    const logits = predictLogits(model, fresh.X)
    const ofGate = predictLogits(model.gate, fresh.X)
    const passing = upTo(3000).filter((i) => ofGate[i]! >= model.gateThreshold)
    const stopped = upTo(3000).filter((i) => ofGate[i]! < model.gateThreshold)
    const least = Math.min(...passing.map((i) => logits[i]!))
    expect(stopped.every((i) => logits[i]! < least)).toBe(true)
    const probabilities = predictProbabilities(model, fresh.X)
    expect(passing.every((i) => passesGate(model, probabilities[i]!))).toBe(true)
    expect(stopped.some((i) => passesGate(model, probabilities[i]!))).toBe(false)
    const order = stopped.toSorted((a, b) => ofGate[a]! - ofGate[b]!)
    order.slice(1).forEach((i, k) => {
      expect(logits[i]!).toBeGreaterThanOrEqual(logits[order[k]!]!)
    })
  })

  it('give the probability that their formula says', () => {
    const model = fitted()
    const { gate, gateThreshold: t, stoppedPrevalence: q, gateLogit, filter } = model
    const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))
    const p = predictProbabilities(model, fresh.X)
    predictLogits(gate, fresh.X).forEach((z, i) => {
      if (z < t) {
        expect(p[i]).toBeCloseTo(2 * q * sigmoid(z - t), 12)
        return
      }
      const features = [...fresh.X.values.subarray(4 * i, 4 * i + 4)]
      const wider = [...features, (z - gateLogit.mean) / gateLogit.scale]
      const one = { values: Float64Array.from(wider), nSamples: 1, nFeatures: 5 }
      expect(p[i]).toBeCloseTo(q + (1 - q) * sigmoid(predictLogits(filter!, one)[0]!), 12)
    })
  })

  it('are better than their gate where that is a line and the truth is not', () => {
    const model = fitted()
    const precision = (one: Model): number =>
      averagePrecision(countsAtThresholds(fresh.yTrue, predictLogits(one, fresh.X), null)).value!
    expect(precision(model)).toBeGreaterThan(precision(model.gate) + 0.005)
  })

  it('are their gate alone where positives are too few for two stages', () => {
    const yTrue = train.yTrue.map((y, i) => (i < 60 ? y : 0))
    const few = { ...train, yTrue: yTrue.map((y, i) => (y === 1 && i < 20 ? 1 : 0)) }
    expect(few.yTrue.reduce((sum, y) => sum + y, 0)).toBeLessThan(4)
    const { model } = fitModel(choice, few, noCheckpoint)
    const gate = fitModel(choice.gate, few, noCheckpoint).model
    expect(predictLogits(model, fresh.X)).toEqual(predictLogits(gate, fresh.X))
  })
})
