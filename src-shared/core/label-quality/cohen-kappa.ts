import { normalQuantile } from '../math/normal.ts'
import type { Interval } from '../metrics/interval.ts'

export interface Agreement {
  /** Pairs that were compared. */
  readonly pairs: number
  /** Share of the pairs that agree; null without a pair. */
  readonly observed: number | null
  readonly kappa: number | null
  readonly interval: Interval | null
  /** Why there is no kappa; null when there is one. */
  readonly reason: string | null
}

/**
 * How far two reviewers agree beyond chance: Cohen's kappa.
 *
 * With p the shares of the pairs in each cell (first said i, second said j),
 *
 *     observed = Σ p_ii,   expected = Σ p_i· p_·i,   kappa = (observed − expected) / (1 − expected)
 *
 * The interval is that of the large-sample variance, which is not assumed to be that of no
 * agreement, and is cut off at −1 and 1.
 *
 * @param first, second What each said of pair i, as numbers of the categories.
 * @param level In (0, 1).
 *
 * Degenerate: no kappa where nothing was reviewed twice, or where both said one and the same of all:
 * then any agreement is agreement by chance.
 *
 * Source: Cohen (1960), "A Coefficient of Agreement for Nominal Scales"; variance: Fleiss, Cohen,
 * Everitt (1969), "Large Sample Standard Errors of Kappa and Weighted Kappa", formula 13.
 */
export function cohenKappa(
  first: readonly number[],
  second: readonly number[],
  level = 0.95,
): Agreement {
  const n = first.length
  if (second.length !== n) {
    throw new RangeError(`second must have ${n} entries, got ${second.length}`)
  }
  if (n === 0) return without(0, null, 'No row was reviewed twice.')
  const categories = [...new Set([...first, ...second])]
  const size = categories.length
  const cells = new Float64Array(size * size)
  const rows = new Float64Array(size)
  const columns = new Float64Array(size)
  for (let pair = 0; pair < n; pair++) {
    const i = categories.indexOf(first[pair]!)
    const j = categories.indexOf(second[pair]!)
    cells[i * size + j]! += 1 / n
    rows[i]! += 1 / n
    columns[j]! += 1 / n
  }
  let observed = 0
  let expected = 0
  for (let i = 0; i < size; i++) {
    observed += cells[i * size + i]!
    expected += rows[i]! * columns[i]!
  }
  if (size === 1) return without(n, observed, 'Both said the same of every row.')
  const kappa = (observed - expected) / (1 - expected)
  let variance = -((kappa - expected * (1 - kappa)) ** 2)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const weight =
        i === j
          ? 1 - (rows[i]! + columns[i]!) * (1 - kappa)
          : (1 - kappa) * (columns[i]! + rows[j]!)
      variance += cells[i * size + j]! * weight * weight
    }
  }
  const error = Math.sqrt(Math.max(0, variance) / n) / (1 - expected)
  const reach = normalQuantile(0.5 + level / 2) * error
  return {
    pairs: n,
    observed,
    kappa,
    interval: {
      lower: Math.max(-1, kappa - reach),
      upper: Math.min(1, kappa + reach),
      level,
      method: 'large-sample (Fleiss, Cohen, Everitt)',
    },
    reason: null,
  }
}

function without(pairs: number, observed: number | null, reason: string): Agreement {
  return { pairs, observed, kappa: null, interval: null, reason }
}
