import { describe, expect, it } from 'vitest'
import { costSteps } from '../../../src-renderer/views/diagnose/cost-steps.ts'
import { inTwo } from '../../../src-renderer/views/diagnose/verdict-words.ts'
import { cellsOf, isCertain } from '../../../src-renderer/views/slices/slice-cells.ts'
import { sampleReport } from '../../support/sample-report.ts'
import { sampleSlices, verdictOn } from '../../support/sample-verdict.ts'

describe('inTwo', () => {
  it('parts a verdict at its colon', () => {
    expect(inTwo('The classes overlap: with all columns it is 0.7.')).toEqual({
      headline: 'The classes overlap.',
      rest: 'With all columns it is 0.7.',
    })
  })

  it('leaves a colon in the name of a column alone', () => {
    const { headline } = inTwo(
      '“a: b” alone ranks the classes with 0.99: it may be known too late.',
    )
    expect(headline).toBe('“a: b” alone ranks the classes with 0.99.')
  })

  it('takes what has no colon as it is', () => {
    expect(inTwo('All is well.')).toEqual({ headline: 'All is well.', rest: '' })
  })
})

describe('costSteps', () => {
  const { results } = sampleReport()
  const verdict = verdictOn()

  it('goes from no model to the cheapest treated runs, each change from the line it names', () => {
    const steps = costSteps(results, verdict.evidence, 'gbdt')
    expect(steps.map(({ kind }) => kind)).toEqual([
      'without',
      'at half',
      'tuned',
      'treated',
      'treated',
      'treated',
    ])
    const { baseline } = verdict.evidence
    expect(steps[1]!.change).toBe(baseline.costAtHalf - baseline.costWithout)
    expect(steps[2]!.change).toBe(baseline.costTuned - baseline.costAtHalf)
    const treated = steps.slice(3)
    expect(treated.every(({ change, cost }) => change === cost - baseline.costTuned)).toBe(true)
    expect(treated.map(({ cost }) => cost)).toEqual(
      treated.map(({ cost }) => cost).toSorted((a, b) => a - b),
    )
  })

  it('has no interval where the run is not in the ledger', () => {
    const [, half] = costSteps(results, verdict.evidence, 'gone')
    expect(half).toMatchObject({ low: null, high: null })
  })
})

describe('slices', () => {
  const [certain, chance] = sampleSlices.slices

  it('are certain by their adjusted p-value', () => {
    expect(isCertain(certain!)).toBe(true)
    expect(isCertain(chance!)).toBe(false)
  })

  it('have four cells that add up to their cases', () => {
    const cells = cellsOf(certain!, 'fraud', 'fine')
    expect(cells.map(({ id, n }) => [id, n])).toEqual([
      ['caught', 20],
      ['missed', 20],
      ['false_alarm', 6],
      ['quiet', 210],
    ])
    expect(cells[1]!.title).toBe('“fraud” without an alert')
  })
})
