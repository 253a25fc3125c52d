import { describe, expect, it } from 'vitest'
import { checkCase } from './checker.ts'
import type { CaseOutcome } from './checker.ts'
import type { Checker, GoldenCase } from './handlers.ts'
import { readGoldenFile } from './load.ts'

const CASE: GoldenCase = {
  id: 'made-up',
  kind: 'made_up',
  input: {},
  expect: {},
  tol: { rel: 1e-6, abs: 1e-9 },
}

const refuse = (): never => {
  throw new Error('no tables here')
}
const noTables = Object.assign(refuse, { columns: refuse })

function outcomeOf(
  handler: (check: Checker) => void,
  expected: GoldenCase['expect'] = {},
): CaseOutcome {
  return checkCase(
    { ...CASE, expect: expected },
    {
      made_up: (_, check) => {
        handler(check)
      },
    },
    noTables,
  )
}

describe('close', () => {
  it.each<[string, unknown, unknown]>([
    ['a number within the relative tolerance', 1_000_000.9, 1_000_000],
    ['a number within the absolute tolerance', 1e-10, 0],
    ['the same infinity', -Infinity, -Infinity],
    ['null where nothing is defined', null, null],
    ['NaN of a typed array where nothing is defined', Float64Array.of(1, NaN), [1, null]],
    ['a typed array', Float64Array.of(1, 2), [1, 2]],
    ['an empty array', [], []],
    ['a record with further keys', { a: 1, b: [{ c: 2 }], more: 3 }, { a: 1, b: [{ c: 2 }] }],
    ['a text', 'error', 'error'],
  ])('takes %s', (_, got, want) => {
    expect(outcomeOf((check) => check.close('value', got, want)).verdict).toBe('passed')
  })

  it.each<[string, unknown, unknown, string]>([
    ['a number outside the tolerance', 1.00001, 1, 'value: wanted 1, got 1.00001'],
    ['the other infinity', -Infinity, Infinity, 'value: wanted Infinity, got -Infinity'],
    ['an infinity for a number', Infinity, 1, 'value: wanted 1, got Infinity'],
    ['a number for an infinity', 1, Infinity, 'value: wanted Infinity, got 1'],
    ['null for a number', null, 0, 'value: wanted 0, got null'],
    ['a number for null', 0, null, 'value: wanted null, got 0'],
    ['NaN for a number', NaN, 0, 'value: wanted 0, got NaN'],
    ['NaN for null outside a typed array', NaN, null, 'value: wanted null, got NaN'],
    ['an array that is too short', [1], [1, 2], 'value: wanted 2 elements, got 1 elements'],
    ['an element', [1, 3], [1, 2], 'value[1]: wanted 2, got 3'],
    ['a missing key', {}, { a: 1 }, 'value.a: wanted 1, got undefined'],
    ['a number for a record', 1, { a: 1 }, 'value: wanted a record, got 1'],
    ['a text for a number', '1', 1, 'value: wanted 1, got "1"'],
  ])('refuses %s', (_, got, want, failure) => {
    const outcome = outcomeOf((check) => check.close('value', got, want))
    expect(outcome).toMatchObject({ verdict: 'failed', failures: [failure] })
  })

  it('takes another tolerance', () => {
    const loose = { rel: 0.1, abs: 0 }
    expect(outcomeOf((check) => check.close('value', 1.05, 1, loose)).verdict).toBe('passed')
    expect(outcomeOf((check) => check.close('value', 1.15, 1, loose)).verdict).toBe('failed')
  })
})

describe('equal', () => {
  it('takes no tolerance', () => {
    expect(outcomeOf((check) => check.equal('rows', [1, 2], [1, 2])).verdict).toBe('passed')
    expect(outcomeOf((check) => check.equal('rows', [1, 2.0000000001], [1, 2])).verdict).toBe(
      'failed',
    )
  })
})

