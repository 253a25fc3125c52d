/** The list of configurations, and what choosing in it does. */
import type { Configuration } from '#shared/core/plan/plan.ts'
import { omit } from './omit.ts'
import { firstModels, modelOf, models, remedies, untreated } from './remedies.ts'
import type { ModelKind, Remedy } from './remedies.ts'

/** What a remedy makes of a model, with the defaults of the plan; null where it doesn't apply. */
export function configurationOf(remedy: Remedy, kind: ModelKind): Configuration | null {
  const entry = modelOf(kind)
  const treated = remedy.treat(entry)
  return typeof treated === 'string' ? null : { name: entry.code + remedy.suffix, ...treated }
}

/** Why a remedy doesn't apply to a model, whatever the data; null where it does. */
export function closedBecause(remedy: Remedy, kind: ModelKind): string | null {
  const treated = remedy.treat(modelOf(kind))
  return typeof treated === 'string' ? treated : null
}

/** The remedy that a configuration stands for: the dearest that it uses. */
export function remedyOf(configuration: Configuration): Remedy {
  return remedies.findLast((remedy) => remedy.isIn(configuration)) ?? untreated
}

/** True where nothing is done against the imbalance but to choose the threshold. */
export function isPlain(configuration: Configuration): boolean {
  const { correction, calibrator } = configuration.calibration
  return remedyOf(configuration) === untreated && !correction && calibrator === 'none'
}

/** The untreated models that a project starts with. */
export function firstConfigurations(): readonly Configuration[] {
  return firstModels.flatMap((kind) => configurationOf(untreated, kind) ?? [])
}

/** Every remedy with every model that it applies to. */
export function allOffered(): readonly Configuration[] {
  return remedies.flatMap((remedy) =>
    models.flatMap(({ kind }) => configurationOf(remedy, kind) ?? []),
  )
}

/**
 * The list with the plain form of every kind of model that is in it, each before its treatments:
 * what a treatment has to beat is part of every plan.
 */
export function withPlain(configurations: readonly Configuration[]): readonly Configuration[] {
  const missing = models.filter(
    ({ kind }) =>
      configurations.some(({ model }) => model.kind === kind) &&
      !configurations.some((one) => one.model.kind === kind && isPlain(one)),
  )
  return [
    ...missing.flatMap(({ kind }) => {
      const plain = configurationOf(untreated, kind)
      return plain === null ? [] : [named(plain, configurations)]
    }),
    ...configurations,
  ]
}

/** The list with a model under a remedy taken in, or all of that kind taken out. */
export function toggled(
  configurations: readonly Configuration[],
  remedy: Remedy,
  kind: ModelKind,
): readonly Configuration[] {
  const isModel = (one: Configuration): boolean => one.model.kind === kind
  // Without its plain form a model has no treatments either.
  const isOut = (one: Configuration): boolean =>
    isModel(one) && (remedy === untreated || remedyOf(one) === remedy)
  if (configurations.some(isOut)) return configurations.filter((one) => !isOut(one))
  const added = configurationOf(remedy, kind)
  if (added === null) return configurations
  return inOrder(withPlain([...configurations, named(added, configurations)]))
}

/** The list without a configuration, and without its model's treatments if none plain is left. */
export function without(
  configurations: readonly Configuration[],
  name: string,
): readonly Configuration[] {
  const removed = configurations.find((one) => one.name === name)
  const rest = configurations.filter((one) => one.name !== name)
  if (removed === undefined) return rest
  const { kind } = removed.model
  const hasPlain = rest.some((one) => one.model.kind === kind && isPlain(one))
  return hasPlain ? rest : rest.filter(({ model }) => model.kind !== kind)
}

/** The list with a copy beside the original, under a name of its own. */
export function duplicated(
  configurations: readonly Configuration[],
  name: string,
): readonly Configuration[] {
  return configurations.flatMap((one) =>
    one.name === name ? [one, named(one, configurations)] : [one],
  )
}

/** What is wrong with a name; null when it can be used. */
export function nameProblem(name: string, others: readonly Configuration[]): string | null {
  if (!/^[\p{L}\p{N}_.-]{1,60}$/u.test(name)) return 'Use 1 to 60 letters, digits, _, - or .'
  return others.some((other) => other.name === name) ? 'Another configuration has this name.' : null
}

/** Equal for configurations that differ in their name alone. */
export function contentKey(configuration: Configuration): string {
  return JSON.stringify(omit(configuration, 'name'), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

/** Remedy by remedy, and in each model by model; what is alike stays in its order. */
function inOrder(configurations: readonly Configuration[]): readonly Configuration[] {
  const place = (one: Configuration): number =>
    remedies.indexOf(remedyOf(one)) * models.length +
    models.findIndex(({ kind }) => kind === one.model.kind)
  return configurations.toSorted((a, b) => place(a) - place(b))
}

function named(configuration: Configuration, others: readonly Configuration[]): Configuration {
  const taken = new Set(others.map(({ name }) => name))
  const base = configuration.name.replace(/_\d+$/, '').slice(0, 56)
  let name = configuration.name
  for (let i = 2; taken.has(name); i++) name = `${base}_${i}`
  return { ...configuration, name }
}
