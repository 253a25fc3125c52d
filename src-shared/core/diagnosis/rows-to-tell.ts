import { binomialTails } from '../math/incomplete-beta.ts'

export interface ReviewToTell {
  /** Rows to review, the highest scored of the negatives. */
  readonly rows: number
  /** So many positives among them, or more, speak for missed positives. */
  readonly least: number
}

const MOST_ROWS = 1000

/**
 * The smallest review that tells two shares of positives apart, both ways with so small an error.
 *
 * @param ifOverlap Share of positives among the rows reviewed if the labels are right, in (0, 1).
 * @param ifMissed  The same if positives were missed; above `ifOverlap`, below 1.
 * @param error     Chance of a wrong conclusion, either way, in (0, ½).
 * @returns null where 1,000 rows would not do.
 * @throws RangeError when an argument lies outside its range.
 */
export function rowsToTell(
  ifOverlap: number,
  ifMissed: number,
  error: number,
): ReviewToTell | null {
  if (!(ifOverlap > 0 && ifOverlap < ifMissed && ifMissed < 1)) {
    throw new RangeError(
      `ifOverlap must lie above 0 and below ifMissed, which lies below 1; got ${ifOverlap} and ${ifMissed}`,
    )
  }
  if (!(error > 0 && error < 0.5)) throw new RangeError(`error must lie in (0, 0.5), got ${error}`)
  for (let rows = 1; rows <= MOST_ROWS; rows++) {
    // The least count that labels which are right would hardly give.
    let least = Math.ceil(rows * ifOverlap)
    while (least <= rows && binomialTails(least - 1, rows, ifOverlap).upper > error) least++
    if (least <= rows && binomialTails(least - 1, rows, ifMissed).lower <= error) {
      return { rows, least }
    }
  }
  return null
}
