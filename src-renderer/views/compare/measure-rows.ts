/** Everything that is measured of compared runs, measure by measure. */
import type { ComparedRun } from '#shared/contract/decision.ts'
import { MEASURE_GROUPS, MEASURES } from '#shared/core/metrics/measure-list.ts'
import type { MeasureFacts, MeasureName } from '#shared/core/metrics/measure-list.ts'
import type { RunMeasure } from '#shared/core/report/analysis.ts'
import type { TwinTable } from '../../format/csv.ts'
import { NONE, interval as intervalText, money, percent, rate } from '../../format/numbers.ts'
import type { FigureId, Units } from './figures.ts'

export interface MeasureCell {
  readonly text: string
  readonly interval: string | null
  /** Why there is no number. */
  readonly reason: string | null
  /** Why the interval is to be read with care. */
  readonly caution: string | null
}

export interface MeasureRow {
  readonly key: string
  readonly label: string
  readonly meaning: string
  /** One per run. */
  readonly cells: readonly MeasureCell[]
}

interface Kind {
  readonly label: string
  readonly factor: number
  readonly format: (value: number) => string
}

function kindOf(
  { title, unit }: MeasureFacts,
  name: MeasureName,
  share: number | undefined,
  { span, currency }: Units,
): Kind {
  const label = share === undefined ? title : `${title} ${percent(share, share < 0.01 ? 2 : 0)}`
  switch (unit) {
    case 'amount':
      return {
        label: name === 'costPer1000' ? `Cost ${span.unit}` : label,
        factor: span.factor,
        format: (value) => money(value, currency),
      }
    case 'share':
      return { label, factor: 1, format: (value) => percent(value) }
    case 'times':
      return { label, factor: 1, format: (value) => `${rate(value, 1)} ×` }
    case 'number':
      return {
        label,
        factor: 1,
        format: (value) => rate(value, Math.abs(value) < 0.1 ? 4 : 3),
      }
  }
}

const keyOf = ({ measure, share }: Pick<RunMeasure, 'measure' | 'share'>): string =>
  share === undefined ? measure : `${measure} ${share}`

/** What is told of any of the runs, once each, in order. */
function told(runs: readonly ComparedRun[]): readonly RunMeasure[] {
  const all = new Map<string, RunMeasure>()
  for (const one of runs.flatMap(({ measures }) => measures)) {
    if (!all.has(keyOf(one))) all.set(keyOf(one), one)
  }
  const order = Object.keys(MEASURES)
  return [...all.values()].sort(
    (a, b) =>
      (a.share ?? 0) - (b.share ?? 0) || order.indexOf(a.measure) - order.indexOf(b.measure),
  )
}

/** The measures group by group; groups of which nothing is told are left out. */
export function measureRows(
  runs: readonly ComparedRun[],
  units: Units,
): readonly { readonly title: string; readonly rows: readonly MeasureRow[] }[] {
  const all = told(runs)
  return MEASURE_GROUPS.map(({ group, title }) => ({
    title,
    rows: all
      .filter(({ measure }) => MEASURES[measure].group === group)
      .map((one): MeasureRow => {
        const kind = kindOf(MEASURES[one.measure], one.measure, one.share, units)
        return {
          key: keyOf(one),
          label: kind.label,
          meaning: MEASURES[one.measure].meaning,
          cells: runs.map(({ measures }) =>
            cellOf(
              measures.find((other) => keyOf(other) === keyOf(one)),
              kind,
            ),
          ),
        }
      }),
  })).filter(({ rows }) => rows.length > 0)
}

function cellOf(one: RunMeasure | undefined, { factor, format }: Kind): MeasureCell {
  if (one === undefined || one.value === null) {
    return { text: NONE, interval: null, reason: one?.reason ?? null, caution: null }
  }
  const { value, interval, caution } = one
  return {
    text: format(value * factor),
    interval:
      interval &&
      intervalText(interval.lower * factor, interval.upper * factor, (end) => format(end!)),
    reason: null,
    caution,
  }
}

const MEASURE_OF_FIGURE = {
  costPer1000: 'costPer1000',
  recall: 'recall',
  precision: 'precision',
  alertsPer1000: 'alertShare',
  averagePrecision: 'averagePrecision',
  rocAuc: 'rocAuc',
  brier: 'brier',
  calibrationSlope: 'calibrationSlope',
} as const satisfies Record<FigureId, MeasureName>

/** Why the interval of a figure is to be read with care; null where it can stand alone. */
export function cautionOf({ measures }: ComparedRun, figure: FigureId): string | null {
  return measures.find(({ measure }) => measure === MEASURE_OF_FIGURE[figure])?.caution ?? null
}

/** The same as a file, unrounded. */
export function measureTable(
  runs: readonly ComparedRun[],
  units: Units,
  labels: readonly string[],
): TwinTable {
  return {
    head: [
      { text: 'Measure' },
      ...labels.flatMap((label) =>
        [label, `${label}, lower`, `${label}, upper`].map((text) => ({ text, numeric: true })),
      ),
    ],
    rows: told(runs).map((one) => {
      const { label, factor } = kindOf(MEASURES[one.measure], one.measure, one.share, units)
      return [
        label,
        ...runs.flatMap(({ measures }) => {
          const other = measures.find((candidate) => keyOf(candidate) === keyOf(one))
          const ends = [other?.value, other?.interval?.lower, other?.interval?.upper]
          return ends.map((end) => (typeof end === 'number' ? end * factor : null))
        }),
      ]
    }),
  }
}
