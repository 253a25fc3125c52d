/**
 * Where cases change side between two runs: slices by one column and by two, cut and searched as those
 * of missed positives are (`share-search.ts`), each held against the rest.
 *
 * Two things are tested, each adjusted for all slices that it was tested in: whether more cases change
 * there than elsewhere, and whether the cases that do make one run dearer there for certain. A slice by
 * two columns is named where it says more of either than both of its columns alone.
 */
import type { Column } from '../dataset/dataset.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { blockSum } from '../math/sum.ts'
import type { Interval } from '../metrics/interval.ts'
import { meanInterval } from '../metrics/mean-interval.ts'
import { wilsonInterval } from '../metrics/wilson.ts'
import { adjustPValues } from '../statistics/adjust-p-values.ts'
import { sumOnOneSide } from '../statistics/sum-on-one-side.ts'
import { conditionText } from './condition.ts'
import type { SliceCondition } from './condition.ts'
import { cellOfPart, partCells, saysMoreThanEither, searchShares } from './share-search.ts'
import type { PartCells, SearchedPart } from './share-search.ts'
import { drawnShare } from './share-test.ts'
import { sliceColumn } from './slice-bins.ts'
import type { SlicedColumn } from './slice-bins.ts'

export interface ChangedSlice {
  /** One condition, or two on different columns. */
  readonly where: readonly SliceCondition[]
  readonly text: string
  readonly cases: number
  readonly changed: number
  /** Of the changed cases those that the second run decides right, and the first run wrong. */
  readonly won: number
  /** changed ÷ cases, with its 95 % interval (Wilson). */
  readonly changedShare: number
  readonly interval: Interval
  /** The same of all cases outside. */
  readonly restShare: number
  /** Drawn towards that of all cases. */
  readonly shrunkShare: number
  /** One-sided: so many changed cases or more if the slice were like the rest. */
  readonly pValue: number
  readonly adjusted: number
  /** What the cases of the slice cost by the second run less what they cost by the first; weighted. */
  readonly worth: number
  /** Of the paired difference, 95 %, the slice by itself; null with one case, or all in one group. */
  readonly worthInterval: Interval | null
  /** Two-sided: that `worth` is not 0. Null with fewer than 10 changed cases or groups. */
  readonly worthPValue: number | null
  readonly worthAdjusted: number | null
}

export interface ChangedSlices {
  /** By rising adjusted p-value of their number, then by falling size of worth. */
  readonly slices: readonly ChangedSlice[]
  /** Slices that were tested, those without a changed case among them. */
  readonly tested: number
  /** Those in which enough cases changed to test what they are worth. */
  readonly worthTested: number
  /** Columns that were looked at in pairs; with many, those with the lowest p-values. */
  readonly pairedColumns: number
  readonly cases: number
  readonly changed: number
  /** Of all changed cases. */
  readonly worth: number
  /** Why there is nothing to tell; null where there is. */
  readonly reason: string | null
}

const LEVEL = 0.95
/** Cases that a slice, and what is outside, must have. */
const LEAST_CASES = 10
/** Changed cases, or groups with some, from which on their worth is tested. */
const LEAST_CHANGED = 10
/** Slices told by each p-value, and by worth. */
const MOST_SLICES = 60

/** Samples that two runs decide differently; all of length nSamples. */
export interface SidesOfSamples {
  /** 1 where the runs differ. */
  readonly changed: Uint8Array
  /** 1 where they differ and the second is right. */
  readonly won: Uint8Array
  /** Cost by the second run less that by the first, weighted; 0 where they agree. */
  readonly worth: Float64Array
  /** ≥ 0 per sample; null means 1 each. */
  readonly weights: Float64Array | null
  /** Samples with one number ≥ 0 came together; null when each is by itself. */
  readonly groups: Int32Array | null
}

/**
 * Holds every slice by one column or two against the rest.
 *
 * @throws RangeError when lengths differ.
 *
 * Degenerate: where no case has changed or all have, with fewer than 20 cases, or where no column
 * divides them, there are no slices, and `reason` says why. Deterministic.
 */
