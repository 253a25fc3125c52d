import { describe, expect, it } from 'vitest'
import type { Column } from '#shared/core/dataset/dataset.ts'
import type { RuleChoice } from '#shared/core/plan/plan.ts'
import { matchRule, ruleProblems } from '#shared/core/rules/match-rule.ts'
import { parseRule } from '#shared/core/rules/parse-rule.ts'
import {
  askRules,
  ruleLayerProblems,
  thresholdUnderRules,
  underRules,
} from '#shared/core/rules/rule-layer.ts'

const columns: readonly Column[] = [
  { kind: 'numeric', name: 'amount', values: Float64Array.of(1, 5, 10, NaN, 5) },
  {
    kind: 'categorical',
    name: 'country',
    codes: Int32Array.of(0, 1, 2, 0, -1),
    levels: ['home', 'away', 'far'],
  },
]
const all = Int32Array.of(0, 1, 2, 3, 4)

const truth = (text: string): string => {
  const { condition, problem } = parseRule(text)
  if (problem !== null) throw new Error(problem.message)
  return matchRule(condition, columns, all).join('')
}

describe('matchRule', () => {
  it.each([
    ['amount > 5', '00100'],
    ['amount >= 5', '01101'],
    ['amount < 5', '10000'],
    ['amount <= 5', '11001'],
    ['amount = 5', '01001'],
    ['amount != 5', '10100'],
    ['not amount = 5', '10110'],
    ['amount is missing', '00010'],
    ['amount is not missing', '11101'],
    ['amount in (1, 10)', '10100'],
    ['amount not in (1, 10)', '01011'],
    ['amount between 5 and 10', '01101'],
    ['amount between 10 and 5', '00000'],
    ['country = "home"', '10010'],
    ['country != "home"', '01100'],
    ['country is missing', '00001'],
    ['country in ("far", "nowhere")', '00100'],
    ['country = "nowhere"', '00000'],
    ['amount > 1 and country != "home"', '01100'],
    ['amount > 5 or country = "home" or country is missing', '10111'],
    ['not (amount > 1 and country != "home")', '10011'],
  ])('%s', (text, want) => {
    expect(truth(text)).toBe(want)
  })

  it('is asked of the samples named, in their order', () => {
    const { condition } = parseRule('amount > 4')
    expect([...matchRule(condition!, columns, Int32Array.of(4, 0, 2))]).toEqual([1, 0, 1])
  })

  it.each([
    ['amonut > 5', 'there is no column "amonut" among amount, country', 0],
    ['amount = "5"', 'amount holds numbers, so it can\'t be compared with the text "5"', 9],
    [
      'country = 5',
      "country holds texts, so it can't be compared with the number 5; put it in quotes",
      10,
    ],
    ['country > "home"', 'country holds texts, which have no order; use =, != or "in"', 0],
    ['country between "a" and "b"', 'country holds texts, which have no order; use "in"', 0],
    [
      'amount > 5 and (not toString = 1)',
      'there is no column "toString" among amount, country',
      20,
    ],
  ])('refuses %s', (text, message, start) => {
    const { condition } = parseRule(text)
    expect(ruleProblems(condition!, columns)[0]).toMatchObject({ message, at: { start } })
    expect(() => matchRule(condition!, columns, all)).toThrow(message)
  })
})

describe('a layer of rules', () => {
  const rules: readonly RuleChoice[] = [
    { when: 'amount is missing', then: 'hand_on' },
    { when: 'country = "home"', then: 'pass' },
    { when: 'amount >= 5', then: 'alert' },
  ]

  it('lets the first rule that is true decide', () => {
    const { decision, rule } = askRules(rules, columns, all)
    expect([...rule]).toEqual([1, 2, 2, 0, 2])
    expect([...decision]).toEqual([0, 1, 1, -1, 1])
    expect([...askRules([], columns, all).decision]).toEqual([-1, -1, -1, -1, -1])
  })

  it('puts its decisions beyond every threshold, and leaves the model between', () => {
    const outcome = askRules(rules, columns, all)
    const p = underRules(outcome, Float64Array.of(0.9, 0.1, 0.2, 1, 0.4))
    expect([...p]).toEqual([0, 1, 1, 1 - 2 ** -53, 1])
    expect(underRules(outcome, new Float64Array(5))[3]).toBeGreaterThan(0)
    for (const threshold of [-1, 0, 1e-310, 0.3, 1, Infinity]) {
      const used = thresholdUnderRules(threshold)
      expect(p[0]! >= used).toBe(false)
      expect(p[1]! >= used).toBe(true)
    }
  })

  it('says which rule is wrong, and where', () => {
    expect(ruleLayerProblems([rules[0]!, { when: 'amount >', then: 'alert' }], columns)).toEqual([
      'rule 2: expected a number, or a text in quotes, got the end, at character 9',
    ])
    expect(ruleLayerProblems([{ when: 'x > 1', then: 'alert' }], columns)).toEqual([
      'rule 1: there is no column "x" among amount, country, at character 1',
    ])
    expect(ruleLayerProblems([{ when: 'x > 1', then: 'alert' }], null)).toEqual([])
    const many = new Array<RuleChoice>(101).fill(rules[0]!)
    expect(ruleLayerProblems(many, columns)).toEqual(['there may be 100 rules, got 101'])
  })
})
