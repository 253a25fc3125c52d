import { quantileSorted } from '../math/quantile.ts'
import { sortNumbers } from '../math/sort-numbers.ts'
import type { CategoricalProfile, NumericProfile } from './profile.ts'
import { profileSorted } from './profile.ts'

/** A column of which the texts need not be known, only asked for. */
export type ProfiledColumn =
  | { readonly kind: 'numeric'; readonly name: string; readonly values: Float64Array }
  | {
      readonly kind: 'categorical'
      readonly name: string
      /** −1 where the value is missing. */
      readonly codes: Int32Array
      readonly nLevels: number
      readonly textOf: (code: number) => string
    }

/** How the values of a column lie in both classes. */
export interface ProfileByClass {
  readonly profile: NumericProfile | Omit<CategoricalProfile, 'counts'>
  /** Numbers: bins of equal width, or one per value where there are few. Texts: commonest first. */
  readonly bins: readonly ClassBin[]
  readonly missingPositives: number
  readonly missingNegatives: number
  /**
   * ROC AUC of the column alone, in [0.5, 1], over the samples that have a value. Null for a
   * constant, or where one class has no value.
   */
  readonly rocAuc: number | null
}

export interface ClassBin {
  readonly label: string
  readonly positives: number
  readonly negatives: number
}

const nBins = 24
const shownTexts = 12

/** Weight of the prevalence, in samples, in the rate of a text. */
const priorSamples = 10

/**
 * Profiles one column against the classes.
 *
 * A text is scored by its rate of positives in the half of the samples that a sample is not in,
 * drawn toward the prevalence: rates of the same samples would make every identifier perfect.
 *
 * @param isPositive  1 or 0 per row.
 */
export function profileByClass(column: ProfiledColumn, isPositive: Uint8Array): ProfileByClass {
  return column.kind === 'numeric'
    ? profileNumbers(column, isPositive)
    : profileTexts(column, isPositive)
}

function profileNumbers(
  { name, values }: Extract<ProfiledColumn, { kind: 'numeric' }>,
  isPositive: Uint8Array,
): ProfileByClass {
  // Classes are sorted apart and then merged: the sort knows no labels, and is much faster so.
  const positives = new Float64Array(values.length)
  const negatives = new Float64Array(values.length)
  let nPositives = 0
  let nNegatives = 0
  let missingPositives = 0
  let missingNegatives = 0
  for (let row = 0; row < values.length; row++) {
    const value = values[row]! + 0
    if (isPositive[row] === 1) {
      if (value === value) positives[nPositives++] = value
      else missingPositives++
    } else if (value === value) negatives[nNegatives++] = value
    else missingNegatives++
  }
  const upper = sortNumbers(positives.subarray(0, nPositives))
  const lower = sortNumbers(negatives.subarray(0, nNegatives))
  const { sorted, rocAuc } = merge(upper, lower)
  const profile = profileSorted(name, sorted, missingPositives + missingNegatives)
  return {
    profile,
    bins:
      profile.distinct <= nBins
        ? valueBins(sorted, upper, lower)
        : widthBins(profile.integer, sorted, upper, lower),
    missingPositives,
    missingNegatives,
    rocAuc: profile.distinct < 2 ? null : rocAuc,
  }
}

/** Both classes in one order, and the area under the curve by counting pairs; ties count half. */
function merge(
  positives: Float64Array,
  negatives: Float64Array,
): { readonly sorted: Float64Array; readonly rocAuc: number | null } {
  const sorted = new Float64Array(positives.length + negatives.length)
  let p = 0
  let n = 0
  let pairs = 0
  while (p < positives.length || n < negatives.length) {
    const value =
      n === negatives.length || (p < positives.length && positives[p]! < negatives[n]!)
        ? positives[p]!
        : negatives[n]!
    const nBefore = n
    const pBefore = p
    while (n < negatives.length && negatives[n] === value) sorted[p + n++] = value
    while (p < positives.length && positives[p] === value) sorted[n + p++] = value
    pairs += (p - pBefore) * (nBefore + (n - nBefore) / 2)
  }
  const all = positives.length * negatives.length
  return { sorted, rocAuc: all === 0 ? null : Math.max(pairs / all, 1 - pairs / all) }
}

function valueBins(
  sorted: Float64Array,
  positives: Float64Array,
  negatives: Float64Array,
): ClassBin[] {
  const bins: ClassBin[] = []
  for (let at = 0; at < sorted.length;) {
    const value = sorted[at]!
    const inPositives = firstAbove(positives, value) - firstAtLeast(positives, value)
    const inNegatives = firstAbove(negatives, value) - firstAtLeast(negatives, value)
    bins.push({ label: String(value), positives: inPositives, negatives: inNegatives })
    at += inPositives + inNegatives
  }
  return bins
}

