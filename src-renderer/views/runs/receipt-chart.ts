/** Reliability diagrams of a calibration receipt, side by side on log-odds. */
import type { EChartsOption } from 'echarts'
import { logit } from '#shared/core/math/elementary.ts'
import type { CalibrationStage } from '#shared/core/calibration/receipt.ts'
import { colour, textSize } from '../../charts/theme.ts'
import { marks, placed, receiptPoints, receiptRange, stageText } from './receipt-points.ts'

const left = 52
const right = 18
const between = 38

export function receiptOption(stages: readonly CalibrationStage[]): EChartsOption {
  const range = receiptRange(stages)
  const ticks = marks.filter((mark) => mark >= range.low && mark <= range.high)
  const ends = { min: logit(range.low), max: logit(range.high) }
  const labels = {
    customValues: ticks.map(logit),
    formatter: (value: number) => tickText(value),
    hideOverlap: true,
  }
  const columns = stages.length
  const share = (i: number): { left: string; width: string } => ({
    left: `${(100 * i) / columns + 100 * (left / 580)}%`,
    width: `${100 / columns - 100 * (between / 580) - 100 * ((left + right) / 580 / columns)}%`,
  })
  return {
    grid: stages.map((_, i) => ({ ...share(i), top: 10, bottom: 40 })),
    tooltip: { show: false },
    xAxis: stages.map(({ stage }, i) => ({
      type: 'value',
      gridIndex: i,
      ...ends,
      name: stageText(stage),
      nameLocation: 'middle',
      nameGap: 22,
      nameTextStyle: { color: colour('text'), fontSize: textSize('small') },
      axisLabel: labels,
      axisTick: { show: true, customValues: ticks.map(logit) },
      axisLine: { show: true, onZero: false },
      splitLine: { show: false },
    })),
    yAxis: stages.map((_, i) => ({
      type: 'value',
      gridIndex: i,
      ...ends,
      axisLabel: i === 0 ? labels : { show: false },
      axisTick: { show: false, customValues: ticks.map(logit) },
      axisLine: { show: false },
      splitLine: { show: true },
    })),
    series: stages.flatMap((stage, i): object[] => {
      const axes = { xAxisIndex: i, yAxisIndex: i, silent: true }
      const points = receiptPoints(stage)
      const isUsed = i === stages.length - 1
      const ink = colour(isUsed ? 'ink' : 'muted')
      return [
        {
          ...axes,
          type: 'line',
          data: [
            [ends.min, ends.min],
            [ends.max, ends.max],
          ],
          lineStyle: { color: colour('border-strong'), width: 1, type: [3, 3] },
        },
        {
          ...axes,
          type: 'custom',
          z: 2,
          data: points.map(({ predicted, low, high }) => [
            placed(predicted, range),
            placed(low, range),
            placed(high, range),
          ]),
          encode: { x: 0, y: [1, 2] },
          renderItem: (_: unknown, api: Api) => {
            const [x, y1] = api.coord([api.value(0), api.value(1)])
            const [, y2] = api.coord([api.value(0), api.value(2)])
            return {
              type: 'line',
              shape: { x1: x, x2: x, y1, y2 },
              style: { stroke: ink, lineWidth: 3, opacity: 0.28 },
            }
          },
        },
        {
          ...axes,
          type: 'line',
          z: 3,
          data: points.map(({ predicted, observed }) => [
            placed(predicted, range),
            placed(observed, range),
          ]),
          symbol: 'circle',
          symbolSize: 5,
          lineStyle: { color: ink, width: isUsed ? 2 : 1.5 },
          itemStyle: { color: ink },
        },
      ]
    }),
  }
}

interface Api {
  value(dimension: number): number
  coord(point: [number, number]): [number, number]
}

function tickText(place: number): string {
  const mark = marks.reduce((best, one) =>
    Math.abs(logit(one) - place) < Math.abs(logit(best) - place) ? one : best,
  )
  return String(mark)
}
