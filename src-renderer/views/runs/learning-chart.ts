import type { EChartsOption } from 'echarts'
import type { LearningCurve } from '#shared/core/report/analysis.ts'
import { axis, band, colour, xAxis } from '../../charts/theme.ts'
import { count, rate } from '../../format/numbers.ts'
import { curvePoints, metricText } from './learning-points.ts'

/** The mean over the folds, and a band from the lowest to the highest of them. */
export function learningOption(curve: LearningCurve): EChartsOption {
  const points = curvePoints(curve)
  const ink = colour('ink')
  const at = (of: (point: (typeof points)[number]) => number): [number, number][] =>
    points.map((point) => [point.samples, of(point)])
  return {
    grid: { left: 58, right: 20, top: 24, bottom: 36 },
    tooltip: { show: false },
    xAxis: xAxis('cases trained on', { axisLabel: { formatter: (value: number) => count(value) } }),
    yAxis: axis(metricText(curve.metric), {
      min: Math.floor(20 * Math.min(...points.map(({ lower }) => lower))) / 20,
      max: Math.ceil(20 * Math.max(...points.map(({ upper }) => upper))) / 20,
      axisLabel: { formatter: (value: number) => rate(value, 2) },
    }),
    series: [
      band(
        at(({ lower }) => lower),
        at(({ upper }) => upper),
        colour('ink', 0.12),
      ),
      {
        type: 'line',
        data: at(({ value }) => value),
        symbol: 'circle',
        symbolSize: 5,
        silent: true,
        lineStyle: { color: ink, width: 2 },
        itemStyle: { color: ink },
      },
    ],
  }
}
