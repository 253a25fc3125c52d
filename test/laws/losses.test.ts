/** What holds for every loss of the registry, by itself and in every model that takes it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { losses, lossOfSamples } from '#shared/core/losses/losses.ts'
import { plainEngine } from '#shared/core/kernels.ts'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { fitModel, predictLogits } from '#shared/core/models/model.ts'
import type { TrainingSet } from '#shared/core/models/model.ts'
import { defaultLosses, defaultModels } from '#shared/core/plan/default-plan.ts'
import type { LossChoice, ModelChoice } from '#shared/core/plan/plan.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import { makeSamples, takeSamples, upTo } from '../core/models/make-samples.ts'

const engine = createKernelEngine(await loadKernels())
const choices: LossChoice[] = Object.values(defaultLosses)
const totals = { negatives: 900, positives: 100 }

function derivativesAt(choice: LossChoice, yTrue: number, z: number, weight = 1) {
  const out = {
    loss: new Float64Array(1),
    gradient: new Float64Array(1),
    hessian: new Float64Array(1),
  }
  const of = lossOfSamples(choice, totals)
  of(Uint8Array.of(yTrue), Float64Array.of(z), Float64Array.of(weight), out)
  return { loss: out.loss[0]!, gradient: out.gradient[0]!, hessian: out.hessian[0]! }
}

describe.each(choices)('loss $kind', (choice) => {
  const label = fc.constantFrom(0, 1)

  it('has the derivatives that differences show', () => {
    fc.assert(
      fc.property(label, fc.double({ min: -8, max: 8, noNaN: true }), (y, z) => {
        const h = 1e-4
        const [below, here, above] = [z - h, z, z + h].map((at) => derivativesAt(choice, y, at))
        expect(here!.gradient).toBeCloseTo((above!.loss - below!.loss) / (2 * h), 6)
        expect(here!.hessian).toBeCloseTo((above!.gradient - below!.gradient) / (2 * h), 6)
      }),
    )
  })

  it('is finite, ≥ 0 and pulls to the right side at any logit', () => {
    for (const y of [0, 1]) {
      for (const z of [-1e300, -1000, -745, -40, 0, 40, 745, 1000, 1e300]) {
        const { loss, gradient, hessian } = derivativesAt(choice, y, z)
        expect(loss >= 0 && loss < Infinity).toBe(true)
        expect(y === 1 ? gradient <= 0 : gradient >= 0).toBe(true)
        expect(Number.isFinite(gradient) && Number.isFinite(hessian)).toBe(true)
      }
    }
    // A sample that is missed by 1,000 logits is pulled, and one that is right by as many is not.
    for (const y of [0, 1]) {
      const towards = y === 1 ? 1 : -1
      expect(Math.abs(derivativesAt(choice, y, -1000 * towards).gradient)).toBeGreaterThan(0.1)
      expect(derivativesAt(choice, y, 1000 * towards)).toMatchObject({ loss: 0 })
    }
  })

  it('falls as the margin grows, and goes by weight', () => {
    fc.assert(
      fc.property(label, fc.double({ min: -50, max: 50, noNaN: true }), (y, z) => {
        const step = y === 1 ? 0.1 : -0.1
        const here = derivativesAt(choice, y, z)
        expect(derivativesAt(choice, y, z + step).loss).toBeLessThanOrEqual(here.loss)
        const twice = derivativesAt(choice, y, z, 2)
        expect(twice).toEqual({
          loss: 2 * here.loss,
          gradient: 2 * here.gradient,
          hessian: 2 * here.hessian,
        })
      }),
    )
  })
})

type LossModel = Extract<ModelChoice, { readonly loss?: unknown }>

/** Quick enough to be fitted many times. */
function quick(kind: LossModel['kind'], loss: LossChoice): LossModel {
  const model = { ...defaultModels[kind], loss } as LossModel
  switch (model.kind) {
    case 'logistic_regression':
      return model
    case 'gradient_boosting':
      return { ...model, iterations: 20, maxDepth: 3 }
    case 'multilayer_perceptron':
      return { ...model, hidden: [8], learningRate: 0.01, epochs: 20, batchSize: 60 }
  }
}

