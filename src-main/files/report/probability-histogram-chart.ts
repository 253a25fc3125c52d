import { colour, gridLines, label, xAxis, yAxis } from './chart-theme.ts'
import { drawChart } from './draw-chart.ts'
import { shortened } from './html.ts'
import type { Markup } from './html.ts'
import { countText, fixedText, thresholdText } from './number-text.ts'

export interface ProbabilityHistogramChart {
  readonly id: string
  /** Cases per bin: positives upwards, negatives downwards. */
  readonly bins: readonly {
    readonly from: number
    readonly to: number
    readonly positives: number
    readonly negatives: number
  }[]
  readonly positiveClass: string
  readonly threshold: number | null
}

const SIZE = { width: 414, height: 320 }
const GRID = { left: 52, right: 14, top: 12, bottom: 42 }

/** Counts grow tenfold from line to line, so that few positives show beside many negatives. */
export function probabilityHistogramChart(chart: ProbabilityHistogramChart): Markup {
  const { id, bins, positiveClass, threshold } = chart
  const up = height(Math.max(1, ...bins.map(({ positives }) => positives)))
  const down = height(Math.max(1, ...bins.map(({ negatives }) => negatives)))
  const sum = (of: 'positives' | 'negatives') => bins.reduce((total, bin) => total + bin[of], 0)
  const name = shortened(positiveClass, 24)
  // Room for two lines of labels above the bars and one below.
  const perPixel = (up + down) / (SIZE.height - GRID.top - GRID.bottom - 52)
  const top = up + 34 * perPixel
  const bottom = -down - 18 * perPixel
  const powers = [1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7].map(height)
  const ticks = [
    ...powers.filter((p) => p <= down).map((p) => -p),
    0,
    ...powers.filter((p) => p <= up),
  ]
  const shownTicks = thinned(ticks, perPixel)
  return drawChart({
    id,
    ...SIZE,
    description: `Cases by probability and class, counts on a logarithmic scale: ${name} upwards, ${countText(sum('positives'))}; other cases downwards, ${countText(sum('negatives'))}.${
      threshold === null ? '' : ` The threshold stands at ${thresholdText(threshold)}.`
    }`,
    option: {
      grid: GRID,
      xAxis: xAxis('probability', {
        min: 0,
        max: 1,
        interval: 0.2,
        text: (value) => fixedText(value, 1),
      }),
      yAxis: yAxis('cases, logarithmic', {
        min: bottom,
        max: top,
        ticks: shownTicks,
        text: (value) => countText(10 ** Math.abs(value) - 1),
        nameGap: 38,
      }),
      series: [
        gridLines(shownTicks),
        {
          type: 'custom',
          silent: true,
          z: 3,
          data: bins.flatMap(({ from, to, positives, negatives }) => [
            [from, to, height(positives), 1],
            [from, to, -height(negatives), 0],
          ]),
          renderItem: bar,
        },
        {
          type: 'line',
          data: [],
          markLine: {
            silent: true,
            symbol: 'none',
            data: [
              {
                yAxis: 0,
                lineStyle: { color: colour('border-strong'), width: 1, type: 'solid' },
                label: { show: false },
              },
              ...(threshold === null ? [] : [thresholdLine(threshold)]),
            ],
          },
        },
        {
          type: 'scatter',
          silent: true,
          z: 12,
          symbolSize: 0,
          itemStyle: { opacity: 1 },
          data: [
            corner(top, `${name}, ${countText(sum('positives'))}`, 'positive', 8),
            corner(bottom, `other cases, ${countText(sum('negatives'))}`, 'negative', -9),
          ],
        },
      ],
    },
  })
}

interface CustomApi {
  readonly value: (dimension: number) => number
  readonly coord: (point: readonly [number, number]) => readonly [number, number]
}

function bar(_: unknown, api: CustomApi): Record<string, unknown> {
  const [left, zero] = api.coord([api.value(0), 0])
  const [right, end] = api.coord([api.value(1), api.value(2)])
  return {
    type: 'rect',
    shape: {
      x: left + 0.5,
      y: Math.min(zero, end),
      width: Math.max(0.5, right - left - 1),
      height: Math.abs(end - zero),
    },
    style: { fill: colour(api.value(3) === 1 ? 'positive-mark' : 'negative-mark') },
  }
}

function thresholdLine(threshold: number): Record<string, unknown> {
  return {
    xAxis: Math.min(1, threshold),
    lineStyle: { color: colour('accent'), width: 1.5, type: 'solid' },
    label: label(`threshold ${thresholdText(threshold)}`, 'accent', {
      position: 'end',
      align: threshold > 0.6 ? 'right' : 'left',
      verticalAlign: 'middle',
      offset: [threshold > 0.6 ? -5 : 5, 24],
      fontWeight: 600,
    }),
  }
}

function corner(
  y: number,
  text: string,
  token: 'positive' | 'negative',
  down: number,
): Record<string, unknown> {
  return {
    value: [1, y],
    label: label(text, token, {
      position: 'inside',
      align: 'right',
      offset: [-2, down],
      fontWeight: 600,
    }),
  }
}

/** Ticks that keep 14 pixels apart, the ones nearest to zero first. */
function thinned(ticks: readonly number[], perPixel: number): readonly number[] {
  const kept: number[] = []
  for (const tick of ticks.toSorted((a, b) => Math.abs(a) - Math.abs(b))) {
    if (kept.every((other) => Math.abs(other - tick) >= 14 * perPixel)) kept.push(tick)
  }
  return kept.sort((a, b) => a - b)
}

/** log₁₀(count + 1): no case has no height. */
function height(count: number): number {
  return Math.log10(count + 1)
}
