/** The profile of a dataset version split by class, made in a thread of its own. */
import type { DatasetProfile } from '#shared/contract/data.ts'
import { UserError } from '#shared/contract/errors.ts'
import type { ProfileByClass } from '#shared/core/dataset/class-profile.ts'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import { existingVersion } from '../existing-version.ts'
import type { DeskContext, OpenedProject } from './context.ts'

interface Profiled {
  readonly positives: number
  readonly negatives: number
  readonly columns: readonly ProfileByClass[]
}

/** Per open project: by version, target and positive class. */
const cached = new WeakMap<OpenedProject, Map<string, Promise<Profiled>>>()
const mostCached = 4
const labelLength = 120

/** @throws UserError `dataset_not_found`; `bad_input` when the target isn't among the columns. */
export async function readProfile(
  { project, services }: Pick<DeskContext, 'project' | 'services'>,
  versionId: number,
  roles: Roles,
): Promise<DatasetProfile> {
  const opened = project()
  const profiles = cached.get(opened) ?? new Map<string, Promise<Profiled>>()
  cached.set(opened, profiles)
  const key = JSON.stringify([versionId, roles.target, roles.positive])
  let profiled = profiles.get(key)
  if (profiled === undefined) {
    profiled = compute(opened, services, versionId, roles)
    profiles.set(key, profiled)
    profiled.catch(() => profiles.delete(key))
    for (const oldest of profiles.keys()) {
      if (profiles.size <= mostCached) break
      profiles.delete(oldest)
    }
  }
  const { positives, negatives, columns } = await profiled
  const unjudged = new Set([roles.target, ...roles.ignore])
  return {
    versionId,
    positives,
    negatives,
    columns: columns.map((column) =>
      unjudged.has(column.profile.name) ? { ...column, rocAuc: null } : column,
    ),
  }
}

async function compute(
  { project, signal }: OpenedProject,
  services: DeskContext['services'],
  versionId: number,
  { target, positive }: Roles,
): Promise<Profiled> {
  const version = existingVersion(project, versionId)
  const targetAt = version.columns.findIndex(({ name }) => name === target)
  if (targetAt < 0) {
    throw new UserError(
      'bad_input',
      `The target ${JSON.stringify(shortened(target))} is not a column of these data. Choose another.`,
    )
  }
  const wanted = { versionId, nColumns: version.columns.length, targetAt, positive }
  const { positives, columns } = await services
    .profileColumns(project.rows, wanted, signal)
    .catch((error: unknown) => {
      if (error instanceof Cancelled) throw new UserError('no_project', 'The project was closed.')
      throw error
    })
  return {
    positives,
    negatives: version.nRows - positives,
    columns: columns.map((column) => ({
      ...column,
      bins: column.bins.map((bin) => ({ ...bin, label: shortened(bin.label) })),
    })),
  }
}

function shortened(text: string): string {
  return text.length > labelLength ? `${text.slice(0, labelLength).toWellFormed()}…` : text
}
