/**
 * Reads rules over the columns of a table: `amount > 5000 and country != "home"`.
 *
 *     rule        = conjunction { "or" conjunction }
 *     conjunction = negation { "and" negation }
 *     negation    = "not" negation | "(" rule ")" | condition
 *     condition   = column comparison value
 *                 | column ["not"] "in" "(" value { "," value } ")"
 *                 | column ["not"] "between" value "and" value
 *                 | column "is" ["not"] "missing"
 *     comparison  = "<" | "<=" | ">" | ">=" | "=" | "==" | "!=" | "<>"
 *     column      = a word, or any text in backquotes; a backquote in it is written twice
 *     value       = a number, or a text in double or single quotes; the quote in it is written twice
 *
 * Words in quotes of the grammar may be written in capitals too; a column that is called like one
 * of them needs backquotes. A chained comparison (`1 < amount < 5`) is refused: `between` says it.
 *
 * It is a recursive descent over tokens and never runs what it reads. Text may have 2,000
 * characters, parentheses and `not` may lie 50 deep, and a list may have 200 values: beyond, a rule
 * is refused, so that no text takes more than a moment or overflows the stack.
 */
import type { ColumnName, Comparison, Condition, RuleProblem, RuleValue, TextSpan } from './rule.ts'

export const MOST_CHARACTERS = 2000
export const MOST_DEPTH = 50
const MOST_VALUES = 200

type Token = TextSpan &
  (
    | { readonly kind: 'word' | 'column' | 'text'; readonly text: string }
    | { readonly kind: 'number'; readonly number: number }
    | { readonly kind: 'mark'; readonly text: string }
    | { readonly kind: 'end' }
  )

export type ParsedRule =
  | { readonly condition: Condition; readonly problem: null }
  | { readonly condition: null; readonly problem: RuleProblem }

/** @returns The condition, or the first problem of the text and its place. */
export function parseRule(text: string): ParsedRule {
  try {
    return { condition: parse(text), problem: null }
  } catch (error) {
    if (error instanceof Refusal) return { condition: null, problem: error.problem }
    throw error
  }
}

class Refusal extends Error {
  readonly problem: RuleProblem

  constructor(message: string, at: TextSpan) {
    super(message)
    this.problem = { message, at: { start: at.start, end: at.end } }
  }
}

const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['=', '='],
  ['==', '='],
  ['!=', '!='],
  ['<>', '!='],
])
const keywords: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'between',
  'is',
  'missing',
])

