import { describe, expect, it } from 'vitest'
import { commitmentOutcome, limitsOf } from '#main/files/report/limits.ts'
import { reportFacts } from '#main/files/report/report-facts.ts'
import type { ReportInput } from '#main/files/report/report-facts.ts'
import type { OperatingPoint, RunMeasure } from '#shared/core/report/analysis.ts'
import { bareReport, sampleReport, unclearReport } from '../../../support/sample-report.ts'

const titles = (input: ReportInput) => limitsOf(reportFacts(input)).map(({ title }) => title)

describe('limitsOf', () => {
  it('always says that nothing later was tested and no test set was opened', () => {
    for (const input of [sampleReport(), bareReport()]) {
      expect(titles(input)).toEqual(
        expect.arrayContaining([
          'Nothing was tested on later data.',
          'No locked test set was opened.',
        ]),
      )
    }
  })

  it('says how far the labels can be trusted', () => {
    const sample = sampleReport()
    const { labels, ...decisions } = sample.decisions
    const without = { ...sample, decisions }
    expect(titles(without)).toContain('Labels were taken as given.')
    const textOf = (input: ReportInput) =>
      limitsOf(reportFacts(input)).find(({ title }) => title === 'Few labels were looked at.')?.text
    expect(textOf(sample)).toMatch(/judged 300 of 5,412 rows.* to 8\.9.% may still be/)
    const blind = { ...sample, decisions: { ...decisions, labels: { ...labels!, control: null } } }
    expect(textOf(blind)).toMatch(/is unknown: no row drawn at random was judged/)
  })

  it('puts what may change the decision first', () => {
    const limits = limitsOf(reportFacts(bareReport()))
    const serious = limits.map((limit) => limit.serious)
    expect(serious.slice(0, 2)).toEqual([true, true])
    expect(serious.lastIndexOf(true)).toBeLessThan(serious.indexOf(false))
    expect(limits[0]!.title).toBe('Nobody stated what errors cost.')
  })

  it('warns of the cheapest of many, by name where it is not recommended', () => {
    expect(titles(sampleReport())).toContain('The recommended run is the best of 12.')
    const limit = limitsOf(reportFacts(unclearReport())).find(
      ({ title }) => title === 'The cheapest is the best of 12.',
    )
    expect(limit!.text).toMatch(/expect gbdt_smote to cost 2,711 \[.*\] per 1,000 cases\./)
  })

  it('repeats what the runs noted and why measures are not defined', () => {
    const texts = limitsOf(reportFacts(bareReport())).map(({ text }) => text)
    expect(texts.join(' ')).toContain(
      'lr: average precision, slope (raw), since there are no positives',
    )
    expect(texts.join(' ')).toContain('lr_balanced: The fit stopped at its bound')
  })

  it('names intervals that rest on too little, of those that are read first', () => {
    const sample = sampleReport()
    const { results } = sample
    const measured = (measure: RunMeasure['measure'], caution: string | null): RunMeasure => ({
      ...{ measure, value: 0.5, reason: null, caution },
      interval: { lower: 0.1, upper: 0.9, level: 0.95, method: 'x' },
    })
    const configurations = results.configurations.map((run) => ({
      ...run,
      measures: [
        measured('recall', 'rests on 3 failures'),
        measured('precision', null),
        measured('cohenKappa', 'rests on 3 failures'),
      ],
    }))
    const thin = { ...sample, results: { ...results, configurations } }
    const limit = limitsOf(reportFacts(thin)).find(({ title }) => title.includes('few cases'))
    expect(limit).toMatchObject({
      serious: false,
      text: 'With so few, intervals may be off: that of recall rests on 3 failures.',
    })
    expect(titles(sample)).not.toContain('Some intervals rest on few cases.')
  })

  it('calls it serious when positives are few, with the width of what can be said', () => {
    const sample = sampleReport()
    const { results } = sample
    const few = {
      ...sample,
      results: {
        ...results,
        dataset: { ...results.dataset, positives: 42, rows: 1042 },
        configurations: results.configurations.map((run) => ({
          ...run,
          operatingPoints: run.operatingPoints.map((point) => ({
            ...point,
            confusion: { tp: 30, fn: 12, fp: 100, tn: 900 },
          })),
        })),
      },
    }
    const limit = limitsOf(reportFacts(few)).find(
      ({ title }) => title === 'There are few positives.',
    )
    // Wilson's interval of 30 of 42 is [0.564, 0.828].
    expect(limit).toMatchObject({
      serious: true,
      text: 'With 42 positives, recall is known to within about 13.2 points either way. Halving that would take about 126 more.',
    })
  })
})

describe('commitmentOutcome', () => {
  const point: OperatingPoint = {
    rule: 'tuned',
    threshold: 0.2,
    confusion: { tp: 80, fn: 20, fp: 40, tn: 860 },
    precision: 80 / 120,
    recall: 0.8,
    alertsPer1000: 120,
    costPer1000: 1,
    costPer1000Interval: null,
    alertsPerDay: null,
    costPerMonth: null,
  }

  it('tells kept, kept for sure, and short by how much', () => {
    expect(commitmentOutcome({ measure: 'recall', atLeast: 0.8 }, point)).toMatchObject({
      kept: true,
    })
    expect(commitmentOutcome({ measure: 'recall', atLeast: 0.75 }, point).text).toMatch(
      /kept by 5\.0 points, but the interval reaches below/,
    )
    expect(commitmentOutcome({ measure: 'recall', atLeast: 0.6 }, point).text).toMatch(
      /the whole interval lies above/,
    )
    expect(commitmentOutcome({ measure: 'precision', atLeast: 0.7 }, point)).toMatchObject({
      kept: false,
      text: expect.stringContaining('short by 3.3 points') as string,
    })
  })

  it('can not tell without alerts', () => {
    const outcome = commitmentOutcome(
      { measure: 'precision', atLeast: 0.5 },
      { ...point, precision: null },
    )
    expect(outcome).toMatchObject({
      kept: false,
      text: expect.stringContaining('there are no alerts') as string,
    })
  })
})
