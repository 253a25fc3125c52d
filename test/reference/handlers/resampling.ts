import { encode, fitEncoder } from '#shared/core/encoding/encoder.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { nearestNeighbors } from '#shared/core/math/nearest-neighbors.ts'
import { createStream } from '#shared/core/math/random.ts'
import { resample } from '#shared/core/resampling/resample.ts'
import { synthesize } from '#shared/core/resampling/synthesize.ts'
import type { Matrix } from '#shared/core/math/matrix.ts'
import type { SamplingChoice } from '#shared/core/plan/plan.ts'
import type { Resampled } from '#shared/core/resampling/sampler.ts'
import type { Checker, GoldenCase, GoldenHandlers } from '../handlers.ts'

const positions = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)

/** The table of a case: written out in it, or read from a CSV file and standardised. */
function readSamples(input: GoldenCase['input'], check: Checker): { X: Matrix; yTrue: Uint8Array } {
  if (input['csv'] === undefined) {
    const rows = input['X'] as number[][]
    return {
      X: {
        values: Float64Array.from(rows.flat()),
        nSamples: rows.length,
        nFeatures: rows[0]?.length ?? 0,
      },
      yTrue: Uint8Array.from(input['y'] as number[]),
    }
  }
  const table = check.table(input)
  const columns = Array.from({ length: table.nColumns }, (_, column) => ({
    kind: 'numeric' as const,
    name: String(column),
    values: Float64Array.from(
      { length: table.nRows },
      (_, row) => table.X[row * table.nColumns + column]!,
    ),
  }))
  const all = positions(table.nRows)
  const encoder = fitEncoder(columns, all, {
    missingIndicator: false,
    maxLevels: 1,
    missingLevel: false,
  })
  return { X: encode(encoder, columns, all), yTrue: table.y }
}

/** As many samples of each class as asked for, with one feature of distinct values. */
function classesOf(n0: number, n1: number): { X: Matrix; yTrue: Uint8Array } {
  const nSamples = n0 + n1
  const values = Float64Array.from({ length: nSamples }, (_, i) => i)
  return { X: { values, nSamples, nFeatures: 1 }, yTrue: new Uint8Array(nSamples).fill(1, n0) }
}

function run(choice: SamplingChoice, X: Matrix, yTrue: Uint8Array): Resampled {
  return resample(choice, X, yTrue, null, createStream(1, choice.kind), noCheckpoint)
}

const countsOf = ({ yTrue }: Resampled): [negatives: number, positives: number] => {
  const positives = yTrue.reduce((sum, y) => sum + y, 0)
  return [yTrue.length - positives, positives]
}

interface RunStatistics {
  readonly mean: readonly number[]
  readonly sd_of_one_run_mean: readonly number[]
  readonly mean_variance: readonly number[]
  readonly sd_of_one_run_variance: readonly number[]
}

/** Mean and variance of the synthetic samples, for the columns that the case has values of. */
function checkStatistics(
  { X, origin }: Resampled,
  want: RunStatistics,
  what: string,
  { abs, rel }: GoldenCase['tol'],
  check: Checker,
): void {
  const synthetic = positions(X.nSamples).filter((i) => origin[i] === -1)
  want.mean.forEach((mean, column) => {
    const values = Float64Array.from(synthetic, (i) => X.values[i * X.nFeatures + column]!)
    const average = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length
    const within = (deviation: number): { rel: number; abs: number } => ({
      rel,
      abs: abs + 4.5 * deviation,
    })
    check.close(`${what}.mean[${column}]`, average, mean, within(want.sd_of_one_run_mean[column]!))
    check.close(
      `${what}.mean_variance[${column}]`,
      variance,
      want.mean_variance[column],
      within(want.sd_of_one_run_variance[column]!),
    )
  })
}

interface StrategyRow {
  readonly n0: number
  readonly n1: number
  readonly kind: string
  readonly sampling_strategy: unknown
  readonly result?: Readonly<Record<string, number>>
}

interface RandomRow {
  readonly n0: number
  readonly n1: number
  readonly ratio: number
  readonly under_counts: readonly number[]
}

interface GeneratedSample {
  readonly row: number
  readonly neighbor: number
  readonly gap: number
  readonly value: readonly number[]
}

