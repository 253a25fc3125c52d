import { describe, expect, it } from 'vitest'
import type { ClassProfile, DatasetFacts } from '#shared/contract/data.ts'
import { isProjectFile, stemOf } from '../../../src-renderer/views/data/incoming.ts'
import { widthOf } from '../../../src-renderer/views/data/column-widths.ts'
import { orderColumns, showColumns } from '../../../src-renderer/views/data/profile-columns.ts'
import { assignRole } from '../../../src-renderer/views/data/roles.ts'

const version: DatasetFacts = {
  versionId: 1,
  name: 'v',
  number: 1,
  nRows: 10,
  sourceName: 'v.csv',
  fingerprint: 'f',
  createdAt: '2026-11-21T10:00:00Z',
  columns: ['V10', 'V2', 'class', 'junk'].map((name, i) => ({
    name,
    kind: 'numeric',
    missing: i,
    levels: null,
  })),
}

function profile(name: string, rocAuc: number | null, distinct: number): ClassProfile {
  return {
    profile: {
      ...{ kind: 'numeric', name, missing: 0, distinct, zeros: 0, negative: 0, integer: true },
      spread: null,
    },
    bins: [],
    missingPositives: 0,
    missingNegatives: 0,
    rocAuc,
  }
}

const choices = assignRole(assignRole(new Map(), 'class', 'target'), 'junk', 'ignore')
const profiles = [
  profile('V10', 0.6, 3),
  profile('V2', 0.9, 5),
  profile('class', null, 2),
  profile('junk', null, 9),
]

describe('the table of columns', () => {
  const columns = showColumns(version, profiles, choices)
  const order = (sort: Parameters<typeof orderColumns>[2], query = ''): string[] =>
    orderColumns(columns, query, sort).map(({ name }) => name)

  it('has the target first and what is left out last, whatever the order', () => {
    expect(order('strength')).toEqual(['class', 'V2', 'V10', 'junk'])
    expect(order('file')).toEqual(['class', 'V10', 'V2', 'junk'])
    expect(order('name')).toEqual(['class', 'V2', 'V10', 'junk'])
    expect(order('missing')).toEqual(['class', 'V2', 'V10', 'junk'])
    expect(order('distinct')).toEqual(['class', 'V2', 'V10', 'junk'])
  })

  it('is searched by name', () => {
    expect(order('file', 'v1')).toEqual(['V10'])
    expect(order('file', 'nothing')).toEqual([])
  })

  it('can be shown before the classes are known', () => {
    const bare = showColumns(version, null, new Map())
    expect(bare.map(({ role, profile: of }) => [role, of])).toEqual(
      Array.from({ length: 4 }, () => ['feature', null]),
    )
  })
})

describe('names and widths', () => {
  it('make the name of a project from that of a file', () => {
    expect(['cards 2026.csv', 'a.b.csv', '.csv', 'plain', ''].map(stemOf)).toEqual([
      ...['cards 2026', 'a.b', '.csv', 'plain', 'Untitled'],
    ])
    expect(stemOf('x'.repeat(400)).length).toBe(200)
    expect(isProjectFile('Cards.STEELYARD')).toBe(true)
    expect(isProjectFile('cards.steelyard.csv')).toBe(false)
  })

  it('bound the width of a column', () => {
    expect(widthOf('x', [])).toBe(64)
    expect(widthOf('x'.repeat(300), [])).toBe(220)
  })
})