export function changedSlices(
  features: readonly Column[],
  sides: SidesOfSamples,
  checkpoint: Checkpoint,
): ChangedSlices {
  const { changed, won, worth, weights, groups } = sides
  const cases = changed.length
  for (const [name, values] of Object.entries({ won, worth, weights, groups })) {
    if (values !== null && values.length !== cases) {
      throw new RangeError(`changedSlices needs ${name} of ${cases} samples, got ${values.length}`)
    }
  }
  const nChanged = changed.reduce((sum, one) => sum + one, 0)
  const all = { cases, changed: nChanged, worth: worth.reduce((sum, one) => sum + one, 0) }
  const nothing = (reason: string): ChangedSlices => ({
    ...all,
    ...{ slices: [], tested: 0, worthTested: 0, pairedColumns: 0, reason },
  })
  if (nChanged === 0) return nothing('both runs decide every case alike')
  if (nChanged === cases) return nothing('every case changed side, in all slices alike')
  if (cases < 2 * LEAST_CASES) {
    return nothing(
      `${cases} cases are too few to be divided: a slice and its rest need ${LEAST_CASES} each`,
    )
  }
  const everyCase = new Uint8Array(cases).fill(1)
  const columns = features.map((column, i) => {
    checkpoint((0.3 * i) / features.length)
    return sliceColumn(column, everyCase)
  })
  const inPart = columns.map((column) => column.partOf)
  const { parts, pairedColumns, prior } = searchShares(
    columns,
    inPart,
    changed,
    LEAST_CASES,
    partOf(checkpoint, 0.3, 0.6),
  )
  if (parts.length === 0) {
    return nothing(`no column divides the cases into slices of ${LEAST_CASES} or more`)
  }
  const tallies = talliesOf(parts, columns, sides, partOf(checkpoint, 0.6, 0.7))
  const worthTested = tallies.filter(({ worthPValue }) => worthPValue !== null)
  const adjusted = adjustPValues(
    Float64Array.from(worthTested, ({ worthPValue }) => worthPValue!),
    'benjamini-hochberg',
  )
  const adjustedWorth = new Map(worthTested.map((one, i) => [one, adjusted[i]!]))

  const tally = new Map(parts.map((part, i) => [part, tallies[i]!]))
  const moreOfShare = saysMoreThanEither(parts, ({ pValue }) => pValue)
  const moreOfWorth = saysMoreThanEither(parts, (part) => tally.get(part)!.worthPValue)
  const candidates = parts.flatMap((part) => {
    const counted = tally.get(part)!
    const worthAdjusted = adjustedWorth.get(counted) ?? null
    const isMore = part.found * cases > nChanged * part.among
    const isTold = part.at.length === 1 || (isMore && moreOfShare(part)) || moreOfWorth(part)
    return isTold && part.found > 0 ? [{ ...part, ...counted, worthAdjusted }] : []
  })
  type Candidate = (typeof candidates)[number]
  const bySize = (a: Candidate, b: Candidate): number => Math.abs(b.worth) - Math.abs(a.worth)
  const byShare = (a: Candidate, b: Candidate): number =>
    a.adjusted - b.adjusted || a.pValue - b.pValue || bySize(a, b)
  const byWorth = (a: Candidate, b: Candidate): number =>
    (a.worthPValue ?? 1) - (b.worthPValue ?? 1) || bySize(a, b)
  const told = new Set(
    [byShare, byWorth, bySize].flatMap((order) => candidates.toSorted(order).slice(0, MOST_SLICES)),
  )
  const describing = partOf(checkpoint, 0.7, 1)
  const slices = [...told].sort(byShare).map((part, i): ChangedSlice => {
    describing(i / told.size)
    const { among, found, where, won, worthPValue, worthAdjusted } = part
    return {
      ...{ where, text: where.map(conditionText).join(' and '), cases: among, changed: found, won },
      changedShare: found / among,
      interval: wilsonInterval(found, among, LEVEL)!,
      restShare: (nChanged - found) / (cases - among),
      shrunkShare: drawnShare({ among, found }, nChanged / cases, prior),
      ...{ pValue: part.pValue, adjusted: part.adjusted, worth: part.worth },
      worthInterval: worthInterval(part, columns, sides),
      ...{ worthPValue, worthAdjusted },
    }
  })
  checkpoint(1)
  return {
    ...all,
    ...{
      slices,
      tested: parts.length,
      worthTested: worthTested.length,
      pairedColumns,
      reason: null,
    },
  }
}