/** Bins between the 0.5th and 99.5th percentile; the outermost hold what lies beyond. */
function widthBins(
  integer: boolean,
  sorted: Float64Array,
  positives: Float64Array,
  negatives: Float64Array,
): ClassBin[] {
  let low = quantileSorted(sorted, 0.005)
  let high = quantileSorted(sorted, 0.995)
  if (!(high > low)) {
    low = sorted[0]!
    high = sorted.at(-1)!
  }
  // In parts, because the whole range may be beyond the largest number.
  const width = high / nBins - low / nBins
  const edges = Array.from(
    { length: nBins - 1 },
    (_, i) => low * (1 - (i + 1) / nBins) + high * ((i + 1) / nBins),
  )
  const from = (bin: number): number => (bin === 0 ? low : edges[bin - 1]!)
  const to = (bin: number): number => (bin === nBins - 1 ? high : edges[bin]!)
  const counted = (values: Float64Array): number[] => {
    const cuts = edges.map((edge) => firstAtLeast(values, edge))
    return Array.from(
      { length: nBins },
      (_, bin) => (cuts[bin] ?? values.length) - (bin === 0 ? 0 : cuts[bin - 1]!),
    )
  }
  const inPositives = counted(positives)
  const inNegatives = counted(negatives)
  const said = (value: number): string =>
    String(integer && width >= 1 ? Math.round(value) : Number(value.toPrecision(4)))
  return Array.from({ length: nBins }, (_, bin) => ({
    label: `${said(from(bin))} to ${said(to(bin))}`,
    positives: inPositives[bin]!,
    negatives: inNegatives[bin]!,
  }))
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

function firstAbove(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low
}

function profileTexts(
  { name, codes, nLevels, textOf }: Extract<ProfiledColumn, { kind: 'categorical' }>,
  isPositive: Uint8Array,
): ProfileByClass {
  // Counts per text, class and half: [half 0 negative, half 0 positive, half 1 negative, …].
  const counts = new Int32Array(4 * nLevels)
  let missingPositives = 0
  let missingNegatives = 0
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    const positive = isPositive[row] === 1 ? 1 : 0
    if (code >= 0) counts[4 * code + 2 * halfOf(row) + positive]!++
    else if (positive === 1) missingPositives++
    else missingNegatives++
  }
  const positivesOf = (code: number): number => counts[4 * code + 1]! + counts[4 * code + 3]!
  const negativesOf = (code: number): number => counts[4 * code]! + counts[4 * code + 2]!
  let distinct = 0
  let allPositives = 0
  let allNegatives = 0
  for (let code = 0; code < nLevels; code++) {
    const inPositives = positivesOf(code)
    const inNegatives = negativesOf(code)
    if (inPositives + inNegatives > 0) distinct++
    allPositives += inPositives
    allNegatives += inNegatives
  }
  const shown = commonest(nLevels, (code) => positivesOf(code) + negativesOf(code))
  const bins: ClassBin[] = shown.map((code) => ({
    label: textOf(code),
    positives: positivesOf(code),
    negatives: negativesOf(code),
  }))
  if (distinct > shown.length) {
    const sum = (part: (bin: ClassBin) => number): number =>
      bins.reduce((total, bin) => total + part(bin), 0)
    bins.push({
      label: `${distinct - shown.length} more`,
      positives: allPositives - sum(({ positives }) => positives),
      negatives: allNegatives - sum(({ negatives }) => negatives),
    })
  }
  return {
    profile: { kind: 'categorical', name, missing: missingPositives + missingNegatives, distinct },
    bins,
    missingPositives,
    missingNegatives,
    rocAuc:
      distinct < 2 || allPositives === 0 || allNegatives === 0
        ? null
        : areaOfTexts(counts, allPositives / (allPositives + allNegatives)),
  }
}

function areaOfTexts(counts: Int32Array, prevalence: number): number {
  // Texts with the same counts in the other half have one score; there are few such pairs.
  const groups = new Map<string, { score: number; positives: number; negatives: number }>()
  for (let at = 0; at < counts.length; at += 4) {
    for (const half of [0, 2]) {
      const negatives = counts[at + half]!
      const positives = counts[at + half + 1]!
      if (negatives + positives === 0) continue
      const otherPositives = counts[at + (2 - half) + 1]!
      const others = counts[at + (2 - half)]! + otherPositives
      const key = `${otherPositives} ${others}`
      const group = groups.get(key)
      if (group === undefined) {
        const score = (otherPositives + priorSamples * prevalence) / (others + priorSamples)
        groups.set(key, { score, positives, negatives })
      } else {
        group.positives += positives
        group.negatives += negatives
      }
    }
  }
  const sorted = [...groups.values()].sort((a, b) => a.score - b.score)
  let below = 0
  let pairs = 0
  let positives = 0
  for (let first = 0; first < sorted.length;) {
    let end = first
    let tiedPositives = 0
    let tiedNegatives = 0
    for (; end < sorted.length && sorted[end]!.score === sorted[first]!.score; end++) {
      tiedPositives += sorted[end]!.positives
      tiedNegatives += sorted[end]!.negatives
    }
    pairs += tiedPositives * (below + tiedNegatives / 2)
    below += tiedNegatives
    positives += tiedPositives
    first = end
  }
  return Math.max(0.5, pairs / (positives * below))
}

/** 0 or 1, without a pattern in the row's number. */
function halfOf(row: number): number {
  return Math.imul(row + 1, 0x9e3779b1) >>> 31
}

function commonest(nLevels: number, countOf: (code: number) => number): number[] {
  const best: number[] = []
  for (let code = 0; code < nLevels; code++) {
    const count = countOf(code)
    if (count === 0) continue
    if (best.length === shownTexts && count <= countOf(best.at(-1)!)) continue
    let place = best.length
    while (place > 0 && countOf(best[place - 1]!) < count) place--
    best.splice(place, 0, code)
    if (best.length > shownTexts) best.pop()
  }
  return best
}
