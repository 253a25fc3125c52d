import { describe, expect, it } from 'vitest'
import { forestPlot } from '#main/files/report/forest-plot.ts'
import type { ForestRow } from '#main/files/report/forest-plot.ts'

const marker = { token: 'run-1', shape: 'circle' } as const
const row = (value: number | null, half: number): ForestRow => ({
  value,
  interval: value === null ? null : { lower: value - half, upper: value + half },
  marker,
  hollow: false,
})

/** Position of the mark in a row, in percent of the width. */
function markAt(text: string): number {
  return Number(/<svg\s+x="([\d.]+)%"/.exec(text)![1])
}

describe('forestPlot', () => {
  it('puts all rows on one scale with the reference at zero', () => {
    const rows = [row(-20, 10), row(null, 0), row(20, 10)]
    const { cell, cut } = forestPlot(rows)
    const [left, zero, right] = rows.map((_, r) => markAt(cell(r).text))
    expect(zero! - left!).toBeCloseTo(right! - zero!, 1)
    expect(left).toBeGreaterThan(0)
    expect(right).toBeLessThan(100)
    expect(cut).toBe(false)
  })

  it('draws what lies far off as an arrow, so that the others keep their room', () => {
    const rows = [row(null, 0), row(-5, 2), row(4, 3), row(6, 3), row(900, 50)]
    const { cell, cut } = forestPlot(rows)
    expect(cut).toBe(true)
    expect(markAt(cell(3).text) - markAt(cell(1).text)).toBeGreaterThan(40)
    expect(cell(4).text).not.toContain('<circle')
    expect(cell(3).text).toContain('<circle')
    expect(cell(4).text).toMatch(/aria-label="difference \+900, interval 850 to 950"/)
  })

  it('stands where nothing differs and where nothing is known', () => {
    for (const rows of [[], [row(null, 0)], [row(0, 0), row(null, 0)]]) {
      const { cell, head } = forestPlot(rows)
      const text = head.text + rows.map((_, r) => cell(r).text).join('')
      expect(text).not.toMatch(/NaN|Infinity/)
    }
  })
})
