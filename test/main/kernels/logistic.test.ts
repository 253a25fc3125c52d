import { describe, expect, it } from 'vitest'
import { plainEngine } from '#shared/core/kernels.ts'
import type { LogisticKernels, LogisticMemory } from '#shared/core/kernels/logistic.ts'
import { LOGISTIC_BLOCK } from '#shared/core/kernels/logistic.ts'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { fitLogisticRegression } from '#shared/core/models/logistic-regression.ts'
import type { TrainingSet } from '#shared/core/models/model.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import { makeSamples } from '../../core/models/make-samples.ts'

const compiled = createKernelEngine(await loadKernels()).logistic
const plain = plainEngine.logistic

interface Filling {
  readonly nSamples: number
  readonly nFeatures: number
  readonly value: (at: number) => number
  readonly label?: (i: number) => number
  readonly weight?: (i: number) => number
  readonly parameter?: (j: number) => number
}

/** All that the kernels compute of a filled memory. */
function everythingBy(kernels: LogisticKernels, filling: Filling) {
  const { nSamples, nFeatures, value } = filling
  const memory = kernels.allocate({ nSamples, nFeatures, withHessian: true })
  const fill = (array: LogisticMemory['values'], of: (i: number) => number): void => {
    for (let i = 0; i < array.length; i++) array[i] = of(i)
  }
  try {
    fill(memory.values, value)
    for (let i = 0; i < nSamples; i++) memory.yTrue[i] = filling.label?.(i) ?? i % 2
    fill(memory.lossWeights, filling.weight ?? (() => 1))
    fill(memory.parameters, filling.parameter ?? ((j) => 0.3 - 0.1 * j))
    const losses: number[] = []
    const sumsAfter = (add: (start: number, end: number) => void): Float64Array => {
      memory.sums.fill(0.5)
      for (let start = 0; start < nSamples; start += LOGISTIC_BLOCK) {
        add(start, Math.min(start + LOGISTIC_BLOCK, nSamples))
      }
      return Float64Array.from(memory.sums)
    }
    const gradient = sumsAfter((start, end) => losses.push(kernels.evaluate(memory, start, end)))
    const diagonal = sumsAfter((start, end) => {
      kernels.addDiagonal(memory, start, end)
    })
    const pulls = sumsAfter((start, end) => {
      kernels.addPulls(memory, start, end)
    })
    sumsAfter((start, end) => {
      kernels.addHessian(memory, start, end)
    })
    const size = nFeatures + 1
    return {
      losses,
      gradient,
      diagonal,
      pulls,
      slopes: Float64Array.from(memory.slopes),
      curvatures: Float64Array.from(memory.curvatures),
      hessian: Float64Array.from(memory.hessian).filter((_, at) => at % size <= at / size),
    }
  } finally {
    kernels.release(memory)
  }
}

/** A function whose values are random, and the same for the same index. */
function randomly(seed: number, of: (uniform: () => number) => number): (i: number) => number {
  const values: number[] = []
  const stream = createStream(seed, 'kernel test')
  return (i) => {
    while (values.length <= i) values.push(of(() => stream.uniform()))
    return values[i]!
  }
}

const bell = (uniform: () => number): number => 4 * (uniform() + uniform() + uniform() - 1.5)

describe('logistic kernels compute the bits of plain TypeScript', () => {
  it('for every number of features and samples around the widths of vectors and blocks', () => {
    for (const nFeatures of [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 19, 30, 33]) {
      for (const nSamples of [1, 2, 3, 4, 5, 63, 64, 67, 130]) {
        const filling = { nSamples, nFeatures, value: randomly(nFeatures, bell) }
        expect(everythingBy(compiled, filling)).toEqual(everythingBy(plain, filling))
      }
    }
  })

  it('over several blocks, with weights, some of them 0', () => {
    const filling = {
      nSamples: 2500,
      nFeatures: 6,
      value: randomly(1, bell),
      weight: randomly(2, (uniform) => Math.max(0, 3 * uniform() - 1)),
      label: randomly(3, (uniform) => (uniform() < 0.1 ? 1 : 0)),
    }
    expect(everythingBy(compiled, filling)).toEqual(everythingBy(plain, filling))
  })

  it('where most values are 0, in some stretches or everywhere', () => {
    for (const share of [0.02, 0.2, 0.5]) {
      const value = randomly(7, (uniform) => (uniform() < share ? bell(uniform) : 0))
      const dense = randomly(8, bell)
      const stretches = (at: number): number => (at % 900 < 450 ? value(at) : dense(at))
      for (const of of [value, stretches]) {
        const filling = { nSamples: 301, nFeatures: 11, value: of }
        expect(everythingBy(compiled, filling)).toEqual(everythingBy(plain, filling))
      }
    }
  })

  it('for a million logits: exponential and logarithm have the same bits', () => {
    const spread = (uniform: () => number): number =>
      (uniform() - 0.5) * [1e-17, 1e-8, 0.1, 2, 30, 800, 2000][Math.floor(7 * uniform())]!
    const filling = {
      nSamples: 1_000_000,
      nFeatures: 1,
      value: randomly(4, spread),
      parameter: (j: number) => 1 - j,
    }
    const [got, want] = [everythingBy(compiled, filling), everythingBy(plain, filling)]
    for (const name of ['slopes', 'curvatures'] as const) {
      expect(Buffer.compare(Buffer.from(got[name].buffer), Buffer.from(want[name].buffer))).toBe(0)
    }
    expect(got.losses).toEqual(want.losses)
  })

  it('for logits at the ends of the doubles', () => {
    const hostile = [0, -0, 1e-320, 708, 709.9, 745.2, 746, 1e5, 1e300, 1.7e308, Infinity, NaN]
    const signed = hostile.flatMap((x) => [x, -x])
    const filling = {
      nSamples: signed.length + 1,
      nFeatures: 1,
      value: (i: number) => signed[i] ?? 3,
      parameter: (j: number) => 1 - j,
    }
    expect(everythingBy(compiled, filling)).toEqual(everythingBy(plain, filling))
  })
})

describe('logistic regression with kernels', () => {
  const wide = makeSamples({ nSamples: 150, nFeatures: 310 })
  const large = makeSamples({ nSamples: 70_000, nFeatures: 3 }) // a start is searched on a part

  it.each([
    ['few samples', makeSamples({ nSamples: 400, nFeatures: 7 }), 0],
    ['many features', wide, 0],
    ['an L1 penalty', makeSamples({ nSamples: 400, nFeatures: 7 }), 0.5],
    ['an L1 penalty on many features', wide, 0.5],
    ['many samples', large, 0],
  ] satisfies [string, TrainingSet, number][])('is the same fit: %s', (_, train, l1Ratio) => {
    const fit = (kernels: LogisticKernels) =>
      fitLogisticRegression({ c: 1, l1Ratio }, train, noCheckpoint, kernels)
    expect(fit(compiled)).toEqual(fit(plain))
    expect(fit(compiled).report.converged).toBe(true)
  })

  it('gives its memory back, also when cancelled', () => {
    const { values } = compiled.allocate({ nSamples: 1, nFeatures: 1, withHessian: false })
    const cancel = (): void => {
      throw new Cancelled()
    }
    expect(() => fitLogisticRegression({ c: 1 }, large, cancel, compiled)).toThrow(Cancelled)
    const next = compiled.allocate({ nSamples: 1, nFeatures: 1, withHessian: false })
    expect(next.values.byteOffset - values.byteOffset).toBeLessThan(16_384)
    expect([...next.values, ...next.sums]).toEqual([0, 0, 0])
  })
})
