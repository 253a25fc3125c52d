import { describe, expect, it } from 'vitest'
import { csvText } from '#main/files/report/csv-text.ts'
import { reportTables } from '#main/files/report/report-tables.ts'
import type { ReportInput } from '#main/files/report/report-facts.ts'
import type { ReportTable } from '#main/files/report/report-table.ts'
import {
  bareReport,
  HOSTILE_NAMES,
  hostileReport,
  sampleReport,
  unclearReport,
} from '../../../support/sample-report.ts'

function named(tables: readonly ReportTable[], name: string): ReportTable {
  const found = tables.find((table) => table.name === name)
  if (found === undefined) throw new Error(`no table is called ${name}`)
  return found
}

/** A column of a table, by the name of its field. */
function field(table: ReportTable, name: string): readonly unknown[] {
  const position = table.header.indexOf(name)
  if (position < 0) throw new Error(`${table.name} has no field ${name}`)
  return table.rows.map((row) => row[position])
}

describe.each([
  ['sample', sampleReport()],
  ['hostile', hostileReport()],
  ['bare', bareReport()],
])('the tables of the %s report', (_, input) => {
  const tables = reportTables(input)

  it('have names that files can have, each its own', () => {
    const names = tables.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[\w.-]+$/)
  })

  it.each(tables)('$name is rectangular, with field names of its own', ({ header, rows }) => {
    expect(new Set(header).size).toBe(header.length)
    for (const name of header) expect(name).toMatch(/^[a-z][a-z0-9_]*$/)
    for (const row of rows) expect(row).toHaveLength(header.length)
  })

  it.each(tables)('$name holds numbers, texts and nulls only', ({ rows }) => {
    for (const cell of rows.flat()) {
      if (typeof cell === 'number') expect(Number.isFinite(cell)).toBe(true)
      else if (cell !== null) expect(cell).toBeTypeOf('string')
    }
  })

  it.each(tables)('$name shows fields that it has', ({ header, columns }) => {
    const shown = columns.flatMap(({ field: own, interval, proportion }) => [
      own,
      ...(interval ?? []),
      ...(proportion ?? []),
    ])
    expect(shown.toSorted((a, b) => a - b)).toEqual([...header.keys()])
  })
})