describe('quantities that the case lists as undefined', () => {
  const expected = {
    roc_auc: 0,
    curve: { x: [0, 0] },
    thresholds: [{ precision: 0, recall: 0.5, undefined: ['precision'] }],
    undefined: ['roc_auc', 'curve.x'],
  }

  it.each([
    ['roc_auc', null, 0],
    ['curve.x', null, [0, 0]],
    ['curve.x', [null, null], [0, 0]],
    ['thresholds[0].precision', null, 0],
    ['thresholds.0.precision', null, 0],
  ])('may be null: %s', (what, got, want) => {
    const outcome = outcomeOf((check) => {
      check.close(what, got, want)
      check.equal('another', 1, 1)
    }, expected)
    expect(outcome.verdict).toBe('passed')
  })

  it('may be null inside a record', () => {
    const got = { thresholds: [{ precision: null, recall: 0.5 }] }
    const outcome = outcomeOf(
      (check) => check.close('thresholds', got.thresholds, expected.thresholds),
      expected,
    )
    expect(outcome.verdict).toBe('passed')
  })

  it('are compared when they are not null', () => {
    expect(outcomeOf((check) => check.close('roc_auc', 1, 0), expected).verdict).toBe('failed')
  })

  it('leave the others as they were', () => {
    const outcome = outcomeOf((check) => check.close('thresholds[0].recall', null, 0.5), expected)
    expect(outcome.verdict).toBe('failed')
  })
})

describe('the verdict', () => {
  it('is failed for a handler that throws, with its message', () => {
    const outcome = outcomeOf(() => {
      throw new RangeError('gamma must be at least 0')
    })
    expect(outcome.failures).toEqual(['threw RangeError: gamma must be at least 0'])
  })

  it('is failed for a handler that compares nothing', () => {
    expect(outcomeOf(() => undefined).verdict).toBe('failed')
    expect(outcomeOf((check) => check.close('nothing', {}, {})).verdict).toBe('failed')
  })

  it('tells apart what is partly and what is not at all implemented', () => {
    const partly = outcomeOf((check) => {
      check.equal('count', 1, 1)
      check.notYet('the rest')
    })
    expect(partly).toMatchObject({ verdict: 'partly', notYet: ['the rest'] })
    expect(outcomeOf((check) => check.notYet('all of it')).verdict).toBe('not yet implemented')
    expect(checkCase(CASE, {}, noTables).verdict).toBe('not yet implemented')
  })

  it('is failed when one comparison fails, whatever else is missing', () => {
    const outcome = outcomeOf((check) => {
      check.equal('count', 1, 2)
      check.notYet('the rest')
    })
    expect(outcome.verdict).toBe('failed')
  })
})

describe('a golden file', () => {
  const read = (cases: readonly unknown[], format = 'golden-1'): GoldenCase[] =>
    readGoldenFile({ format, area: 'made_up', cases }, 'made_up.json')

  it('gives each case a kind: its own, else its method, else the area', () => {
    const kinds = read([
      { id: 'a', kind: 'own', method: 'other', expect: {} },
      { id: 'b', method: 'method', expect: {} },
      { id: 'c', expect: {} },
    ]).map(({ kind }) => kind)
    expect(kinds).toEqual(['own', 'method', 'made_up'])
  })

  it('resolves same_as, own keys first, also over several steps', () => {
    const cases = read([
      { id: 'a', input: { y: [1], c: 1 }, expect: {} },
      { id: 'b', input: { same_as: 'a', c: 2 }, expect: {} },
      { id: 'c', input: { same_as: 'b', d: 3 }, expect: {} },
    ])
    expect(cases.map(({ input }) => input)).toEqual([
      { y: [1], c: 1 },
      { y: [1], c: 2 },
      { y: [1], c: 2, d: 3 },
    ])
  })

  it('decodes infinities at any depth and leaves other texts', () => {
    const [goldenCase] = read([
      {
        id: 'a',
        input: { x: ['Infinity', null] },
        expect: { t: { u: '-Infinity', v: 'Infinite' } },
      },
    ])
    expect(goldenCase).toMatchObject({
      input: { x: [Infinity, null] },
      expect: { t: { u: -Infinity, v: 'Infinite' } },
    })
  })

  it('is refused in another format, or with a same_as that leads nowhere', () => {
    expect(() => read([], 'golden-2')).toThrow('format must be golden-1, got golden-2')
    expect(() => read([{ id: 'a', input: { same_as: 'z' }, expect: {} }])).toThrow('leads nowhere')
    expect(() => read([{ id: 'a', input: { same_as: 'a' }, expect: {} }])).toThrow('leads nowhere')
  })
})
