import { describe, expect, it } from 'vitest'
import type { VerdictEvidence } from '#shared/core/diagnosis/evidence.ts'
import { evidenceMeter } from '#shared/core/statistics/evidence-meter.ts'
import { between, fineEvidence, verdictOn } from '../../support/sample-verdict.ts'

const fine = fineEvidence()
const suspect = {
  column: 'written_off',
  rocAuc: 0.995,
  interval: between(0.99, 0.999),
  bestF1: 0.96,
  countsRows: false,
  presenceAuc: null,
}
const leaks = { strongest: [suspect], suspects: [suspect], rocAucWithout: 0.8 }
const ceiling: VerdictEvidence['alarms'] = {
  quarters: [25, 26, 28, 60].map((negatives) => ({
    positives: 100,
    negatives,
    negativeShare: negatives / (100 + negatives),
    interval: between(0.14, 0.28),
  })),
  shape: 'ceiling',
}
const treatment = { name: 'brf', tried: 2, saves: { value: 20, interval: between(5, 35) } }
const weak = { ...fine.ranking, rocAuc: { value: 0.75, interval: between(0.72, 0.78) } }
const tuned = {
  ...fine.baseline,
  costAtHalf: 200,
  tuningSaves: { value: 150, interval: between(100, 190) },
}

describe('decideVerdict', () => {
  it('finds nothing where nothing is wrong', () => {
    const verdict = verdictOn()
    expect(verdict.kind).toBe('nothing')
    expect(verdict.alternative).toBeNull()
    expect(verdict.findings.filter(({ holds }) => holds)).toEqual([])
  })

  const cases: readonly (readonly [string, Partial<VerdictEvidence>, RegExp])[] = [
    ['leak', { leaks }, /“written_off” alone ranks.*0\.995.*together 0\.8/],
    ['too_few_positives', { positives: evidenceMeter(12, 0.01) }, /^12 positives are too few/],
    [
      'drift',
      {
        periods: {
          earlier: { samples: 1000, positives: 200 },
          later: { samples: 1000, positives: 200 },
          rocAucOfEarlier: 0.8,
          rocAucOfMixed: 0.95,
          lost: { value: 0.15, interval: between(0.1, 0.2) },
        },
      },
      /Times have changed.*0\.8.*0\.95/,
    ],
    ['labels', { alarms: ceiling }, /20 % \[14 %, 28 %\] of the cases ranked highest/],
    ['imbalance', { treatment }, /brf takes €20\.0 \[€5\.0, €35\.0\]/],
    ['overlap', { ranking: weak }, /The classes overlap.*0\.75/],
    ['threshold', { baseline: tuned }, /moved from 0\.5 to 0\.41.*€50 instead of €200/],
    [
      'metric',
      { baseline: { ...fine.baseline, accuracyAtHalf: 0.994, accuracyOfNobody: 0.99 } },
      /99\.4 % hardly differs from the 99\.0 % of saying no/,
    ],
  ]
  it.each(cases)('says %s where that holds', (kind, changes, sentence) => {
    const verdict = verdictOn(changes)
    expect(verdict.kind).toBe(kind)
    expect(verdict.sentence).toMatch(sentence)
    expect(verdict.findings.filter(({ holds }) => holds).map((one) => one.kind)).toEqual([kind])
  })

  it('names first what makes the rest unbelievable, and lists the rest', () => {
    const { kind, findings } = verdictOn({ leaks, alarms: ceiling, baseline: tuned, treatment })
    expect(kind).toBe('leak')
    expect(findings.filter(({ holds }) => holds).map((one) => one.kind)).toEqual([
      'leak',
      'labels',
      'imbalance',
      'threshold',
    ])
    expect(verdictOn({ alarms: ceiling, baseline: tuned, treatment }).kind).toBe('labels')
    expect(verdictOn({ baseline: tuned, treatment }).kind).toBe('imbalance')
  })

  it('takes a strong column for no leak where others are nearly as strong', () => {
    expect(verdictOn({ leaks: { ...leaks, rocAucWithout: 0.99 } }).kind).toBe('nothing')
  })

  it('puts weak ranking down to few positives only while the curve still rises', () => {
    const rising = {
      ...weak,
      lastHalfBrought: { value: 0.04, interval: between(0.01, 0.07) },
    }
    expect(verdictOn({ ranking: rising, positives: evidenceMeter(90, 0.01) }).kind).toBe(
      'too_few_positives',
    )
    expect(verdictOn({ ranking: rising }).kind).toBe('overlap')
  })

  it('claims nothing from an estimate without an interval', () => {
    const saves = { value: 20, interval: null }
    expect(verdictOn({ treatment: { ...treatment, saves } }).kind).toBe('nothing')
    expect(
      verdictOn({ baseline: { ...tuned, tuningSaves: { value: 150, interval: null } } }).kind,
    ).toBe('nothing')
  })

  it('says what to review where missed positives and overlap look alike', () => {
    const { alternative } = verdictOn({ alarms: ceiling })
    expect(alternative!.kind).toBe('overlap')
    expect(alternative!.sentence).toContain(`Review the ${alternative!.rowsToReview!} negatives`)
    const overlapping = verdictOn({
      ranking: weak,
      alarms: { ...ceiling, shape: 'rising' },
    })
    expect(overlapping.alternative!.kind).toBe('labels')
    const pure = verdictOn({ ranking: weak })
    expect(pure.alternative).toBeNull()
  })
})
