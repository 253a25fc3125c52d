import type { NetBenefitCurve } from '#shared/core/decision/uncertainty.ts'
import { formatNumber } from '#shared/core/format.ts'
import { colour, label, runLine, xAxis, yAxis } from './chart-theme.ts'
import type { ColourToken } from './chart-theme.ts'
import { roundStep } from './cost-curve-chart.ts'
import { drawChart } from './draw-chart.ts'
import type { Markup } from './html.ts'
import { probabilityAxis } from './probability-axis.ts'

export interface DecisionCurveChart {
  readonly id: string
  /** The recommended run last, so that it lies on top. */
  readonly curves: readonly (NetBenefitCurve & { readonly token: ColourToken })[]
  readonly markers: readonly { readonly text: string; readonly threshold: number }[]
  /** What the picture comes to, in a sentence. */
  readonly sentence: string
}

const SIZE = { width: 848, height: 300 }
const GRID = { left: 58, right: 14, top: 12, bottom: 42 }

/** Net benefit by threshold probability, with a band around each run, beside all and nobody. */
export function decisionCurveChart({ id, curves, markers, sentence }: DecisionCurveChart): Markup {
  const own = curves.at(-1)!
  const { points } = own
  const [first, last] = [points[0]!, points.at(-1)!].map((point) => point.thresholdProbability)
  const axis = probabilityAxis(first!, last!, SIZE.width - GRID.left - GRID.right)
  // Alerting on everybody falls without end; the room below is for the runs.
  const values = curves.flatMap((curve) =>
    curve.points.flatMap(({ netBenefitPer1000, netBenefitPer1000Interval: interval }) => [
      netBenefitPer1000,
      interval?.upper ?? netBenefitPer1000,
    ]),
  )
  const highest = Math.max(...values, points[0]!.alertAllPer1000, 0)
  const interval = roundStep(highest / 4 || 1)
  const lowest = Math.min(-0.2 * highest, Math.max(Math.min(...values), -0.6 * highest))
  const at = (threshold: number): number => axis.position(threshold)
  return drawChart({
    id,
    ...SIZE,
    description: `Line chart of net benefit by threshold probability, with 95 % bands. ${sentence}`,
    option: {
      grid: GRID,
      xAxis: xAxis('threshold probability: alert from here on, log-odds scale', axis),
      yAxis: yAxis('net true positives per 1,000 cases', {
        min: Math.floor(lowest / interval) * interval,
        max: Math.ceil(highest / interval) * interval || interval,
        interval,
        text: formatNumber,
        nameGap: 44,
      }),
      series: [
        ...curves.map(({ token, points: drawn }, i) => ({
          type: 'custom',
          silent: true,
          clip: true,
          z: 1 + i,
          data: [[axis.min, 0]],
          renderItem: (
            _: unknown,
            api: { coord: (point: readonly [number, number]) => readonly [number, number] },
          ) => ({
            type: 'polygon',
            shape: {
              points: bandOf(drawn).map(([threshold, value]) => api.coord([at(threshold), value])),
            },
            style: { fill: colour(token), opacity: 0.13 },
          }),
        })),
        {
          type: 'line',
          z: 3,
          symbol: 'none',
          silent: true,
          clip: true,
          lineStyle: { width: 1.4, color: colour('muted'), type: [2, 3] },
          data: points.map(({ thresholdProbability, alertAllPer1000 }) => [
            at(thresholdProbability),
            alertAllPer1000,
          ]),
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
                lineStyle: { color: colour('border-strong'), width: 1.2, type: 'solid' },
                label: label('alert on nobody', 'muted', { position: 'insideStartBottom' }),
              },
              ...markers.map(({ text, threshold }, row) => ({
                xAxis: axis.place(threshold),
                lineStyle: { color: colour('border-strong'), width: 1, type: [4, 3] },
                label: label(text, 'muted', {
                  position: 'end',
                  align: 'left',
                  verticalAlign: 'middle',
                  offset: [5, 12 + 16 * row],
                }),
              })),
            ],
          },
        },
        ...curves.map(({ token, points: drawn }, i) => ({
          type: 'line',
          z: 4 + i,
          symbol: 'none',
          silent: true,
          clip: true,
          lineStyle: runLine(token),
          data: drawn.map(({ thresholdProbability, netBenefitPer1000 }) => [
            at(thresholdProbability),
            netBenefitPer1000,
          ]),
        })),
      ],
    },
  })
}

/** The outline of a band: its lower ends forth, its upper ends back. */
function bandOf(points: NetBenefitCurve['points']): (readonly [number, number])[] {
  const ends = points.flatMap(({ thresholdProbability, netBenefitPer1000Interval: interval }) =>
    interval === null ? [] : [{ at: thresholdProbability, ...interval }],
  )
  return [
    ...ends.map(({ at, lower }) => [at, lower] as const),
    ...ends.toReversed().map(({ at, upper }) => [at, upper] as const),
  ]
}
