/** Reliability diagrams of a calibration receipt, side by side on log-odds. */
import type { EChartsOption } from 'echarts'
import { logit } from '#shared/core/math/elementary.ts'
import type { CalibrationStage } from '#shared/core/calibration/receipt.ts'
import { colour, textSize } from '../../charts/theme.ts'
import type { TwinTable } from '../../format/csv.ts'
import { count, plain, rate, wilson } from '../../format/numbers.ts'

const stageTexts: Readonly<Record<CalibrationStage['stage'], string>> = {
  raw: 'As trained',
  corrected: 'After the odds shift',
  recalibrated: 'After calibration',
}

export function stageText(stage: CalibrationStage['stage']): string {
  return stageTexts[stage]
}

export interface Range {
  readonly low: number
  readonly high: number
}

interface Point {
  readonly predicted: number
  readonly observed: number
  readonly low: number
  readonly high: number
  readonly cases: number
}

/** The points of a diagram with 95 % Wilson intervals; bins without cases are left out. */
export function receiptPoints({ bins }: CalibrationStage): readonly Point[] {
  return bins.flatMap(({ count: cases, meanProbability, observed }) => {
    if (cases === 0 || meanProbability === null || observed === null) return []
    const { lower, upper } = wilson(observed * cases, cases)
    return [{ predicted: meanProbability, observed, low: lower, high: upper, cases }]
  })
}

/** Marked probabilities, from end to end of the scale. */
const marks = [0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999]

/** Where the diagrams begin and end: marks around all points; zero lies on the edge. */
export function receiptRange(stages: readonly CalibrationStage[]): Range {
  const all = stages
    .flatMap(receiptPoints)
    .flatMap(({ predicted, observed }) => [predicted, observed])
    .filter((value) => value > 0 && value < 1)
  const least = Math.min(0.1, ...all)
  const greatest = Math.max(0.5, ...all)
  return {
    low: marks.findLast((mark) => mark <= least) ?? marks[0]!,
    high: marks.find((mark) => mark >= greatest) ?? marks.at(-1)!,
  }
}

/** A probability on the scale, in log-odds; what lies beyond is on the edge. */
export function placed(value: number, { low, high }: Range): number {
  return logit(Math.min(high, Math.max(low, value)))
}

const left = 44
const right = 10
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
  // As wide as for three, so that one diagram doesn't stretch.
  const columns = Math.max(2, stages.length)
  const share = (i: number): { left: string; width: string } => ({
    left: `${(100 * i) / columns + 100 * (left / 900)}%`,
    width: `${100 / columns - 100 * (between / 900) - 100 * ((left + right) / 900 / columns)}%`,
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

export function receiptTable(stages: readonly CalibrationStage[]): TwinTable {
  const format = (value: number): string => plain(value, 3)
  return {
    head: [
      { text: 'Stage' },
      { text: 'Bin', numeric: true },
      { text: 'Predicted', numeric: true, format },
      { text: 'Observed', numeric: true, format },
      { text: 'From', numeric: true, format: (value) => rate(value, 3) },
      { text: 'To', numeric: true, format: (value) => rate(value, 3) },
      { text: 'Cases', numeric: true, format: count },
    ],
    rows: stages.flatMap((stage) =>
      receiptPoints(stage).map(({ predicted, observed, low, high, cases }, i) => [
        stageText(stage.stage),
        i + 1,
        predicted,
        observed,
        low,
        high,
        cases,
      ]),
    ),
  }
}

function tickText(place: number): string {
  const mark = marks.reduce((best, one) =>
    Math.abs(logit(one) - place) < Math.abs(logit(best) - place) ? one : best,
  )
  return String(mark)
}
