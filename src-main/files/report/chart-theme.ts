/**
 * Colours and habits of all charts of the report.
 *
 * A drawing has to follow light, dark and print, so it holds no colours but the names of colours:
 * charts are drawn with one stand-in per token, which `draw-chart.ts` replaces by `var(--token)`.
 */
import type { EChartsCoreOption } from 'echarts/core'
import type { Bounds } from './number-text.ts'

const TOKENS = [
  'ink',
  'text',
  'muted',
  'panel',
  'border',
  'border-strong',
  'hairline',
  'accent',
  'positive',
  'positive-mark',
  'negative',
  'negative-mark',
  'cost',
  'cost-mark',
  'warning',
  'warning-mark',
  'run-1',
  'run-2',
  'run-3',
  'run-4',
  'run-5',
  'run-6',
] as const

export type ColourToken = (typeof TOKENS)[number]

/** The stand-in of a token: a colour that nothing else uses. */
export function colour(token: ColourToken): string {
  return `#fa57${TOKENS.indexOf(token).toString(16).padStart(2, '0')}`
}

/** The token of a stand-in, or null for any other colour. */
export function tokenOf(hex: string): ColourToken | null {
  return TOKENS.find((token) => colour(token) === hex) ?? null
}

/** Any name as a token; what is not one gets the colour of labels. */
export function asToken(name: string): ColourToken {
  return TOKENS.find((token) => token === name) ?? 'muted'
}

const FONT_SIZE = { tick: 10.5, label: 11 } as const

/** What every chart has: the page's font, no movement, room for both axis names. */
export const baseOption: EChartsCoreOption = {
  animation: false,
  backgroundColor: 'transparent',
  // What a series says nothing about must not fall back on a palette of its own.
  color: [colour('muted')],
  textStyle: { fontFamily: 'inherit', fontSize: FONT_SIZE.label, color: colour('text') },
}

interface AxisOptions {
  readonly min?: number
  readonly max?: number
  readonly interval?: number
  /** Where ticks and labels stand; null leaves it to the chart. */
  readonly ticks?: readonly number[]
  readonly text?: (value: number) => string
  /** Pixels between axis and name. */
  readonly nameGap?: number
}

/** The horizontal axis: a line with ticks, named in the middle below. */
export function xAxis(name: string, options: AxisOptions): Record<string, unknown> {
  return {
    ...axis(name, options),
    nameGap: options.nameGap ?? 22,
    axisLine: { show: true, onZero: false, lineStyle: { color: colour('border-strong') } },
    axisTick: {
      show: true,
      length: 3,
      lineStyle: { color: colour('border-strong') },
      ...(options.ticks === undefined ? {} : { customValues: options.ticks }),
    },
    splitLine: { show: false },
  }
}

/** The vertical axis: hairlines across, no line, named in the middle beside. */
export function yAxis(name: string, options: AxisOptions): Record<string, unknown> {
  return {
    ...axis(name, options),
    nameGap: options.nameGap ?? 40,
    nameRotate: 90,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: {
      show: options.ticks === undefined,
      lineStyle: { color: colour('hairline'), width: 1 },
    },
  }
}

function axis(
  name: string,
  { min, max, interval, ticks, text }: AxisOptions,
): Record<string, unknown> {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameTextStyle: { color: colour('muted'), fontSize: FONT_SIZE.label },
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(interval === undefined ? {} : { interval }),
    axisLabel: {
      color: colour('muted'),
      fontSize: FONT_SIZE.tick,
      margin: 7,
      ...(ticks === undefined ? {} : { customValues: ticks }),
      ...(text === undefined ? {} : { formatter: text }),
    },
  }
}

/** A text in a chart that stays readable over lines. */
export function label(
  text: string,
  token: ColourToken,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    show: true,
    // A function, since a text would have its {braces} filled in.
    formatter: () => text,
    color: colour(token),
    fontSize: FONT_SIZE.label,
    textBorderColor: colour('panel'),
    textBorderWidth: 3,
    ...more,
  }
}

/** How the line of a run is drawn: the recommended one thick, others thinner and dashed. */
export function runLine(token: ColourToken): Record<string, unknown> {
  return token === 'run-1'
    ? { width: 2.25, color: colour(token) }
    : { width: 1.6, color: colour(token), type: [6, 3] }
}

/** An interval as an upright bar behind its point. */
export function intervalBar(
  at: number,
  interval: Bounds | null,
  token: ColourToken = 'cost-mark',
): Record<string, unknown> {
  return {
    type: 'line',
    silent: true,
    symbol: 'none',
    z: 11,
    clip: true,
    lineStyle: { width: 2.5, color: colour(token), opacity: 0.55, cap: 'round' },
    data:
      interval === null
        ? []
        : [
            [at, interval.lower],
            [at, interval.upper],
          ],
  }
}

/** Hairlines at ticks of one's own choice, where the vertical axis would draw them elsewhere. */
export function gridLines(ticks: readonly number[]): Record<string, unknown> {
  return {
    type: 'line',
    data: [],
    markLine: {
      silent: true,
      symbol: 'none',
      z: 0,
      label: { show: false },
      lineStyle: { color: colour('hairline'), width: 1, type: 'solid' },
      data: ticks.map((tick) => ({ yAxis: tick })),
    },
  }
}
