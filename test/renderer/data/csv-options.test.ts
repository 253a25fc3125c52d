import { describe, expect, it } from 'vitest'
import { defaultMissing } from '#main/files/csv/csv-types.ts'
import {
  delimiterName,
  firstOptions,
  parseMissing,
  usualMissing,
  withKind,
  withMissing,
} from '../../../src-renderer/views/data/csv-options.ts'

describe('how a file is read', () => {
  it('starts from the missing values that the reader knows', () => {
    expect(['', ...usualMissing]).toEqual(defaultMissing)
  })

  it('adds missing values to the usual ones', () => {
    expect(withMissing(firstOptions, ['n.k.', 'NA']).missing).toEqual([...usualMissing, 'n.k.'])
  })

  it('reads a list of texts as it is typed', () => {
    expect(parseMissing(' NA, ?,, NA , none ')).toEqual(['NA', '?', 'none'])
    expect(parseMissing('')).toEqual([])
  })

  it('sets and forgets the kind of a column, whatever it is called', () => {
    const set = withKind(firstOptions, '__proto__x', 'categorical')
    expect(set.kinds).toEqual({ __proto__x: 'categorical' })
    expect(withKind(set, '__proto__x', null).kinds).toEqual({})
  })

  it('names delimiters', () => {
    expect([',', '\t', '#'].map(delimiterName)).toEqual(['comma', 'tab', '"#"'])
  })
})
