/** The figures of compared runs: how they are written, their scales, and the table as a file. */
import type { ComparedRun, Estimate, RunComparison } from '#shared/contract/decision.ts'
import type { FrameDraft } from '#shared/contract/work.ts'
import { alertLimitText, commitmentsText } from '#shared/core/frame/limits.ts'
import type { FrameLimits } from '#shared/core/frame/limits.ts'
import type { TwinTable } from '../../format/csv.ts'
import { practicalEquivalence } from '#shared/core/statistics/practical-equivalence.ts'
import { NONE, count, money, percent, plain, points, rate } from '../../format/numbers.ts'
import { moneyPer } from '../../format/units.ts'
import type { MoneySpan } from '../../format/units.ts'

export type FigureId =
  | 'costPer1000'
  | 'recall'
  | 'precision'
  | 'alertsPer1000'
  | 'averagePrecision'
  | 'rocAuc'
  | 'brier'
  | 'calibrationSlope'

export interface Figure {
  readonly id: FigureId
  readonly label: string
  /** In the full words that a heading has no room for. */
  readonly title: string
  /** Beside differences in cost: in any window, in wide ones, or only among all metrics. */
  readonly shown: 'always' | 'where_wide' | 'in_full'
  /** Which values are better; null where that is for nobody to say but the frame. */
  readonly better: 'more' | 'less' | 'near_one' | null
  readonly factor: number
  readonly format: (value: number) => string
  readonly formatDifference: (difference: number) => string
  /** What it can't lie beyond; null where there is no such thing. */
  readonly bounds: readonly [number, number] | null
}

export interface Units {
  readonly span: MoneySpan
  readonly currency: string | null
  readonly casesPerDay: number | null
}

export function unitsOf(comparison: RunComparison, frame: FrameDraft | null): Units {
  const { casesPerDay } = comparison
  const currency = frame?.costs ? frame.currency : null
  return { span: moneyPer(casesPerDay), currency, casesPerDay }
}

/** What thresholds were tuned under, going on after "tuned"; empty where nothing limited them. */
export function limitsText(frame: FrameLimits): string {
  const alerts = alertLimitText(frame, (value) => plain(value, 3))
  const rates = commitmentsText(frame.commitments)
  return [
    ...(alerts === null ? [] : [` under ${alerts}`]),
    ...(rates === null ? [] : [` with ${rates}`]),
  ].join(',')
}

/** What is said of each run, cost first. */
export function figuresOf({ span, currency, casesPerDay }: Units): Figure[] {
  const signed = (value: number, text: (magnitude: number) => string): string => {
    const magnitude = text(Math.abs(value))
    return /[1-9]/.test(magnitude) ? (value < 0 ? '\u2212' : '+') + magnitude : magnitude
  }
  const share = {
    factor: 1,
    bounds: [0, 1] as const,
    format: (value: number) => percent(value),
    formatDifference: (difference: number) => points(difference),
  }
  const index = (decimals: number) => ({
    factor: 1,
    format: (value: number) => rate(value, decimals),
    formatDifference: (difference: number) =>
      signed(difference, (magnitude) => rate(magnitude, decimals)),
    bounds: [0, 1] as const,
  })
  const perDay = casesPerDay !== null
  return [
    {
      id: 'costPer1000',
      label: `Cost ${span.unit}`,
      title: 'By the tuned threshold, on cases that neither model nor threshold has seen',
      shown: 'always',
      better: 'less',
      factor: span.factor,
      format: (value) => money(value, currency),
      formatDifference: (difference) => money(difference, currency, { sign: true }),
      bounds: null,
    },
    {
      id: 'recall',
      label: 'Recall',
      title: 'Share of the positives that get an alert',
      shown: 'always',
      better: 'more',
      ...share,
    },
    {
      id: 'precision',
      label: 'Precision',
      title: 'Share of the alerts that are positives',
      shown: 'where_wide',
      better: 'more',
      ...share,
    },
    {
      id: 'alertsPer1000',
      label: perDay ? 'Alerts a day' : 'Alerts per 1,000',
      title: 'Alerts by the tuned threshold',
      shown: 'always',
      better: null,
      factor: perDay ? casesPerDay / 1000 : 1,
      format: alerts,
      formatDifference: (difference) => signed(difference, alerts),
      bounds: null,
    },
    {
      id: 'averagePrecision',
      label: 'AP',
      title: 'Average precision: the area under precision and recall',
      shown: 'where_wide',
      better: 'more',
      ...index(2),
    },
    {
      id: 'rocAuc',
      label: 'ROC AUC',
      title: 'Chance that a positive scores above a negative',
      shown: 'in_full',
      better: 'more',
      ...index(3),
    },
    {
      id: 'brier',
      label: 'Brier',
      title: 'Mean squared error of the probabilities: less is better',
      shown: 'in_full',
      better: 'less',
      ...index(3),
    },
    {
      id: 'calibrationSlope',
      label: 'Slope',
      title:
        'Calibration slope: 1 is right, below 1 the probabilities are too near to 0 and 1, above 1 too cautious',
      shown: 'in_full',
      better: 'near_one',
      ...index(2),
      bounds: null,
    },
  ]
}

