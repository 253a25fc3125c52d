/**
 * Columns that may give the answer away: each column alone is asked how well it ranks.
 *
 * A column is a suspect where it alone nearly tells the label, or where it merely counts the rows and
 * yet tells the classes apart. A strong column is no suspect for being strong: whether the others
 * rank as well without it is for the caller to find out, who can fit a model (`isLeak`).
 */
import type { Column } from '../dataset/dataset.ts'
import { quantileSorted } from '../math/quantile.ts'
import { sortNumbers } from '../math/sort-numbers.ts'
import type { Interval } from '../metrics/interval.ts'
import { aucScoreInterval, hanleyMcNeilError } from '../statistics/delong.ts'

export interface ColumnStrength {
  readonly column: string
  /** ROC AUC of the column alone, each sample rated by the others of its kind; ½ says nothing. */
  readonly rocAuc: number
  readonly interval: Interval | null
  /** F1 of the best rule of the form "alert where the share of positives is high". */
  readonly bestF1: number
  /** Whole numbers that differ in every row and only rise, or only fall, from row to row. */
  readonly countsRows: boolean
  /** ROC AUC of whether there is a value at all; null where all or none have one. */
  readonly presenceAuc: number | null
}

/** Values of a numeric column are rated in so many quantile bins; a missing value is one more. */
const BINS = 128
/** Weight of the prevalence in the rate of a bin, in samples. */
const PRIOR_SAMPLES = 5
const LEVEL = 0.95

/**
 * How well each column ranks by itself.
 *
 * Values are put into bins (quantiles of numbers, texts as they are, missing values by themselves) and
 * a sample scores the share of positives that its bin has in the other folds. So it does not matter
 * whether the share rises, falls or bends, and a column of many texts gains nothing from chance.
 *
 * @param yTrue 0 or 1 per sample, length nSamples.
 * @param folds Fold of each sample, from 0.
 * @returns In the order of the columns. The intervals hold for all columns at once (Bonferroni).
 *
 * O(nSamples log nSamples) a column. Deterministic.
 */
export function columnStrengths(
  features: readonly Column[],
  yTrue: Uint8Array,
  folds: Int32Array,
): ColumnStrength[] {
  const level = 1 - (1 - LEVEL) / Math.max(1, features.length)
  const positives = yTrue.reduce((sum, y) => sum + y, 0)
  const negatives = yTrue.length - positives
  return features.map((column) => {
    const { bins, nBins, nMissing } = binned(column)
    const { rocAuc, bestF1 } = rankedBy(bins, nBins, yTrue, folds)
    const error =
      positives > 0 && negatives > 0 ? hanleyMcNeilError(rocAuc, positives, negatives) : 0
    return {
      column: column.name,
      rocAuc,
      interval: aucScoreInterval(rocAuc, error, positives, negatives, level),
      bestF1,
      countsRows: countsRows(column),
      presenceAuc:
        nMissing === 0 || nMissing === yTrue.length
          ? null
          : rankedBy(
              bins.map((bin) => (bin === nBins - 1 ? 1 : 0)),
              2,
              yTrue,
              folds,
            ).rocAuc,
    }
  })
}

/** A column alone must rank this well, for certain, to be doubted. */
const NEARLY_THE_LABEL = 0.9
/** A counter has no business to rank at all. */
const COUNTER_RANKS = 0.55

export function isSuspect({ interval, countsRows: counts }: ColumnStrength): boolean {
  return interval !== null && interval.lower >= (counts ? COUNTER_RANKS : NEARLY_THE_LABEL)
}

/** A leak names the positives, with few alarms beside them; a strong column only ranks them high. */
const NAMES_THE_POSITIVES = 0.9
/** The others must err this many times as often. */
const TIMES_WORSE = 3

/**
 * Whether a suspect gives the answer away, or is merely strong, or others are as strong.
 *
 * @param aucWithout ROC AUC of a model of the other columns; null where there are none.
 */
export function isLeak(
  { rocAuc, bestF1, countsRows: counts }: ColumnStrength,
  aucWithout: number | null,
): boolean {
  if (counts) return true
  return (
    bestF1 >= NAMES_THE_POSITIVES &&
    (aucWithout === null || 1 - aucWithout >= TIMES_WORSE * (1 - rocAuc))
  )
}

interface Binned {
  /** Bin per sample; the last one holds missing values. */
  readonly bins: Int32Array
  readonly nBins: number
  readonly nMissing: number
}

