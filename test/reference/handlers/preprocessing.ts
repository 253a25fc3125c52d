import { encode, fitEncoder } from '#shared/core/encoding/encoder.ts'
import { stratifiedKFold } from '#shared/core/folds/stratified-k-fold.ts'
import {
  applyScaler,
  fitMinMaxScaler,
  fitRobustScaler,
  fitStandardScaler,
} from '#shared/core/encoding/scalers.ts'
import type { Scaler } from '#shared/core/encoding/scalers.ts'
import { quantileSorted } from '#shared/core/math/quantile.ts'
import type { QuantileMethod } from '#shared/core/math/quantile.ts'
import { createStream } from '#shared/core/math/random.ts'
import type { CategoricalColumn, Column, NumericColumn } from '#shared/core/dataset/dataset.ts'
import type { EncoderOptions } from '#shared/core/encoding/encoder.ts'
import type { Matrix } from '#shared/core/math/matrix.ts'
import type { GoldenHandlers } from '../handlers.ts'

const plain: EncoderOptions = { missingIndicator: false, maxLevels: 1000, missingLevel: false }

const transpose = <Value>(rows: readonly (readonly Value[])[]): Value[][] =>
  (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]!))

const upTo = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)

const rowsOf = ({ values, nSamples, nFeatures }: Matrix): number[][] =>
  Array.from({ length: nSamples }, (_, i) => [
    ...values.subarray(i * nFeatures, (i + 1) * nFeatures),
  ])

function numericColumns(rows: readonly (readonly (number | null)[])[]): NumericColumn[] {
  return transpose(rows).map((values, column) => ({
    kind: 'numeric',
    name: `x${column}`,
    values: Float64Array.from(values, (value) => value ?? NaN),
  }))
}

function categoricalColumns(rows: readonly (readonly string[])[]): CategoricalColumn[] {
  return transpose(rows).map((texts, column) => {
    const levels = [...new Set(texts)]
    return {
      kind: 'categorical',
      name: `x${column}`,
      codes: Int32Array.from(texts, (text) => levels.indexOf(text)),
      levels,
    }
  })
}

interface FoldRow {
  readonly n0: number
  readonly n1: number
  readonly k: number
  readonly sorted_counts_negative: readonly number[]
  readonly sorted_counts_positive: readonly number[]
}

const scalers: Readonly<Record<string, (values: Float64Array, weights: Float64Array) => Scaler>> = {
  standard: (values) => fitStandardScaler(values, null),
  standard_weighted: fitStandardScaler,
  robust: fitRobustScaler,
  min_max: fitMinMaxScaler,
}

const quantileMethods: ReadonlySet<string> = new Set(
  Object.keys({
    linear: true,
    lower: true,
    higher: true,
    nearest: true,
    midpoint: true,
    inverted_cdf: true,
    median_unbiased: true,
    hazen: true,
    weibull: true,
  } satisfies Record<QuantileMethod, true>),
)

export const preprocessing: GoldenHandlers = {
  scalers: ({ input, expect }, check) => {
    const rows = input['X'] as number[][]
    const features = transpose(rows).map((values) => Float64Array.from(values))
    const weights = Float64Array.from((input['sample_weight'] as number[] | undefined) ?? [])
    for (const [name, want] of Object.entries(expect)) {
      const fit = scalers[name]
      if (fit === undefined) {
        check.notYet(`${name} scaler`)
        continue
      }
      const fitted = features.map((values) => fit(values, weights))
      const centers = fitted.map(({ center }) => center)
      const scales = fitted.map(({ scale }) => scale)
      const got: Record<string, unknown> = {
        mean: centers,
        center: centers,
        scale: scales,
        transformed: transpose(features.map((values, k) => [...applyScaler(fitted[k]!, values)])),
      }
      for (const [key, wanted] of Object.entries(want as object)) {
        check.close(`${name}.${key}`, got[key], wanted)
      }
    }
    // What models see is scaled like that too.
    const columns: Column[] = numericColumns(rows)
    const encoder = fitEncoder(columns, upTo(rows.length), plain)
    const standard = expect['standard'] as { readonly transformed?: unknown } | undefined
    if (standard?.transformed !== undefined) {
      const encoded = rowsOf(encode(encoder, columns, upTo(rows.length)))
      check.close('encoded', encoded, standard.transformed)
    }
  },

  one_hot: ({ input, expect }, check) => {
    const rows = input['rows'] as string[][]
    const query = input['query'] as string[][]
    const columns = categoricalColumns(rows)
    const encoder = fitEncoder(columns, upTo(rows.length), plain)
    const levels = encoder.columns.map((column) =>
      column.kind === 'categorical' ? column.levels : [],
    )
    check.equal('categories', levels, expect['categories'])
    check.equal('encoded', rowsOf(encode(encoder, columns, upTo(rows.length))), expect['encoded'])
    check.equal(
      'query_encoded',
      rowsOf(encode(encoder, categoricalColumns(query), upTo(query.length))),
      expect['query_encoded'],
    )
  },

  quantiles: ({ input, expect }, check) => {
    const sorted = Float64Array.from(input['x'] as number[]).sort()
    const q = input['q'] as number[]
    for (const [name, want] of Object.entries(expect)) {
      if (!quantileMethods.has(name)) {
        check.notYet(`${name} quantiles`)
        continue
      }
      const got = q.map((share) => quantileSorted(sorted, share, name as QuantileMethod))
      check.close(name, got, want)
    }
  },

  stratified_k_fold: ({ expect }, check) => {
    for (const { n0, n1, k, ...want } of expect['rows'] as FoldRow[]) {
      const what = `${n0} negatives, ${n1} positives, ${k} folds`
      const yTrue = new Uint8Array(n0 + n1).fill(1, n0)
      const split = (): Int32Array => stratifiedKFold(yTrue, k, createStream(1, 'folds'))
      if (Math.min(n0, n1) < k) {
        // scikit-learn warns and leaves folds without a class; here such a request is refused.
        check.equal(`${what}: refused`, throws(split), true)
        continue
      }
      const folds = split()
      const sortedCounts = (label: number): number[] =>
        Array.from(
          { length: k },
          (_, fold) => yTrue.filter((y, i) => y === label && folds[i] === fold).length,
        ).sort((a, b) => a - b)
      check.equal(`${what}: samples`, folds.length, n0 + n1)
      check.equal(`${what}: negatives`, sortedCounts(0), want.sorted_counts_negative)
      check.equal(`${what}: positives`, sortedCounts(1), want.sorted_counts_positive)
    }
  },
}

function throws(action: () => unknown): boolean {
  try {
    action()
    return false
  } catch (error) {
    return error instanceof RangeError
  }
}
