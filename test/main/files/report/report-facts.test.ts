import { describe, expect, it } from 'vitest'
import { classNames, reportFacts, roleOf } from '#main/files/report/report-facts.ts'
import type { ReportInput } from '#main/files/report/report-facts.ts'
import type { Comparison } from '#shared/core/report/analysis.ts'
import { sampleReport, unclearReport } from '../../../support/sample-report.ts'

const sample = sampleReport()

describe('classNames', () => {
  it.each([
    ['fraud', 'fraud', 'not fraud'],
    ['1', 'outcome = 1', 'outcome not 1'],
    ['yes', 'outcome = yes', 'outcome not yes'],
  ])('calls the classes of the label %s by what says something', (positive, yes, no) => {
    expect(classNames({ ...sample.results.dataset, positive })).toEqual({
      positive: yes,
      negative: no,
    })
  })
})

describe('reportFacts', () => {
  const shownIn = (input: ReportInput) => {
    const facts = reportFacts(input)
    return facts.shown.map(({ name }) => [name, roleOf(facts, name)])
  }
  const withComparison = (changes: Partial<Comparison>): ReportInput => {
    const { results } = sample
    return {
      ...sample,
      results: { ...results, comparison: { ...results.comparison, ...changes } },
    }
  }

  it('shows the recommended run beside champion, reference or runner-up', () => {
    expect(shownIn(unclearReport())).toEqual([
      ['gbdt', 'recommended, reference'],
      ['gbdt_smote', 'cheapest'],
    ])
    expect(shownIn(withComparison({ reference: 'lr' }))).toEqual([
      ['gbdt', 'recommended, cheapest'],
      ['lr', 'reference'],
    ])
    expect(shownIn(sample)).toEqual([
      ['gbdt', 'recommended, cheapest, reference'],
      ['gbdt_balanced', 'runner-up'],
    ])
  })

  it('finds a runner-up where champion and reference are one run with two thresholds', () => {
    const { champion, difference } = sample.results.comparison
    const byRule = withComparison({
      champion: { ...champion, rule: 'bayes' },
      difference: { ...difference!, opponent: 'gbdt' },
    })
    expect(shownIn(byRule).map(([name]) => name)).toEqual(['gbdt', 'gbdt_balanced'])
    expect(reportFacts(byRule).point.rule).toBe('tuned')
  })

  it('works at the threshold of the recommended run', () => {
    const { recommended, point, champion } = reportFacts(unclearReport())
    expect([recommended.name, champion.name]).toEqual(['gbdt', 'gbdt_smote'])
    expect(recommended.operatingPoints).toContain(point)
  })

  it('refuses a recommended run that does not exist', () => {
    expect(() =>
      reportFacts(withComparison({ recommended: { name: 'no', rule: 'tuned' } })),
    ).toThrow(RangeError)
  })

  it('gives the recommended run the first colour, which is beside it the second, and nobody one of another', () => {
    const { marker, shown } = reportFacts(sample)
    expect(shown.map(({ name }) => marker(name).token)).toEqual(['run-1', 'run-2'])
    const tokens = sample.results.configurations.map(({ name }) => marker(name).token)
    const coloured = tokens.filter((token) => token !== 'muted')
    expect(new Set(coloured).size).toBe(coloured.length)
    expect(coloured).toHaveLength(6)
  })
})
