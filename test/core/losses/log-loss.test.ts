import { expect, it } from 'vitest'
import { logLossDerivatives } from '#shared/core/losses/log-loss.ts'

function lossAt(yTrue: number[], logits: number[], weights: number[] | null = null) {
  const out = {
    loss: new Float64Array(yTrue.length),
    gradient: new Float64Array(yTrue.length),
    hessian: new Float64Array(yTrue.length),
  }
  const w = weights === null ? null : Float64Array.from(weights)
  logLossDerivatives(Uint8Array.from(yTrue), Float64Array.from(logits), w, out)
  return { loss: [...out.loss], gradient: [...out.gradient], hessian: [...out.hessian] }
}

it('is −ln of the probability given to the true label, in nats', () => {
  // A logit of ln 9 is a probability of 0.9; −ln 0.9 = 0.10536.
  const { loss } = lossAt([1, 0], [Math.log(9), Math.log(9)])
  expect(loss[0]).toBeCloseTo(-Math.log(0.9), 15)
  expect(loss[1]).toBeCloseTo(-Math.log(0.1), 15)
})

it('has the gradient and hessian that central differences show', () => {
  const step = 1e-5
  for (const label of [0, 1]) {
    for (let z = -9; z <= 9; z += 0.37) {
      const { gradient, hessian } = lossAt([label], [z], [2.5])
      const above = lossAt([label], [z + step], [2.5])
      const below = lossAt([label], [z - step], [2.5])
      expect(gradient[0]).toBeCloseTo((above.loss[0]! - below.loss[0]!) / (2 * step), 8)
      expect(hessian[0]).toBeCloseTo((above.gradient[0]! - below.gradient[0]!) / (2 * step), 8)
    }
  }
})

it('stays right where the exponential of the logit over- or underflows', () => {
  const { loss, gradient, hessian } = lossAt([1, 0, 1, 0, 1], [1000, 1000, -1000, -1000, 40])
  expect(loss).toEqual([0, 1000, 1000, 0, expect.closeTo(Math.exp(-40), 30)])
  expect(gradient.slice(0, 4)).toEqual([-0, 1, -1, 0])
  expect(gradient[4]).toBeCloseTo(-Math.exp(-40), 30) // not 0, as 1 − probability would be
  expect(hessian.every((value) => value >= 0 && value < 1e-17)).toBe(true)
})

it('scales with the weight', () => {
  const plain = lossAt([1, 0], [0.3, -2])
  const weighted = lossAt([1, 0], [0.3, -2], [4, 0])
  expect(weighted.loss).toEqual([4 * plain.loss[0]!, 0])
  expect(weighted.gradient).toEqual([4 * plain.gradient[0]!, 0])
})

it('refuses arrays of different lengths', () => {
  expect(() => lossAt([1, 0], [1])).toThrow('logits must have one entry per sample (2), got 1')
  expect(() => lossAt([1, 0], [1, 2], [1])).toThrow('weights must have one entry per sample')
})
