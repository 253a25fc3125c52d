import { describe, expect, it } from 'vitest'
import type { CostUncertainty, RatioStretch } from '#shared/core/decision/uncertainty.ts'
import { uncertaintySentences } from '#shared/core/decision/uncertainty-sentences.ts'

const stretch = (name: string | null, from: number, to: number | null): RatioStretch => ({
  ...{ name, from, to },
  alerts: name === null ? 'nobody' : 'some',
})
const sentencesOf = (changes: Partial<CostUncertainty>): string[] =>
  uncertaintySentences(
    {
      ...{ tornado: null, tornadoReason: 'costs differ from case to case', ratio: null },
      ...{ bestByRatio: null, bestByRatioReason: 'a class is missing', decisionCurves: null },
      ...changes,
    } as CostUncertainty,
    '€',
  )

describe('uncertaintySentences', () => {
  it('tells what is best around the ratio that was stated', () => {
    const bestByRatio = [stretch(null, 0, 2), stretch('lr', 2, 37), stretch('gbdt', 37, null)]
    expect(sentencesOf({ bestByRatio, ratio: 24.5 })[1]).toBe(
      'At the stated FN:FP of 24.5 lr is best; alerting on nobody is cheapest up to FN:FP 2; gbdt is best when FN:FP > 37. Runs that are close change places by chance.',
    )
    expect(sentencesOf({ bestByRatio: [stretch('lr', 0, null)], ratio: 3 })[1]).toBe(
      'At the stated FN:FP of 3 lr is best, and at every other.',
    )
  })

  it('tells the ends of many stretches, and how often runs change places between them', () => {
    const names = ['lr', 'gbdt', 'lr', 'gbdt', 'lr', 'gbdt']
    const bestByRatio = names.map((name, i) => stretch(name, i, i === 5 ? null : i + 1))
    expect(sentencesOf({ bestByRatio })[1]).toBe(
      'lr is best up to FN:FP 1; gbdt is best when FN:FP > 5; from one end to the other the best changes 5 times. Runs that are close change places by chance.',
    )
    expect(sentencesOf({ bestByRatio: bestByRatio.slice(0, 2) })[1]).toBe(
      'lr is best up to FN:FP 1; gbdt is best from FN:FP 1 to 2. Runs that are close change places by chance.',
    )
  })

  it('says why there is no answer', () => {
    expect(sentencesOf({})).toEqual([
      'Which doubt matters most is not told: costs differ from case to case.',
      'Which run is best at which FN:FP is not told: a class is missing.',
    ])
  })
})
