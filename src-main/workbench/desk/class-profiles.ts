/** The profile of a dataset version split by class, column by column, so that others get a turn. */
import type { DatasetProfile } from '#shared/contract/data.ts'
import { UserError } from '#shared/contract/errors.ts'
import { profileByClass } from '#shared/core/dataset/class-profile.ts'
import type { ProfileByClass } from '#shared/core/dataset/class-profile.ts'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import type { ColumnValues } from '../../store/row-reader.ts'
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
  { project }: Pick<DeskContext, 'project'>,
  versionId: number,
  roles: Roles,
): Promise<DatasetProfile> {
  const opened = project()
  const profiles = cached.get(opened) ?? new Map<string, Promise<Profiled>>()
  cached.set(opened, profiles)
  const key = JSON.stringify([versionId, roles.target, roles.positive])
  let profiled = profiles.get(key)
  if (profiled === undefined) {
    profiled = compute(opened, versionId, roles)
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
  opened: OpenedProject,
  versionId: number,
  { target, positive }: Roles,
): Promise<Profiled> {
  const version = opened.project.datasets.get(versionId)
  if (version === null) {
    throw new UserError(
      'dataset_not_found',
      `The project has no dataset version ${versionId}. Import the data first.`,
    )
  }
  const read = (position: number): ColumnValues =>
    opened.project.rows.read(versionId, [position], 0, version.nRows)[0]!
  const targetAt = version.columns.findIndex(({ name }) => name === target)
  if (targetAt < 0) {
    throw new UserError(
      'bad_input',
      `The target ${JSON.stringify(shortened(target))} is not a column of these data. Choose another.`,
    )
  }
  const isPositive = classesOf(read(targetAt), positive)
  const positives = isPositive.reduce((sum, one) => sum + one, 0)
  const columns: ProfileByClass[] = []
  for (let position = 0; position < version.columns.length; position++) {
    await pause()
    if (opened.signal.aborted) {
      throw new UserError('no_project', 'The project was closed.')
    }
    const column = profileByClass(read(position), isPositive)
    const bins = column.bins.map((bin) => ({ ...bin, label: shortened(bin.label) }))
    columns.push({ ...column, bins })
  }
  return { positives, negatives: version.nRows - positives, columns }
}

/** 1 per row where the target has the positive value. */
function classesOf(target: ColumnValues, positive: string): Uint8Array {
  if (target.kind === 'numeric') {
    return Uint8Array.from(target.values, (value) => (String(value) === positive ? 1 : 0))
  }
  let wanted = -2
  for (let code = 0; code < target.nLevels && wanted < 0; code++) {
    if (target.textOf(code) === positive) wanted = code
  }
  return Uint8Array.from(target.codes, (code) => (code === wanted ? 1 : 0))
}

function shortened(text: string): string {
  return text.length > labelLength ? `${text.slice(0, labelLength).toWellFormed()}…` : text
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
