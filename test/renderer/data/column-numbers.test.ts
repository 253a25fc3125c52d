import { describe, expect, it } from 'vitest'
import { columnNumbers, numbersInRange } from '../../../src-renderer/views/data/column-numbers.ts'

describe('numbers of a column', () => {
  it('have two decimals, or none where all are integers', () => {
    const amounts = columnNumbers(5627, false)
    expect([0.005, 20.98, -88.491, 5627].map(amounts)).toEqual(['0.01', '20.98', '−88.49', '5,627'])
    const ages = numbersInRange({ min: 18, median: 39, max: 95 })
    expect([18, 39, 95, 40.5].map(ages)).toEqual(['18', '39', '95', '41'])
  })

  it('have more decimals where the whole column is small', () => {
    const rates = columnNumbers(0.0041, false)
    expect([0.0041, 0.00012, -0.000001].map(rates)).toEqual(['0.00410', '0.00012', '0.00000'])
  })

  it('show huge and tiny ones by their power of ten', () => {
    expect(columnNumbers(1e30, false)(1e30)).toBe('1.00e+30')
    expect(columnNumbers(1e-12, false)(1e-12)).toBe('1.00e−12')
  })

  it('are an en dash where there is none', () => {
    const format = columnNumbers(0, false)
    expect([null, undefined, NaN].map(format)).toEqual(['–', '–', '–'])
    expect(format(0)).toBe('0')
  })
})