function alerts(value: number): string {
  return Math.abs(value) < 9.95 && !Number.isInteger(value) ? rate(value, 1) : count(value)
}

/** Difference of a figure to the champion's; null where one of them has none. */
export function differenceOf(
  { id, factor }: Figure,
  run: ComparedRun,
  champion: ComparedRun,
): number | null {
  const [a, b] = [run[id].value, champion[id].value]
  return a === null || b === null ? null : (a - b) * factor
}

export interface Range {
  readonly min: number
  readonly max: number
}

/** What the bars of a figure are drawn on: all estimates and a little more. */
export function rangeOf(estimates: readonly Estimate[]): Range {
  const ends = estimates.flatMap(({ value, interval }) => [
    ...(value === null ? [] : [value]),
    ...(interval === null ? [] : [interval.lower, interval.upper]),
  ])
  const finite = ends.filter(Number.isFinite)
  if (finite.length === 0) return { min: 0, max: 1 }
  const min = finite.reduce((a, b) => Math.min(a, b))
  const max = finite.reduce((a, b) => Math.max(a, b))
  const room = (max - min) * 0.06 || Math.abs(max) * 0.06 || 1
  return { min: min - room, max: max + room }
}

export interface ForestScale extends Range {
  /** Round values, zero among them. */
  readonly ticks: readonly number[]
}

/**
 * Whether a difference to the champion matters to a person who calls ± zone the same; null where
 * there is no interval to tell by.
 */
export function equivalenceOf(
  { difference, difference90 }: Pick<ComparedRun, 'difference' | 'difference90'>,
  cases: number,
  zonePer1000: number,
): { readonly text: string; readonly title: string } | null {
  const value = difference?.value ?? null
  const interval95 = difference?.interval ?? null
  if (value === null || interval95 === null || difference90 === null) return null
  const { verdict, rowsNeeded, wouldBe } = practicalEquivalence({
    difference: value,
    interval90: difference90,
    interval95,
    zone: zonePer1000,
    nSamples: cases,
    lowerIsBetter: true,
  })
  switch (verdict) {
    case 'equal':
      return { text: 'equal in practice', title: 'The 90 % interval lies inside the zone.' }
    case 'better':
      return { text: 'better by more than chance', title: 'The 95 % interval lies below 0.' }
    case 'worse':
      return { text: 'worse by more than chance', title: 'The 95 % interval lies above 0.' }
    case 'undecided':
      return rowsNeeded === null
        ? {
            text: 'undecided',
            title: 'The difference lies on the edge of the zone: no number of cases decides.',
          }
        : {
            text: `undecided; about ${count(rowsNeeded)} cases decide`,
            title: `If the difference is what it seems, so many cases find it ${wouldBe!} 4 times in 5.`,
          }
  }
}

/** The scale that all differences share; zero is on it. In the units of the differences. */
export function forestScale(
  differences: readonly (Estimate | null)[],
  factor: number,
): ForestScale {
  const ends = differences
    .flatMap((estimate) => [
      0,
      estimate?.value ?? 0,
      estimate?.interval?.lower ?? 0,
      estimate?.interval?.upper ?? 0,
    ])
    .map((end) => end * factor)
    .filter(Number.isFinite)
  const least = ends.reduce((a, b) => Math.min(a, b), 0)
  const most = ends.reduce((a, b) => Math.max(a, b), 0)
  const width = most - least || 1
  const [min, max] = [least - 0.12 * width, most + 0.12 * width]
  const step = stepAbove(width / 3.5)
  const ticks: number[] = []
  for (let i = Math.ceil(min / step); i * step <= max; i++) ticks.push(i * step || 0)
  return { min, max, ticks }
}

