/** The list of configurations, and what choosing in it does. */
import {
  offeredBy,
  referenceKind,
  remedies,
  remedyOf,
  untreatedRemedy,
} from '#shared/core/plan/ladder.ts'
import type { LadderGround, Remedy } from '#shared/core/plan/ladder.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import { omit } from './omit.ts'
import type { ModelKind } from './remedies.ts'

/** Models of which a project that has chosen nothing runs the untreated form. */
const firstModels: readonly ModelKind[] = ['logistic_regression', 'gradient_boosting']

const nowhere: LadderGround = { weightColumns: [] }

/** True where nothing is done against the imbalance but to choose the threshold. */
export function isPlain(configuration: Configuration): boolean {
  const { correction, calibrator } = configuration.calibration
  return remedyOf(configuration) === untreatedRemedy && !correction && calibrator === 'none'
}

/** The untreated models that a project starts with. */
export function firstConfigurations(): readonly Configuration[] {
  return firstModels.flatMap((kind) => plainOf(kind))
}

/**
 * The list with what its treatments have to beat: the plain form of every model that is treated and,
 * where samples are made up for a model, that model with class weights.
 */
export function withReferences(configurations: readonly Configuration[]): readonly Configuration[] {
  const kinds = new Set(configurations.flatMap(({ model }) => referenceKind(model.kind) ?? []))
  const missing = [...kinds].flatMap((kind) =>
    configurations.some((one) => one.model.kind === kind && isPlain(one)) ? [] : plainOf(kind),
  )
  const unweighted = new Set(
    configurations.filter(needsWeighted).flatMap(({ model: { kind } }) => {
      const isThere = configurations.some((one) => one.model.kind === kind && isWeighted(one))
      return isThere ? [] : [kind]
    }),
  )
  const weighted = [...unweighted].flatMap((kind) => offeredBy(weights, kind, nowhere) ?? [])
  const added = [...missing, ...weighted].reduce<readonly Configuration[]>(
    (list, one) => [...list, named(one, [...configurations, ...list])],
    [],
  )
  return added.length === 0 ? configurations : inOrder([...added, ...configurations])
}

/** The list with a model under a remedy taken in, or all of that kind taken out. */
export function toggled(
  configurations: readonly Configuration[],
  remedy: Remedy,
  kind: ModelKind,
  ground: LadderGround,
): readonly Configuration[] {
  const isOut = (one: Configuration): boolean => one.model.kind === kind && remedyOf(one) === remedy
  if (configurations.some(isOut)) {
    return withoutOrphans(configurations.filter((one) => !isOut(one)))
  }
  const added = offeredBy(remedy, kind, ground)
  if (added === null) return configurations
  return inOrder(withReferences([...configurations, named(added, configurations)]))
}

/** The list without a configuration, and without treatments that then have nothing to beat. */
export function without(
  configurations: readonly Configuration[],
  name: string,
): readonly Configuration[] {
  return withoutOrphans(configurations.filter((one) => one.name !== name))
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

/** Equal for configurations that differ in their name alone, or in why they are tried. */
export function contentKey(configuration: Configuration): string {
  return JSON.stringify(omit(omit(configuration, 'name'), 'because'), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

const weights = remedies.find(({ id }) => id === 'weights.balanced')!

function needsWeighted(configuration: Configuration): boolean {
  return remedies.some((remedy) => remedy.synthesizes && remedy.isIn(configuration))
}

function isWeighted({ sampling, weighting }: Configuration): boolean {
  return sampling.kind === 'none' && weighting.kind !== 'none'
}

/** Takes out what lost its reference, until nothing does. */
function withoutOrphans(configurations: readonly Configuration[]): readonly Configuration[] {
  const kept = configurations.filter((one) => {
    const reference = referenceKind(one.model.kind)
    const hasPlain =
      reference === null ||
      configurations.some((other) => other.model.kind === reference && isPlain(other))
    const hasWeighted =
      !needsWeighted(one) ||
      configurations.some((other) => other.model.kind === one.model.kind && isWeighted(other))
    return hasPlain && hasWeighted
  })
  return kept.length === configurations.length ? configurations : withoutOrphans(kept)
}

function plainOf(kind: ModelKind): readonly Configuration[] {
  const plain = offeredBy(untreatedRemedy, kind, nowhere)
  return plain === null ? [] : [plain]
}

/** Remedy by remedy, and in each model by model; what is alike stays in its order. */
function inOrder(configurations: readonly Configuration[]): readonly Configuration[] {
  const models = untreatedRemedy.models
  const place = (one: Configuration): number =>
    remedies.indexOf(remedyOf(one)) * (models.length + 1) +
    ((models.indexOf(one.model.kind) + models.length + 1) % (models.length + 1))
  return configurations.toSorted((a, b) => place(a) - place(b))
}

function named(configuration: Configuration, others: readonly Configuration[]): Configuration {
  const taken = new Set(others.map(({ name }) => name))
  const base = configuration.name.replace(/_\d+$/, '').slice(0, 56)
  let name = configuration.name
  for (let i = 2; taken.has(name); i++) name = `${base}_${i}`
  return { ...configuration, name }
}
