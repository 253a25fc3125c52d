import { colour, intervalBar, label, runLine, xAxis, yAxis } from './chart-theme.ts'
import type { ColourToken } from './chart-theme.ts'
import { drawChart } from './draw-chart.ts'
import type { Markup } from './html.ts'
import { formatMoney } from '#shared/core/format.ts'
import { moneyText, amountWithInterval, thresholdText } from './number-text.ts'
import type { Bounds } from './number-text.ts'
import { probabilityAxis } from './probability-axis.ts'

export interface CostCurveChart {
  readonly id: string
  /** The recommended run last, so that it lies on top. */
  readonly runs: readonly {
    readonly name: string
    readonly token: ColourToken
    readonly points: readonly { readonly threshold: number; readonly costPer1000: number }[]
  }[]
  readonly markers: readonly CostMarker[]
  /** What the chosen threshold costs on cases it was not chosen on. */
  readonly estimate: {
    readonly threshold: number
    readonly cost: number
    readonly interval: Bounds | null
  } | null
  /** What amounts are shown with; null for bare numbers. */
  readonly currency: string | null
}

interface CostMarker {
  readonly text: string
  readonly threshold: number
  readonly chosen: boolean
}

const SIZE = { width: 848, height: 300 }
const GRID = { left: 58, right: 14, top: 12, bottom: 42 }

/** Cost per 1,000 cases over all thresholds, with 0.5, Bayes and the chosen one marked. */
export function costCurveChart(chart: CostCurveChart): Markup {
  const { id, runs, markers, estimate, currency } = chart
  const thresholds = runs.flatMap(({ points }) => points.map(({ threshold }) => threshold))
  const finite = thresholds.filter((threshold) => threshold > 0 && threshold < 1)
  const marked = markers.map(({ threshold }) => threshold)
  const axis = probabilityAxis(
    Math.max(Math.min(...finite, 0.5), Math.min(...marked, 0.5) / 30),
    Math.min(0.9999, Math.max(...finite, 0.9)),
    SIZE.width - GRID.left - GRID.right,
  )
  const { min, max, interval } = moneyScale(runs, markers, estimate)
  const place = ({ threshold, costPer1000 }: { threshold: number; costPer1000: number }) => [
    axis.position(threshold),
    costPer1000,
  ]
  const estimateAt = estimate === null ? null : axis.place(estimate.threshold)
  return drawChart({
    id,
    ...SIZE,
    description: descriptionOf(chart),
    option: {
      grid: GRID,
      xAxis: xAxis('threshold on the probability, log-odds scale', axis),
      yAxis: yAxis('cost per 1,000 cases', {
        min,
        max,
        interval,
        text: (cost: number) => formatMoney(cost, currency),
        nameGap: 44,
      }),
      series: [
        ...runs.map(({ token, points }, i) => ({
          type: 'line',
          z: 3 + i,
          symbol: 'none',
          silent: true,
          clip: true,
          lineStyle: runLine(token),
          data: points.map(place),
        })),
        {
          type: 'line',
          data: [],
          markLine: {
            silent: true,
            symbol: 'none',
            data: markers.map((marker, row) =>
              markLine(marker, axis.place(marker.threshold), axis, row),
            ),
          },
        },
        ...(estimate === null || estimateAt === null
          ? []
          : [
              intervalBar(estimateAt, estimate.interval),
              estimatePoint(estimateAt, estimate, axis, currency),
            ]),
      ],
    },
  })
}

function markLine(
  { text, chosen }: CostMarker,
  at: number,
  { min, max }: { readonly min: number; readonly max: number },
  row: number,
): Record<string, unknown> {
  const leftHalf = at < min + 0.72 * (max - min)
  return {
    xAxis: at,
    lineStyle: chosen
      ? { color: colour('accent'), width: 1.5, type: 'solid' }
      : { color: colour('border-strong'), width: 1, type: [4, 3] },
    label: label(text, chosen ? 'accent' : 'muted', {
      position: 'end',
      align: leftHalf ? 'left' : 'right',
      verticalAlign: 'middle',
      fontWeight: chosen ? 600 : 400,
      offset: [leftHalf ? 5 : -5, 12 + 16 * row],
    }),
  }
}

function estimatePoint(
  at: number,
  estimate: NonNullable<CostCurveChart['estimate']>,
  { min, max }: { readonly min: number; readonly max: number },
  currency: string | null,
): Record<string, unknown> {
  const [cost, interval] = amountWithInterval(estimate.cost, estimate.interval, { currency })
  const leftHalf = at < min + 0.6 * (max - min)
  return {
    type: 'scatter',
    silent: true,
    z: 12,
    symbol: 'diamond',
    symbolSize: 12,
    itemStyle: {
      color: colour('cost-mark'),
      borderColor: colour('panel'),
      borderWidth: 1.5,
      opacity: 1,
    },
    label: label(`estimate ${cost}${interval === null ? '' : ` ${interval}`}`, 'cost', {
      position: leftHalf ? 'right' : 'left',
      distance: 8,
      offset: [0, 14],
      fontWeight: 600,
    }),
    data: [[at, estimate.cost]],
  }
}

/** Zero is on the axis; costs far above those in question run out at the top. */
function moneyScale(
  runs: CostCurveChart['runs'],
  markers: readonly CostMarker[],
  estimate: CostCurveChart['estimate'],
): { readonly min: number; readonly max: number; readonly interval: number } {
  const points = runs.flatMap((run) => run.points)
  const nearest = (threshold: number) =>
    points.reduce<number | null>((best, point) => {
      const distance = Math.abs(point.threshold - threshold)
      return best === null || distance < Math.abs(points[best]!.threshold - threshold)
        ? points.indexOf(point)
        : best
    }, null)
  const inQuestion = [
    ...markers.map(({ threshold }) => points[nearest(threshold) ?? -1]?.costPer1000 ?? 0),
    estimate?.interval?.upper ?? estimate?.cost ?? 0,
  ]
  const costs = points.map(({ costPer1000 }) => costPer1000)
  const highest = Math.min(
    Math.max(...costs, ...inQuestion, 0),
    1.5 * Math.max(...inQuestion, 0) || Infinity,
  )
  const lowest = Math.min(0, ...costs, estimate?.interval?.lower ?? 0)
  const interval = roundStep((highest - lowest) / 4 || 1)
  return {
    min: Math.floor(lowest / interval) * interval,
    max: Math.ceil(highest / interval) * interval || interval,
    interval,
  }
}

/** The next of 1, 2, 2.5, 5 times a power of ten. */
export function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= step * 0.999) ?? 10) * power
}

function descriptionOf({ markers, estimate, currency }: CostCurveChart): string {
  const marks = markers
    .map(({ text, threshold }) => `${text} at ${thresholdText(threshold)}`)
    .join('; ')
  return `Line chart of cost per 1,000 cases by threshold. Marked: ${marks}. ${
    estimate === null
      ? ''
      : `The estimate at the chosen threshold is ${moneyText(estimate.cost, { currency })}.`
  }`
}