const variants = choices.flatMap((loss) =>
  losses[loss.kind].models.map((kind) => ({
    name: `${kind} with ${loss.kind}`,
    loss,
    choice: quick(kind, loss),
  })),
)
const train = makeSamples({ nSamples: 400, nFeatures: 4 })
const query = makeSamples({ nSamples: 100, nFeatures: 4, seed: 2 }).X

function logitsAfter(choice: ModelChoice, set: TrainingSet, by = plainEngine): Float64Array {
  const means = { engine: by, stream: createStream(5, 'law') }
  const { model } = fitModel(choice, set, noCheckpoint, means)
  return predictLogits(model, query, noCheckpoint, by)
}

function expectClose(got: Float64Array, want: Float64Array): void {
  for (let i = 0; i < want.length; i++) {
    expect(Math.abs(got[i]! - want[i]!)).toBeLessThan(1e-6 * (1 + Math.abs(want[i]!)))
  }
}

describe.each(variants)('$name', ({ choice, loss }) => {
  const plain = logitsAfter(choice, train)

  it('ranks: positives higher than negatives', () => {
    const { yTrue } = makeSamples({ nSamples: 100, nFeatures: 4, seed: 2 })
    const meanOf = (label: number): number => {
      const own = plain.filter((_, i) => yTrue[i] === label)
      return own.reduce((sum, z) => sum + z, 0) / own.length
    }
    expect(meanOf(1)).toBeGreaterThan(meanOf(0) + 0.3)
  })

  it('gives the same bits by every engine, weighted or not', () => {
    expect(logitsAfter(choice, train, engine)).toEqual(plain)
    const weighted = { ...train, weights: Float64Array.from(upTo(400), (i) => (i % 5) / 3) }
    expect(logitsAfter(choice, weighted, engine)).toEqual(logitsAfter(choice, weighted))
  })

  it('can be cancelled anywhere', () => {
    let calls = 0
    fitModel(choice, train, () => calls++)
    for (const cancelAt of [1, Math.ceil(calls / 2), calls]) {
      let left = cancelAt
      const cancel = (): void => {
        if (--left === 0) throw new Cancelled()
      }
      expect(() => fitModel(choice, train, cancel)).toThrow(Cancelled)
    }
  })

  it.each([
    ['one positive', { ...train, yTrue: train.yTrue.map((_, i) => (i === 17 ? 1 : 0)) }],
    ['two samples', takeSamples({ ...train, yTrue: train.yTrue.map((_, i) => i % 2) }, [0, 1])],
    ['only constant features', { ...train, X: { ...train.X, values: new Float64Array(1600) } }],
    ['one class', { ...train, yTrue: new Uint8Array(400) }],
    [
      'extreme weights',
      { ...train, weights: Float64Array.from(upTo(400), (i) => (i % 2 === 0 ? 1e12 : 1e-12)) },
    ],
  ] satisfies [string, TrainingSet][])('stays finite: %s', (_, few) => {
    for (const logit of logitsAfter(choice, few)) expect(Number.isFinite(logit)).toBe(true)
  })

  // A perceptron also is a function of its starting weights and of the order of samples.
  if (choice.kind === 'multilayer_perceptron') return

  it('does not depend on the order of samples', () => {
    const order = upTo(400).map((i) => (i * 211) % 400)
    expectClose(logitsAfter(choice, takeSamples(train, order)), plain)
  })

  it('takes a whole weight for as many repetitions, and weight 0 for absence', () => {
    const weights = Float64Array.from(upTo(400), (i) => i % 3)
    const repeated = takeSamples(
      train,
      upTo(400).flatMap((i) => new Array<number>(i % 3).fill(i)),
    )
    expectClose(logitsAfter(choice, { ...train, weights }), logitsAfter(choice, repeated))
  })

  it('turns all logits around when the labels are', () => {
    const mirrored =
      loss.kind === 'focal' ? { ...choice, loss: { ...loss, alpha: 1 - loss.alpha } } : choice
    const other = { ...train, yTrue: train.yTrue.map((label) => 1 - label) }
    expectClose(
      logitsAfter(mirrored as ModelChoice, other).map((logit) => -logit),
      plain,
    )
  })
})
