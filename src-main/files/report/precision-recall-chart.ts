import type { Commitment } from '#shared/core/frame/frame.ts'
import { colour, label, runLine, xAxis, yAxis } from './chart-theme.ts'
import type { ColourToken } from './chart-theme.ts'
import { drawChart } from './draw-chart.ts'
import type { Markup } from './html.ts'
import { fixedText, percentText } from './number-text.ts'

export interface PrecisionRecallChart {
  readonly id: string
  /** The recommended run last, so that it lies on top. */
  readonly runs: readonly {
    readonly name: string
    readonly token: ColourToken
    readonly points: readonly { readonly recall: number; readonly precision: number }[]
  }[]
  readonly prevalence: number
  readonly commitments: readonly Commitment[]
  /** Where the recommended run works; null when its precision is not defined. */
  readonly point: { readonly recall: number; readonly precision: number } | null
}

const SIZE = { width: 414, height: 320 }

/** The whole precision-recall curve, with prevalence as its floor and the operating point on it. */
export function precisionRecallChart(chart: PrecisionRecallChart): Markup {
  const { id, runs, prevalence, commitments, point } = chart
  const tick = (value: number): string => fixedText(value, 1)
  return drawChart({
    id,
    ...SIZE,
    description: `Precision by recall. Prevalence, the precision of chance, is ${percentText(prevalence)}.${
      point === null
        ? ''
        : ` The operating point has recall ${fixedText(point.recall, 2)} and precision ${fixedText(point.precision, 2)}.`
    }`,
    option: {
      grid: { left: 46, right: 14, top: 12, bottom: 42 },
      xAxis: xAxis('recall', { min: 0, max: 1, interval: 0.2, text: tick }),
      yAxis: yAxis('precision', { min: 0, max: 1, interval: 0.2, text: tick, nameGap: 30 }),
      series: [
        ...runs.map(({ token, points }, i) => ({
          type: 'line',
          z: 3 + i,
          symbol: 'none',
          silent: true,
          lineStyle: runLine(token),
          data: points.map(({ recall, precision }) => [recall, precision]),
        })),
        {
          type: 'line',
          data: [],
          markLine: {
            silent: true,
            symbol: 'none',
            data: [
              {
                yAxis: prevalence,
                lineStyle: { color: colour('border-strong'), width: 1, type: 'solid' },
                label: label(`prevalence ${percentText(prevalence)}`, 'muted', {
                  position: prevalence > 0.9 ? 'insideStartBottom' : 'insideStartTop',
                }),
              },
              ...commitments.map(commitmentLine),
            ],
          },
        },
        ...(point === null
          ? []
          : [
              {
                type: 'scatter',
                silent: true,
                z: 12,
                symbolSize: 10,
                itemStyle: {
                  color: colour('panel'),
                  borderColor: colour('accent'),
                  borderWidth: 2.5,
                  opacity: 1,
                },
                label: label(
                  `recall ${fixedText(point.recall, 2)}, precision ${fixedText(point.precision, 2)}`,
                  'accent',
                  {
                    position: point.recall > 0.45 ? 'left' : 'right',
                    distance: 8,
                    fontWeight: 600,
                  },
                ),
                data: [[point.recall, point.precision]],
              },
            ]),
      ],
    },
  })
}

function commitmentLine({ measure, atLeast }: Commitment): Record<string, unknown> {
  const text = `committed ${percentText(atLeast)}`
  const lineStyle = { color: colour('warning-mark'), width: 1.25, type: [4, 3] }
  return measure === 'recall'
    ? {
        xAxis: atLeast,
        lineStyle,
        label: label(text, 'warning', {
          position: 'end',
          rotate: 0,
          align: atLeast > 0.5 ? 'right' : 'left',
          verticalAlign: 'middle',
          offset: [atLeast > 0.5 ? -5 : 5, 10],
        }),
      }
    : { yAxis: atLeast, lineStyle, label: label(text, 'warning', { position: 'insideStartTop' }) }
}
