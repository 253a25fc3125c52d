/** Markup that is safe to put into a page: only the `html` template and `trustedMarkup` make it. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

/** What a template takes: markup as it is, text escaped, lists one after another, nothing for the rest. */
export type MarkupValue =
  Markup | string | number | null | undefined | false | readonly MarkupValue[]

/**
 * Markup from a template literal, every value escaped unless it is markup already.
 *
 * Values may stand in text and in double-quoted attributes, nowhere else: not in names, not in
 * unquoted attributes, not in scripts or styles.
 *
 * @throws RangeError when a number is not finite: a report has words for those.
 *
 * @example
 * html`<b title="${column}">${column}</b>`
 */
export function html(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  let text = strings[0]!
  values.forEach((value, i) => {
    text += textOf(value) + strings[i + 1]!
  })
  return new Markup(text)
}

/** Declares text to be markup. For text that this program wrote itself, never for names from data. */
export function trustedMarkup(text: string): Markup {
  return new Markup(text)
}

/**
 * A name from the data, kept from reordering the text around it, cut where it gets absurd, and free
 * to break after its joints.
 */
export function nameMarkup(name: string): Markup {
  const parts = shortened(name, 120).split(/(?<=[_\-./])(?=\p{L})/u)
  return html`<bdi>${parts.map((part, i) => html`${i > 0 && trustedMarkup('<wbr>')}${part}`)}</bdi>`
}

/** At most `length` UTF-16 units on one line, the cut marked and never inside a character. */
export function shortened(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line === '') return '(empty)'
  if (line.length <= length) return line
  return `${line.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** Text with what no document may hold (half surrogates, control characters) made visible. */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '\ufffd')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function textOf(value: MarkupValue): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Markup) return value.text
  if (typeof value === 'string') return printable(value).replace(/[&<>"']/g, (c) => ENTITIES[c]!)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`markup needs finite numbers, got ${value}`)
    return String(value)
  }
  return value.map(textOf).join('')
}
