/** A rule as a tree: what `parseRule` reads and `matchRule` asks. */
export type Condition =
  | {
      readonly kind: 'compare'
      readonly column: ColumnName
      readonly operator: Comparison
      readonly value: RuleValue
    }
  | {
      readonly kind: 'in'
      readonly column: ColumnName
      readonly values: readonly RuleValue[]
    }
  | {
      readonly kind: 'between'
      readonly column: ColumnName
      readonly low: RuleValue
      readonly high: RuleValue
    }
  | { readonly kind: 'missing'; readonly column: ColumnName }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] }

export type Comparison = '<' | '<=' | '>' | '>=' | '=' | '!='

/** A stretch of the text of a rule, in UTF-16 units. */
export interface TextSpan {
  readonly start: number
  readonly end: number
}

export interface ColumnName {
  readonly name: string
  readonly at: TextSpan
}

export interface RuleValue {
  readonly value: number | string
  readonly at: TextSpan
}

/** A rule that can't be read, or not be asked of these columns. */
export interface RuleProblem {
  /** What is wrong and what would be right, without full stop. */
  readonly message: string
  /** Where in the text. */
  readonly at: TextSpan
}

/** @returns The problem with its place, counted from 1. */
export function ruleProblemText({ message, at }: RuleProblem): string {
  return `${message}, at character ${at.start + 1}`
}