export const resampling: GoldenHandlers = {
  under: ({ expect }, check) => {
    for (const name of Object.keys(expect)) check.notYet(name)
  },

  over: ({ input, expect, tol }, check) => {
    const { X, yTrue } = readSamples(input, check)
    const k = expect['k_neighbors'] as number
    const minority = positions(yTrue.length).filter((i) => yTrue[i] === 1)
    check.equal('minority_rows', minority, expect['minority_rows'])

    const agrees = expect['agrees_with_brute_force'] as { readonly smote?: boolean } | undefined
    if (agrees?.smote !== false) {
      const { rows } = nearestNeighbors(X, minority, minority, k, noCheckpoint)
      const neighbors = Array.from(minority, (_, i) => rows.subarray(i * k, (i + 1) * k))
      check.equal('smote_neighbors', neighbors, expect['smote_neighbors'])
    }

    const samples = expect['smote_generate'] as GeneratedSample[]
    const values = new Float64Array(samples.length * X.nFeatures)
    const provenance = {
      parent: Int32Array.from(samples, ({ row }) => row),
      neighbor: Int32Array.from(samples, ({ neighbor }) => neighbor),
      gap: Float64Array.from(samples, ({ gap }) => gap),
    }
    synthesize(X, provenance, values)
    samples.forEach(({ value }, s) => {
      const got = values.subarray(s * X.nFeatures, (s + 1) * X.nFeatures)
      check.close(`smote_generate[${s}]`, got, value)
    })

    const statistics = (expect['statistics'] ?? {}) as Readonly<Record<string, unknown>>
    for (const [name, want] of Object.entries(statistics)) {
      const what = `statistics.${name}`
      if (name === 'smote') {
        const choice = { kind: 'smote', targetImbalanceRatio: 1, neighbors: k } as const
        checkStatistics(run(choice, X, yTrue), want as RunStatistics, what, tol, check)
      } else {
        check.notYet(what)
      }
    }
    for (const name of ['borderline', 'adasyn', 'svm_smote', 'kmeans_smote']) {
      if (name in expect) check.notYet(name)
    }
  },

  smotenc: (_, check) => {
    check.notYet('SMOTE-NC')
  },

  strategy: ({ expect }, check) => {
    for (const { n0, n1, kind, sampling_strategy, result } of expect['rows'] as StrategyRow[]) {
      const ratio = sampling_strategy === 'auto' ? 1 : sampling_strategy
      if (kind === 'clean-sampling' || typeof ratio !== 'number') {
        check.notYet('sampling strategies by class names or counts, and for cleaning')
        continue
      }
      const targetImbalanceRatio = 1 / ratio
      const choice: SamplingChoice =
        kind === 'over-sampling'
          ? { kind: 'smote', targetImbalanceRatio, neighbors: 1 }
          : { kind: 'random_under', targetImbalanceRatio }
      const { X, yTrue } = classesOf(n0, n1)
      const [negatives, positives] = countsOf(run(choice, X, yTrue))
      // Where imbalanced-learn raises an error, as the target is reached, nothing is changed here.
      const wantedNegatives = result?.['0'] ?? n0
      const wantedPositives = n1 + (result?.['1'] ?? 0)
      const what = `${kind} of ${n0} and ${n1} to ${ratio}`
      // imbalanced-learn cuts a fraction of a sample off, a plan asks for the nearest count.
      const oneSample = { rel: 0, abs: result === undefined ? 0 : 1 }
      check.close(`${what}: negatives`, negatives, wantedNegatives, oneSample)
      check.close(`${what}: positives`, positives, wantedPositives, oneSample)
    }
  },

  random: ({ expect }, check) => {
    for (const { n0, n1, ratio, under_counts } of expect['rows'] as RandomRow[]) {
      const what = `${n0} and ${n1} to ${ratio}`
      const { X, yTrue } = classesOf(n0, n1)
      const under = run({ kind: 'random_under', targetImbalanceRatio: 1 / ratio }, X, yTrue)
      check.equal(`${what}: under_counts`, countsOf(under), under_counts)
      check.equal(`${what}: drawn once`, new Set(under.origin).size, under.origin.length)
      check.equal(`${what}: minority`, under.origin.slice(-n1), positions(n0 + n1).slice(-n1))
    }
    check.notYet('random over-sampling')
  },
}
