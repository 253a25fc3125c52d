import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html, nameMarkup, printable, shortened, trustedMarkup } from '#main/files/report/html.ts'
import { HOSTILE_NAMES } from '../../../support/sample-report.ts'

/** What a browser reads out of escaped text. */
function unescaped(text: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return text.replace(/&([a-z0-9#]+);/g, (_, name: string) => entities[name]!)
}

describe('html', () => {
  it('escapes every text, in content and in attributes, and loses nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { text: markup } = html`<b title="${text}">${text}</b>`
        const parts = /^<b title="([^"<>']*)">([^"<>']*)<\/b>$/.exec(markup)
        expect(parts?.slice(1).map(unescaped)).toEqual([printable(text), printable(text)])
      }),
    )
  })

  it.each(HOSTILE_NAMES)('leaves no markup of %s', (name) => {
    const inside = html`<p>${name}</p>`.text.slice(3, -4)
    expect(inside).not.toMatch(/[<>"']/)
    expect(inside).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)/)
  })

  it('keeps markup, joins lists and leaves out what is not there', () => {
    const items = ['a', '<'].map((item) => html`<li>${item}</li>`)
    const { text } = html`<p>${items}${null}${undefined}${false}${0}</p>`
    expect(text).toBe('<p><li>a</li><li>&lt;</li>0</p>')
    expect(html`${trustedMarkup('<hr>')}`.text).toBe('<hr>')
  })

  it.each([NaN, Infinity, -Infinity])('refuses the number %s', (value) => {
    expect(() => html`${value}`).toThrow(RangeError)
  })

  it('makes half surrogates and control characters visible', () => {
    expect(printable('a\ud800b\u0000c\u001bd\te\n')).toBe('a\ufffdb\ufffdc\ufffdd\te\n')
  })
})

describe('shortened', () => {
  it('keeps short lines, cuts long ones and never halves a character', () => {
    expect(shortened('  two \n words ', 20)).toBe('two words')
    expect(shortened('x'.repeat(30), 10)).toBe('xxxxxxxxx…')
    expect(shortened(' \t', 10)).toBe('(empty)')
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 2, max: 9 }),
        (text, length) => {
          const short = shortened(text, length)
          expect(short.isWellFormed()).toBe(true)
          expect(short.length).toBeLessThanOrEqual(Math.max(length, '(empty)'.length))
        },
      ),
    )
  })
})

describe('nameMarkup', () => {
  it('isolates the direction of a name and lets it break at its joints', () => {
    expect(nameMarkup('a_b-c at 0.5').text).toBe('<bdi>a_<wbr>b-<wbr>c at 0.5</bdi>')
  })
})
