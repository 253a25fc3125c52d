/**
 * What synthetic samples are worth: where they lie among real ones, and what about them can't be.
 *
 * A sample made between two others may lie where only the majority was seen, have half a child, or
 * be a third married. Nobody sees that in a table of thousands, so it is counted, and a few samples
 * are shown whole.
 */
import type { Column } from '../dataset/dataset.ts'
import type { Encoder, FittedNumericColumn } from '../encoding/encoder.ts'
import type { CategoriesInSpace } from '../encoding/sampling-space.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { nearestNeighbors } from '../math/nearest-neighbors.ts'
import type { Matrix } from '../math/matrix.ts'
import type { NeighborKernels } from '../math/neighbor-filter.ts'
import { sampleWithoutReplacement } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import type { Resampled } from '../resampling/sampler.ts'

/** Synthetic samples looked at, at most: each is compared with every real one. */
const mostExamined = 500
const shown = 10
const neighbors = 5
/** A number is whole when it is this near to one, relative to its size. */
const wholeTolerance = 1e-9

export interface SyntheticPassport {
  /** Synthetic samples looked at, drawn at random where there are more than 500. */
  readonly examined: number
  /** Share of the majority among their 5 nearest real samples, on average. */
  readonly majorityShare: number
  /** Share of them that have more majority than minority around them. */
  readonly inMajorityTerritory: number
  /** Columns in which some have values that no real sample can, and the share that has. */
  readonly impossible: readonly ImpossibleValues[]
  /**
   * How many of all synthetic samples have a parent in each outer fold, and how many the neighbour
   * that they lie towards: none in the fold that is judged.
   */
  readonly madeFrom: { readonly parents: readonly number[]; readonly neighbors: readonly number[] }
  /** A few of them. */
  readonly samples: readonly SamplePassport[]
}

/** What the made-up samples of a run are like, over its outer folds. */
export type SyntheticReadout = Pick<
  SyntheticPassport,
  'examined' | 'majorityShare' | 'inMajorityTerritory' | 'impossible'
>

/** The passports of all folds as one; the worst column first. Null without any. */
export function joinPassports(passports: readonly SyntheticReadout[]): SyntheticReadout | null {
  const examined = passports.reduce((sum, one) => sum + one.examined, 0)
  if (examined === 0) return null
  const mean = (of: (passport: SyntheticReadout) => number): number =>
    passports.reduce((sum, one) => sum + one.examined * of(one), 0) / examined
  const columns = new Map(
    passports.flatMap(({ impossible }) =>
      impossible.map(({ column, kind }) => [column, { column, kind }] as const),
    ),
  )
  return {
    examined,
    majorityShare: mean((one) => one.majorityShare),
    inMajorityTerritory: mean((one) => one.inMajorityTerritory),
    impossible: [...columns.values()]
      .map(({ column, kind }) => ({
        column,
        kind,
        share: mean(
          ({ impossible }) => impossible.find((one) => one.column === column)?.share ?? 0,
        ),
      }))
      .sort((a, b) => b.share - a.share),
  }
}

export interface ImpossibleValues {
  readonly column: string
  /** `fraction`: between whole numbers; `mix`: part of several categories. */
  readonly kind: 'fraction' | 'mix'
  readonly share: number
}

export interface SamplePassport {
  /** Samples of the experiment. */
  readonly parent: number
  readonly neighbor: number
  readonly gap: number
  /** Nearest first; the distance is in standard deviations. */
  readonly nearest: readonly {
    readonly sample: number
    readonly distance: number
    readonly isMajority: boolean
  }[]
  /** Columns with impossible values. */
  readonly impossible: readonly string[]
}

/** What sampling did to a training set, in the space that the sampler saw. */
export interface SampledSpace {
  readonly resampled: Omit<Resampled, 'X'>
  /** The set after sampling: originals kept, then synthetic samples. */
  readonly X: Matrix
  readonly categories: CategoriesInSpace
}

/**
 * @param samples Samples of the experiment that the positions in `resampled` stand for.
 * @param folds   Outer fold of each sample of the experiment.
 * @returns Null where no sample was made, or too few real ones are left to compare with.
 */
