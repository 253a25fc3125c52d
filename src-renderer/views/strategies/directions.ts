/** The columns of a table, and which way the probability of boosted trees may go with each. */
import type { GradientBoostingChoice, MonotoneChoice } from '#shared/core/plan/plan.ts'
import type { RuleColumn } from '#shared/core/rules/match-rule.ts'
import { omit } from './omit.ts'

export type Direction = MonotoneChoice['direction'] | 'free'

export interface ColumnDirection {
  readonly column: string
  readonly direction: Direction
  /** Why the column can't be held to a direction; null where it can. */
  readonly obstacle: string | null
}

export const directions: readonly { readonly value: Direction; readonly label: string }[] = [
  { value: 'free', label: 'Free' },
  { value: 'increasing', label: 'Rises' },
  { value: 'decreasing', label: 'Falls' },
]

/** In the order of the table; after them those that are held to a direction and aren't in it. */
export function columnDirections(
  columns: readonly RuleColumn[],
  { monotone = [] }: GradientBoostingChoice,
): readonly ColumnDirection[] {
  const held = new Map(monotone.map(({ column, direction }) => [column, direction]))
  const known = new Set(columns.map(({ name }) => name))
  return [
    ...columns.map(({ name, kind }) => ({
      column: name,
      direction: held.get(name) ?? ('free' as const),
      obstacle: kind === 'numeric' ? null : 'Categories have no order',
    })),
    ...[...held]
      .filter(([column]) => !known.has(column))
      .map(([column, direction]) => ({ column, direction, obstacle: 'No column that models see' })),
  ]
}

/** The order of choosing leaves no trace, so that the same choice is the same configuration. */
export function withDirection(
  model: GradientBoostingChoice,
  column: string,
  direction: Direction,
): GradientBoostingChoice {
  const others = (model.monotone ?? []).filter((one) => one.column !== column)
  const monotone = direction === 'free' ? others : [...others, { column, direction }]
  if (monotone.length === 0) return omit(model, 'monotone')
  return { ...model, monotone: monotone.sort((a, b) => (a.column < b.column ? -1 : 1)) }
}

/** Those whose name holds the text, or that are held to a direction. */
export function foundColumns(
  all: readonly ColumnDirection[],
  text: string,
  onlyHeld: boolean,
): readonly ColumnDirection[] {
  const wanted = text.trim().toLowerCase()
  return all.filter(
    ({ column, direction }) =>
      column.toLowerCase().includes(wanted) && (!onlyHeld || direction !== 'free'),
  )
}