describe('the tables of a report', () => {
  const input = sampleReport()
  const tables = reportTables(input)

  it.each(['ledger', 'operating-points', 'key-figures'])(
    'give every rate of %s its denominator',
    (name) => {
      const table = named(tables, name)
      const rates = table.header.filter((each) => table.header.includes(`${each}_of`))
      expect(rates.length).toBeGreaterThan(0)
      for (const rate of rates) {
        const counts = field(table, `${rate}_count`)
        const denominators = field(table, `${rate}_of`)
        field(table, rate).forEach((value, i) => {
          if (counts[i] === null) return
          const share = (counts[i] as number) / (denominators[i] as number)
          const perThousand = table.rows[i]![0] === 'alerts per 1,000 cases' ? 1000 : 1
          expect(value).toBeCloseTo(share * perThousand, 9)
        })
      }
    },
  )

  it('give recall and precision of every ledger row their counts', () => {
    const ledger = named(tables, 'ledger')
    for (const rate of ['recall', 'precision']) {
      expect(field(ledger, `${rate}_of`)).not.toContain(null)
    }
    expect(new Set(field(ledger, 'recall_of'))).toEqual(new Set([input.results.dataset.positives]))
  })

  it('keep the do-nothing rows in the ledger, and one row a competitor', () => {
    const ledger = named(tables, 'ledger')
    const rows = field(ledger, 'run').map(
      (run, i) => `${String(run)} ${String(field(ledger, 'threshold_rule')[i])}`,
    )
    expect(rows).toEqual(
      expect.arrayContaining(['lr at 0.5', 'lr at Bayes threshold', 'lr tuned', 'gbdt at 0.5']),
    )
    expect(rows).toHaveLength(input.results.comparison.champion.competitors)
  })

  it('put the prevalence beside average precision, and every metric in an interval', () => {
    const metrics = named(tables, 'metrics')
    const { header } = metrics
    expect(header.indexOf('prevalence')).toBe(header.indexOf('average_precision_upper') + 1)
    expect(header.indexOf('roc_auc')).toBeGreaterThan(header.indexOf('prevalence'))
    for (const metric of [
      'average_precision',
      'roc_auc',
      'brier',
      'log_loss',
      'ece_equal_count_10',
    ]) {
      const [values, lower, upper] = [metric, `${metric}_lower`, `${metric}_upper`].map((name) =>
        field(metrics, name),
      )
      values!.forEach((value, i) => {
        expect(lower![i]).toBeLessThanOrEqual(value as number)
        expect(upper![i]).toBeGreaterThanOrEqual(value as number)
      })
    }
  })

  it('put all-negative accuracy right after accuracy', () => {
    const measures = field(named(tables, 'key-figures'), 'measure')
    const at = measures.findIndex((measure) => String(measure).startsWith('accuracy'))
    expect(measures[at + 1]).toBe('all-negative accuracy')
    expect(field(named(tables, 'key-figures'), 'value')[at + 1]).toBeCloseTo(4920 / 5412, 12)
  })

  it('count outcomes that add up to the rows, and money that adds up to the cost', () => {
    const confusion = named(tables, 'confusion')
    const sum = (name: string) =>
      field(confusion, name).reduce<number>((total, value) => total + Number(value), 0)
    expect(sum('cases')).toBe(input.results.dataset.rows)
    const champion = input.results.configurations.find(
      ({ name }) => name === input.results.champion,
    )!
    expect((sum('cost') / input.results.dataset.rows) * 1000).toBeCloseTo(champion.costPer1000, 6)
  })

  it('count every case in the histogram', () => {
    const table = named(tables, 'probabilities-gbdt')
    const sum = (name: string) =>
      field(table, name).reduce<number>((total, value) => total + Number(value), 0)
    expect([sum('positives'), sum('negatives')]).toEqual([492, 4920])
  })

  it('mark what is recommended, what is cheapest and what is the reference', () => {
    const rolesIn = (report: ReportInput) => {
      const ledger = named(reportTables(report), 'ledger')
      return Object.fromEntries(
        field(ledger, 'role').flatMap((role, i) =>
          role === null ? [] : [[ledger.rows[i]!.slice(0, 3).join(', '), role]],
        ),
      )
    }
    expect(rolesIn(input)).toEqual({
      'gbdt, Boosted trees, untreated, tuned': 'recommended, cheapest, reference',
    })
    expect(rolesIn(unclearReport())).toEqual({
      'gbdt, Boosted trees, untreated, tuned': 'recommended, reference',
      'gbdt_smote, Boosted trees, SMOTE to 1\u00a0:\u00a03, tuned': 'cheapest',
    })
  })

  it('show the recommended run, not the champion, where they differ', () => {
    const unclear = reportTables(unclearReport())
    expect(named(unclear, 'operating-points').title).toMatch(/^gbdt under/)
    const cost = field(named(unclear, 'key-figures'), 'value')[0]
    const { ledger } = unclearReport().results.comparison
    expect(cost).toBe(
      ledger.find(({ name, rule }) => name === 'gbdt' && rule === 'tuned')!.costPer1000,
    )
    const curves = unclear.flatMap(({ name }) => /^cost-curve-(.*)/.exec(name)?.[1] ?? [])
    expect(curves).toEqual(['gbdt', 'gbdt_smote'])
  })

  it('tell what every run owes to each column, the most important one first', () => {
    const table = named(tables, 'importance')
    const { configurations, dataset } = input.results
    expect(table.rows).toHaveLength(configurations.length * dataset.features.length)
    expect(table.rows[0]!.slice(0, 3)).toEqual(['lr', 'V1', 1])
    expect(field(table, 'gain')[0]).toBeNull()
    expect(field(table, 'coefficient')[0]).toBe(1)
    field(table, 'permutation').forEach((value, i) => {
      expect(field(table, 'permutation_lower')[i]).toBeLessThanOrEqual(value as number)
      expect(field(table, 'permutation_upper')[i]).toBeGreaterThanOrEqual(value as number)
    })
    expect(named(reportTables(bareReport()), 'importance').rows).toEqual([])
  })

  it('tell what doubts come to, and nothing where nobody asked', () => {
    const told = input.results.costUncertainty!
    const tornado = named(tables, 'tornado')
    expect(field(tornado, 'input')).toEqual(
      expect.arrayContaining(['Cost of a miss', 'Cost of a false alarm', 'Prevalence']),
    )
    field(tornado, 'lowest_cost_per_1000').forEach((least, i) => {
      expect(least).toBeLessThanOrEqual(told.tornado!.costPer1000)
      expect(field(tornado, 'highest_cost_per_1000')[i]).toBeGreaterThanOrEqual(
        told.tornado!.costPer1000,
      )
    })
    expect(field(named(tables, 'best-by-ratio'), 'to').at(-1)).toBeNull()
    expect(named(tables, 'ratio-prevalence-map').rows).toHaveLength(49)
    const curve = named(tables, 'decision-curve-gbdt')
    field(curve, 'net_benefit_per_1000').forEach((value, i) => {
      expect(field(curve, 'net_benefit_per_1000_lower')[i]).toBeLessThanOrEqual(value as number)
      expect(field(curve, 'net_benefit_per_1000_upper')[i]).toBeGreaterThanOrEqual(value as number)
    })
    const names = reportTables(bareReport()).map(({ name }) => name)
    expect(
      names.filter((name) => /tornado|best-by-ratio|ratio-prevalence|decision-curve/.test(name)),
    ).toEqual([])
  })

  it('say in words that a threshold never alerts', () => {
    expect(field(named(reportTables(bareReport()), 'fold-thresholds'), 'threshold')).toContain(
      'no alert',
    )
  })

  it('refuse results whose champion does not exist', () => {
    expect(() =>
      reportTables({ ...input, results: { ...input.results, champion: 'nobody' } }),
    ).toThrow(RangeError)
  })
})

describe('csvText', () => {
  it('writes RFC 4180 text with numbers in full and empty nulls', () => {
    const table = {
      header: ['a', 'b'],
      rows: [
        ['x,"y"\n', 0.1 + 0.2],
        ['', null],
      ],
    }
    expect(csvText(table)).toBe('a,b\r\n"x,""y""\n",0.30000000000000004\r\n,\r\n')
  })

  it('can be put in a link, whatever the names', () => {
    const text = csvText({ header: ['name'], rows: [[HOSTILE_NAMES[5]]] })
    expect(decodeURIComponent(encodeURIComponent(text))).toBe(
      'name\r\nhalf \ufffd pair and \u0000 zero\r\n',
    )
  })

  it('keeps spreadsheets from running a text as a formula', () => {
    const rows = [['=1+1'], ['+a'], ['@b'], ['-c'], ['-5'], [HOSTILE_NAMES[3]]]
    const lines = csvText({ header: ['name'], rows }).split('\r\n')
    expect(lines.slice(1, 6)).toEqual(["'=1+1", "'+a", "'@b", "'-c", '-5'])
    expect(lines[6]).toMatch(/^"'=HYPERLINK/)
  })
})
