import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import {
  assignRole,
  columnRoles,
  holderOf,
  roleOf,
  sameRoles,
  summariseRoles,
  toChoices,
  toRoles,
} from '../../../src-renderer/views/data/roles.ts'
import type { RoleChoices } from '../../../src-renderer/views/data/roles.ts'

const none: RoleChoices = new Map()
const single = ['target', 'id', 'time', 'group', 'amount', 'weight'] as const

describe('assigning roles', () => {
  it('never gives a role of one column to two, whatever is chosen in whatever order', () => {
    const steps = fc.array(
      fc.record({
        column: fc.constantFrom('a', 'b', 'c', 'd'),
        role: fc.constantFrom(...columnRoles.map(({ role }) => role)),
      }),
    )
    fc.assert(
      fc.property(steps, (chosen) => {
        let choices = none
        for (const { column, role } of chosen) {
          choices = assignRole(choices, column, role)
          expect(roleOf(choices, column)).toBe(role)
        }
        for (const role of single) {
          expect([...choices.values()].filter((held) => held === role).length).toBeLessThan(2)
        }
      }),
    )
  })

  it('makes the column that loses its role a feature', () => {
    const choices = assignRole(assignRole(none, 'old', 'target'), 'new', 'target')
    expect(roleOf(choices, 'old')).toBe('feature')
    expect(holderOf(choices, 'target')).toBe('new')
  })

  it('lets any number of columns be left out', () => {
    const choices = assignRole(assignRole(none, 'a', 'ignore'), 'b', 'ignore')
    expect([roleOf(choices, 'a'), roleOf(choices, 'b')]).toEqual(['ignore', 'ignore'])
  })
})

describe('roles of an experiment', () => {
  const roles: Roles = {
    target: 'class',
    positive: '1',
    id: 'case',
    time: null,
    group: 'customer',
    amount: 'amount',
    weight: null,
    ignore: ['x', 'y'],
  }

  it('are the same after being chosen column by column', () => {
    expect(toRoles(toChoices(roles), '1')).toEqual(roles)
  })

  it('are not there before both target and positive class are chosen', () => {
    expect(toRoles(none, '1')).toBeNull()
    expect(toRoles(toChoices(roles), null)).toBeNull()
  })

  it('are the same in whatever order columns were left out', () => {
    expect(sameRoles(roles, { ...roles, ignore: ['y', 'x'] })).toBe(true)
    expect(sameRoles(roles, { ...roles, positive: '0' })).toBe(false)
    expect(sameRoles(roles, { ...roles, ignore: ['x'] })).toBe(false)
    expect(sameRoles(roles, { ...roles, time: 'z' })).toBe(false)
  })

  it('count the amount among the features', () => {
    expect(summariseRoles(toChoices(roles), 31)).toBe(
      '26 features, 1 target, 1 amount, 1 identifier, 1 group, 2 left out',
    )
    expect(summariseRoles(none, 1)).toBe('1 feature')
  })
})
