import type { ColumnImportance, FoldSpread, RunImportance } from '../report/analysis.ts'
import type { FoldImportance } from './fold-result.ts'

/**
 * Importance over all outer folds: the mean of the folds, and the lowest and the highest of them.
 *
 * @param columns In the order of the arrays of each fold.
 * @param folds   Null where a fold has none.
 * @returns Columns by falling loss of average precision, ties in the given order; null where no
 *   fold has an importance.
 */
export function runImportance(
  columns: readonly string[],
  folds: readonly (FoldImportance | null)[],
): RunImportance | null {
  const known = folds.filter((fold) => fold !== null)
  const [first] = known
  if (first === undefined) return null
  const of = (column: number): ColumnImportance => {
    const permutation = known.map((fold) => fold.permutation[column]!)
    const gain = known.map((fold) => fold.gain?.[column] ?? null)
    const coefficient = known.map((fold) => fold.coefficients?.[column] ?? null)
    return {
      column: columns[column]!,
      permutation: mean(permutation),
      gain: meanOrNull(gain),
      coefficient: meanOrNull(coefficient),
      foldSpread: {
        permutation: spread(permutation),
        gain: spreadOrNull(gain),
        coefficient: spreadOrNull(coefficient),
      },
    }
  }
  return {
    method: `average precision lost when the values of a column are exchanged among judged samples, ${first.repeats === 1 ? 'once' : `${first.repeats} times`} in each fold`,
    samplesPerFold: known.map(({ samples }) => samples),
    columns: columns.map((_, column) => of(column)).sort((a, b) => b.permutation - a.permutation),
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function spread(values: readonly number[]): FoldSpread {
  return { lower: Math.min(...values), upper: Math.max(...values) }
}

function meanOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : mean(known)
}

function spreadOrNull(values: readonly (number | null)[]): FoldSpread | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : spread(known)
}
