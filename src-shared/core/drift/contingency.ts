/** Whether cases are spread over categories in the same way on both sides. */
import { chiSquareTails } from '../math/chi-square.ts'

export interface ChiSquareTest {
  readonly statistic: number
  readonly pValue: number
  readonly degrees: number
  /** Expected counts: reference, then current, over the categories that occur. */
  readonly expected: readonly [readonly number[], readonly number[]]
  /** Cramér's V, the size of the difference, in [0, 1]. */
  readonly cramersV: number
  /** Whether every expected count is at least 5: below, the p-value is rough. */
  readonly isWellFilled: boolean
}

/**
 * Chi-square test of two rows of counts over the same categories. Categories that occur on neither
 * side are left out.
 *
 * @param yates Continuity correction, where two categories are left: each |O − E| less ½, at least 0.
 * @returns null when fewer than two categories occur, or a side has no cases.
 * @throws RangeError when lengths differ or a count is negative.
 *
 * Source: Pearson (1900); Cramér (1946), "Mathematical Methods of Statistics", for V.
 */
export function chiSquareTest(
  referenceCounts: readonly number[],
  currentCounts: readonly number[],
  yates = false,
): ChiSquareTest | null {
  const [first, second] = occurring(referenceCounts, currentCounts)
  const totalFirst = sum(first)
  const totalSecond = sum(second)
  const total = totalFirst + totalSecond
  if (first.length < 2 || totalFirst === 0 || totalSecond === 0) return null
  const columns = first.map((count, i) => count + second[i]!)
  const expected = [totalFirst, totalSecond].map((row) =>
    columns.map((column) => (row * column) / total),
  ) as unknown as [number[], number[]]
  const degrees = first.length - 1
  const correct = yates && degrees === 1
  const statistic = sum(
    [first, second].flatMap((row, side) =>
      row.map((count, i) => {
        const due = expected[side]![i]!
        const gap = Math.abs(count - due)
        const kept = correct ? gap - Math.min(0.5, gap) : gap
        return (kept * kept) / due
      }),
    ),
  )
  return {
    statistic,
    pValue: chiSquareTails(statistic, degrees).upper,
    degrees,
    expected,
    cramersV: Math.sqrt(statistic / total),
    isWellFilled: expected.every((row) => row.every((due) => due >= 5)),
  }
}

export interface FisherTest {
  /** Sample odds ratio; Infinity where a cell of its denominator is 0, null where it is 0 / 0. */
  readonly oddsRatio: number | null
  /** Two-sided: all tables that are at most as likely. */
  readonly pValue: number
}

/**
 * Fisher's exact test of two rows of counts over the same categories.
 *
 * @returns null unless exactly two categories occur and both sides have cases.
 * @throws RangeError when lengths differ or a count is not a non-negative integer.
 *
 * O(cases) steps.
 *
 * Source: Fisher (1922), "On the Interpretation of χ² from Contingency Tables".
 */
export function fisherExactTest(
  referenceCounts: readonly number[],
  currentCounts: readonly number[],
): FisherTest | null {
  const [first, second] = occurring(referenceCounts, currentCounts)
  if (first.length !== 2 || sum(first) === 0 || sum(second) === 0) return null
  const [a, b] = first as [number, number]
  const [c, d] = second as [number, number]
  if (![a, b, c, d].every(Number.isSafeInteger)) {
    throw new RangeError(`Fisher's test needs whole counts, got ${a}, ${b}, ${c}, ${d}`)
  }
  // With the margins given, a alone varies. Probabilities are relative to that of the mode, from
  // which they fall on both sides, so that none of them overflows.
  const row = a + b
  const column = a + c
  const total = row + c + d
  const least = Math.max(0, row + column - total)
  const most = Math.min(row, column)
  const ratioUp = (x: number): number =>
    ((row - x) * (column - x)) / ((x + 1) * (total - row - column + x + 1))
  const relative = new Float64Array(most - least + 1)
  const mode = Math.min(most, Math.max(least, Math.floor(((row + 1) * (column + 1)) / (total + 2))))
  relative[mode - least] = 1
  for (let x = mode; x < most; x++) relative[x + 1 - least] = relative[x - least]! * ratioUp(x)
  for (let x = mode; x > least; x--) {
    relative[x - 1 - least] = relative[x - least]! / ratioUp(x - 1)
  }
  const observed = relative[a - least]! * (1 + 1e-7) // equal up to rounding counts as equal
  let all = 0
  let extreme = 0
  for (const probability of relative) {
    all += probability
    if (probability <= observed) extreme += probability
  }
  return {
    oddsRatio: a * d === 0 && b * c === 0 ? null : (a * d) / (b * c),
    pValue: Math.min(1, extreme / all),
  }
}

function occurring(
  referenceCounts: readonly number[],
  currentCounts: readonly number[],
): [number[], number[]] {
  if (referenceCounts.length !== currentCounts.length) {
    throw new RangeError(
      `both sides need a count for every category, got ${referenceCounts.length} and ${currentCounts.length}`,
    )
  }
  for (const count of [...referenceCounts, ...currentCounts]) {
    if (!(count >= 0 && count < Infinity)) {
      throw new RangeError(`counts must be finite and at least 0, got ${count}`)
    }
  }
  const occurs = referenceCounts.map((count, i) => count + currentCounts[i]! > 0)
  return [referenceCounts.filter((_, i) => occurs[i]), currentCounts.filter((_, i) => occurs[i])]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