/** The round number above: 1, 2 or 5 times a power of ten. */
function stepAbove(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const lead = rough / power
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power
}

/** An amount at a tick: €200k rather than €200.0k, for ticks are round. */
export function roundMoney(
  value: number,
  currency: string | null,
  options: { readonly sign?: boolean } = {},
): string {
  return money(value, currency, options)
    .replace(/(\.\d*?)0+(?=[kMB]?$)/, '$1')
    .replace(/\.(?=[kMB]?$)/, '')
}

/** Place on a scale, in percent of its width. */
export function placeOn({ min, max }: Range, value: number): string {
  const share = max > min ? (value - min) / (max - min) : 0
  return `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`
}

export const verdictTexts = {
  champion: 'champion',
  cheaper: 'cheaper',
  dearer: 'dearer',
  no_clear_difference: 'no clear difference',
  over_constraint: 'misses a limit',
} as const satisfies Record<ComparedRun['verdict'], string>

/**
 * What is said of the runs, and apart from it what is said of those that miss a limit: that is long,
 * and only explains.
 */
export function splitSentence(
  sentence: string,
  labels: readonly string[],
): { readonly main: string; readonly limits: string } {
  const starts = labels
    .map((label) => sentence.indexOf(`${label} can't keep every constraint: `))
    .filter((start) => start > 0)
  const start = starts.reduce((a, b) => Math.min(a, b), sentence.length)
  return { main: sentence.slice(0, start).trimEnd(), limits: sentence.slice(start) }
}

export interface SentencePart {
  readonly text: string
  readonly kind: 'lead' | 'interval' | 'rest'
}

/** The opening sentence with what it claims first set apart, and its intervals. */
export function sentenceParts(sentence: string): SentencePart[] {
  const end = sentence.search(/(?<!^On assumed costs)[:;](?= )|\.(?= |$)/)
  const lead = end <= 0 ? sentence : sentence.slice(0, end)
  const split = (text: string, kind: 'lead' | 'rest'): SentencePart[] =>
    text
      .split(/(\[[^\][]*\])/)
      .filter((part) => part !== '')
      .map((part) => ({ text: part, kind: /^\[.*\]$/s.test(part) ? 'interval' : kind }))
  return [...split(lead, 'lead'), ...split(sentence.slice(lead.length), 'rest')]
}

/** Everything about the runs, unrounded, with the ends of all intervals. */
export function comparisonTable(
  { runs }: RunComparison,
  units: Units,
  labels: readonly string[],
): TwinTable {
  const figures = figuresOf(units)
  const ends = ({ value, interval }: Estimate, factor: number): (number | null)[] =>
    [value, interval?.lower ?? null, interval?.upper ?? null].map((end) =>
      end === null ? null : end * factor,
    )
  const heads = [
    ...figures.map(({ label }) => label),
    `Difference in cost ${units.span.unit}`,
  ].flatMap((label) => [label, `${label}, lower`, `${label}, upper`])
  return {
    head: [
      { text: 'Run' },
      { text: 'Verdict' },
      { text: 'Threshold', numeric: true },
      { text: 'Shortfall' },
      ...heads.map((text) => ({ text, numeric: true })),
    ],
    rows: runs.map((run, i) => [
      labels[i] ?? run.run.name,
      verdictTexts[run.verdict],
      run.threshold,
      run.shortfall,
      ...figures.flatMap(({ id, factor }) => ends(run[id], factor)),
      ...(run.difference === null ? [null, null, null] : ends(run.difference, units.span.factor)),
    ]),
  }
}

export interface ComparedRow {
  readonly label: string
  /** One text per run. */
  readonly cells: readonly string[]
  readonly isEqual: boolean
}

/**
 * Settings of all runs, those in which they differ first. One that not all models have differs where
 * those that have it do.
 */
export function settingRows(
  settings: readonly (readonly { readonly label: string; readonly text: string }[])[],
): ComparedRow[] {
  const labels = [...new Set(settings.flat().map(({ label }) => label))]
  const rows = labels.map((label): ComparedRow => {
    const cells = settings.map((run) => run.find((one) => one.label === label)?.text ?? NONE)
    const set = cells.filter((cell) => cell !== NONE)
    return { label, cells, isEqual: set.every((cell) => cell === set[0]) }
  })
  return [...rows.filter(({ isEqual }) => !isEqual), ...rows.filter(({ isEqual }) => isEqual)]
}
