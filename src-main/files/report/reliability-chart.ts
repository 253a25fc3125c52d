import { colour, gridLines, intervalBar, label, xAxis, yAxis } from './chart-theme.ts'
import type { ColourToken } from './chart-theme.ts'
import { drawChart } from './draw-chart.ts'
import type { Markup } from './html.ts'
import { probabilityAxis } from './probability-axis.ts'
import type { Bounds } from './number-text.ts'

export interface ReliabilityBin {
  readonly meanProbability: number
  readonly observed: number
  readonly bounds: Bounds | null
}

export interface ReliabilityChart {
  readonly id: string
  readonly runName: string
  readonly token: ColourToken
  /** Before any repair; null where there was none. */
  readonly before: readonly ReliabilityBin[] | null
  readonly after: readonly ReliabilityBin[]
}

const SIZE = { width: 414, height: 330 }
const GRID = { left: 58, right: 14, top: 12, bottom: 42 }

/** Promised against observed, both on log-odds; on the diagonal 10 % means 10 %. */
export function reliabilityChart({ id, runName, token, before, after }: ReliabilityChart): Markup {
  const bins = [...after, ...(before ?? [])]
  const shares = bins.flatMap(({ meanProbability, observed }) => [meanProbability, observed])
  const inside = shares.filter((share) => share > 0 && share < 1)
  const from = Math.max(1e-5, Math.min(...inside, 0.1) / 1.5)
  const to = Math.max(...inside.map((share) => 1 - (1 - share) / 1.5), 0.5)
  const axis = probabilityAxis(from, to, SIZE.width - GRID.left - GRID.right)
  // No log-odds of 0 or 1: such bins stand at the edge, off the line.
  const isInside = ({ observed }: ReliabilityBin) => observed > 0 && observed < 1
  const place = (bin: ReliabilityBin) => [
    axis.place(bin.meanProbability),
    isInside(bin) ? axis.place(bin.observed) : null,
  ]
  const atEdge = after
    .filter((bin) => !isInside(bin))
    .map(({ meanProbability, observed }) => [axis.place(meanProbability), axis.place(observed)])
  const barOf = ({ meanProbability, bounds }: ReliabilityBin) =>
    intervalBar(
      axis.place(meanProbability),
      bounds && { lower: axis.place(bounds.lower), upper: axis.place(bounds.upper) },
      token,
    )
  return drawChart({
    id,
    ...SIZE,
    description: `Reliability diagram of ${runName}: observed share of positives by mean probability, 10 bins of equal count.`,
    option: {
      grid: GRID,
      xAxis: xAxis('mean probability of the bin, log-odds scale', axis),
      yAxis: yAxis('observed share of positives', { ...axis, nameGap: 44 }),
      series: [
        gridLines(axis.ticks),
        {
          type: 'line',
          silent: true,
          symbol: 'none',
          lineStyle: { color: colour('border-strong'), width: 1, type: [4, 3] },
          data: [
            [axis.min, axis.min],
            [axis.max, axis.max],
          ],
        },
        ...(before === null
          ? []
          : [
              {
                type: 'line',
                silent: true,
                z: 3,
                symbol: 'circle',
                symbolSize: 6,
                showAllSymbol: true,
                lineStyle: { width: 1.25, color: colour('warning-mark'), type: [4, 3] },
                itemStyle: {
                  color: colour('panel'),
                  borderColor: colour('warning-mark'),
                  borderWidth: 1.5,
                },
                connectNulls: true,
                data: before.map(place),
              },
            ]),
        ...after.map(barOf),
        {
          type: 'line',
          silent: true,
          z: 12,
          symbol: 'circle',
          symbolSize: 7,
          showAllSymbol: true,
          lineStyle: { width: 1.75, color: colour(token) },
          itemStyle: { color: colour(token) },
          connectNulls: true,
          data: after.map(place),
        },
        {
          type: 'scatter',
          silent: true,
          z: 12,
          symbolSize: 7,
          itemStyle: {
            color: colour('panel'),
            borderColor: colour(token),
            borderWidth: 1.5,
            opacity: 1,
          },
          data: atEdge,
        },
        {
          type: 'scatter',
          silent: true,
          symbolSize: 0,
          itemStyle: { opacity: 1 },
          data: [
            {
              value: [axis.max, axis.min],
              label: label('promises too much', 'muted', {
                position: 'inside',
                align: 'right',
                offset: [-4, -10],
              }),
            },
            {
              value: [axis.min, axis.max],
              label: label('promises too little', 'muted', {
                position: 'inside',
                align: 'left',
                offset: [6, 10],
              }),
            },
          ],
        },
      ],
    },
  })
}
