import { encode, fitEncoder } from '#shared/core/encoding/encoder.ts'
import type { Column } from '#shared/core/dataset/dataset.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { nearestNeighbors } from '#shared/core/math/nearest-neighbors.ts'
import { createStream } from '#shared/core/math/random.ts'
import type { Matrix } from '#shared/core/math/matrix.ts'
import { fitSupportVectors } from '#shared/core/math/support-vectors.ts'
import type { CleanedClasses, SamplingChoice } from '#shared/core/plan/sampling-choice.ts'
import { resampledCounts } from '#shared/core/plan/resampled-counts.ts'
import { samplingKinds } from '#shared/core/plan/sampling-kinds.ts'
import { samplesPerParent } from '#shared/core/resampling/adasyn.ts'
import { condense, selectOneSided } from '#shared/core/resampling/condensed-neighbors.ts'
import { easiest } from '#shared/core/resampling/instance-hardness.ts'
import { sparseClusters } from '#shared/core/resampling/kmeans-smote.ts'
import {
  bySurroundings,
  majorityNeighbors,
} from '#shared/core/resampling/minority-neighborhoods.ts'
import { resample, samplers } from '#shared/core/resampling/resample.ts'
import type { Resampled, Sampler, SamplingTask } from '#shared/core/resampling/sampler.ts'
import { mismatchSquare, mostFrequent } from '#shared/core/resampling/smote-nc.ts'
import { gammaOf, minoritySupportVectors } from '#shared/core/resampling/svm-smote.ts'
import { synthesize } from '#shared/core/resampling/synthesize.ts'
import { findTomekLinks } from '#shared/core/resampling/tomek-links.ts'
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

