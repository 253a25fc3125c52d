/**
 * The plain and careful way to say what one text is, for the first rows of a file and for the
 * values that the fast scanner hands back.
 */
type TextKind =
  | { readonly kind: 'number'; readonly value: number }
  /** Digits with a decimal comma, such as 1,5. */
  | { readonly kind: 'commaNumber'; readonly value: number }
  | { readonly kind: 'leadingZero'; readonly value: number }
  | { readonly kind: 'text' }

const decimalLiteral = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const commaLiteral = /^[+-]?\d+,\d+$/
const leadingZero = /^[+-]?0\d/

/**
 * Classifies a text without blanks around it.
 *
 * A number is what `Number()` reads as a decimal literal; hexadecimal, 'Infinity' and the empty
 * text are texts. A leading zero before another digit marks an identifier (a postcode, an account)
 * rather than a number. The value may be Infinity where the literal overflows.
 */
export function classifyText(text: string): TextKind {
  if (decimalLiteral.test(text)) {
    return { kind: leadingZero.test(text) ? 'leadingZero' : 'number', value: Number(text) }
  }
  if (commaLiteral.test(text) && !leadingZero.test(text)) {
    return { kind: 'commaNumber', value: Number(text.replace(',', '.')) }
  }
  return { kind: 'text' }
}

/** Whether a decimal literal stands for an integer that a double cannot hold. */
export function losesDigits(text: string): boolean {
  return /^[+-]?\d+$/.test(text) && BigInt(Number(text)) !== BigInt(text.replace('+', ''))
}
