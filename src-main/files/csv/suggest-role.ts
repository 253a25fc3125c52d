import type { SuggestedRole } from './preview-types.ts'

/** What is known of a column when a role is suggested for it. */
export interface RoleFacts {
  readonly name: string
  readonly kind: 'numeric' | 'categorical'
  readonly nRows: number
  readonly missing: number
  /** Null: more than were counted. */
  readonly distinct: number | null
  readonly allDistinct: boolean
  /** The commonest texts. */
  readonly values: readonly { readonly text: string }[]
}

export interface Suggestion {
  readonly role: SuggestedRole
  /** A sentence without its full stop. */
  readonly reason: string
}

// Whole words of a name, in any spelling: isFraud, is_fraud, Is Fraud.
const targetWords =
  /^(?:class|target|label|y|fraud|default|churn|outcome|response|diagnosis|failure|attrition|exited|event|cancelled|converted|subscribed|deposit)$/
const idWords = /^(?:id|uuid|guid|key|nr|no|number|code|identifier|index|rownumber)$/
const strongIdWords = /^(?:id|uuid|guid|identifier)$/
const timeWords = /^(?:time|timestamp|date|datetime)$/
const amountWords = /^(?:amount|amt|price|revenue)$/
const dateText = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2})?|^\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/

/** What name and values suggest that a column is for; null when it looks like a feature. */
export function suggestRole(facts: RoleFacts): Suggestion | null {
  const { name, kind, nRows, missing, distinct, allDistinct, values } = facts
  const words = wordsOf(name)
  const has = (pattern: RegExp): boolean => words.some((word) => pattern.test(word))
  if (missing === nRows) return { role: 'ignore', reason: 'It holds no values' }
  if (distinct === 1 && missing === 0) {
    return { role: 'ignore', reason: 'It holds the same value in every row' }
  }
  if (distinct === 2 && missing === 0 && has(targetWords)) {
    return { role: 'target', reason: 'Two values, and a name that stands for an outcome' }
  }
  const isTime =
    kind === 'categorical' && values.length > 0 && values.every(({ text }) => dateText.test(text))
  if (isTime || (has(timeWords) && (distinct === null || distinct > 20))) {
    return { role: 'time', reason: isTime ? 'Its values are dates' : 'Its name stands for a time' }
  }
  if (allDistinct && nRows > 1) {
    if (kind === 'categorical') return { role: 'id', reason: 'Every row has a text of its own' }
    if (has(idWords) || words.length === 0) {
      return { role: 'id', reason: 'Every row has a number of its own' }
    }
  }
  if (has(strongIdWords) && (distinct === null || distinct > 20)) {
    return { role: 'id', reason: 'Its name stands for an identifier' }
  }
  if (kind === 'numeric' && has(amountWords) && (distinct === null || distinct > 20)) {
    return { role: 'amount', reason: 'Its name stands for money' }
  }
  return null
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}