function parse(text: string): Condition {
  if (text.length > MOST_CHARACTERS) {
    throw new Refusal(
      `a rule may have ${MOST_CHARACTERS} characters at most, this one has ${text.length}`,
      { start: MOST_CHARACTERS, end: text.length },
    )
  }
  const tokens = tokensOf(text)
  let position = 0
  const peek = (): Token => tokens[position]!
  const take = (): Token => tokens[position++]!
  const isWord = (word: string): boolean => {
    const token = peek()
    return token.kind === 'word' && token.text.toLowerCase() === word
  }
  const isMark = (mark: string): boolean => {
    const token = peek()
    return token.kind === 'mark' && token.text === mark
  }
  const accept = (is: boolean): boolean => {
    if (is) position++
    return is
  }
  const expected = (what: string): Refusal => {
    const token = peek()
    return new Refusal(`expected ${what}, got ${named(token, text)}`, token)
  }

  const joined = (
    kind: 'and' | 'or',
    part: (depth: number) => Condition,
  ): ((depth: number) => Condition) => {
    return (depth) => {
      const conditions = [part(depth)]
      while (accept(isWord(kind))) conditions.push(part(depth))
      return conditions.length === 1 ? conditions[0]! : { kind, conditions }
    }
  }
  const negation = (depth: number): Condition => {
    const token = peek()
    if (depth > MOST_DEPTH) {
      throw new Refusal(`a rule may be ${MOST_DEPTH} levels deep at most`, token)
    }
    if (accept(isWord('not'))) return { kind: 'not', condition: negation(depth + 1) }
    if (!accept(isMark('('))) return simple()
    const inner = rule(depth + 1)
    if (!accept(isMark(')'))) throw expected('"and", "or" or ")"')
    return inner
  }
  const rule = joined('or', joined('and', negation))

  const simple = (): Condition => {
    const column = columnName()
    const token = peek()
    const comparison = token.kind === 'mark' ? comparisons.get(token.text) : undefined
    if (comparison !== undefined) {
      take()
      return { kind: 'compare', column, operator: comparison, value: value() }
    }
    if (accept(isWord('is'))) {
      const negated = accept(isWord('not'))
      if (!accept(isWord('missing')))
        throw expected(negated ? '"missing"' : '"missing" or "not missing"')
      return negatedIf(negated, { kind: 'missing', column })
    }
    const negated = accept(isWord('not'))
    if (accept(isWord('in'))) return negatedIf(negated, { kind: 'in', column, values: list() })
    if (!accept(isWord('between'))) {
      throw expected(
        negated ? '"in" or "between"' : 'a comparison, "in", "between" or "is missing"',
      )
    }
    const low = value()
    if (!accept(isWord('and'))) throw expected('"and" and the upper end')
    return negatedIf(negated, { kind: 'between', column, low, high: value() })
  }
  const columnName = (): ColumnName => {
    const token = peek()
    const isName =
      token.kind === 'column' || (token.kind === 'word' && !keywords.has(token.text.toLowerCase()))
    if (!isName) throw expected('the name of a column')
    take()
    return { name: token.text, at: { start: token.start, end: token.end } }
  }
  const value = (): RuleValue => {
    const token = peek()
    const at = { start: token.start, end: token.end }
    if (token.kind === 'number') {
      take()
      return { value: token.number, at }
    }
    if (token.kind !== 'text') throw expected('a number, or a text in quotes')
    take()
    return { value: token.text, at }
  }
  const list = (): RuleValue[] => {
    if (!accept(isMark('('))) throw expected('"(" and the values')
    const values = [value()]
    while (accept(isMark(','))) {
      if (values.length === MOST_VALUES) {
        throw new Refusal(`a list may have ${MOST_VALUES} values at most`, peek())
      }
      values.push(value())
    }
    if (!accept(isMark(')'))) throw expected('"," or ")"')
    return values
  }

  if (peek().kind === 'end') throw new Refusal('a rule needs a condition', peek())
  const condition = rule(0)
  if (peek().kind !== 'end') throw expected('"and", "or" or the end')
  return condition
}

function negatedIf(negated: boolean, condition: Condition): Condition {
  return negated ? { kind: 'not', condition } : condition
}

function named(token: Token, text: string): string {
  if (token.kind === 'end') return 'the end'
  return text.slice(token.start, Math.min(token.end, token.start + 40))
}

const space = /\s+/uy
const word = /[\p{L}_][\p{L}\p{N}_.]*/uy
const number = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/uy
const mark = /<=|>=|==|!=|<>|[<>=(),]/uy

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let start = 0
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = start
    return pattern.exec(text)?.[0] ?? null
  }
  while (start < text.length) {
    const blank = match(space)
    if (blank !== null) {
      start += blank.length
      continue
    }
    const token = quotedToken(text, start) ?? plainToken(text, start, match)
    tokens.push(token)
    start = token.end
  }
  tokens.push({ kind: 'end', start, end: start })
  return tokens
}

function plainToken(text: string, start: number, match: (pattern: RegExp) => string | null): Token {
  const name = match(word)
  if (name !== null) return { kind: 'word', text: name, start, end: start + name.length }
  const digits = match(number)
  if (digits !== null) {
    const end = start + digits.length
    if (!Number.isFinite(Number(digits)))
      throw new Refusal('the number is too large', { start, end })
    if (/^[\p{L}\p{N}_.]/u.test(text.slice(end))) {
      throw new Refusal('the number ends in something else', { start, end: end + 1 })
    }
    return { kind: 'number', number: Number(digits), start, end }
  }
  const sign = match(mark)
  if (sign !== null) return { kind: 'mark', text: sign, start, end: start + sign.length }
  const character = String.fromCodePoint(text.codePointAt(start)!)
  const end = start + character.length
  throw new Refusal(`${JSON.stringify(character)} has no meaning in a rule`, { start, end })
}

/** A text in quotes or a column in backquotes, or null where neither begins. */
function quotedToken(text: string, start: number): Token | null {
  const quote = text[start]!
  if (quote !== '"' && quote !== "'" && quote !== '`') return null
  let content = ''
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== quote) content += text[at]!
    else if (text[at + 1] === quote) content += text[++at]!
    else return { kind: quote === '`' ? 'column' : 'text', text: content, start, end: at + 1 }
  }
  throw new Refusal(`the closing ${quote} is missing`, { start, end: text.length })
}