interface Tally {
  readonly won: number
  readonly worth: number
  readonly worthPValue: number | null
}

/** What the changed cases of each part come to. Looks at these only. */
function talliesOf(
  parts: readonly SearchedPart[],
  columns: readonly SlicedColumn[],
  { changed, won, worth, groups }: SidesOfSamples,
  checkpoint: Checkpoint,
): Tally[] {
  const samples = Int32Array.from(changed.keys()).filter((sample) => changed[sample] === 1)
  // Samples of a group next to each other, so that their sum is complete when the next one begins.
  if (groups !== null) samples.sort((a, b) => groups[a]! - groups[b]! || a - b)
  const scale = samples.reduce((most, sample) => Math.max(most, Math.abs(worth[sample]!)), 0) || 1
  const sumUp = ({ nCells, cellOf }: PartCells): CellSums[] => {
    const sums = Array.from({ length: nCells }, emptySums)
    for (const sample of samples) {
      const cell = sums[cellOf(sample)]
      if (cell === undefined) continue
      const unit = groups?.[sample] ?? -1
      if (unit < 0 || unit !== cell.unit) closeUnit(cell)
      cell.unit = unit
      cell.open += worth[sample]! / scale
      cell.isOpen = true
      cell.won += won[sample]!
      cell.worth += worth[sample]!
    }
    sums.forEach(closeUnit)
    return sums
  }
  const { squares } = sumUp({ nCells: 1, cellOf: () => 0 })[0]!
  const inPart = columns.map((column) => column.partOf)
  let known: { readonly key: string; readonly sums: readonly CellSums[] } | null = null
  return parts.map(({ at, among }, i) => {
    checkpoint(i / parts.length)
    const indices = at.map(([column]) => column)
    const key = indices.join(' ')
    if (known?.key !== key) known = { key, sums: sumUp(partCells(indices, columns, inPart)) }
    const cell = known.sums[cellOfPart(at, columns)]!
    return {
      won: cell.won,
      worth: cell.worth,
      worthPValue:
        cell.units < LEAST_CHANGED ? null : sumOnOneSide(cell, (squares * among) / changed.length),
    }
  })
}

/** Running sums of a cell; the unit whose samples are being added is open. */
interface CellSums {
  won: number
  worth: number
  unit: number
  open: number
  isOpen: boolean
  units: number
  sum: number
  squares: number
  cubes: number
  sixths: number
}

function emptySums(): CellSums {
  return {
    ...{ won: 0, worth: 0, unit: -1, open: 0, isOpen: false },
    ...{ units: 0, sum: 0, squares: 0, cubes: 0, sixths: 0 },
  }
}

function closeUnit(cell: CellSums): void {
  if (!cell.isOpen) return
  const { open } = cell
  const cube = open * open * open
  cell.units++
  cell.sum += open
  cell.squares += open * open
  cell.cubes += cube
  cell.sixths += cube * cube
  cell.open = 0
  cell.isOpen = false
}

/** The interval of the mean difference, times the weight of the slice. */
function worthInterval(
  { at, among }: SearchedPart,
  columns: readonly SlicedColumn[],
  { worth, weights, groups }: SidesOfSamples,
): Interval | null {
  const [first, second] = at.map(([column, part]) => ({ of: columns[column]!.partOf, part }))
  const inside = new Int32Array(among)
  let size = 0
  for (let sample = 0; size < among; sample++) {
    if (first!.of[sample] !== first!.part) continue
    if (second !== undefined && second.of[sample] !== second.part) continue
    inside[size++] = sample
  }
  const weigh = weights && Float64Array.from(inside, (sample) => weights[sample]!)
  const values = new Float64Array(among)
  inside.forEach((sample, i) => {
    const weight = weigh?.[i] ?? 1
    if (weight > 0) values[i] = worth[sample]! / weight
  })
  const of = groups && Int32Array.from(inside, (sample) => groups[sample]!)
  const mean = meanInterval(values, weigh, of, LEVEL)
  const total = weigh === null ? inside.length : blockSum(weigh)
  return mean && { ...mean, lower: mean.lower * total, upper: mean.upper * total }
}
