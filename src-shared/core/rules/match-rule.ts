import type { Column } from '../dataset/dataset.ts'
import type { ColumnName, Comparison, Condition, RuleProblem, RuleValue } from './rule.ts'

/** What is known of a column before its values are. */
export interface RuleColumn {
  readonly name: string
  readonly kind: Column['kind']
}

/**
 * What keeps a rule from being asked of a table: columns that are not there, texts for numbers.
 *
 * @returns In the order of the text; empty when the rule can be asked.
 */
export function ruleProblems(condition: Condition, columns: readonly RuleColumn[]): RuleProblem[] {
  switch (condition.kind) {
    case 'not':
      return ruleProblems(condition.condition, columns)
    case 'and':
    case 'or':
      return condition.conditions.flatMap((part) => ruleProblems(part, columns))
    case 'missing':
    case 'in':
    case 'between':
    case 'compare': {
      const { column } = condition
      const found = columns.find(({ name }) => name === column.name)
      if (found === undefined) return [unknownColumn(column, columns)]
      return valuesOf(condition)
        .filter(({ value }) => (typeof value === 'number') !== (found.kind === 'numeric'))
        .map(({ value, at }) => ({
          message:
            found.kind === 'numeric'
              ? `${column.name} holds numbers, so it can't be compared with the text ${JSON.stringify(value)}`
              : `${column.name} holds texts, so it can't be compared with the number ${value}; put it in quotes`,
          at,
        }))
        .concat(orderOfTexts(condition, found))
    }
  }
}

/** Texts have no order that readers would agree on. */
function orderOfTexts(condition: Condition, { kind, name }: RuleColumn): RuleProblem[] {
  if (kind === 'numeric') return []
  if (condition.kind === 'between') {
    return [
      { message: `${name} holds texts, which have no order; use "in"`, at: condition.column.at },
    ]
  }
  if (condition.kind !== 'compare' || condition.operator === '=' || condition.operator === '!=') {
    return []
  }
  const message = `${name} holds texts, which have no order; use =, != or "in"`
  return [{ message, at: condition.column.at }]
}

function unknownColumn({ name, at }: ColumnName, columns: readonly RuleColumn[]): RuleProblem {
  const shown = columns.slice(0, 10).map((column) => column.name)
  const more = columns.length > shown.length ? ' and others' : ''
  return { message: `there is no column "${name}" among ${shown.join(', ')}${more}`, at }
}

function valuesOf(condition: Condition): readonly RuleValue[] {
  switch (condition.kind) {
    case 'compare':
      return [condition.value]
    case 'in':
      return condition.values
    case 'between':
      return [condition.low, condition.high]
    case 'missing':
    case 'not':
    case 'and':
    case 'or':
      return []
  }
}

/**
 * Which samples a rule is true of.
 *
 * A missing value is neither equal to anything nor different from it: every comparison, `in` and
 * `between` with it is false, and so is `!=`; only `is missing` asks for it. `not` turns what it
 * stands before around, so `not amount > 5` is true where the amount is missing. `between` includes
 * both ends, and is false throughout where the low end is above the high one.
 *
 * @param samples Rows of the columns.
 * @returns 1 where the rule is true, length as `samples`.
 * @throws RangeError when the rule can't be asked of these columns; see `ruleProblems`.
 *
 * O(samples × conditions) time.
 */
export function matchRule(
  condition: Condition,
  columns: readonly Column[],
  samples: Int32Array,
): Uint8Array {
  const [problem] = ruleProblems(condition, columns)
  if (problem !== undefined) throw new RangeError(problem.message)
  return matches(condition, columns, samples)
}

function matches(
  condition: Condition,
  columns: readonly Column[],
  samples: Int32Array,
): Uint8Array {
  switch (condition.kind) {
    case 'not':
      return matches(condition.condition, columns, samples).map((hit) => 1 - hit)
    case 'and':
    case 'or': {
      const isAnd = condition.kind === 'and'
      const [first, ...others] = condition.conditions.map((part) => matches(part, columns, samples))
      return first!.map((hit, i) => {
        if (isAnd) return hit === 1 && others.every((other) => other[i] === 1) ? 1 : 0
        return hit === 1 || others.some((other) => other[i] === 1) ? 1 : 0
      })
    }
    case 'missing':
    case 'in':
    case 'between':
    case 'compare': {
      const column = columns.find(({ name }) => name === condition.column.name)!
      if (column.kind === 'numeric') {
        const isTrue = testOfNumber(condition)
        return Uint8Array.from(samples, (sample) => (isTrue(column.values[sample]!) ? 1 : 0))
      }
      const isTrue = testOfText(condition)
      const ofCode = column.levels.map((text) => isTrue(text))
      const ofMissing = isTrue(null)
      return Uint8Array.from(samples, (sample) => {
        const code = column.codes[sample]!
        return (code < 0 ? ofMissing : ofCode[code]!) ? 1 : 0
      })
    }
  }
}

type Simple = Exclude<Condition, { readonly kind: 'not' | 'and' | 'or' }>

function testOfNumber(condition: Simple): (x: number) => boolean {
  switch (condition.kind) {
    case 'missing':
      return (x) => Number.isNaN(x)
    case 'in': {
      const values = new Set(condition.values.map(({ value }) => value))
      return (x) => values.has(x)
    }
    case 'between': {
      const low = Number(condition.low.value)
      const high = Number(condition.high.value)
      return (x) => x >= low && x <= high
    }
    case 'compare':
      return compare(condition.operator, Number(condition.value.value))
  }
}

function compare(operator: Comparison, value: number): (x: number) => boolean {
  switch (operator) {
    case '<':
      return (x) => x < value
    case '<=':
      return (x) => x <= value
    case '>':
      return (x) => x > value
    case '>=':
      return (x) => x >= value
    case '=':
      return (x) => x === value
    case '!=':
      return (x) => x !== value && !Number.isNaN(x)
  }
}

function testOfText(condition: Simple): (text: string | null) => boolean {
  switch (condition.kind) {
    case 'missing':
      return (text) => text === null
    case 'in': {
      const values = new Set(condition.values.map(({ value }) => value))
      return (text) => text !== null && values.has(text)
    }
    case 'compare': {
      const isEqual = condition.operator === '='
      const { value } = condition.value
      return (text) => text !== null && (text === value) === isEqual
    }
    case 'between':
      return () => false
  }
}
