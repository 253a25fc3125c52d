import { describe, expect, it } from 'vitest'
import { alarmProfile } from '#shared/core/diagnosis/alarm-profile.ts'
import { createStream } from '#shared/core/math/random.ts'

/** Labels from the highest score down, in a form that reads: `+` positive, `-` negative. */
function ranked(text: string): { yTrue: Uint8Array; scores: Float64Array } {
  return {
    yTrue: Uint8Array.from(text, (sign) => (sign === '+' ? 1 : 0)),
    scores: Float64Array.from(text, (_, i) => 1 - i / text.length),
  }
}

describe('alarmProfile', () => {
  it('counts the negatives met by each quarter of the positives', () => {
    const { yTrue, scores } = ranked('++-++--+----+-+--+------')
    const { quarters } = alarmProfile(yTrue, scores)
    expect(quarters!.map(({ positives, negatives }) => [positives, negatives])).toEqual([
      [2, 0],
      [2, 1],
      [2, 6],
      [2, 3],
    ])
    expect(quarters![1]!.negativeShare).toBeCloseTo(1 / 3, 12)
  })

  it('does not depend on the order of the samples', () => {
    const { yTrue, scores } = ranked('+-++-+--+-++--+-+---')
    const turned = { yTrue: yTrue.slice().reverse(), scores: scores.slice().reverse() }
    expect(alarmProfile(turned.yTrue, turned.scores)).toEqual(alarmProfile(yTrue, scores))
  })

  it('tells a ceiling from overlap and from clean labels', () => {
    const stream = createStream(1, 'alarm profile')
    const table = (share: (place: number) => number): string =>
      Array.from({ length: 4000 }, (_, i) => (stream.uniform() < share(i / 4000) ? '+' : '-')).join(
        '',
      )
    const shapeOf = (text: string) => {
      const { yTrue, scores } = ranked(text)
      return alarmProfile(yTrue, scores).shape
    }
    expect(shapeOf(table((place) => (place < 0.1 ? 0.8 : 0)))).toBe('ceiling')
    expect(shapeOf(table((place) => (place < 0.1 ? 1 : 0)))).toBe('pure')
    expect(shapeOf(table((place) => 0.9 * Math.exp(-15 * place)))).toBe('rising')
    expect(shapeOf('+-++-+-+' + '-'.repeat(50))).toBe('unclear')
  })

  it('has no quarters with fewer than four positives, and one for one distinct score', () => {
    expect(alarmProfile(Uint8Array.of(1, 1, 0), Float64Array.of(3, 2, 1)).quarters).toBeNull()
    const { quarters } = alarmProfile(
      Uint8Array.from({ length: 40 }, (_, i) => i % 2),
      new Float64Array(40).fill(0.3),
    )
    expect(quarters!.map(({ positives }) => positives)).toEqual([5, 5, 5, 5])
  })
})
