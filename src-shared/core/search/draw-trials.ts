import { exp, ln } from '../math/elementary.ts'
import { createStream } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import type { HyperparameterRange, ModelChoice, SearchChoice } from '../plan/plan.ts'

/** Values of the hyperparameters that a search is about. */
export type Hyperparameters = Readonly<Record<string, number>>

/** One set of hyperparameters of a search. */
export interface Trial {
  /** Only those that the search is about. */
  readonly hyperparameters: Hyperparameters
  readonly model: ModelChoice
}

/**
 * The sets of hyperparameters that a search tries.
 *
 * The first is what the configuration states, where that is within all ranges, so that a search
 * is held against doing without; the others are drawn, each from a stream of its own: more trials
 * leave the earlier ones as they are. All folds try the same sets.
 *
 * Ranges are drawn from uniformly, or uniformly in the logarithm; whole numbers as often each.
 *
 * Source: Bergstra and Bengio (2012), "Random Search for Hyper-Parameter Optimization".
 */
export function drawTrials(search: SearchChoice, model: ModelChoice, seed: number): Trial[] {
  const names = Object.keys(search.ranges).sort()
  const stated = statedValues(model, names)
  return Array.from({ length: search.trials }, (_, trial) => {
    const stream = createStream(seed, 'search', model.kind, trial)
    const drawn = Object.fromEntries(
      names.map((name) => [name, drawFrom(search.ranges[name]!, stream)]),
    )
    const keeps = trial === 0 && stated !== null && isWithin(stated, search.ranges)
    const hyperparameters = keeps ? stated : drawn
    // Names and values were checked with the plan.
    return { hyperparameters, model: { ...model, ...hyperparameters } }
  })
}

function statedValues(model: ModelChoice, names: readonly string[]): Hyperparameters | null {
  const values = new Map(Object.entries(model))
  const stated = names.flatMap((name): [string, number][] => {
    const value: unknown = values.get(name)
    return typeof value === 'number' ? [[name, value]] : []
  })
  return stated.length === names.length ? Object.fromEntries(stated) : null
}

function isWithin(
  values: Hyperparameters,
  ranges: Readonly<Record<string, HyperparameterRange>>,
): boolean {
  return Object.entries(values).every(([name, value]) => {
    const range = ranges[name]!
    return 'values' in range
      ? range.values.includes(value)
      : value >= range.low && value <= range.high
  })
}

function drawFrom(range: HyperparameterRange, stream: RandomStream): number {
  if ('values' in range) return range.values[stream.below(range.values.length)]!
  const { low, high, scale, whole } = range
  // Half a step on either side, so that the ends come as often as the others.
  const from = whole ? low - 0.5 : low
  const to = whole ? high + 0.5 : high
  const share = stream.uniform()
  const value =
    scale === 'log' ? exp(ln(from) + share * (ln(to) - ln(from))) : from + share * (to - from)
  return Math.max(low, Math.min(high, whole ? Math.round(value) : value))
}
