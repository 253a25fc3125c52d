/** Where the plot of a chart lies, and how its data map to pixels: what overlays are placed by. */
import type { EChartsOption } from 'echarts'
import type { ECharts } from './echarts.ts'

export interface ChartFrame {
  /** Of the whole drawing, in pixels. */
  readonly width: number
  readonly height: number
  /** The box between the axes. */
  readonly plot: {
    readonly left: number
    readonly top: number
    readonly width: number
    readonly height: number
  }
  /** Pixels from the left edge of the drawing. */
  toX(value: number): number
  /** Pixels from its top edge. */
  toY(value: number): number
  fromX(pixels: number): number
  fromY(pixels: number): number
}

interface Scale {
  toPixels(value: number): number
  toValue(pixels: number): number
}

/** Measures a chart that has been drawn. Null when it has no axes or no size. */
export function measureFrame(chart: ECharts, option: EChartsOption): ChartFrame | null {
  const [width, height] = [chart.getWidth(), chart.getHeight()]
  if (width < 2 || height < 2) return null
  const x = scaleOf(chart, 'x', kindOf(option.xAxis), width)
  const y = scaleOf(chart, 'y', kindOf(option.yAxis), height)
  if (x === null || y === null) return null
  const box = gridBox(chart)
  if (box === null) return null
  return {
    width,
    height,
    plot: box,
    toX: (value) => x.toPixels(value),
    toY: (value) => y.toPixels(value),
    fromX: (pixels) => x.toValue(pixels),
    fromY: (pixels) => y.toValue(pixels),
  }
}

export function sameFrame(a: ChartFrame | null, b: ChartFrame | null): boolean {
  if (a === null || b === null) return a === b
  const corners = ({ width, height, plot }: ChartFrame): number[] => [
    ...[width, height, plot.left, plot.top, plot.width, plot.height],
  ]
  const ends = (frame: ChartFrame): number[] => {
    const { left, top, width, height } = a.plot
    return [
      frame.fromX(left),
      frame.fromX(left + width),
      frame.fromY(top),
      frame.fromY(top + height),
    ]
  }
  const all = (frame: ChartFrame): number[] => [...corners(frame), ...ends(frame)]
  const others = all(b)
  return all(a).every((value, i) => Math.abs(value - others[i]!) <= 1e-9 * Math.abs(value))
}

function kindOf(axes: EChartsOption['xAxis'] | EChartsOption['yAxis']): string {
  const first = Array.isArray(axes) ? axes[0] : axes
  return first?.type ?? 'value'
}

/** Straight between two points for values and their logarithms; asked of the chart for the rest. */
function scaleOf(chart: ECharts, which: 'x' | 'y', kind: string, extent: number): Scale | null {
  const finder = { [`${which}AxisIndex`]: 0 }
  const ask = (pixels: number): number => chart.convertFromPixel(finder, pixels)
  const isLog = kind === 'log'
  if (kind === 'value' || isLog) {
    const forward = isLog ? Math.log10 : (value: number) => value
    const back = isLog ? (value: number) => 10 ** value : (value: number) => value
    const [a, b] = [forward(ask(0)), forward(ask(extent))]
    if (!Number.isFinite(a) || !Number.isFinite(b) || a === b) return null
    return {
      toPixels: (value) => ((forward(value) - a) / (b - a)) * extent,
      toValue: (pixels) => back(a + (pixels / extent) * (b - a)),
    }
  }
  if (!Number.isFinite(ask(extent / 2))) return null
  return {
    toPixels: (value) => chart.convertToPixel(finder, value),
    toValue: ask,
  }
}

/** The box of the first grid. */
function gridBox(chart: ECharts): ChartFrame['plot'] | null {
  // Not in the published types, though plug-ins of ECharts rely on it.
  const { getModel } = chart as unknown as {
    getModel?: () => {
      getComponent(name: string): {
        coordinateSystem?: { getRect(): { x: number; y: number; width: number; height: number } }
      } | null
    }
  }
  const rect = getModel?.call(chart).getComponent('grid')?.coordinateSystem?.getRect()
  if (rect === undefined) return null
  return { left: rect.x, top: rect.y, width: rect.width, height: rect.height }
}
