/** The two charts that share the scale of the slider: costs above, scores below. */
import type { EChartsOption } from 'echarts'
import type { ChartFrame } from '../../charts/chart-frame.ts'
import { axis, band, colour, xAxis as horizontal } from '../../charts/theme.ts'
import type { TwinTable } from '../../format/csv.ts'
import { count, money, percent, threshold as thresholdText } from '../../format/numbers.ts'
import type { ThresholdDesk } from './desk.svelte.ts'
import { figuresAt, foldSpreadAt } from './decision-figures.ts'
import { probabilityOf, tickText } from './threshold-scale.ts'

/** Between the edge of the panel and the plot, in pixels: the same for slider and charts. */
export const plotLeft = 52
export const plotRight = 18

/** A label that stands beside its line. */
interface LineLabel {
  readonly text: string
  readonly tone: 'pos' | 'neg'
  readonly x: number
  readonly y: number
}

export interface BeamCharts {
  readonly costUnit: string
  readonly costOption: () => EChartsOption
  readonly costTable: () => TwinTable
  readonly costLabels: (frame: ChartFrame, xOf: (place: number) => number) => LineLabel[]
  readonly costSummary: string
  readonly scoreSummary: string
  /** The threshold, in files of both charts. */
  readonly cursor: (place: number) => EChartsOption['series']
  readonly scoreOption: () => EChartsOption
  readonly scoreTable: () => TwinTable
}

