import { describe, expect, it } from 'vitest'
import type { ComparedRun } from '#shared/contract/decision.ts'
import type { RunMeasure } from '#shared/core/report/analysis.ts'
import { toCsv } from '../../../src-renderer/format/csv.ts'
import type { Units } from '../../../src-renderer/views/compare/figures.ts'
import { measureRows, measureTable } from '../../../src-renderer/views/compare/measure-rows.ts'

function measure(
  name: RunMeasure['measure'],
  value: number | null,
  more: Partial<RunMeasure> = {},
): RunMeasure {
  const interval =
    value === null ? null : { lower: value / 2, upper: 2 * value, level: 0.95, method: 'x' }
  const reason = value === null ? 'nothing was called positive' : null
  return { measure: name, value, reason, interval, caution: null, ...more }
}
const runOf = (measures: readonly RunMeasure[]): ComparedRun => ({ measures }) as never
const units: Units = {
  span: { factor: 30, unit: 'a month' },
  currency: '€',
  casesPerDay: 1000,
} as unknown as Units
const runs = [
  runOf([
    measure('liftAtTop', 12.5, { share: 0.01 }),
    measure('f1', 0.4, { caution: 'rests on 3 successes' }),
    measure('costPer1000', 10),
    measure('precisionAtTop', 0.25, { share: 0.005 }),
    measure('eceWidth10', 0.0123),
  ]),
  runOf([measure('costPer1000', 20), measure('f1', null)]),
]

describe('the measures of compared runs', () => {
  const groups = measureRows(runs, units)

  it('come group by group, money first, the top by how much of it', () => {
    expect(groups.map(({ title }) => title)).toEqual([
      'Money',
      'Decisions at the tuned thresholds',
      'The highest scores',
      'Probabilities',
    ])
    expect(groups[2]!.rows.map(({ label }) => label)).toEqual([
      'Precision in the top 0.50\u202f%',
      'Lift in the top 1\u202f%',
    ])
  })

  it('are written in their units, with intervals', () => {
    const [cost] = groups[0]!.rows
    expect(cost).toMatchObject({ label: 'Cost a month' })
    expect(cost!.cells).toMatchObject([
      { text: '€300', interval: '[€150, €600]' },
      { text: '€600' },
    ])
    expect(groups[2]!.rows[1]!.cells[0]).toMatchObject({ text: '12.5 ×' })
    expect(groups[3]!.rows[0]!.cells[0]).toMatchObject({ text: '0.0123' })
  })

  it('say why there is none, and what an interval rests on', () => {
    const [f1] = groups[1]!.rows
    expect(f1!.cells).toMatchObject([
      { reason: null, caution: 'rests on 3 successes' },
      { text: '–', interval: null, reason: 'nothing was called positive', caution: null },
    ])
    // What a run was not asked for has neither number nor reason.
    expect(groups[3]!.rows[0]!.cells[1]).toMatchObject({ text: '–', reason: null })
  })

  it('are a file, unrounded and with the ends of intervals', () => {
    const lines = toCsv(measureTable(runs, units, ['lr', 'gbdt'])).split('\r\n')
    expect(lines[0]).toBe(
      '\ufeffMeasure,lr,"lr, lower","lr, upper",gbdt,"gbdt, lower","gbdt, upper"',
    )
    expect(lines).toContain('Cost a month,300,150,600,600,300,1200')
    expect(lines).toContain('F1,0.4,0.2,0.8,,,')
  })
})
