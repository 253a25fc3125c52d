import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareCodePoints } from '#shared/core/encoding/code-point-order.ts'

it('orders texts like a comparison of their code points one by one', () => {
  const codePoints = (text: string): number[] => Array.from(text, (c) => c.codePointAt(0)!)
  const slowOrder = (a: string, b: string): number => {
    const [left, right] = [codePoints(a), codePoints(b)]
    const at = left.findIndex((point, i) => point !== right[i])
    if (at === -1) return left.length - right.length
    return at >= right.length ? 1 : left[at]! - right[at]!
  }
  const text = fc.string({ unit: 'binary', maxLength: 4 })
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(slowOrder(a, b)))
    }),
  )
})

it('puts characters beyond U+FFFF last, which the default order of JavaScript does not', () => {
  const texts = ['\u{1F600}', '\uFB01', 'a', '', 'ab', 'B']
  expect(texts.toSorted(compareCodePoints)).toEqual(['', 'B', 'a', 'ab', '\uFB01', '\u{1F600}'])
})