export function makePassport(
  { resampled: { yTrue, origin, synthetic, countsBefore }, X, categories }: SampledSpace,
  { encoder, features }: { readonly encoder: Encoder; readonly features: readonly Column[] },
  samples: Int32Array,
  folds: Int32Array,
  stream: RandomStream,
  checkpoint: Checkpoint,
  kernels: NeighborKernels | null,
): SyntheticPassport | null {
  const count = synthetic.parent.length
  const real = Int32Array.from(origin, (_, i) => i).subarray(0, origin.length - count)
  if (count === 0 || real.length < neighbors) return null
  const made = Int32Array.from(synthetic.parent, (_, s) => s)
  const drawn = count > mostExamined ? sampleWithoutReplacement(made, mostExamined, stream) : made
  const queries = drawn.map((s) => real.length + s)
  const found = nearestNeighbors(X, queries, real, neighbors, checkpoint, kernels)
  const majorityLabel = countsBefore.positives <= countsBefore.negatives ? 0 : 1
  const majorityCounts = Array.from(queries, (_, i) => {
    const nearest = found.rows.subarray(i * neighbors, (i + 1) * neighbors)
    return nearest.reduce((sum, row) => sum + (yTrue[row] === majorityLabel ? 1 : 0), 0)
  })
  const tests = impossibilityTests(encoder, features, samples, categories)
  const impossibleOf = (position: number): ColumnTest[] => {
    const row = X.values.subarray(position * X.nFeatures, (position + 1) * X.nFeatures)
    return tests.filter(({ isImpossible }) => isImpossible(row))
  }
  const perSample = Array.from(queries, impossibleOf)
  const mean = (of: (i: number) => number): number =>
    perSample.reduce((sum, _, i) => sum + of(i), 0) / queries.length
  return {
    examined: queries.length,
    majorityShare: mean((i) => majorityCounts[i]! / neighbors),
    inMajorityTerritory: mean((i) => (2 * majorityCounts[i]! > neighbors ? 1 : 0)),
    impossible: tests
      .map((test) => ({
        column: test.column,
        kind: test.kind,
        share: mean((i) => (perSample[i]!.includes(test) ? 1 : 0)),
      }))
      .filter(({ share }) => share > 0),
    madeFrom: {
      parents: countByFold(synthetic.parent, samples, folds),
      neighbors: countByFold(synthetic.neighbor, samples, folds),
    },
    samples: Array.from(drawn.subarray(0, shown), (s, i) => ({
      parent: samples[synthetic.parent[s]!]!,
      neighbor: samples[synthetic.neighbor[s]!]!,
      gap: synthetic.gap[s]!,
      nearest: Array.from({ length: neighbors }, (_, place) => {
        const row = found.rows[i * neighbors + place]!
        return {
          sample: samples[origin[row]!]!,
          distance: found.distances[i * neighbors + place]!,
          isMajority: yTrue[row] === majorityLabel,
        }
      }).filter(({ distance }) => distance < Infinity),
      impossible: perSample[i]!.map(({ column }) => column),
    })),
  }
}

function countByFold(
  positions: Int32Array,
  samples: Int32Array,
  folds: Int32Array,
): readonly number[] {
  const nFolds = folds.reduce((most, fold) => Math.max(most, fold), -1) + 1
  const counts = new Array<number>(nFolds).fill(0)
  for (const position of positions) {
    const fold = folds[samples[position]!] ?? -1
    // Samples that no fold judges are in none.
    if (fold >= 0) counts[fold]! += 1
  }
  return counts
}

interface ColumnTest {
  readonly column: string
  readonly kind: ImpossibleValues['kind']
  readonly isImpossible: (row: Float64Array) => boolean
}

/** One per column that can come out impossible. */
function impossibilityTests(
  { columns }: Encoder,
  features: readonly Column[],
  samples: Int32Array,
  categories: CategoriesInSpace,
): ColumnTest[] {
  const tests: ColumnTest[] = []
  let at = 0
  for (const fitted of columns) {
    const feature = at
    if (fitted.kind === 'numeric') {
      at++
      const column = features.find(({ name }) => name === fitted.name)
      if (column?.kind !== 'numeric' || !holdsWholeNumbers(column.values, samples)) continue
      tests.push({
        column: fitted.name,
        kind: 'fraction',
        isImpossible: (row) => isFraction(row[feature]!, fitted),
      })
    } else if (categories === 'codes') {
      at++
    } else {
      at += fitted.levels.length
      const end = at
      tests.push({
        column: fitted.name,
        kind: 'mix',
        isImpossible: (row) =>
          row.subarray(feature, end).some((value) => value !== 0 && value !== 1),
      })
    }
  }
  return tests
}

function holdsWholeNumbers(values: Float64Array, samples: Int32Array): boolean {
  return samples.every((row) => Number.isNaN(values[row]!) || Number.isInteger(values[row]!))
}

function isFraction(standardized: number, { mean, scale }: FittedNumericColumn): boolean {
  if (Number.isNaN(standardized)) return false
  const value = standardized * scale + mean
  const room = wholeTolerance * Math.max(1, Math.abs(value), Math.abs(mean), scale)
  return Math.abs(value - Math.round(value)) > room
}
