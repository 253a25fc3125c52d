import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { categoricalAssociation, numericAssociation } from '#shared/core/dataset/association.ts'
import { findColumn, textOf } from '#shared/core/dataset/dataset.ts'
import type { Dataset } from '#shared/core/dataset/dataset.ts'
import { compareCodePoints } from '#shared/core/encoding/code-point-order.ts'
import { logLossDerivatives } from '#shared/core/losses/log-loss.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { fitModel, predictLogits, predictProbabilities } from '#shared/core/models/model.ts'
import type { Matrix, Model } from '#shared/core/models/model.ts'
import { balancedClassWeights, weightByClass } from '#shared/core/weighting/class-weights.ts'
import { parseCsvFile } from '#main/files/csv/parse-csv-file.ts'
import type { Checker, GoldenCase, GoldenHandlers } from '../handlers.ts'
import { referenceFolder } from '../load.ts'

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

  gaussian_nb: ({ input, expect }, check) => {
    const data = samplesOf(input, check)
    if (data === null) return
    const { X, yTrue } = data
    const sampleWeight = input['sample_weight'] as number[] | null | undefined
    const { model } = fitModel(
      {
        kind: 'gaussian_naive_bayes',
        varianceShare: (input['var_smoothing'] as number | undefined) ?? 1e-9,
      },
      { X, yTrue, weights: sampleWeight ? Float64Array.from(sampleWeight) : null },
      noCheckpoint,
    )
    if (model.kind !== 'gaussian_naive_bayes') throw new TypeError(`got a ${model.kind}`)
    check.close('theta', model.means, expect['theta'])
    check.close('var', model.variances, expect['var'])
    check.close('prior', model.priors, expect['prior'])
    check.close('epsilon', model.epsilon, expect['epsilon'])
    const probabilities = predictProbabilities(model, X)
    const queried = (expect['query_rows'] as number[]).map((row) => probabilities[row])
    check.close('query_probability', queried, expect['query_probability'])
  },

  univariate: ({ input, expect }, check) => {
    const table = check.table(input)
    const names = input['columns'] as readonly string[]
    for (const row of expect['rows'] as Readonly<Record<string, unknown>>[]) {
      const column = names.indexOf(row['column'] as string)
      const values = Float64Array.from(table.y, (_, i) => table.X[i * table.nColumns + column]!)
      const got = numericAssociation(values, table.y)
      const byName: Readonly<Record<string, number | null>> = {
        auc: got.auc,
        point_biserial: got.pointBiserial,
        point_biserial_p: got.pointBiserialP,
        spearman: got.spearman,
        ks: got.ks,
        mutual_information_deciles_nats: got.mutualInformation,
        mean: got.mean,
        sd_ddof1: got.standardDeviation,
        skewness: got.skewness,
        excess_kurtosis: got.excessKurtosis,
        median: got.median,
      }
      checkFacts(row, byName, check)
    }
  },

  categorical_association: ({ input, expect }, check) => {
    const { dataset, yTrue } = textsOf(input)
    for (const row of expect['rows'] as Readonly<Record<string, unknown>>[]) {
      const column = findColumn(dataset, row['column'] as string)
      if (column?.kind !== 'categorical') throw new Error(`${String(row['column'])} has no texts`)
      const got = categoricalAssociation(column, yTrue)
      const order = got.levels
        .map((_, k) => k)
        .sort((a, b) => compareCodePoints(got.levels[a]!, got.levels[b]!))
      const ordered = <Value>(values: ArrayLike<Value>): Value[] => order.map((k) => values[k]!)
      checkFacts(
        row,
        {
          levels: ordered(got.levels),
          counts: [ordered(got.negatives), ordered(got.positives)],
          chi2: got.chiSquare,
          pvalue: got.pValue,
          dof: got.degrees,
          cramers_v: got.cramersV,
          mutual_information_nats: got.mutualInformation,
          information_value: got.informationValue,
          positive_rate: ordered(got.positiveRates),
        },
        check,
      )
    }
  },
}

function checkFacts(
  { column, ...wanted }: Readonly<Record<string, unknown>>,
  got: Readonly<Record<string, unknown>>,
  check: Checker,
): void {
  for (const [name, want] of Object.entries(wanted)) {
    const what = `${String(column)}: ${name}`
    if (!(name in got)) check.notYet(what)
    else if (name === 'levels') check.equal(what, got[name], want)
    else check.close(what, got[name], want)
  }
}

/** The table with every column as texts, those that stand for a missing value among them. */
function textsOf(input: GoldenCase['input']): {
  readonly dataset: Dataset
  readonly yTrue: Uint8Array
} {
  const folder = referenceFolder()!
  const descriptions = JSON.parse(
    readFileSync(join(folder, 'data/datasets.json'), 'utf8'),
  ) as readonly DatasetDescription[]
  const description = descriptions.find(({ file }) => file === input['csv'])
  if (description === undefined) throw new Error(`no such data set: ${String(input['csv'])}`)
  const { file, delimiter, target, positive } = description
  const names = [...description.numeric, ...description.categorical, target]
  const dataset = parseCsvFile(join(folder, file), {
    delimiter,
    missing: [],
    ragged: 'refuse',
    kinds: Object.fromEntries(names.map((name) => [name, 'categorical' as const])),
  })
  const labels = findColumn(dataset, target)!
  return {
    dataset,
    yTrue: Uint8Array.from({ length: dataset.nRows }, (_, row) =>
      textOf(labels, row) === positive ? 1 : 0,
    ),
  }
}

interface DatasetDescription {
  readonly file: string
  readonly delimiter: string
  readonly target: string
  readonly positive: string
  readonly numeric: readonly string[]
  readonly categorical: readonly string[]
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
