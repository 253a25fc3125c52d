/** From a choice of validation to what becomes of every row: judged, trained on only, or left out. */
import { daysOf } from '../dataset/days.ts'
import type { Column } from '../dataset/dataset.ts'
import { ONLY_TRAINS, timeOrderedFolds } from '../folds/time-ordered.ts'
import { stratifiedKFold } from '../folds/stratified-k-fold.ts'
import type { RandomStream } from '../math/random.ts'
import type { ValidationChoice } from '../plan/plan.ts'
import type { SampleOrder } from './experiment-data.ts'

/** Set apart for the final test: neither trained on nor judged by any fold. */
export const LOCKED = -2
/** Too young to know its label. */
export const YOUNG = -3
/** Neither trained on nor judged by any fold, to test thresholds on. */
export const CALIBRATES = -4

/** What a validation can't be carried out on; the message says why. */
export class ValidationRefused extends Error {}

/** Rows that an experiment works on, in the order of the table; null where these are all. */
export function rowsInUse(assignment: Int32Array): Int32Array | null {
  return assignment.some((code) => code < ONLY_TRAINS)
    ? positionsOf(assignment, (code) => code >= ONLY_TRAINS)
    : null
}

/** Rows that a fold judges, in the order of the table; null where these are all. */
export function rowsJudged(assignment: Int32Array): Int32Array | null {
  return assignment.some((code) => code < 0) ? positionsOf(assignment, (code) => code >= 0) : null
}

/** The codes of these rows: folds, and `ONLY_TRAINS`. */
export function foldsInUse(assignment: Int32Array): Int32Array {
  return assignment.filter((code) => code >= ONLY_TRAINS)
}

/** The row of the table that each judged sample is: element i is that of judged sample i. Never null. */
export function rowOfJudgedSample(assignment: Int32Array): Int32Array {
  return positionsOf(assignment, (code) => code >= 0)
}

/** Times of the rows in days; null where the validation asks for none. */
export function timesFor(validation: ValidationChoice, column: Column | null): Float64Array | null {
  const needs = validation.scheme === 'time' || (validation.labelsMatureAfterDays ?? 0) > 0
  if (!needs) return null
  if (column === null) {
    throw new ValidationRefused(
      'The plan judges in order of time, but no column is the time of a case. Name one (--time, or the role "time").',
    )
  }
  const read = daysOf(column, validation.timeUnit ?? 'day')
  if ('days' in read) return read.days
  throw new ValidationRefused(
    `The time column "${column.name}" has no time in row ${read.notATime + 1}. Times are numbers, or dates like 2026-03-09 or 2026-03-09T14:30.`,
  )
}

/**
 * A code per row: its fold from 0, or `ONLY_TRAINS`, `LOCKED`, `YOUNG` or `CALIBRATES`.
 *
 * Young rows go first: in the last days a negative may still turn out positive, and the positives
 * known by then, alone, would raise the prevalence. The locked share is the latest part where cases
 * have an order, and drawn with the shares of the classes (groups whole) where they have none; so is
 * the share that thresholds are tested on, of what is left.
 *
 * @param groups Rows that stay together, or null.
 * @param days   As `timesFor` gives them.
 */
export function assignRows({
  yTrue,
  groups,
  days,
  validation,
  folds,
  stream,
}: {
  readonly yTrue: Uint8Array
  readonly groups: Int32Array | null
  readonly days: Float64Array | null
  readonly validation: ValidationChoice
  readonly folds: number
  /** A stream of its own for each draw. */
  readonly stream: (name: 'folds' | 'final test' | 'calibration') => RandomStream
}): Int32Array {
  const codes = new Int32Array(yTrue.length)
  const matureAfter = validation.labelsMatureAfterDays ?? 0
  if (days !== null && matureAfter > 0) {
    const until = days.reduce((latest, day) => Math.max(latest, day), -Infinity) - matureAfter
    days.forEach((day, row) => {
      if (day > until) codes[row] = YOUNG
    })
  }
  const testShare = validation.finalTestShare ?? 0
  const terms = { yTrue, groups, days, validation, stream }
  const free = (): Int32Array => positionsOf(codes, (code) => code === 0)
  if (testShare > 0) {
    takeAway(codes, free(), testShare, LOCKED, 'final test', 'The locked test set', terms)
  }
  const calibrationShare = validation.calibrationShare ?? 0
  if (calibrationShare > 0) {
    const what = 'The part that thresholds are tested on'
    takeAway(codes, free(), calibrationShare, CALIBRATES, 'calibration', what, terms)
  }

  const used = free()
  requireBoth(yTrue, used, 'What is left to train on and to judge')
  const drawn =
    validation.scheme === 'time'
      ? timeOrderedFolds(pickDays(days!, used), folds)
      : stratifiedKFold(
          Uint8Array.from(used, (row) => yTrue[row]!),
          folds,
          stream('folds'),
          groups === null ? null : Int32Array.from(used, (row) => groups[row]!),
        )
  used.forEach((row, i) => {
    codes[row] = drawn[i]!
  })
  return codes
}

function takeAway(
  codes: Int32Array,
  rows: Int32Array,
  share: number,
  code: number,
  name: 'final test' | 'calibration',
  what: string,
  { yTrue, groups, days, validation, stream }: Omit<Parameters<typeof assignRows>[0], 'folds'>,
): void {
  if (validation.scheme === 'time') {
    const sorted = pickDays(days!, rows).sort()
    const from = sorted[Math.min(sorted.length - 1, Math.ceil((1 - share) * sorted.length))]!
    const gap = gapOf(validation)
    for (const row of rows) {
      if (days![row]! >= from) codes[row] = code
      // What the gap swallows is judged by nobody and trains nothing.
      else if (gap > 0 && days![row]! >= from - gap) codes[row] = YOUNG
    }
  } else {
    const parts = Math.max(2, Math.round(1 / share))
    const drawn = stratifiedKFold(
      Uint8Array.from(rows, (row) => yTrue[row]!),
      parts,
      stream(name),
      groups === null ? null : Int32Array.from(rows, (row) => groups[row]!),
    )
    rows.forEach((row, i) => {
      if (drawn[i] === 0) codes[row] = code
    })
  }
  requireBoth(
    yTrue,
    positionsOf(codes, (one) => one === code),
    what,
  )
}

/** Days between training and what is judged: unripe labels are in no training set either. */
export function gapOf({ gapDays = 0, labelsMatureAfterDays = 0 }: ValidationChoice): number {
  return Math.max(gapDays, labelsMatureAfterDays)
}

/** The order that the samples in use have; empty where there is none. */
export function orderOf(
  validation: ValidationChoice,
  days: Float64Array | null,
  rows: Int32Array | null,
): { readonly order?: SampleOrder } {
  if (validation.scheme !== 'time' || days === null) return {}
  return {
    order: { days: rows === null ? days : pickDays(days, rows), gapDays: gapOf(validation) },
  }
}

function requireBoth(yTrue: Uint8Array, rows: Int32Array, what: string): void {
  const positives = rows.reduce((sum, row) => sum + yTrue[row]!, 0)
  if (positives > 0 && positives < rows.length) return
  throw new ValidationRefused(
    `${what} holds ${positives} positives and ${rows.length - positives} negatives; it needs both. Take a smaller share, or fewer days.`,
  )
}

function positionsOf(codes: Int32Array, wanted: (code: number) => boolean): Int32Array {
  const rows: number[] = []
  codes.forEach((code, row) => {
    if (wanted(code)) rows.push(row)
  })
  return Int32Array.from(rows)
}

function pickDays(days: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => days[row]!)
}
