/**
 * Where cases change side between two runs: slices by one column, cut as the search for missed
 * positives cuts them, each held against the rest by the same exact test, adjusted and drawn in as
 * there.
 *
 * What is tested is whether more cases change there than elsewhere. What they are worth is counted,
 * not tested: a few dear cases make any slice look good or bad.
 */
import type { Column } from '../dataset/dataset.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Interval } from '../metrics/interval.ts'
import { wilsonInterval } from '../metrics/wilson.ts'
import { adjustPValues } from '../statistics/adjust-p-values.ts'
import { conditionText } from './condition.ts'
import type { SliceCondition } from './condition.ts'
import { drawnShare, hypergeometricTail, priorWeight } from './share-test.ts'
import { sliceColumn } from './slice-bins.ts'

export interface ChangedSlice {
  readonly where: SliceCondition
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
  /** What the cases of the slice cost by the second run less what they cost by the first; weighted. */
  readonly worth: number
  /** One-sided: so many changed cases or more if the slice were like the rest. */
  readonly pValue: number
  readonly adjusted: number
}

export interface ChangedSlices {
  /** Those with changed cases, by rising adjusted p-value, then by falling size of worth. */
  readonly slices: readonly ChangedSlice[]
  /** Slices that were tested, those without a changed case among them. */
  readonly tested: number
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
/** Slices told, by p-value and by worth. */
const MOST_SLICES = 60

/** Samples that two runs decide differently; all of length nSamples. */
export interface SidesOfSamples {
  /** 1 where the runs differ. */
  readonly changed: Uint8Array
  /** 1 where they differ and the second is right. */
  readonly won: Uint8Array
  /** Cost by the second run less that by the first, weighted; 0 where they agree. */
  readonly worth: Float64Array
}

/**
 * Holds every slice by one column against the rest.
 *
 * @throws RangeError when lengths differ.
 *
 * Degenerate: where no case has changed or all have, with fewer than 20 cases, or where no column
 * divides them, there are no slices, and `reason` says why. Deterministic.
 */
export function changedSlices(
  features: readonly Column[],
  { changed, won, worth }: SidesOfSamples,
  checkpoint: Checkpoint,
): ChangedSlices {
  const cases = changed.length
  if (won.length !== cases || worth.length !== cases) {
    throw new RangeError(
      `changedSlices needs won and worth of ${cases} samples, got ${won.length} and ${worth.length}`,
    )
  }
  const nChanged = changed.reduce((sum, one) => sum + one, 0)
  const found = { cases, changed: nChanged, worth: worth.reduce((sum, one) => sum + one, 0) }
  const nothing = (reason: string): ChangedSlices => ({ ...found, slices: [], tested: 0, reason })
  if (nChanged === 0) return nothing('both runs decide every case alike')
  if (nChanged === cases) return nothing('every case changed side, in all slices alike')
  if (cases < 2 * LEAST_CASES) {
    return nothing(
      `${cases} cases are too few to be divided: a slice and its rest need ${LEAST_CASES} each`,
    )
  }
  const everyCase = new Uint8Array(cases).fill(1)
  const parts = features.flatMap((column, i) => {
    checkpoint(i / features.length)
    return countParts(column, everyCase, { changed, won, worth })
  })
  if (parts.length === 0) {
    return nothing(`no column divides the cases into slices of ${LEAST_CASES} or more`)
  }
  const tail = hypergeometricTail(cases, nChanged)
  const pValues = Float64Array.from(parts, (part) => tail(part.cases, part.changed))
  const adjusted = adjustPValues(pValues, 'benjamini-hochberg')
  const common = nChanged / cases
  const prior = priorWeight(
    parts.map((part) => ({ among: part.cases, found: part.changed })),
    common,
  )
  const slices = parts.flatMap((part, i): ChangedSlice[] =>
    part.changed === 0
      ? []
      : [
          {
            ...part,
            text: conditionText(part.where),
            changedShare: part.changed / part.cases,
            interval: wilsonInterval(part.changed, part.cases, LEVEL)!,
            restShare: (nChanged - part.changed) / (cases - part.cases),
            shrunkShare: drawnShare({ among: part.cases, found: part.changed }, common, prior),
            pValue: pValues[i]!,
            adjusted: adjusted[i]!,
          },
        ],
  )
  const bySize = (a: ChangedSlice, b: ChangedSlice): number => Math.abs(b.worth) - Math.abs(a.worth)
  slices.sort((a, b) => a.adjusted - b.adjusted || a.pValue - b.pValue || bySize(a, b))
  const dearest = new Set(slices.toSorted(bySize).slice(0, MOST_SLICES))
  checkpoint(1)
  return {
    ...found,
    slices: slices.filter((slice, i) => i < MOST_SLICES || dearest.has(slice)),
    tested: parts.length,
    reason: null,
  }
}

type Part = Pick<ChangedSlice, 'where' | 'cases' | 'changed' | 'won' | 'worth'>

/** The parts of a column that are large enough, as is what lies outside. */
function countParts(
  column: Column,
  everyCase: Uint8Array,
  { changed, won, worth }: SidesOfSamples,
): Part[] {
  const { parts, partOf } = sliceColumn(column, everyCase)
  const counts = parts.map((where) => ({ where, cases: 0, changed: 0, won: 0, worth: 0 }))
  partOf.forEach((part, sample) => {
    const count = counts[part]
    if (count === undefined) return
    count.cases++
    count.changed += changed[sample]!
    count.won += won[sample]!
    count.worth += worth[sample]!
  })
  return counts.filter(
    ({ cases }) => cases >= LEAST_CASES && everyCase.length - cases >= LEAST_CASES,
  )
}
