import { describe, expect, it } from 'vitest'
import type { ImportPreview, PreviewColumn } from '#shared/contract/data.ts'
import { classCounts, findingsOf, missingFix } from '../../../src-renderer/views/data/findings.ts'
import type { ImportChoices } from '../../../src-renderer/views/data/findings.ts'
import { assignRole } from '../../../src-renderer/views/data/roles.ts'

function column(name: string, more: Partial<PreviewColumn> = {}): PreviewColumn {
  return {
    name,
    kind: 'numeric',
    missing: 0,
    distinct: 40,
    allDistinct: false,
    range: { min: 0, median: 1, max: 2 },
    values: [],
    contradictions: { count: 0, rows: [] },
    suggestedRole: null,
    suggestionReason: null,
    ...more,
  }
}

const target = column('class', {
  kind: 'categorical',
  distinct: 2,
  range: null,
  values: [
    { text: 'no', count: 900 },
    { text: 'yes', count: 100 },
  ],
})

function preview(
  columns: readonly PreviewColumn[],
  more: Partial<ImportPreview> = {},
): ImportPreview {
  return {
    fileId: 'f',
    name: 'cases.csv',
    sizeBytes: 1,
    nRows: 1000,
    delimiter: ',',
    raggedRows: 0,
    firstRaggedRow: null,
    notes: [],
    columns,
    firstRows: [],
    randomRows: [],
    repeatedRows: 0,
    ...more,
  }
}

const chosen: ImportChoices = {
  roles: assignRole(new Map(), 'class', 'target'),
  positive: 'yes',
  raggedChosen: null,
}

function ids(file: ImportPreview, choices: ImportChoices, tone?: string): string[] {
  return findingsOf(file, choices)
    .filter((finding) => tone === undefined || finding.tone === tone)
    .map(({ id }) => id)
}

describe('counting classes', () => {
  it('takes every value but the positive one for the negative class, and missing ones for none', () => {
    const file = preview([column('x'), { ...target, missing: 0 }])
    expect(classCounts(file, chosen)).toEqual({ positives: 100, negatives: 900 })
    const holes = preview([{ ...target, missing: 50, values: [{ text: 'yes', count: 100 }] }])
    expect(classCounts(holes, chosen)).toEqual({ positives: 100, negatives: 850 })
  })

  it('is not possible for a value that was not counted', () => {
    expect(classCounts(preview([target]), { ...chosen, positive: 'rare' })).toBeNull()
    expect(classCounts(preview([target]), { roles: new Map(), positive: 'yes' })).toBeNull()
  })
})