/** As many samples of each class as asked for, on a line, the classes moved together by `nearer`. */
function classesOf(n0: number, n1: number, nearer = 0): { X: Matrix; yTrue: Uint8Array } {
  const nSamples = n0 + n1
  const values = Float64Array.from({ length: nSamples }, (_, i) => (i < n0 ? i : i - nearer))
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

/** What samplers are called with, to grow the minority to the majority. */
function taskOf(X: Matrix, yTrue: Uint8Array, grownTo?: number): SamplingTask {
  const all = positions(yTrue.length)
  const minority = all.filter((i) => yTrue[i] === 1)
  const majority = all.filter((i) => yTrue[i] === 0)
  return {
    original: { X, yTrue, weights: null },
    classes: { minority, majority, minorityLabel: 1 },
    wanted: { minority: grownTo ?? majority.length, majority: majority.length },
    stream: createStream(1, 'reference'),
    checkpoint: noCheckpoint,
    kernels: null,
    aids: {},
  }
}

interface UnderCase {
  readonly sample_indices: readonly number[]
  readonly counts?: readonly number[]
  readonly links?: readonly (readonly number[])[]
  readonly n_neighbors?: number
  readonly initial_majority_row?: number
  readonly probability_of_class_1?: readonly number[]
  readonly agrees_with_brute_force?: boolean
  readonly brute_force_indices?: readonly number[]
  readonly order_dependent?: boolean
}

/** The choice that a name of a selection stands for, such as `enn5_mode_auto` or `nearmiss1_0.5`. */
function choiceOf(name: string, { n_neighbors: neighbors = 3 }: UnderCase): SamplingChoice | null {
  const removes: CleanedClasses = name.endsWith('_all') && name !== 'enn_all' ? 'both' : 'majority'
  const vote = name.includes('_mode') ? 'mode' : 'all'
  const nearMiss = /^nearmiss([123])_(.+)$/.exec(name)
  if (nearMiss !== null) {
    const version = Number(nearMiss[1]) as 1 | 2 | 3
    const ratio = nearMiss[2] === 'auto' ? 1 : Number(nearMiss[2])
    return { kind: 'near_miss', targetImbalanceRatio: 1 / ratio, version, neighbors }
  }
  if (name.startsWith('tomek')) return { kind: 'tomek_links', removes }
  if (name.startsWith('enn')) return { kind: 'edited_nearest_neighbors', neighbors, vote, removes }
  const auto = { neighbors, vote, removes: 'majority' } as const
  if (name.startsWith('repeated_enn')) return { kind: 'repeated_edited_nearest_neighbors', ...auto }
  if (name.startsWith('allknn')) {
    const allowMinority = name.endsWith('allow_minority')
    return { kind: 'all_k_nearest_neighbors', ...auto, allowMinority }
  }
  if (name.startsWith('ncr')) return { kind: 'neighborhood_cleaning', neighbors, vote }
  return null
}

/** What a sampler keeps, even where it leaves one class alone. */
function selectBy(choice: SamplingChoice, task: SamplingTask): Int32Array {
  if (choice.kind === 'none') return positions(task.original.yTrue.length)
  const { minority, majority } = task.classes
  const counts = resampledCounts(choice, majority.length, minority.length)
  const wanted = { minority: counts.positives, majority: counts.negatives }
  const sampler = samplers[choice.kind] as Sampler<SamplingChoice>
  return sampler(choice, { ...task, wanted }).kept
}

/** Selections that start from a given row, or from given scores. */
function selectGiven(name: string, want: UnderCase, task: SamplingTask): Int32Array | null {
  const first = want.initial_majority_row ?? 0
  if (name === 'hart_one_pass') return condense(first, 1, task)
  if (name === 'hart_until_stable') return condense(first, 100, task)
  if (name === 'one_sided_selection') return selectOneSided(first, task)
  if (name !== 'instance_hardness_auto') return null
  const probabilities = Float64Array.from(want.probability_of_class_1 ?? [])
  return easiest(probabilities, task.classes, task.classes.minority.length)
}

interface StrategyRow {
  readonly n0: number
  readonly n1: number
  readonly kind: string
  readonly sampling_strategy: number | string | Readonly<Record<string, number>>
  readonly result?: Readonly<Record<string, number>>
}

interface RandomRow {
  readonly n0: number
  readonly n1: number
  readonly ratio: number
  readonly under_counts: readonly number[]
  readonly over_counts: readonly number[]
}

interface GeneratedSample {
  readonly row: number
  readonly neighbor: number
  readonly gap: number
  readonly value: readonly number[]
}

/** A ratio or counts of a plan for a strategy of imbalanced-learn; null where it asks for nothing. */
function targetOf(
  { sampling_strategy: asked, n0, n1 }: StrategyRow,
  changes: 'minority' | 'majority',
): Pick<SamplingChoice & { kind: 'smote' }, 'targetImbalanceRatio' | 'targetCounts'> | null {
  if (typeof asked === 'number') return { targetImbalanceRatio: 1 / asked }
  if (typeof asked === 'string') {
    return classesNamed(asked, n0, n1).includes(
      changes === 'minority' ? rarer(n0, n1) : 1 - rarer(n0, n1),
    )
      ? { targetImbalanceRatio: 1 }
      : null
  }
  const [negatives, positives] = [asked['0'], asked['1']]
  return {
    targetImbalanceRatio: 1,
    targetCounts: {
      ...(negatives === undefined ? {} : { negatives }),
      ...(positives === undefined ? {} : { positives }),
    },
  }
}

const rarer = (n0: number, n1: number): 0 | 1 => (n1 <= n0 ? 1 : 0)

/** Labels that a name of imbalanced-learn stands for; `auto` differs by what is done. */
function classesNamed(name: string, n0: number, n1: number): number[] {
  const minority = rarer(n0, n1)
  if (name === 'minority' || name === 'not majority') return [minority]
  if (name === 'majority' || name === 'not minority') return [1 - minority]
  return [0, 1]
}

interface BorderlineCase {
  readonly majority_neighbors: readonly number[]
  readonly noise: readonly number[]
  readonly danger: readonly number[]
  readonly safe: readonly number[]
}

interface AdasynCase {
  readonly r: readonly number[]
  readonly requested: number
  readonly n_per_row: readonly number[]
  readonly total: number
  readonly ratio_0_5: { readonly requested: number; readonly n_per_row: readonly number[] }
}

interface SvmCase {
  readonly gamma: number
  readonly C: number
  readonly minority_support_rows: readonly number[]
  readonly noise: readonly number[]
  readonly danger: readonly number[]
  readonly safe: readonly number[]
}

interface KMeansCase {
  readonly labels: readonly number[]
  readonly cluster_balance_threshold: number
  readonly k_neighbors: number
  readonly clusters: readonly Readonly<Record<string, number>>[]
  readonly valid: readonly number[]
  readonly weights: readonly number[]
  readonly requested: number
  readonly n_per_valid_cluster: readonly number[]
}

interface CountRange {
  readonly negatives_min: number
  readonly negatives_max: number
  readonly positives_min: number
  readonly positives_max: number
}

function checkSurroundings(
  what: string,
  task: SamplingTask,
  samples: Int32Array,
  want: { readonly noise?: unknown; readonly danger?: unknown; readonly safe?: unknown },
  m: number,
  check: Checker,
): void {
  const found = bySurroundings(task, samples, m)
  check.equal(`${what}.noise`, found.noise, want.noise)
  check.equal(`${what}.danger`, found.danger, want.danger)
  check.equal(`${what}.safe`, found.safe, want.safe)
}

function checkSvm(task: SamplingTask, want: SvmCase, m: number, check: Checker): void {
  const { X, yTrue } = task.original
  check.close('svm_smote.gamma', gammaOf(X), want.gamma)
  const all = positions(yTrue.length)
  const { alpha } = fitSupportVectors(X, all, yTrue, { gamma: want.gamma, c: want.C }, noCheckpoint)
  const { vectors } = minoritySupportVectors(task)
  const wanted = new Set(want.minority_support_rows)
  const got = new Set(vectors)
  // At the tolerance of the reference a row may or may not be one when its coefficient is near 0.
  const clearly = [...vectors].filter((row) => alpha[row]! > 0.01 * want.C)
  check.equal(
    'svm_smote.minority_support_rows',
    clearly.filter((row) => !wanted.has(row)),
    [],
  )
  const missed = [...wanted].filter((row) => !got.has(row))
  check.equal(
    'svm_smote: rows missed that lie off the margin',
    missed.length <= 0.02 * wanted.size,
    true,
  )
  const given = Int32Array.from(want.minority_support_rows)
  checkSurroundings('svm_smote', task, given, want, m, check)
}

function checkKMeans(task: SamplingTask, want: KMeansCase, check: Checker): void {
  const labels = Int32Array.from(want.labels)
  const found = sparseClusters(task, labels, want.cluster_balance_threshold, want.k_neighbors)
  check.equal(
    'kmeans_smote.valid',
    found.map(({ cluster }) => cluster),
    want.valid,
  )
  check.close(
    'kmeans_smote.weights',
    found.map(({ weight }) => weight),
    want.weights,
  )
  check.equal(
    'kmeans_smote.n_per_valid_cluster',
    found.map(({ weight }) => Math.ceil(weight * want.requested)),
    want.n_per_valid_cluster,
  )
  for (const { cluster, minority, meanDistance, sparsity } of found) {
    const {
      minority: size,
      mean_distance,
      sparsity: wanted,
    } = want.clusters.find((candidate) => candidate['cluster'] === cluster)!
    const what = `kmeans_smote.clusters[${cluster}]`
    check.equal(`${what}.minority`, minority.length, size)
    check.close(`${what}.mean_distance`, meanDistance, mean_distance)
    check.close(`${what}.sparsity`, sparsity, wanted)
  }
}

export const resampling: GoldenHandlers = {
  under: ({ input, expect }, check) => {
    const { X, yTrue } = readSamples(input, check)
    const task = taskOf(X, yTrue)
    for (const [name, stored] of Object.entries(expect)) {
      const want = stored as UnderCase
      // Hart's rule is compared by the two selections below it; the reference's own depends on a slip.
      if (name === 'cnn') continue
      const choice = choiceOf(name, want)
      const got = choice === null ? selectGiven(name, want, task) : selectBy(choice, task)
      if (got === null) {
        check.notYet(name)
        continue
      }
      // Where distances tie, the lower row comes first, as in the reference's brute force.
      const tied = want.agrees_with_brute_force === false
      const rows = tied ? want.brute_force_indices : want.sample_indices
      check.equal(name, got, rows)
      if (want.links !== undefined && !tied) {
        const links = findTomekLinks(positions(yTrue.length), task)
          .map(({ minority, majority }) => [minority, majority].sort((a, b) => a - b))
          .sort((a, b) => a[0]! - b[0]!)
        check.equal(`${name}.links`, links, want.links)
      }
    }
  },

  over: ({ input, expect, tol }, check) => {
    const { X, yTrue } = readSamples(input, check)
    const k = expect['k_neighbors'] as number
    const m = (expect['m_neighbors'] as number | undefined) ?? 10
    const task = taskOf(X, yTrue)
    const { minority } = task.classes
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

    const target = { targetImbalanceRatio: 1, neighbors: k } as const
    const choices: Readonly<Record<string, SamplingChoice>> = {
      smote: { kind: 'smote', ...target },
      borderline1: { kind: 'borderline_smote', variant: 1, outerNeighbors: m, ...target },
      adasyn: { kind: 'adasyn', ...target },
      smoteenn: { kind: 'smote_enn', ...target },
      smotetomek: { kind: 'smote_tomek', ...target },
    }
    const statistics = (expect['statistics'] ?? {}) as Readonly<Record<string, unknown>>
    for (const [name, want] of Object.entries(statistics)) {
      // The reference's own variant, which its notes say not to compare with that of the paper.
      if (name === 'borderline2') continue
      const what = `statistics.${name}`
      const choice = choices[name]
      if (choice === undefined) check.notYet(what)
      else if (name === 'smoteenn' || name === 'smotetomek') {
        const [negatives, positives] = countsOf(run(choice, X, yTrue))
        const range = want as CountRange
        const within = (got: number, least: number, most: number): boolean =>
          got >= least - spread(least, most) && got <= most + spread(least, most)
        const { negatives_min, negatives_max, positives_min, positives_max } = range
        check.equal(`${what}.negatives`, within(negatives, negatives_min, negatives_max), true)
        check.equal(`${what}.positives`, within(positives, positives_min, positives_max), true)
      } else checkStatistics(run(choice, X, yTrue), want as RunStatistics, what, tol, check)
    }
    if ('borderline' in expect) {
      const want = expect['borderline'] as BorderlineCase
      const counts = majorityNeighbors(task, minority, m)
      check.equal('borderline.majority_neighbors', counts, want.majority_neighbors)
      checkSurroundings('borderline', task, minority, want, m, check)
    }
    if ('adasyn' in expect) {
      const want = expect['adasyn'] as AdasynCase
      const counts = majorityNeighbors(task, minority, k)
      check.close(
        'adasyn.r',
        Array.from(counts, (count) => count / k),
        want.r,
      )
      check.equal('adasyn.n_per_row', samplesPerParent(counts, k, want.requested), want.n_per_row)
      const half = want.ratio_0_5
      check.equal('adasyn.ratio_0_5', samplesPerParent(counts, k, half.requested), half.n_per_row)
    }
    if ('svm_smote' in expect) checkSvm(task, expect['svm_smote'] as SvmCase, m, check)
    if ('kmeans_smote' in expect) checkKMeans(task, expect['kmeans_smote'] as KMeansCase, check)
  },

  smotenc: ({ input, expect }, check) => {
    const { continuous, categorical } = input as Readonly<Record<string, readonly string[]>>
    const { columns, yTrue } = completeRows(check.columns(input, [...continuous!, ...categorical!]))
    const nFeatures = columns.length
    const values = new Float64Array(yTrue.length * nFeatures)
    columns.forEach((column, f) => {
      const from = column.kind === 'numeric' ? column.values : column.codes
      for (let i = 0; i < yTrue.length; i++) values[i * nFeatures + f] = from[i]!
    })
    const X = { values, nSamples: yTrue.length, nFeatures }
    const isCategorical = Uint8Array.from(columns, ({ kind }) => (kind === 'categorical' ? 1 : 0))
    const minority = positions(yTrue.length).filter((i) => yTrue[i] === 1)
    const k = expect['k_neighbors'] as number
    check.equal('minority_rows', minority, expect['minority_rows'])
    const square = mismatchSquare(X, minority, isCategorical)
    check.close('median_std', Math.sqrt(2 * square), expect['median_std'])
    const found = nearestNeighbors(X, minority, minority, k, noCheckpoint, null, {
      isCategorical,
      mismatchSquare: square,
    })
    const listOf = (i: number): Int32Array => found.rows.subarray(i * k, (i + 1) * k)
    check.equal(
      'neighbors',
      Array.from(minority, (_, i) => listOf(i)),
      expect['neighbors'],
    )
    const six = minority.subarray(0, 6)
    const near = nearestNeighbors(X, six, six, 5, noCheckpoint, null, {
      isCategorical,
      mismatchSquare: square,
    })
    const distances = Array.from(six, (row, i) =>
      Array.from(six, (other) => {
        const place = near.rows.subarray(i * 5, (i + 1) * 5).indexOf(other)
        return row === other ? 0 : near.distances[i * 5 + place]!
      }),
    )
    const wantedDistances = expect['distance_first_6_minority_imblearn'] as number[][]
    distances.forEach((row, i) => {
      check.close(`distance_first_6_minority_imblearn[${i}]`, row, wantedDistances[i])
    })
    for (const { row, most_frequent_among_neighbors: votes } of expect['categorical_vote'] as {
      row: number
      most_frequent_among_neighbors: Record<string, string[]>
    }[]) {
      columns.forEach((column, f) => {
        if (column.kind !== 'categorical') return
        const codes = mostFrequent(X, listOf(minority.indexOf(row)), f)
        const texts = codes.map((code) => column.levels[code]!).sort()
        check.equal(`vote of ${row} on ${column.name}`, texts, votes[column.name]!.toSorted())
      })
    }
    const aids = { isCategorical: Array.from(isCategorical, (flag) => flag === 1) }
    const resampled = resample(
      { kind: 'smote_nc', targetImbalanceRatio: 1, neighbors: k },
      X,
      yTrue,
      null,
      createStream(1, 'smote_nc'),
      noCheckpoint,
      null,
      aids,
    )
    check.equal('n_resampled', countsOf(resampled), expect['n_resampled'])
  },

  strategy: ({ expect }, check) => {
    for (const row of expect['rows'] as StrategyRow[]) {
      const { n0, n1, kind, sampling_strategy: asked, result } = row
      const what = `${kind} of ${n0} and ${n1} to ${JSON.stringify(asked)}`
      if (kind === 'clean-sampling') {
        // Cleaning has no counts to ask for, only classes; imbalanced-learn refuses the minority alone.
        const named = typeof asked === 'string'
        check.equal(`${what}: has no target`, samplingKinds.tomek_links.does, 'cleans')
        if (!named || result === undefined) continue
        const labels = asked === 'auto' ? [1 - rarer(n0, n1)] : classesNamed(asked, n0, n1)
        const removes: CleanedClasses =
          labels.length === 2 ? 'both' : labels[0] === rarer(n0, n1) ? 'minority' : 'majority'
        const { X, yTrue } = classesOf(n0, n1, 0.5)
        // On a line only the two samples where the classes meet are a link.
        const left = countsOf(run({ kind: 'tomek_links', removes }, X, yTrue))
        const concerned = [0, 1].filter((label) => left[label]! < [n0, n1][label]!)
        check.equal(what, concerned, Object.keys(result).map(Number).sort())
        continue
      }
      const isOver = kind === 'over-sampling'
      const target = targetOf(row, isOver ? 'minority' : 'majority')
      const { X, yTrue } = classesOf(n0, n1)
      const got =
        target === null
          ? [n0, n1]
          : countsOf(run({ kind: isOver ? 'random_over' : 'random_under', ...target }, X, yTrue))
      // Where imbalanced-learn raises an error, as the target is reached, nothing is changed here.
      const of = (label: '0' | '1', n: number): number =>
        isOver ? n + (result?.[label] ?? 0) : (result?.[label] ?? n)
      // imbalanced-learn cuts a fraction of a sample off, a plan asks for the nearest count.
      const slack = { rel: 0, abs: result === undefined || typeof asked !== 'number' ? 0 : 1 }
      check.close(`${what}: negatives`, got[0], of('0', n0), slack)
      check.close(`${what}: positives`, got[1], of('1', n1), slack)
    }
  },

  random: ({ expect }, check) => {
    for (const { n0, n1, ratio, under_counts, over_counts } of expect['rows'] as RandomRow[]) {
      const what = `${n0} and ${n1} to ${ratio}`
      const { X, yTrue } = classesOf(n0, n1)
      const targetImbalanceRatio = 1 / ratio
      const under = run({ kind: 'random_under', targetImbalanceRatio }, X, yTrue)
      check.equal(`${what}: under_counts`, countsOf(under), under_counts)
      check.equal(`${what}: drawn once`, new Set(under.origin).size, under.origin.length)
      check.equal(`${what}: minority`, under.origin.slice(-n1), positions(n0 + n1).slice(-n1))
      const over = run({ kind: 'random_over', targetImbalanceRatio }, X, yTrue)
      check.equal(`${what}: over_counts`, countsOf(over), over_counts)
      check.equal(`${what}: originals first`, over.origin.slice(0, n0 + n1), positions(n0 + n1))
      const copies = over.X.values.subarray(n0 + n1)
      check.equal(
        `${what}: copies of the minority`,
        copies.every((value) => value >= n0),
        true,
      )
    }
  },
}

/** Room beyond the range of 20 runs of the reference, for one run of ours. */
const spread = (least: number, most: number): number => Math.max(2, most - least) / 2

/** Without the rows that lack a number. */
function completeRows({
  columns,
  yTrue,
}: {
  readonly columns: readonly Column[]
  readonly yTrue: Uint8Array
}): { readonly columns: readonly Column[]; readonly yTrue: Uint8Array } {
  const rows = positions(yTrue.length).filter((i) =>
    columns.every((column) => column.kind !== 'numeric' || !Number.isNaN(column.values[i]!)),
  )
  return {
    columns: columns.map((column) =>
      column.kind === 'numeric'
        ? { ...column, values: Float64Array.from(rows, (i) => column.values[i]!) }
        : { ...column, codes: Int32Array.from(rows, (i) => column.codes[i]!) },
    ),
    yTrue: Uint8Array.from(rows, (i) => yTrue[i]!),
  }
}
