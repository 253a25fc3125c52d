/** The look of charts, from the tokens, for the present colours of the page. */
import type { CustomSeriesOption, XAXisComponentOption, YAXisComponentOption } from 'echarts'
import { appearance } from '../state/appearance.svelte.ts'
import { runShapes } from './run-shapes.ts'

const brush = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext(
  '2d',
  { willReadFrequently: true },
)!
let probe: HTMLElement | null = null
let cache = new Map<string, readonly [number, number, number]>()
let cachedFor = -1

/**
 * The colour that a token has now, `colour('positive-mark', 0.3)`. Reading it makes what is drawn
 * depend on the appearance, so that it is drawn again when light turns to dark.
 */
export function colour(token: string, alpha = 1): string {
  if (cachedFor !== appearance.generation) {
    cache = new Map()
    cachedFor = appearance.generation
  }
  let channels = cache.get(token)
  if (channels === undefined) {
    channels = resolve(token)
    cache.set(token, channels)
  }
  const [r, g, b] = channels
  return alpha === 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${alpha})`
}

function resolve(token: string): readonly [number, number, number] {
  if (probe === null) {
    probe = document.createElement('i')
    probe.hidden = true
    document.body.append(probe)
  }
  probe.style.color = `var(--${token})`
  brush.clearRect(0, 0, 1, 1)
  brush.fillStyle = getComputedStyle(probe).color
  brush.fillRect(0, 0, 1, 1)
  const [r = 0, g = 0, b = 0] = brush.getImageData(0, 0, 1, 1).data
  return [r, g, b]
}

/** The colour of run i in the order of pinning; the champion is 0. */
export function runColour(index: number, alpha = 1): string {
  return colour(`run-${(index % 6) + 1}`, alpha)
}

/** The mark of run i, as ECharts calls it. */
export function runSymbol(index: number): string {
  return runShapes[index % runShapes.length]!.symbol
}

/** The faces of the page. Single quotes: ECharts writes them into attributes as they are. */
export function fontFamily(): string {
  return getComputedStyle(document.documentElement).fontFamily.replaceAll('"', "'")
}

/** Pixels of a text size in charts: tokens scale with the settings. */
export function textSize(size: 'micro' | 'small'): number {
  return { micro: 10.5, small: 11.5 }[size] * appearance.textScale
}

/** The theme of every chart. Legends are left to `direct` labels, motion to overlays. */
export function theme(): Readonly<Record<string, unknown>> {
  const family = fontFamily()
  const small = { fontFamily: family, fontSize: textSize('small'), color: colour('text') }
  const micro = { fontFamily: family, fontSize: textSize('micro'), color: colour('muted') }
  const line = { lineStyle: { color: colour('border'), width: 1 } }
  const shared = {
    axisLine: { show: true, ...line },
    axisTick: { show: true, length: 3, ...line },
    axisLabel: { ...micro, margin: 6, hideOverlap: true },
    splitLine: { show: true, lineStyle: { color: colour('hairline'), width: 1 } },
    nameTextStyle: micro,
    nameGap: 8,
    minorTick: { show: false },
  }
  const bare = { ...shared, axisLine: { show: false }, axisTick: { show: false } }
  return {
    color: [0, 1, 2, 3, 4, 5].map((i) => runColour(i)),
    backgroundColor: 'transparent',
    textStyle: small,
    animation: false,
    // Overlays rely on the exact box.
    grid: { left: 46, right: 14, top: 24, bottom: 34, outerBoundsMode: 'none' },
    categoryAxis: { ...shared, splitLine: { show: false }, axisTick: { show: false } },
    valueAxis: bare,
    logAxis: bare,
    timeAxis: shared,
    line: { symbol: 'none', lineStyle: { width: 1.75 }, emphasis: { disabled: true } },
    bar: { itemStyle: { borderRadius: 0 }, emphasis: { disabled: true } },
    scatter: { symbolSize: 6, emphasis: { disabled: true } },
    tooltip: {
      trigger: 'axis',
      confine: true,
      transitionDuration: 0,
      backgroundColor: colour('raised'),
      borderColor: colour('border'),
      borderWidth: 1,
      padding: [6, 10],
      textStyle: small,
      axisPointer: {
        lineStyle: { color: colour('border-strong'), width: 1, type: 'solid' },
        crossStyle: { color: colour('border-strong') },
      },
      extraCssText:
        'box-shadow: var(--e-2); border-radius: 6px; font-variant-numeric: tabular-nums;',
    },
  }
}

/** A value axis with its unit at the end: `axis('€ a month')`. */
export function axis(unit: string, more: YAXisComponentOption = {}): YAXisComponentOption {
  return {
    type: 'value',
    name: unit,
    nameLocation: 'end',
    nameGap: 9,
    nameTextStyle: { align: 'left', padding: [0, 0, 0, -38] },
    splitNumber: 4,
    ...more,
  } as YAXisComponentOption
}

/** The same for the x axis, with its line and ticks, and its unit below. */
export function xAxis(unit: string, more: XAXisComponentOption = {}): XAXisComponentOption {
  return {
    type: 'value',
    name: unit,
    nameLocation: 'middle',
    nameGap: 20,
    axisLine: { show: true },
    axisTick: { show: true },
    splitLine: { show: false },
    ...more,
  } as XAXisComponentOption
}

/** A band between two lines of points with the same x, drawn under the lines. */
export function band(
  low: readonly (readonly [number, number])[],
  high: readonly (readonly [number, number])[],
  color: string,
): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    clip: true,
    z: 1,
    tooltip: { show: false },
    // One datum that stands for all; the axes of the chart have ranges of their own.
    data: [[low[0]?.[0] ?? 0, low[0]?.[1] ?? 0]],
    renderItem: (_, api) => ({
      type: 'polygon',
      shape: {
        points: [...high, ...low.toReversed()].map((point) => api.coord([...point])),
      },
      style: { fill: color },
    }),
  }
}
