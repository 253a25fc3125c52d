/** The columns of a version in the order that the table of columns shows them. */
import type { ClassProfile, DatasetFacts } from '#shared/contract/data.ts'
import { findByLabel } from '../../state/find-commands.ts'
import { roleOf } from './roles.ts'
import type { ColumnRole, RoleChoices } from './roles.ts'

export type SortKey = 'file' | 'strength' | 'missing' | 'distinct' | 'name'

export interface ShownColumn {
  readonly label: string
  readonly name: string
  /** Position in the table of the version. */
  readonly position: number
  readonly kind: 'numeric' | 'categorical'
  readonly role: ColumnRole
  readonly missing: number
  readonly distinct: number | null
  /** Null before the classes are known. */
  readonly profile: ClassProfile | null
}

export function showColumns(
  version: DatasetFacts,
  profiles: readonly ClassProfile[] | null,
  choices: RoleChoices,
): ShownColumn[] {
  const byName = new Map(profiles?.map((profile) => [profile.profile.name, profile]))
  return version.columns.map((column, position) => {
    const profile = byName.get(column.name) ?? null
    return {
      label: column.name,
      name: column.name,
      position,
      kind: column.kind,
      role: roleOf(choices, column.name),
      missing: column.missing,
      distinct: profile?.profile.distinct ?? column.levels,
      profile,
    }
  })
}

/** Columns that are left out stand last, whatever the order. */
export function orderColumns(
  columns: readonly ShownColumn[],
  query: string,
  sort: SortKey,
): ShownColumn[] {
  const found = findByLabel(columns, query)
  const value = (column: ShownColumn): number => {
    switch (sort) {
      case 'strength':
        return -(column.profile?.rocAuc ?? -1)
      case 'missing':
        return -column.missing
      case 'distinct':
        return -(column.distinct ?? -1)
      case 'name':
      case 'file':
        return 0
    }
  }
  return found.toSorted(
    (a, b) =>
      Number(a.role === 'ignore') - Number(b.role === 'ignore') ||
      Number(b.role === 'target') - Number(a.role === 'target') ||
      (sort === 'name' ? compareNames(a.name, b.name) : value(a) - value(b)) ||
      a.position - b.position,
  )
}

/** V2 before V10. */
function compareNames(a: string, b: string): number {
  return a.localeCompare(b, 'en-GB', { numeric: true, sensitivity: 'base' })
}
