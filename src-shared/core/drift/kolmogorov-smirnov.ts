import { noCheckpoint, type Checkpoint } from '../math/checkpoint.ts'
import { kolmogorovTail } from '../math/kolmogorov.ts'
import { sortNumbers } from '../math/sort-numbers.ts'

/**
 * `exact`: p-value by counting lattice paths. `asymptotic`: from the one-sample distribution at the
 * effective sample size. `auto`: exact up to 10,000 values on either side.
 */
export type KsMethod = 'auto' | 'exact' | 'asymptotic'

export interface KolmogorovSmirnov {
  /** Largest gap between the two distribution functions, in [0, 1]. */
  readonly statistic: number
  readonly pValue: number
  /** Value at which the gap is largest: the first such of the reference, then of the current ones. */
  readonly location: number
  /** 1 where the reference function is above there (smaller values), −1 where it is below. */
  readonly sign: 1 | -1
  readonly method: 'exact' | 'asymptotic'
}

const EXACT_UP_TO = 10_000
const ROWS_PER_CHECKPOINT = 256

/**
 * Two-sample Kolmogorov-Smirnov test: whether two sets of numbers may come from one distribution.
 *
 * Ties make both p-values larger than they should be. With many samples every difference becomes
 * significant: read the statistic, which is a size, before the p-value.
 *
 * @param reference, current Finite numbers, at least one each. Left as they are.
 * @throws RangeError when a side is empty or holds NaN.
 *
 * O(n log n), and n · m steps for the exact p-value. Deterministic.
 *
 * Source: Smirnov (1939); Hodges (1958), "The Significance Probability of the Smirnov Two-Sample
 * Test", for the paths, counted here by their share outside so that small p-values keep their digits.
 */
export function kolmogorovSmirnov(
  reference: Float64Array,
  current: Float64Array,
  method: KsMethod = 'auto',
  checkpoint: Checkpoint = noCheckpoint,
): KolmogorovSmirnov {
  requireNumbers('reference', reference)
  requireNumbers('current', current)
  const first = sortNumbers(reference.slice())
  const second = sortNumbers(current.slice())
  const n = first.length
  const m = second.length

  let least = { gap: Infinity, location: NaN }
  let most = { gap: -Infinity, location: NaN }
  const look = (values: Float64Array): void => {
    let below = 0
    let belowToo = 0
    for (const value of values) {
      while (below < n && first[below]! <= value) below++
      while (belowToo < m && second[belowToo]! <= value) belowToo++
      const gap = below / n - belowToo / m
      if (gap < least.gap) least = { gap, location: value }
      if (gap > most.gap) most = { gap, location: value }
    }
  }
  look(first)
  look(second)
  const downward = Math.max(0, Math.min(1, -least.gap))
  const isDownward = downward > most.gap
  const gap = isDownward ? downward : most.gap
  const { location } = isDownward ? least : most
  const sign = isDownward ? -1 : 1

  if (method === 'exact' || (method === 'auto' && Math.max(n, m) <= EXACT_UP_TO)) {
    const common = greatestCommonDivisor(n, m)
    const steps = Math.round(gap * (n / common) * m) // the gap in units of 1 / lcm(n, m)
    return {
      statistic: steps / ((n / common) * m),
      pValue: shareOfPathsOutside(n, m, common, steps, checkpoint),
      location,
      sign,
      method: 'exact',
    }
  }
  const effective = Math.max(1, roundHalfEven((n / (n + m)) * m))
  return {
    statistic: gap,
    pValue: kolmogorovTail(effective, gap),
    location,
    sign,
    method: 'asymptotic',
  }
}

function requireNumbers(name: string, values: Float64Array): void {
  if (values.length === 0) throw new RangeError(`${name} must hold at least one number, got none`)
  if (values.some(Number.isNaN)) throw new RangeError(`${name} must hold numbers, got NaN`)
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b]
  return a
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  if (rest !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}

/**
 * Probability that a random path from (0, 0) to (n, m), all equally likely, somewhere leaves the
 * strip |i · m − j · n| < steps · common. Every path through a cell came from the left or from below
 * with odds j : i, so that the share of paths that have left by a cell is a mean of two others.
 */
function shareOfPathsOutside(
  n: number,
  m: number,
  common: number,
  steps: number,
  checkpoint: Checkpoint,
): number {
  if (steps === 0) return 1
  const rowStep = m / common
  const columnStep = n / common
  const left = new Float64Array(m + 1)
  for (let j = 0; j <= m; j++) left[j] = j * columnStep >= steps ? 1 : 0
  for (let i = 1; i <= n; i++) {
    if (i % ROWS_PER_CHECKPOINT === 0) checkpoint(i / n)
    const height = i * rowStep
    if (height >= steps) left[0] = 1
    for (let j = 1; j <= m; j++) {
      const gap = height - j * columnStep
      left[j] =
        gap >= steps || -gap >= steps ? 1 : (i / (i + j)) * left[j]! + (j / (i + j)) * left[j - 1]!
    }
  }
  return Math.min(1, left[m]!)
}
