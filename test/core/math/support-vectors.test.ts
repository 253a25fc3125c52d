import { describe, expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { fitSupportVectors } from '#shared/core/math/support-vectors.ts'

describe('fitSupportVectors', () => {
  it('ends where the conditions of the optimum hold', () => {
    const random = createStream(5, 'svm')
    const n = 120
    const values = Float64Array.from({ length: 2 * n }, () => random.uniform())
    const label = Uint8Array.from({ length: n }, (_, i) =>
      values[2 * i]! + 0.4 * random.uniform() > 0.9 ? 1 : 0,
    )
    const rows = Int32Array.from(label, (_, i) => i)
    const X = { values, nSamples: n, nFeatures: 2 }
    const gamma = 3
    const { alpha, converged } = fitSupportVectors(X, rows, label, { gamma, c: 1 }, noCheckpoint)
    expect(converged).toBe(true)
    const sign = [...label].map((y) => (y === 1 ? 1 : -1))
    const balance = alpha.reduce((sum, a, i) => sum + a * sign[i]!, 0)
    expect(Math.abs(balance)).toBeLessThan(1e-9)
    const kernel = (i: number, j: number): number =>
      Math.exp(
        -gamma *
          ((values[2 * i]! - values[2 * j]!) ** 2 + (values[2 * i + 1]! - values[2 * j + 1]!) ** 2),
      )
    const outputs = sign.map((_, i) =>
      alpha.reduce((sum, a, j) => sum + a * sign[j]! * kernel(i, j), 0),
    )
    // y − output is the same offset for every vector off its bounds, and bounds it elsewhere.
    const offset = sign.map((s, i) => s - outputs[i]!)
    const free = offset.filter((_, i) => alpha[i]! > 1e-6 && alpha[i]! < 1 - 1e-6)
    expect(free.length).toBeGreaterThan(2)
    expect(Math.max(...free) - Math.min(...free)).toBeLessThan(2e-3)
    sign.forEach((s, i) => {
      const margin = s * (outputs[i]! + free[0]!)
      if (alpha[i] === 0) expect(margin).toBeGreaterThan(1 - 4e-3)
      if (alpha[i] === 1) expect(margin).toBeLessThan(1 + 4e-3)
    })
  })
})
