/**
 * Folds that need not be computed again, because an earlier experiment has done the same.
 *
 * What a configuration does on a fold depends on the data, the roles, the costs and constraints
 * that thresholds are fitted to, the folds and the seed, and on nothing else of its experiment:
 * streams are named after purpose and fold (see core/pipeline/run-fold.ts), never after the name of
 * a configuration or its neighbours. So such results are taken over as they are, to the bit.
 */
import { createHash } from 'node:crypto'
import { canonicalJson, toJson } from '#shared/contract/json.ts'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import { constraintsOf } from '#shared/core/decision/operating-point.ts'
import type { Frame } from '#shared/core/frame/frame.ts'
import type { Configuration, ValidationChoice } from '#shared/core/plan/plan.ts'
import type { ExperimentFacts } from '../store/experiment-facts.ts'
import type { Project } from '../store/project.ts'

/** What fold results depend on, apart from the configuration. */
export interface FoldGround {
  readonly datasetVersionId: number
  readonly roles: Roles
  /** `costs` null: assumed from the prevalence. */
  readonly frame: Omit<Frame, 'costs' | 'costsAssumed'> & { readonly costs: Frame['costs'] | null }
  readonly seed: number
  readonly innerFolds: number
  /** As the plan has it; left out for stratified folds. */
  readonly validation?: ValidationChoice | undefined
  /** How many outer folds were drawn by seed, or the ones that were given. */
  readonly folds: number | Int32Array
}

/** Folds of a run that another run can take over. */
export interface KeptFolds {
  readonly experimentId: number
  /** What the configuration is called there. */
  readonly configuration: string
  readonly folds: readonly number[]
}

/**
 * For each configuration, by its name, the folds that experiments of the project hold already.
 *
 * @param version Of the program: another one may compute differently, so its folds are left.
 * @param except  An experiment that is not to be looked at.
 */
export function keptFolds(
  project: Project,
  ground: FoldGround,
  configurations: readonly Configuration[],
  version: string,
  except: number | null,
): ReadonlyMap<string, readonly KeptFolds[]> {
  const fingerprints = new Map(
    project.datasets.list().map(({ id, fingerprint }) => [id, fingerprint]),
  )
  const keyOf = (one: FoldGround): string => groundKey(one, fingerprints.get(one.datasetVersionId))
  const wanted = keyOf(ground)
  const alike = project
    .experimentFacts()
    .filter(({ id, foldsFrom }) => id !== except && (foldsFrom === 'file') === isGiven(ground))
    .filter((facts) => keyOf(groundOf(facts, project)) === wanted)
  return new Map(
    configurations.map((configuration) => {
      const key = configurationKey(configuration)
      const kept = alike.flatMap(({ id, runs }): KeptFolds[] =>
        runs
          .filter((run) => configurationKey(run.configuration) === key)
          .map((run) => ({
            experimentId: id,
            configuration: run.configuration.name,
            folds: [...run.timings]
              .filter(([, timing]) => versionOf(timing) === version)
              .map(([fold]) => fold),
          }))
          .filter(({ folds }) => folds.length > 0),
      )
      return [configuration.name, kept]
    }),
  )
}

/** The different folds among them. */
export function countKept(kept: readonly KeptFolds[] | undefined): number {
  return new Set(kept?.flatMap(({ folds }) => folds)).size
}

function groundOf(facts: ExperimentFacts, project: Project): FoldGround {
  const { datasetVersionId, roles, frame, seed, innerFolds, validation } = facts
  return {
    datasetVersionId,
    roles,
    frame: { ...frame, costs: frame.costsAssumed ? null : frame.costs },
    seed,
    innerFolds,
    validation,
    folds:
      facts.foldsFrom === 'seed'
        ? facts.folds
        : (project.experiments.get(facts.id)?.folds ?? facts.folds),
  }
}

function isGiven({ folds }: FoldGround): boolean {
  return typeof folds !== 'number'
}

function groundKey(
  { roles, frame, seed, innerFolds, validation, folds }: FoldGround,
  fingerprint: string | undefined,
): string {
  const { costs, prevalence } = frame
  return canonicalJson(
    toJson({
      fingerprint,
      roles: { ...roles, ignore: [...roles.ignore].sort() },
      costs,
      prevalence,
      // Cases per day alone change no threshold.
      ...constraintsOf(frame),
      seed,
      innerFolds,
      validation: validation ?? null,
      folds:
        typeof folds === 'number'
          ? folds
          : createHash('sha256').update(Int32Array.from(folds)).digest('hex'),
    }),
  )
}

function configurationKey({ name: _, because: __, ...configuration }: Configuration): string {
  return canonicalJson(toJson(configuration))
}

/** The program that computed a fold. */
function versionOf(timing: unknown): unknown {
  return typeof timing === 'object' && timing !== null && 'version' in timing
    ? timing.version
    : undefined
}