describe('what is found in a file', () => {
  it('stops nothing in a clean one', () => {
    const file = preview([column('x'), target])
    expect(ids(file, chosen, 'stop')).toEqual([])
    expect(ids(file, chosen, 'warn')).toEqual([])
    expect(ids(file, chosen, 'ok')).toEqual(['ragged', 'missing'])
  })

  it('asks for the target, then for the positive class', () => {
    const file = preview([column('x'), target])
    expect(ids(file, { ...chosen, roles: new Map() }, 'stop')).toEqual(['target'])
    expect(ids(file, { ...chosen, positive: null }, 'stop')).toEqual(['positive'])
  })

  it('refuses a target with one class, and warns of few positives and of unlabelled rows', () => {
    const one = preview([{ ...target, values: [{ text: 'yes', count: 1000 }] }])
    expect(ids(one, chosen, 'stop')).toEqual(['one-class'])
    const few = preview([{ ...target, values: [{ text: 'yes', count: 7 }] }])
    expect(ids(few, chosen, 'warn')).toEqual(['few'])
    expect(ids(preview([{ ...target, missing: 3 }]), chosen, 'warn')).toEqual(['target-missing'])
  })

  it('wants a word on ragged rows before they are left out or filled', () => {
    const file = preview([column('x'), target], { raggedRows: 3, firstRaggedRow: 4118 })
    const [open] = findingsOf(file, chosen)
    expect(open).toMatchObject({ id: 'ragged', tone: 'stop' })
    expect(open!.text).toContain('4,118')
    expect(open!.fixes.map(({ fix }) => fix)).toEqual([
      { kind: 'ragged', treatment: 'skip' },
      { kind: 'ragged', treatment: 'pad' },
    ])
    const [settled] = findingsOf(file, { ...chosen, raggedChosen: 'skip' })
    expect(settled).toMatchObject({ id: 'ragged', tone: 'warn' })
    expect(settled!.fixes).toHaveLength(1)
  })

  it('names the texts in a column of numbers, their rows, and what to do about them', () => {
    const mixed = column('amount', {
      kind: 'categorical',
      contradictions: {
        count: 3,
        rows: [
          { row: 42, text: 'unknown' },
          { row: 502, text: 'n.k.' },
          { row: 902, text: 'n.k.' },
        ],
      },
    })
    const found = findingsOf(preview([mixed, target]), chosen).find(({ tone }) => tone === 'warn')!
    const plain = found.text.replaceAll(/[\u2068\u2069]/g, '')
    expect(plain).toBe(
      '3 of 1,000 values are not a number: "unknown" in row 42; "n.k." in rows 502, 902.',
    )
    expect(found.fixes.map(({ fix }) => fix)).toEqual([
      { kind: 'missing', texts: ['unknown', 'n.k.'] },
    ])
  })

  it('offers no fix for texts that it does not know all of', () => {
    const rows = Array.from({ length: 8 }, (_, i) => ({ row: i + 2, text: `t${i}` }))
    const many = column('x', { kind: 'categorical', contradictions: { count: 90, rows } })
    expect(missingFix(many)).toBeNull()
    const same = rows.map(({ row }) => ({ row, text: '-' }))
    expect(missingFix({ ...many, contradictions: { count: 90, rows: same } })?.fix).toEqual({
      kind: 'missing',
      texts: ['-'],
    })
    expect(missingFix(column('x'))).toBeNull()
    expect(missingFix(undefined)).toBeNull()
  })

  it('finds features from which nothing can be learnt, until they are left out', () => {
    const columns = [
      column('same', { distinct: 1 }),
      column('empty', { missing: 1000, distinct: 0, range: null }),
      column('case', { kind: 'categorical', distinct: 1000, allDistinct: true }),
      column('merchant', { kind: 'categorical', distinct: null }),
      target,
    ]
    const found = findingsOf(preview(columns), chosen)
    expect(found.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['constant', 'distinct', 'wide']),
    )
    const constant = found.find(({ id }) => id === 'constant')!
    expect(constant.fixes[0]!.fix).toEqual({
      kind: 'role',
      columns: ['same', 'empty'],
      role: 'ignore',
    })
    let roles = chosen.roles
    for (const name of ['same', 'empty', 'case', 'merchant'])
      roles = assignRole(roles, name, 'ignore')
    const after = ids(preview(columns), { ...chosen, roles })
    for (const id of ['constant', 'distinct', 'wide']) expect(after).not.toContain(id)
  })

  it('says why a role was proposed, as long as the column has it', () => {
    const amount = column('amount', { suggestedRole: 'amount', suggestionReason: 'Its name' })
    const with_ = { ...chosen, roles: assignRole(chosen.roles, 'amount', 'amount') }
    expect(ids(preview([amount, target]), with_)).toContain('suggestion-amount')
    expect(ids(preview([amount, target]), chosen)).not.toContain('suggestion-amount')
  })

  it('passes on the notes of the reader, but not twice in other words', () => {
    const mixed = column('x', { contradictions: { count: 1, rows: [{ row: 2, text: 'a' }] } })
    const notes = [
      'Column "x" is read as text: row 2 holds "a", which is not a number.',
      '3 rows have another number of cells than the header (first: row 9) and were left out.',
      'Column "y" has decimal commas (row 2 holds "1,5"); they are read as decimal points.',
    ]
    const found = findingsOf(preview([mixed, target], { notes }), chosen)
    expect(found.filter(({ id }) => id.startsWith('note-')).map(({ text }) => text)).toEqual([
      notes[2],
    ])
  })
})
