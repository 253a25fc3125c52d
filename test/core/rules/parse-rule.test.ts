import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MOST_CHARACTERS, MOST_DEPTH, parseRule } from '#shared/core/rules/parse-rule.ts'
import type { Condition } from '#shared/core/rules/rule.ts'
import '../../support/property-seed.ts'

/** The rule as it was understood, with every parenthesis. */
function shown(condition: Condition): string {
  switch (condition.kind) {
    case 'compare':
      return `${condition.column.name} ${condition.operator} ${JSON.stringify(condition.value.value)}`
    case 'in':
      return `${condition.column.name} in ${JSON.stringify(condition.values.map(({ value }) => value))}`
    case 'between':
      return `${condition.column.name} in ${condition.low.value}..${condition.high.value}`
    case 'missing':
      return `${condition.column.name} missing`
    case 'not':
      return `not(${shown(condition.condition)})`
    case 'and':
    case 'or':
      return `(${condition.conditions.map(shown).join(` ${condition.kind} `)})`
  }
}

function read(text: string): string {
  const { condition, problem } = parseRule(text)
  return problem === null
    ? shown(condition)
    : `${problem.at.start}-${problem.at.end}: ${problem.message}`
}

describe('parseRule', () => {
  it.each([
    ['amount > 5000 and country != "home"', '(amount > 5000 and country != "home")'],
    ['a < 1 or b >= -2.5e3 and c = 0', '(a < 1 or (b >= -2500 and c = 0))'],
    ['(a < 1 or b == .5) and c <> 2', '((a < 1 or b = 0.5) and c != 2)'],
    ['not a is missing and b is not missing', '(not(a missing) and not(b missing))'],
    ['NOT (a IN (1, 2) OR b not in ("x"))', 'not((a in [1,2] or not(b in ["x"])))'],
    ['a between 1 and 5 and b not between 2 and 3', '(a in 1..5 and not(b in 2..3))'],
    ["`is it \"so\"?` = 'it''s'", 'is it "so"? = "it\'s"'],
    ['`a``b` > 1', 'a`b > 1'],
    ['größe.cm > 1', 'größe.cm > 1'],
    ['not not a=1', 'not(not(a = 1))'],
  ])('reads %s', (text, want) => {
    expect(read(text)).toBe(want)
  })

  it.each([
    ['', '0-0: a rule needs a condition'],
    ['   ', '3-3: a rule needs a condition'],
    ['amount', '6-6: expected a comparison, "in", "between" or "is missing", got the end'],
    ['amount >', '8-8: expected a number, or a text in quotes, got the end'],
    ['amount > 5 and', '14-14: expected the name of a column, got the end'],
    ['amount > 5 amount', '11-17: expected "and", "or" or the end, got amount'],
    ['(amount > 5', '11-11: expected "and", "or" or ")", got the end'],
    ['amount > 5)', '10-11: expected "and", "or" or the end, got )'],
    ['amount > other', '9-14: expected a number, or a text in quotes, got other'],
    ['1 < amount', '0-1: expected the name of a column, got 1'],
    ['1 < amount < 5', '0-1: expected the name of a column, got 1'],
    ['a < 1 < 5', '6-7: expected "and", "or" or the end, got <'],
    ['a = "x', '4-6: the closing " is missing'],
    ['a = 5kg', '4-6: the number ends in something else'],
    ['a>1and b<2', '2-4: the number ends in something else'],
    ['a = 1e999', '4-9: the number is too large'],
    ['a in ()', '6-7: expected a number, or a text in quotes, got )'],
    ['a in (1 2)', '8-9: expected "," or ")", got 2'],
    ['a between 1 or 2', '12-14: expected "and" and the upper end, got or'],
    ['a not 5', '6-7: expected "in" or "between", got 5'],
    ['a is 5', '5-6: expected "missing" or "not missing", got 5'],
    ['and > 5', '0-3: expected the name of a column, got and'],
    ['a = 1; drop', '5-6: ";" has no meaning in a rule'],
    ['a = 1 && b = 2', '6-7: "&" has no meaning in a rule'],
    ['process.exit(1)', '12-13: expected a comparison, "in", "between" or "is missing", got ('],
    ['constructor["x"] = 1', '11-12: "[" has no meaning in a rule'],
    ['a = 😀', '4-6: "😀" has no meaning in a rule'],
    ['a = 1\u0000', '5-6: "\\u0000" has no meaning in a rule'],
  ])('refuses %j with its place', (text, want) => {
    expect(read(text)).toBe(want)
  })

  it('refuses what is too long, too deep, or a list without end, in a moment', () => {
    expect(read('x'.repeat(MOST_CHARACTERS + 1))).toBe(
      '2000-2001: a rule may have 2000 characters at most, this one has 2001',
    )
    const deep = (levels: number): string => `${'('.repeat(levels)}a = 1${')'.repeat(levels)}`
    expect(read(deep(MOST_DEPTH))).toBe('a = 1')
    expect(read(deep(MOST_DEPTH + 1))).toContain('51-52: a rule may be 50 levels deep at most')
    expect(read(deep(900))).toContain('50 levels deep')
    expect(read(`${'not '.repeat(400)}a = 1`)).toContain('50 levels deep')
    expect(read('a=1 or '.repeat(250) + 'a=1')).toContain('(a = 1 or a = 1')
    expect(read(`a in (${'1,'.repeat(250)}1)`)).toContain('a list may have 200 values at most')
  })

  it('answers any text with a condition or a place in the text, and never throws', () => {
    const parts = fc.constantFrom(
      ...['a', '`b c`', '"x"', '5', '-1e3', '(', ')', ',', 'and', 'or', 'not', 'in', 'is'],
      ...[
        'missing',
        'between',
        '<',
        '>=',
        '!=',
        '=',
        '`',
        '"',
        "'",
        '__proto__',
        '\\',
        '\n',
        '\ud800',
      ],
    )
    const text = fc.oneof(
      fc.string({ maxLength: 60, unit: 'binary' }),
      fc.array(parts, { maxLength: 30 }).map((all) => all.join(' ')),
    )
    fc.assert(
      fc.property(text, (hostile) => {
        const { condition, problem } = parseRule(hostile)
        if (problem === null) return condition.kind.length > 0
        const { start, end } = problem.at
        return 0 <= start && start <= end && end <= hostile.length && problem.message.length > 0
      }),
      { numRuns: 2000 },
    )
  })
})
