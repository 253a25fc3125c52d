import type { HyperparameterRange, ModelChoice } from './plan.ts'

/** Numeric hyperparameters that a plan may leave out, besides those that it always has. */
const optional: Readonly<Partial<Record<ModelChoice['kind'], readonly string[]>>> = {
  logistic_regression: ['l1Ratio'],
  gradient_boosting: ['maxLeaves', 'rowShare', 'columnShare'],
  multilayer_perceptron: ['focalAlpha'],
}

/** Names of the hyperparameters of a model that a search may be about. */
export function searchable(model: ModelChoice): string[] {
  const stated = Object.entries(model).flatMap(([name, value]) =>
    typeof value === 'number' ? [name] : [],
  )
  return [...new Set([...stated, ...(optional[model.kind] ?? [])])]
}

/** The models with each hyperparameter at either end of its range, the others as stated. */
export function modelsAtEnds(
  model: ModelChoice,
  ranges: Readonly<Record<string, HyperparameterRange>>,
): ModelChoice[] {
  return Object.entries(ranges).flatMap(([name, range]) =>
    endsOf(range).map((value) => ({ ...model, [name]: value })),
  )
}

/** The model with every hyperparameter at the upper end of its range: what takes most memory. */
export function modelAtUpperEnds(
  model: ModelChoice,
  ranges: Readonly<Record<string, HyperparameterRange>>,
): ModelChoice {
  const highest = Object.entries(ranges).map(([name, range]) => [name, Math.max(...endsOf(range))])
  return { ...model, ...Object.fromEntries(highest) } as ModelChoice
}

function endsOf(range: HyperparameterRange): readonly number[] {
  return 'values' in range ? range.values : [range.low, range.high]
}

/** What is wrong with a range by itself. */
export function rangeProblem(range: HyperparameterRange): string | null {
  if ('values' in range) {
    const { length } = range.values
    return length >= 1 && length <= 100 ? null : `needs 1 to 100 values, got ${length}`
  }
  const { low, high, scale, whole } = range
  if (!(low <= high))
    return `needs a low end that is not above the high one, got ${low} and ${high}`
  if (scale === 'log' && !(low > (whole ? 0.5 : 0))) {
    return `needs a low end above 0 on a logarithmic scale, got ${low}`
  }
  if (whole && !(Number.isInteger(low) && Number.isInteger(high))) {
    return `needs whole numbers, got ${low} and ${high}`
  }
  return null
}