function binned(column: Column): Binned {
  if (column.kind === 'categorical') {
    const nBins = column.levels.length + 1
    let nMissing = 0
    const bins = column.codes.map((code) => {
      if (code >= 0) return code
      nMissing++
      return nBins - 1
    })
    return { bins, nBins, nMissing }
  }
  const present = sortNumbers(column.values.filter((value) => !Number.isNaN(value)))
  const edges: number[] = []
  for (let bin = 1; bin < BINS && present.length > 0; bin++) {
    const edge = quantileSorted(present, bin / BINS)
    if (edge !== edges.at(-1)) edges.push(edge)
  }
  const nBins = edges.length + 2
  const bins = Int32Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return nBins - 1
    let low = 0
    let high = edges.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (edges[middle]! < value) low = middle + 1
      else high = middle
    }
    return low
  })
  return { bins, nBins, nMissing: column.values.length - present.length }
}

/** How the share of positives that a sample's bin has in the other folds ranks the samples. */
function rankedBy(
  bins: Int32Array,
  nBins: number,
  yTrue: Uint8Array,
  folds: Int32Array,
): { readonly rocAuc: number; readonly bestF1: number } {
  const nFolds = folds.reduce((most, fold) => Math.max(most, fold), 0) + 1
  // Samples of one bin and fold score alike, so that counts by bin, fold and class are enough.
  const counts = [new Float64Array(nBins * nFolds), new Float64Array(nBins * nFolds)]
  bins.forEach((bin, i) => counts[yTrue[i]!]![bin * nFolds + folds[i]!]!++)
  const totals = counts.map((of) => {
    const perBin = new Float64Array(nBins)
    const perFold = new Float64Array(nFolds)
    of.forEach((count, cell) => {
      perBin[Math.floor(cell / nFolds)]! += count
      perFold[cell % nFolds]! += count
    })
    return { perBin, perFold, all: perFold.reduce((sum, count) => sum + count, 0) }
  })
  const [negatives, positives] = [totals[0]!, totals[1]!]
  if (negatives.all === 0 || positives.all === 0) return { rocAuc: 0.5, bestF1: 0 }
  let above = 0
  const all: Cell[] = []
  for (let fold = 0; fold < nFolds; fold++) {
    // Folds are ranked apart: the rates of two folds are not on one scale.
    const others = positives.all - positives.perFold[fold]!
    const prior = others / (others + negatives.all - negatives.perFold[fold]!)
    const cells = Array.from({ length: nBins }, (_, bin): Cell => {
      const cell = bin * nFolds + fold
      const nPositive = positives.perBin[bin]! - counts[1]![cell]!
      const nAll = nPositive + negatives.perBin[bin]! - counts[0]![cell]!
      return {
        rate: (nPositive + PRIOR_SAMPLES * prior) / (nAll + PRIOR_SAMPLES),
        negatives: counts[0]![cell]!,
        positives: counts[1]![cell]!,
      }
    }).filter((cell) => cell.negatives + cell.positives > 0)
    cells.sort((a, b) => a.rate - b.rate)
    all.push(...cells)
    const nNegatives = negatives.perFold[fold]!
    if (nNegatives === 0) continue
    let below = 0
    let wins = 0
    for (let start = 0; start < cells.length;) {
      let end = start
      let tiedNegatives = 0
      let tiedPositives = 0
      while (end < cells.length && cells[end]!.rate === cells[start]!.rate) {
        tiedNegatives += cells[end]!.negatives
        tiedPositives += cells[end]!.positives
        end++
      }
      wins += tiedPositives * (below + tiedNegatives / 2)
      below += tiedNegatives
      start = end
    }
    above += wins / nNegatives
  }
  return { rocAuc: above / positives.all, bestF1: bestF1(all, positives.all) }
}

/** Samples of one bin and fold. */
interface Cell {
  readonly rate: number
  readonly negatives: number
  readonly positives: number
}

function bestF1(cells: readonly Cell[], positives: number): number {
  const falling = [...cells].sort((a, b) => b.rate - a.rate)
  let caught = 0
  let alerts = 0
  let best = 0
  for (const cell of falling) {
    caught += cell.positives
    alerts += cell.positives + cell.negatives
    best = Math.max(best, (2 * caught) / (alerts + positives))
  }
  return best
}

function countsRows(column: Column): boolean {
  if (column.kind !== 'numeric' || column.values.length < 3) return false
  const { values } = column
  const rises = values[1]! > values[0]!
  for (let i = 0; i < values.length; i++) {
    if (!Number.isInteger(values[i])) return false
    if (i > 0 && (rises ? values[i]! <= values[i - 1]! : values[i]! >= values[i - 1]!)) return false
  }
  return true
}
