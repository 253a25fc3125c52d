import { logLossDerivatives } from '#shared/core/losses/log-loss.ts'
import { balancedClassWeights, weightByClass } from '#shared/core/weighting/class-weights.ts'
import type { Checker, GoldenCase, GoldenHandlers } from '../handlers.ts'

export const losses: GoldenHandlers = {
  focal: ({ input, expect }, check) => {
    const logits = Float64Array.from(input['logit'] as number[])
    const yTrue = new Uint8Array(logits.length).fill(input['y'] as number)
    if (input['gamma'] !== 0) {
      check.notYet('focal loss with gamma above 0')
      return
    }
    // Without focusing, focal loss is log loss with class weights 1 − alpha and alpha.
    const alpha = input['alpha'] as number | null
    const weights =
      alpha === null ? null : weightByClass(yTrue, { negative: 1 - alpha, positive: alpha }, null)
    checkLogLoss(yTrue, logits, weights, expect, check)
  },

  weighted_bce: ({ input, expect }, check) => {
    const positive = input['positive_weight'] as number
    const yTrue = Uint8Array.from(input['y'] as number[])
    const logits = Float64Array.from(input['logit'] as number[])
    const weights = weightByClass(yTrue, { negative: 1, positive }, null)
    checkLogLoss(yTrue, logits, weights, expect, check)
  },

  class_weights: ({ expect }, check) => {
    const methods = new Set<string>()
    for (const row of expect['rows'] as Record<string, unknown>[]) {
      const { n0, n1, balanced, ...others } = row as { n0: number; n1: number } & typeof row
      const weights = balancedClassWeights({ negatives: n0, positives: n1 })
      check.close(`balanced for ${n0}:${n1}`, [weights.negative, weights.positive], balanced)
      for (const method of Object.keys(others)) methods.add(method)
    }
    for (const method of methods) check.notYet(method)
  },

  sample_weight: ({ input, expect }, check) => {
    const yTrue = Uint8Array.from(input['y'] as number[])
    const positives = yTrue.reduce((sum, label) => sum + label, 0)
    const balanced = balancedClassWeights({ negatives: yTrue.length - positives, positives })
    check.close('weights', weightByClass(yTrue, balanced, null), expect['weights'])
  },

  logit_adjustment: (_, check) => {
    check.notYet('logit adjustment')
  },

  ldam: (_, check) => {
    check.notYet('LDAM loss')
  },
}

function checkLogLoss(
  yTrue: Uint8Array,
  logits: Float64Array,
  weights: Float64Array | null,
  expected: GoldenCase['expect'],
  check: Checker,
): void {
  const nSamples = yTrue.length
  const out = {
    loss: new Float64Array(nSamples),
    gradient: new Float64Array(nSamples),
    hessian: new Float64Array(nSamples),
  }
  logLossDerivatives(yTrue, logits, weights, out)
  for (const [name, values] of Object.entries(out)) {
    if (name in expected) check.close(name, values, expected[name])
  }
  if ('mean' in expected) {
    const sum = out.loss.reduce((total, loss) => total + loss, 0)
    check.close('mean', sum / nSamples, expected['mean'])
  }
}
