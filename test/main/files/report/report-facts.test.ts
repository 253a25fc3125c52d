import { describe, expect, it } from 'vitest'
import { classNames, reportFacts, roleOf } from '#main/files/report/report-facts.ts'
import { sampleReport } from '../../../support/sample-report.ts'

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
  it('shows the champion beside the reference, or beside the runner-up where it is that', () => {
    const own = reportFacts(sample)
    expect(own.shown.map(({ name }) => roleOf(own, name))).toEqual([
      'champion and reference',
      'runner-up',
    ])

    const comparison = { ...sample.results.comparison, reference: 'lr' }
    const other = reportFacts({ ...sample, results: { ...sample.results, comparison } })
    expect(other.shown.map(({ name }) => [name, roleOf(other, name)])).toEqual([
      ['gbdt', 'champion'],
      ['lr', 'reference'],
    ])
  })

  it('gives the champion the first colour, who is beside it the second, and nobody one of another', () => {
    const { marker, shown } = reportFacts(sample)
    expect(shown.map(({ name }) => marker(name).token)).toEqual(['run-1', 'run-2'])
    const tokens = sample.results.configurations.map(({ name }) => marker(name).token)
    const coloured = tokens.filter((token) => token !== 'muted')
    expect(new Set(coloured).size).toBe(coloured.length)
    expect(coloured).toHaveLength(6)
  })
})
