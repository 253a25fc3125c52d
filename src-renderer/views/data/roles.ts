/** What each column is for, as a person chooses it column by column. */
import type { Roles } from '#shared/core/dataset/dataset.ts'

export type ColumnRole =
  'target' | 'feature' | 'id' | 'time' | 'group' | 'amount' | 'weight' | 'ignore'

/** Role by column name. A column that is not named is a feature. */
export type RoleChoices = ReadonlyMap<string, ColumnRole>

export const columnRoles: readonly {
  readonly role: ColumnRole
  readonly label: string
  readonly meaning: string
}[] = [
  { role: 'feature', label: 'Feature', meaning: 'Used to predict the target.' },
  {
    role: 'target',
    label: 'Target',
    meaning: 'The column to predict. One of its values is the positive class.',
  },
  {
    role: 'amount',
    label: 'Amount',
    meaning: 'Money at stake in each case. It can set the costs of the case and stays a feature.',
  },
  { role: 'id', label: 'Identifier', meaning: 'Names the case. Kept with it, never a feature.' },
  { role: 'time', label: 'Time', meaning: 'When the case happened. Kept, not a feature.' },
  {
    role: 'group',
    label: 'Group',
    meaning: 'Cases of one group stay in one fold, so that no model is judged on its twin.',
  },
  {
    role: 'weight',
    label: 'Weight',
    meaning: 'How much each case counts, 0 or more. Not a feature.',
  },
  { role: 'ignore', label: 'Left out', meaning: 'Stays in the file, out of every model.' },
]

export function roleLabel(role: ColumnRole): string {
  return columnRoles.find((entry) => entry.role === role)!.label
}

/**
 * Gives a column a role. All roles but feature and ignore belong to one column only: the one that
 * held it becomes a feature.
 */
export function assignRole(choices: RoleChoices, column: string, role: ColumnRole): RoleChoices {
  const changed = new Map(choices)
  if (role !== 'feature' && role !== 'ignore') {
    for (const [name, held] of choices) if (held === role) changed.delete(name)
  }
  if (role === 'feature') changed.delete(column)
  else changed.set(column, role)
  return changed
}

/** The column that holds a role of one column, or null. */
export function holderOf(choices: RoleChoices, role: ColumnRole): string | null {
  for (const [name, held] of choices) if (held === role) return name
  return null
}

/** Null while no target, or no positive class of it, is chosen. */
export function toRoles(choices: RoleChoices, positive: string | null): Roles | null {
  const target = holderOf(choices, 'target')
  if (target === null || positive === null) return null
  return {
    target,
    positive,
    id: holderOf(choices, 'id'),
    time: holderOf(choices, 'time'),
    group: holderOf(choices, 'group'),
    amount: holderOf(choices, 'amount'),
    weight: holderOf(choices, 'weight'),
    ignore: [...choices].flatMap(([name, role]) => (role === 'ignore' ? [name] : [])),
  }
}

export function toChoices(roles: Roles): RoleChoices {
  const choices = new Map<string, ColumnRole>()
  for (const name of roles.ignore) choices.set(name, 'ignore')
  for (const role of ['id', 'time', 'group', 'amount', 'weight'] as const) {
    const column = roles[role]
    if (column !== null) choices.set(column, role)
  }
  choices.set(roles.target, 'target')
  return choices
}

export function sameRoles(a: Roles, b: Roles): boolean {
  const written = (roles: Roles): string =>
    JSON.stringify([roles.positive, [...toChoices(roles)].sort(([x], [y]) => (x < y ? -1 : 1))])
  return written(a) === written(b)
}

export function roleOf(choices: RoleChoices, column: string): ColumnRole {
  return choices.get(column) ?? 'feature'
}

/** "28 features, 1 target, 2 left out": what a set of choices makes of the columns. */
export function summariseRoles(choices: RoleChoices, nColumns: number): string {
  const count = (role: ColumnRole): number => [...choices.values()].filter((r) => r === role).length
  // The amount stays a feature.
  const nFeatures = nColumns - choices.size + count('amount')
  const parts = [nFeatures === 1 ? '1 feature' : `${nFeatures.toLocaleString('en-GB')} features`]
  for (const [role, label] of [
    ['target', 'target'],
    ['amount', 'amount'],
    ['id', 'identifier'],
    ['time', 'time'],
    ['group', 'group'],
    ['weight', 'weight'],
  ] as const) {
    if (count(role) > 0) parts.push(`1 ${label}`)
  }
  if (count('ignore') > 0) parts.push(`${count('ignore').toLocaleString('en-GB')} left out`)
  return parts.join(', ')
}
