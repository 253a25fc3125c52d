import { describe, expect, it } from 'vitest'
import { renderReport } from '#main/files/report/render-report.ts'
import { thresholdText } from '#main/files/report/number-text.ts'
import type { ReportInput } from '#main/files/report/report-facts.ts'
import {
  bareReport,
  HOSTILE_NAMES,
  hostileReport,
  sampleReport,
  unclearReport,
} from '../../../support/sample-report.ts'

const sample = sampleReport()

/** What a reader sees and what downloads hold, without markup. */
function textOf(report: string): string {
  return decodeURIComponent(
    report
      .replace(/<style>[^]*?<\/style>/, '')
      .replaceAll('%', '%25')
      .replace(/href="data:text\/csv[^"]*"/g, (link) => link.replaceAll('%25', '%'))
      .replace(/<[^>]*?(href="[^"]*"|aria-label="[^"]*"|)>/g, ' $1 '),
  )
}

/** Opening tags of a page with the names of their attributes. */
function tagsOf(report: string): readonly string[] {
  return [...report.matchAll(/<([a-z]\w*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/gi)].map(
    ([, tag, attributes]) =>
      `${tag!} ${[...attributes!.matchAll(/([\w:-]+)(?:="[^"]*")?/g)].map(([, name]) => name).join(' ')}`,
  )
}

function withResults(
  change: (results: ReportInput['results']) => Partial<ReportInput['results']>,
): ReportInput {
  return { ...sample, results: { ...sample.results, ...change(sample.results) } }
}

describe('renderReport', () => {
  it('gives the same text for the same input, whatever was drawn before', () => {
    const first = renderReport(sample)
    renderReport(bareReport())
    renderReport(hostileReport())
    expect(renderReport(sampleReport())).toBe(first)
  })

  it.each([
    ['sample', sample],
    ['hostile', hostileReport()],
    ['bare', bareReport()],
  ])('asks for nothing and runs nothing in the %s report', (_, input) => {
    const tags = tagsOf(renderReport(input))
    for (const tag of tags) {
      expect(tag).not.toMatch(
        /^(?:script|img|iframe|object|embed|base|form|foreignObject|image|use) /,
      )
      expect(tag).not.toMatch(/ (?:on\w+|src|srcset|xlink:href)\b/)
    }
    const links = [...renderReport(input).matchAll(/\shref="([^"]*)"/g)].map(
      ([, target]) => target!,
    )
    expect(links.filter((target) => !target.startsWith('data:'))).toEqual([])
    expect(renderReport(input)).toContain('content="default-src &#39;none&#39;; style-src')
    expect(/<style>([^]*?)<\/style>/.exec(renderReport(input))![1]).not.toMatch(/url\(|@import/)
  })

  it.each([
    ['sample', sample],
    ['bare', bareReport()],
    ['hostile', hostileReport()],
  ])('has words for what is not there in the %s report', (_, input) => {
    expect(
      textOf(renderReport(input)).match(/NaN|undefined|\bnull\b|Infinity|\[object/g),
    ).toBeNull()
  })

  it('adds no tag for a hostile name', () => {
    const hostile = renderReport(hostileReport())
    const tagNames = (report: string) => new Set(tagsOf(report).map((tag) => tag.split(' ')[0]))
    expect(tagNames(hostile)).toEqual(tagNames(renderReport(sample)))
    expect(hostile).not.toContain(HOSTILE_NAMES[0])
  })

  it('draws colours by name only, so that they follow the theme', () => {
    const charts = [...renderReport(sample).matchAll(/<svg[^>]*role="img"[^]*?<\/svg>/g)].map(
      ([svg]) => svg,
    )
    expect(charts.length).toBeGreaterThanOrEqual(5 + sample.results.comparison.ledger.length)
    const colours = charts.flatMap((svg) =>
      [...svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map(([, value]) => value!),
    )
    const clipped = new Set(['none', 'transparent', '#000'])
    expect(
      colours.filter((value) => !clipped.has(value) && !/^var\(--[\w-]+\)$/.test(value)),
    ).toEqual([])
    const defined = new Set(
      [...renderReport(sample).matchAll(/(--[\w-]+):/g)].map(([, name]) => name),
    )
    const used = new Set(
      [...renderReport(sample).matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name),
    )
    expect([...used].filter((name) => !defined.has(name))).toEqual([])
  })

  it('tells what doubts come to in sentences and pictures, each reason where there is none', () => {
    const told = sample.results.costUncertainty!
    const text = textOf(renderReport(sample)).replace(/\s+/g, ' ')
    for (const sentence of told.sentences) expect(text).toContain(sentence)
    expect(renderReport(sample)).toContain('aria-label="Line chart of net benefit')
    expect(renderReport(bareReport())).not.toContain('If costs or prevalence are others')
    const nothing = withResults(() => ({
      costUncertainty: {
        ...told,
        ...{ tornado: null, tornadoReason: 'costs differ', ratio: null, threshold: null },
        ...{ bestByRatio: null, bestByRatioReason: 'a class is missing' },
        ...{ map: null, mapReason: 'costs differ', decisionCurves: null },
        sentences: ['Which doubt matters most is not told: costs differ.'],
      },
    }))
    expect(textOf(renderReport(nothing))).toContain('is not told: costs differ.')
  })

  it('lists what people decided, with their reasons, in the order of time', () => {
    const text = textOf(renderReport(sample)).replace(/\s+/g, ' ')
    const changed = text.indexOf('Callbacks became dearer in October')
    expect(changed).toBeGreaterThan(0)
    expect(text.indexOf('The team of nine works 900 alerts a day')).toBeGreaterThan(changed)
    const bare = { ...sample, decisions: { kept: [], openings: [], frameChanges: [] } }
    expect(textOf(renderReport(bare))).not.toContain('Decided, and why')
  })

  it('says what is known of the labels, by whom, and the head of the log', () => {
    const text = textOf(renderReport(sample)).replace(/\s+/g, ' ')
    expect(text).toContain('300 rows by 2 reviewers: 38 to relabel, 4 to leave out, 251 kept')
    expect(text).toContain('models: 240; chance: 60.')
    expect(text).toContain('38 labels changed and 4 rows left out before these runs')
    expect(text).toContain('kappa (Cohen) 0.81 [0.64, 0.98]')
    expect(text).toContain(sample.decisions.labels!.chain.hash)
    expect(text).toContain('1 of 60 judged; exact')
    expect(text).toContain('61 of 98')
    expect(text).not.toContain('changed outside of the program')
    const { labels } = sample.decisions
    const broken = { ...labels!, chain: { ...labels!.chain, brokenAt: 12 } }
    const tampered = { ...sample, decisions: { ...sample.decisions, labels: broken } }
    expect(textOf(renderReport(tampered))).toContain('changed outside of the program')
    const bare = { ...sample, decisions: { kept: [], frameChanges: [], openings: [] } }
    expect(textOf(renderReport(bare))).not.toContain('The labels')
  })

  it('opens with the sentence and the money, and says accuracy beside doing nothing', () => {
    const text = textOf(renderReport(sample)).replace(/\s+/g, ' ')
    expect(text.indexOf(sample.results.sentence)).toBeLessThan(text.indexOf('cost a month'))
    expect(text).toMatch(
      /Accuracy is [\d.]+.% \([\d,]+ of 5,412\); passing every case without looking reaches 90.9.% \(4,920 of 5,412\)/,
    )
    expect(text).toContain('459 of 492 positives caught (recall)')
    expect(text).toContain('459 of 1,589 alerts right (precision)')
  })

  it('says loudly that costs are assumed, and not otherwise', () => {
    const assumed = withResults(({ frame }) => ({ frame: { ...frame, costsAssumed: true } }))
    expect(renderReport(sample)).not.toMatch(/assumed/)
    expect(renderReport(assumed).match(/assumed/g)!.length).toBeGreaterThan(5)
  })

  it('says by how much constraints are missed', () => {
    const missed = withResults(({ configurations, frame }) => ({
      frame: { ...frame, capacity: 500, commitments: [{ measure: 'precision', atLeast: 0.5 }] },
      configurations: configurations.map((run) => ({
        ...run,
        threshold: { ...run.threshold, feasible: false, shortfall: 'allow 294 alerts a day more' },
      })),
    }))
    const text = textOf(renderReport(missed)).replace(/\s+/g, ' ')
    expect(text).toContain('Allow 294 alerts a day more.')
    expect(text).toMatch(/precision of at least 50\.0.%; it is 28\.9.%, short by 21\.1 points/)
    expect(text).toContain('exceeded, 794 expected, 294 too many')
  })

  it('speaks of one decision, and says why it is not the cheapest', () => {
    const text = textOf(renderReport(unclearReport())).replace(/\s+/g, ' ')
    const { configurations } = unclearReport().results
    const thresholdOf = (run: string) =>
      thresholdText(configurations.find(({ name }) => name === run)!.threshold.value)
    expect(text).toMatch(/No clear winner among 12 ways/)
    expect(text).toContain(`Threshold to use ${thresholdOf('gbdt')}`)
    expect(text).not.toContain(thresholdOf('gbdt_smote'))
    expect(text).toMatch(
      /came out 25 \[−59, 104\] cheaper per 1,000 cases, but the interval contains 0 ?: a treatment must earn its keep\./,
    )
    expect(textOf(renderReport(sample))).not.toMatch(/earn its keep/)
  })

  it('shows the threshold of a fixed rule when that won', () => {
    const bayes = withResults(({ comparison }) => ({
      comparison: { ...comparison, recommended: { ...comparison.recommended, rule: 'bayes' } },
    }))
    expect(textOf(renderReport(bayes)).replace(/\s+/g, ' ')).toMatch(/Threshold to use +0\.0408/)
  })

  it('says that rates stand for another prevalence, and gives no interval of the counts then', () => {
    const reweighted = withResults(({ frame, configurations }) => ({
      frame: { ...frame, prevalenceInUse: 0.01 },
      configurations: configurations.map((run) => ({
        ...run,
        operatingPoints: run.operatingPoints.map((point) => ({
          ...point,
          precision: 0.04,
          alertsPer1000: 238,
        })),
      })),
    }))
    const text = textOf(renderReport(reweighted)).replace(/\s+/g, ' ')
    expect(text).toMatch(/4\.0.% alerts right \(precision\); of the rows 459 of 1,589 (?!\[)/)
    expect(text).toMatch(/in use it is taken to be 1\.0.%/)
  })
})