export function beamCharts(desk: ThresholdDesk, positive: string, negative: string): BeamCharts {
  const { decision, scale, ticks, cost, spread, bins, data } = desk
  const { currency, span } = decision
  const xAxis = (name: string, showLabels: boolean): object =>
    horizontal(name, {
      min: scale.low,
      max: scale.high,
      axisTick: { customValues: [...ticks] },
      axisLabel: showLabels
        ? { customValues: [...ticks], formatter: tickText, hideOverlap: true }
        : { show: false },
    })
  const dashed = (values: readonly number[], token: string): object => ({
    type: 'line',
    clip: true,
    silent: true,
    data: cost.places.map((place, i) => [place, values[i]!]),
    lineStyle: { width: 1.25, type: [4, 3], color: colour(token) },
  })
  const clamped = (points: readonly (readonly [number, number])[]): [number, number][] =>
    points.map(([place, value]) => [place, Math.min(cost.axis.max, Math.max(cost.axis.min, value))])
  const grid = { left: plotLeft, right: plotRight, top: 10, bottom: 22 }

  /** Rows of the table: round thresholds and those that are marked. */
  const thresholds = [
    ...new Set(
      [...ticks.map(tickNumber), data.tuned, data.bayes, ...data.perFold]
        .filter((value): value is number => value !== null && value > 0 && value < 1)
        .sort((a, b) => a - b),
    ),
  ]
  const log = (cases: number): number => Math.log10(cases + 1)
  const most = {
    positives: bins.positives.reduce((a, b) => Math.max(a, b), 1),
    negatives: bins.negatives.reduce((a, b) => Math.max(a, b), 1),
  }
  const bars = (counts: readonly number[], sign: 1 | -1, token: string): object => ({
    type: 'custom',
    silent: true,
    z: 3,
    encode: { x: 0, y: 2 },
    data: counts.map((cases, i) => [bins.edges[i]!, bins.edges[i + 1]!, sign * log(cases)]),
    renderItem: (
      _: unknown,
      api: { value(i: number): number; coord(point: [number, number]): [number, number] },
    ) => {
      const [left, y] = api.coord([api.value(0), api.value(2)])
      const [right, zero] = api.coord([api.value(1), 0])
      return {
        type: 'rect',
        shape: {
          x: left + 0.5,
          y: Math.min(y, zero),
          width: Math.max(1, right - left - 1),
          height: Math.abs(zero - y),
        },
        style: { fill: colour(token) },
      }
    },
  })

  return {
    costUnit: `${currency ?? ''} ${span.unit}`.trim(),
    costOption: () => ({
      grid,
      tooltip: { show: false },
      xAxis: xAxis('', false),
      yAxis: axis('', {
        min: cost.axis.min,
        max: cost.axis.max,
        interval: cost.axis.step,
        axisLabel: { formatter: (value: number) => axisMoney(value, currency) },
      }),
      series: [
        ...(spread.low.length < 2
          ? []
          : [band(clamped(spread.low), clamped(spread.high), colour('cost-mark', 0.14))]),
        ...(cost.missed === null ? [] : [dashed(cost.missed, 'positive-mark')]),
        ...(cost.handled === null ? [] : [dashed(cost.handled, 'negative-mark')]),
        {
          type: 'line',
          clip: true,
          silent: true,
          z: 5,
          data: cost.places.map((place, i) => [place, cost.total[i]!]),
          lineStyle: { width: 2.25, color: colour('cost-mark') },
        },
      ],
    }),
    costTable: () => ({
      head: [
        { text: 'Threshold', numeric: true, format: thresholdText },
        { text: `Cost ${span.unit}`, numeric: true, format: (value) => money(value, currency) },
        { text: 'Lowest fold', numeric: true, format: (value) => money(value, currency) },
        { text: 'Highest fold', numeric: true, format: (value) => money(value, currency) },
        { text: 'Recall', numeric: true, format: (value) => percent(value) },
        { text: 'Precision', numeric: true, format: (value) => percent(value) },
        {
          text: data.casesPerDay === null ? 'Alerts per 1,000' : 'Alerts a day',
          numeric: true,
          format: count,
        },
      ],
      rows: thresholds.map((threshold) => {
        const figures = figuresAt(decision, threshold)
        const folds = foldSpreadAt(decision, threshold)
        return [
          threshold,
          figures.cost,
          folds?.low ?? null,
          folds?.high ?? null,
          figures.recall,
          figures.precision,
          figures.alertsPerDay ?? figures.alertsPer1000,
        ]
      }),
    }),
    costLabels(frame, xOf) {
      const { missed, handled, places } = cost
      if (missed === null || handled === null) return []
      const { max } = cost.axis
      const right = frame.plot.left + frame.plot.width
      const steep = missed.findIndex((value) => value >= 0.82 * max)
      const missedAt = steep < 0 ? places.length - 1 : steep
      const missedX = xOf(places[missedAt]!) + 10
      const missedText = 'missed'
      const handledAt = Math.round(0.8 * (places.length - 1))
      return [
        steep < 0 || missedX > right - 48
          ? {
              text: missedText,
              tone: 'pos',
              x: right - 48,
              y: frame.toY(Math.min(max, missed.at(-1)!)) + 12,
            }
          : { text: missedText, tone: 'pos', x: missedX, y: frame.toY(0.82 * max) - 2 },
        {
          text: 'handling alerts',
          tone: 'neg',
          x: Math.min(xOf(places[handledAt]!), right - 82),
          y: frame.toY(Math.min(max, handled[handledAt]!)) - 18,
        },
      ]
    },
    costSummary: `At the tuned threshold ${thresholdText(data.tuned)} ${money(figuresAt(decision, data.tuned).cost, currency)} ${span.unit}`,
    scoreSummary: `${count(data.positives)} ${positive}, ${count(data.negatives)} ${negative}`,
    cursor: (place) => ({
      type: 'line',
      data: [],
      markLine: {
        silent: true,
        symbol: 'none',
        label: { show: false },
        lineStyle: { width: 1.5, type: 'solid', color: colour('ink') },
        data: [{ xAxis: place }],
      },
    }),
    scoreOption: () => ({
      grid: { ...grid, top: 8, bottom: 34 },
      tooltip: { show: false },
      xAxis: xAxis(`probability of ${positive}`, true),
      yAxis: axis('', {
        // Room for the names of the classes, above and below all bars.
        min: -log(most.negatives) * 1.22,
        max: log(most.positives) * 1.22,
        splitLine: { show: false },
        axisLabel: {
          customValues: [
            ...decades(most.negatives).map((cases) => -log(cases)),
            0,
            ...decades(most.positives).map(log),
          ],
          formatter: (value: number) => count(10 ** Math.abs(value) - 1),
        },
      }),
      series: [
        bars(bins.positives, 1, 'positive-mark'),
        bars(bins.negatives, -1, 'negative-mark'),
        {
          type: 'line',
          silent: true,
          z: 4,
          data: [
            [scale.low, 0],
            [scale.high, 0],
          ],
          lineStyle: { width: 1, color: colour('border-strong') },
        },
      ],
    }),
    scoreTable: () => ({
      head: [
        { text: 'Probability from', numeric: true, format: thresholdText },
        { text: 'to', numeric: true, format: thresholdText },
        { text: positive, numeric: true, format: count },
        { text: negative, numeric: true, format: count },
      ],
      rows: bins.positives.map((cases, i) => [
        i === 0 ? 0 : probabilityOf(bins.edges[i]!),
        i === bins.positives.length - 1 ? 1 : probabilityOf(bins.edges[i + 1]!),
        cases,
        bins.negatives[i]!,
      ]),
    }),
  }
}

function tickNumber(place: number): number {
  return Number(probabilityOf(place).toPrecision(6))
}

/** Powers of ten up to a count, thinned where there are many. */
function decades(most: number): number[] {
  const all: number[] = []
  for (let power = 1; 10 ** power <= most; power++) all.push(10 ** power)
  return all.length > 3 ? all.filter((_, i) => i % 2 === (all.length - 1) % 2) : all
}

/** Ticks of an axis of money: as short as they can be told apart. */
function axisMoney(value: number, currency: string | null): string {
  const text = money(value, currency)
  return text.replace(/(\.\d*?)0+(?=[kMB]?$)/, '$1').replace(/\.(?=[kMB]?$)/, '')
}
