/** Shares of easy and hard cases of both classes over training, one on the other. */
import type { EChartsOption } from 'echarts'
import type { GradientFlow } from '#shared/core/insight/training-record.ts'
import type { FlowGroup } from '#shared/core/insight/flow-ends.ts'
import { axis, colour, xAxis } from '../../charts/theme.ts'
import { percent } from '../../format/numbers.ts'
import { drawnGroups, flowLines, partTexts } from './flow-points.ts'
import type { FlowPart } from './flow-points.ts'

/** Hard cases in the full colour of their class, easy ones in a lighter one. */
export function groupColour(group: FlowGroup): string {
  const token = group.endsWith('Positives') ? 'positive-mark' : 'negative-mark'
  return colour(token, group.startsWith('hard') ? 0.95 : 0.38)
}

export function flowOption(flow: GradientFlow, part: FlowPart, pass: string): EChartsOption {
  const lines = flowLines(flow, part)
  return {
    grid: { left: 52, right: 14, top: 24, bottom: 36 },
    tooltip: { show: false },
    xAxis: xAxis(pass, { min: 1, max: Math.max(2, flow.points.at(-1)?.pass ?? 2) }),
    yAxis: axis(`share of the ${partTexts[part]}`, {
      ...{ min: 0, max: 1, interval: 0.25 },
      axisLabel: { formatter: (value: number) => percent(value, 0) },
    }),
    series: drawnGroups.map((group) => ({
      type: 'line' as const,
      stack: 'share',
      data: lines[group].map(([x, y]) => [x, y]),
      lineStyle: { width: 0.75, color: colour('panel') },
      areaStyle: { color: groupColour(group), opacity: 1 },
      symbol: 'none',
      silent: true,
    })),
  }
}
