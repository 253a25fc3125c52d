import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { correctedRates } from '#shared/core/label-quality/corrected-rates.ts'
import { auditSignal, plantFlips } from '#shared/core/label-quality/detector-audit.ts'
import { hiddenPositiveRate } from '#shared/core/label-quality/hidden-positives.ts'
import { reasonsInWords } from '#shared/core/label-quality/reasons.ts'
import type { SampleEvidence } from '#shared/core/label-quality/reasons.ts'
import { stoppingAdvice } from '#shared/core/label-quality/stopping-advice.ts'
import { createStream } from '#shared/core/math/random.ts'

describe('correctedRates', () => {
  const alarms = hiddenPositiveRate([{ size: 100, reviewed: 50, found: 20 }], 0.975)
  const quiet = hiddenPositiveRate([{ size: 10_000, reviewed: 400, found: 1 }], 0.975)

  it('moves hidden positives where they belong', () => {
    const { precision, recall } = correctedRates(
      { tp: 60, fp: 100, fn: 40, tn: 10_000 },
      alarms,
      quiet,
    )
    expect(precision.asGiven).toBe(0.375)
    expect(precision.corrected).toBeCloseTo(100 / 160, 12)
    expect(recall.asGiven).toBe(0.6)
    expect(recall.corrected).toBeCloseTo(100 / (100 + 40 + 25), 12)
  })

  it('has limits around the corrected value', () => {
    const { precision, recall } = correctedRates(
      { tp: 60, fp: 100, fn: 40, tn: 10_000 },
      alarms,
      quiet,
    )
    for (const { lower, corrected, upper } of [precision, recall]) {
      expect(lower!).toBeLessThan(corrected!)
      expect(upper!).toBeGreaterThan(corrected!)
    }
  })

  it('needs no control sample of what there is none of, and says nothing without one', () => {
    const unknown = hiddenPositiveRate([], 0.95)
    const all = correctedRates({ tp: 5, fp: 0, fn: 0, tn: 0 }, unknown, unknown)
    expect(all.precision.corrected).toBe(1)
    expect(all.recall.corrected).toBe(1)
    const none = correctedRates({ tp: 5, fp: 5, fn: 5, tn: 5 }, unknown, unknown)
    expect(none.recall.corrected).toBeNull()
    expect(
      correctedRates({ tp: 0, fp: 0, fn: 1, tn: 9 }, unknown, unknown).precision.asGiven,
    ).toBeNull()
  })
})

describe('stoppingAdvice', () => {
  const verdicts = (...rates: readonly number[]): Uint8Array =>
    Uint8Array.from(
      rates.flatMap((every) => Array.from({ length: 100 }, (_, i) => (i % every === 0 ? 1 : 0))),
    )

  it('expects of the next reviews what the latest ones found', () => {
    const advice = stoppingAdvice(verdicts(2, 5, 20), 100, null)!
    expect(advice).toMatchObject({ expectedYield: 5, blockSize: 100, advice: 'open' })
    expect(advice.sentence).toContain('about 5 label issues')
  })

  it('goes on while a find pays, and stops when it does not', () => {
    const gain = { perIssue: 100, perReview: 2 }
    expect(stoppingAdvice(verdicts(2), 100, gain)!.advice).toBe('go on')
    expect(
      stoppingAdvice(verdicts(2, 5, 200).fill(0, 200), 100, { perIssue: 10, perReview: 2 })!.advice,
    ).toBe('stop')
    expect(stoppingAdvice(verdicts(50), 100, gain)!.advice).toBe('open')
  })

  it('says nothing before the first review', () => {
    expect(stoppingAdvice(new Uint8Array(0), 100, null)).toBeNull()
  })
})

describe('plantFlips', () => {
  const given = Uint8Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? 1 : 0))

  it('turns as many labels of one class as asked, and no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(), (count, seed) => {
        const flips = plantFlips(given, 1, count, createStream(seed, 'plant'))
        const changed = [...given.keys()].filter((i) => flips.given[i] !== given[i])
        expect(changed).toEqual([...flips.planted])
        expect(changed).toHaveLength(count)
        expect(changed.every((i) => given[i] === 1)).toBe(true)
      }),
    )
  })

  it('leaves two of the class', () => {
    expect(() => plantFlips(given, 1, 9, createStream(0))).toThrow('count')
  })

  it('credits a signal that knows, and one that knows nothing by chance', () => {
    const flips = plantFlips(given, 1, 4, createStream(1, 'plant'))
    const knows = Float64Array.from(given, (label, i) => (flips.planted.includes(i) ? 1 : label))
    expect(auditSignal('knows', knows, flips)).toEqual({
      signal: 'knows',
      foundAtK: 4,
      recallAtK: 1,
      shareToHalf: 2 / 44,
    })
    const wrong = knows.map((doubt) => -doubt)
    expect(auditSignal('wrong', wrong, flips)).toMatchObject({ recallAtK: 0, shareToHalf: 42 / 44 })
  })
})

describe('reasonsInWords', () => {
  const evidence: SampleEvidence = {
    given: 0,
    probabilityOfOther: 0.4,
    usualInClass: 0.01,
    modelsForOther: 2,
    models: 3,
    neighbors: { others: 6, k: 10 },
    nearDuplicate: { row: 11, exact: true },
    isConfidentIssue: true,
    marginRank: 0,
  }
  const names = { negative: 'legit', positive: 'fraud' }

  it('tells what a person can check first', () => {
    expect(reasonsInWords(evidence, names)).toEqual([
      'Row 12 is the same and is labelled fraud.',
      '6 of the 10 most similar rows are labelled fraud.',
      '2 of 3 models find it as typical of label fraud as rows with that label are.',
      'Models that never saw this row give label fraud a probability of 40 %, 40 times what rows labelled legit usually get.',
      'A model trained on this row hardly learns its label: it contradicts the others.',
      'Confident learning counts it among the label issues.',
    ])
  })

  it('always has something to say', () => {
    const nothing: SampleEvidence = {
      ...evidence,
      given: 1,
      probabilityOfOther: 0,
      modelsForOther: 0,
      neighbors: null,
      nearDuplicate: null,
      isConfidentIssue: false,
      marginRank: null,
    }
    expect(reasonsInWords(nothing, names)).toEqual([
      'Models that never saw this row give label legit a probability of less than 0.1 %.',
    ])
  })
})
