import { logLossDerivatives } from '#shared/core/losses/log-loss.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { fitModel, predictLogits, predictProbabilities } from '#shared/core/models/model.ts'
import type { Matrix, Model } from '#shared/core/models/model.ts'
import { balancedClassWeights, weightByClass } from '#shared/core/weighting/class-weights.ts'
import type { Checker, GoldenCase, GoldenHandlers } from '../handlers.ts'

export const models: GoldenHandlers = {
  logistic_regression: ({ input, expect }, check) => {
    const data = samplesOf(input, check)
    if (data === null) return
    const { X, yTrue } = data
    const c = input['C'] as number
    const classWeights = classWeightsOf(input['class_weight'], yTrue)
    const sampleWeight = input['sample_weight'] as number[] | null | undefined
    const weights = weightByClass(
      yTrue,
      classWeights,
      sampleWeight ? Float64Array.from(sampleWeight) : null,
    )
    const { model, report } = fitModel(
      { kind: 'logistic_regression', c },
      { X, yTrue, weights },
      noCheckpoint,
    )
    if (model.kind !== 'logistic_regression') throw new TypeError(`got a ${model.kind}`)
    check.equal('converged', report.converged, true)
    check.close('coefficients', model.coefficients, expect['coefficients'])
    check.close('intercept', model.intercept, expect['intercept'])
    if ('class_weights_used' in expect) {
      const used = [classWeights.negative, classWeights.positive]
      check.close('class_weights_used', used, expect['class_weights_used'])
    }
    if ('objective' in expect) {
      check.close('objective', objectiveAt(model, X, yTrue, weights, c), expect['objective'])
    }
    if ('query_probability' in expect) {
      const probabilities = predictProbabilities(model, X)
      const queried = (expect['query_rows'] as number[]).map((row) => probabilities[row])
      check.close('query_probability', queried, expect['query_probability'])
    }
  },

  gaussian_nb: (_, check) => {
    check.notYet('Gaussian naive Bayes')
  },
  univariate: (_, check) => {
    check.notYet('univariate associations')
  },
  categorical_association: (_, check) => {
    check.notYet('associations of categorical features')
  },
}

function samplesOf(
  input: GoldenCase['input'],
  check: Checker,
): { X: Matrix; yTrue: Uint8Array } | null {
  if (!('csv' in input)) {
    const rows = input['X'] as number[][]
    const values = Float64Array.from(rows.flat())
    const X = { values, nSamples: rows.length, nFeatures: rows[0]!.length }
    return { X, yTrue: Uint8Array.from(input['y'] as number[]) }
  }
  const table = check.table(input)
  const X = { values: table.X.slice(), nSamples: table.nRows, nFeatures: table.nColumns }
  const transform = input['transform'] as string | undefined
  if (transform?.includes('(x - mean) / population standard deviation')) {
    for (let j = 0; j < X.nFeatures; j++) standardize(X, j)
  } else if (transform !== undefined) {
    check.notYet(`transform "${transform}"`)
    return null
  }
  return { X, yTrue: table.y }
}

function standardize({ values, nSamples, nFeatures }: Matrix, feature: number): void {
  const column = Array.from({ length: nSamples }, (_, i) => values[i * nFeatures + feature]!)
  const meanOf = (numbers: number[]): number =>
    numbers.reduce((sum, value) => sum + value, 0) / nSamples
  const mean = meanOf(column)
  const deviation = Math.sqrt(meanOf(column.map((value) => (value - mean) ** 2)))
  const isConstant = column.every((value) => value === column[0])
  column.forEach((value, i) => {
    values[i * nFeatures + feature] = isConstant ? 0 : (value - mean) / deviation
  })
}

function classWeightsOf(
  classWeight: unknown,
  yTrue: Uint8Array,
): { negative: number; positive: number } {
  if (classWeight === 'balanced') {
    const positives = yTrue.reduce((sum, label) => sum + label, 0)
    return balancedClassWeights({ negatives: yTrue.length - positives, positives })
  }
  const byLabel = (classWeight ?? {}) as Record<string, number>
  return { negative: byLabel['0'] ?? 1, positive: byLabel['1'] ?? 1 }
}

function objectiveAt(
  model: Model & { kind: 'logistic_regression' },
  X: Matrix,
  yTrue: Uint8Array,
  weights: Float64Array,
  c: number,
): number {
  const empty = (): Float64Array => new Float64Array(X.nSamples)
  const out = { loss: empty(), gradient: empty(), hessian: empty() }
  logLossDerivatives(yTrue, predictLogits(model, X), weights, out)
  const penalty = model.coefficients.reduce((sum, value) => sum + value * value, 0) / 2
  return penalty + c * out.loss.reduce((sum, loss) => sum + loss, 0)
}
