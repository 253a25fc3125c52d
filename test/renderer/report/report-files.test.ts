import { describe, expect, it } from 'vitest'
import { safeFileName } from '../../../src-renderer/charts/save-file.ts'
import { reportFileName, tableFileName } from '../../../src-renderer/views/report/report-files.ts'

describe('names of saved files', () => {
  it.each([
    ['comparison.csv', 'comparison.csv'],
    ['a/b\\c: "d"?.html', 'a b c d.html'],
    ['../../etc/passwd.csv', 'etc passwd.csv'],
    ['line\nand\u0000nul.png', 'line and nul.png'],
    ['.hidden. .csv', 'hidden.csv'],
    ['Zahlungen, Größe.svg', 'Zahlungen, Größe.svg'],
    ['...', 'steelyard'],
    ['<>.csv', 'steelyard.csv'],
  ])('%j is saved as %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe)
  })

  it('keep the suffix however long they are, and never cut a character', () => {
    const safe = safeFileName(`${'𝒳'.repeat(300)}.html`)
    expect(safe).toBe(`${'𝒳'.repeat(120)}.html`)
    expect(safe.isWellFormed()).toBe(true)
  })

  it('of a report leave room for the table', () => {
    const title = 'x'.repeat(300)
    expect(safeFileName(tableFileName(title, 'cost-curve-lr'))).toBe(
      `${'x'.repeat(80)}, cost-curve-lr.csv`,
    )
    expect(reportFileName(title)).toBe(`${'x'.repeat(80)}.html`)
    expect(reportFileName('  ')).toBe('Report.html')
  })
})
