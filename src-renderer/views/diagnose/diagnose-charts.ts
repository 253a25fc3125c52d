/** The drawings of the diagnosis. */
import type { EChartsOption } from 'echarts'
import { logit } from '#shared/core/math/elementary.ts'
import type { HardnessPoint, RankingEvidence } from '#shared/core/diagnosis/evidence.ts'
import { axis, colour, fontFamily, textSize, xAxis } from '../../charts/theme.ts'
import type { TwinTable } from '../../format/csv.ts'
import { count, money, rate } from '../../format/numbers.ts'
import type { CostStep } from './cost-steps.ts'

interface Unit {
  readonly factor: number
  readonly currency: string | null
}

/** Bars from no model at the top to treatments at the bottom, with intervals and changes beside. */
export function stepsOption(steps: readonly CostStep[], { factor, currency }: Unit): EChartsOption {
  const rows = steps.toReversed()
  const most = Math.max(...steps.map(({ cost, high }) => Math.max(cost, high ?? 0))) * factor
  const least = Math.min(0, ...steps.map(({ cost, low }) => Math.min(cost, low ?? 0))) * factor
  const fills: Readonly<Record<CostStep['kind'], string>> = {
    without: colour('border-strong', 0.5),
    'at half': colour('cost-mark', 0.55),
    tuned: colour('cost-mark'),
    treated: colour('cost-mark', 0.3),
  }
  return {
    grid: { left: 190, right: 158, top: 4, bottom: 24 },
    tooltip: { show: false },
    xAxis: xAxis('', {
      min: least,
      max: most > least ? most : least + 1,
      splitLine: { show: true },
      axisLabel: {
        showMaxLabel: false,
        formatter: (value: number) => money(value, currency),
      },
    }),
    yAxis: {
      type: 'category',
      data: rows.map(({ label }) => label),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        fontSize: textSize('small'),
        color: colour('text'),
        width: 176,
        overflow: 'truncate',
        interval: 0,
      },
    },
    series: [
      {
        type: 'custom',
        silent: true,
        clip: false,
        data: rows.map(({ cost }, i) => [cost * factor, i]),
        encode: { x: 0, y: 1 },
        renderItem: (params, api) => {
          const i = params.dataIndex
          const step = rows[i]!
          const [zero, y] = point(api.coord([Math.max(0, least), i]))
          const [end] = point(api.coord([step.cost * factor, i]))
          const [right] = point(api.coord([most > least ? most : least + 1, i]))
          const line = (x1: number, y1: number, x2: number, y2: number) => ({
            type: 'line' as const,
            shape: { x1, y1, x2, y2 },
            style: { stroke: colour('ink'), lineWidth: 1.25 },
          })
          const text = (content: string, x: number, fill: string, weight: number) => ({
            type: 'text' as const,
            style: {
              text: content,
              x,
              y,
              align: 'right' as const,
              verticalAlign: 'middle' as const,
              font: `${weight} ${textSize('small')}px ${fontFamily()}`,
              fill,
            },
          })
          const ends = [step.low, step.high].flatMap((value) =>
            value === null ? [] : [point(api.coord([value * factor, i]))[0]],
          )
          return {
            type: 'group',
            children: [
              {
                type: 'rect',
                shape: {
                  x: Math.min(zero, end),
                  y: y - 7,
                  width: Math.abs(end - zero),
                  height: 14,
                  r: [0, 2, 2, 0],
                },
                style: { fill: fills[step.kind] },
              },
              ...(ends.length < 2
                ? []
                : [line(ends[0]!, y, ends[1]!, y), ...ends.map((x) => line(x, y - 3, x, y + 3))]),
              text(money(step.cost * factor, currency), right + 66, colour('ink'), 600),
              ...(step.change === null
                ? []
                : [
                    text(
                      money(step.change * factor, currency, { sign: true }),
                      right + 146,
                      colour(step.change > 0 ? 'danger' : 'accent'),
                      400,
                    ),
                  ]),
            ],
          }
        },
      },
    ],
  }
}

export function stepsTable(steps: readonly CostStep[], { factor, currency }: Unit): TwinTable {
  const format = (value: number): string => money(value, currency)
  return {
    head: [
      { text: 'Step' },
      ...['Cost', 'From', 'To', 'Change'].map((text) => ({ text, numeric: true, format })),
    ],
    rows: steps.map(({ label, cost, low, high, change }) => [
      label,
      ...[cost, low, high, change].map((value) => (value === null ? null : value * factor)),
    ]),
  }
}

export function curveOption(
  { curve }: Pick<RankingEvidence, 'curve'>,
  positive: string,
): EChartsOption {
  const values = curve.map(({ rocAuc }) => rocAuc)
  const [least, most] = [Math.min(...values) - 0.02, Math.max(...values) + 0.02]
  const stepsPerUnit = most - least < 0.2 ? 20 : 10
  const low = Math.max(0, Math.floor(least * stepsPerUnit) / stepsPerUnit)
  const high = Math.min(1, Math.ceil(most * stepsPerUnit) / stepsPerUnit)
  return {
    grid: { left: 44, right: 18, top: 12, bottom: 36 },
    tooltip: {
      show: true,
      formatter: (params: unknown) => {
        const [first] = params as { readonly value: readonly [number, number] }[]
        return first === undefined
          ? ''
          : `${count(first.value[0])} positives: <b>${rate(first.value[1], 3)}</b>`
      },
    },
    xAxis: xAxis(`“${positive}” that a model learns from`, {
      min: 0,
      max: Math.max(1, ...curve.map(({ positives }) => positives)) * 1.05,
      splitNumber: 4,
      axisLabel: { showMaxLabel: false },
    }),
    yAxis: axis('', {
      min: low,
      max: high,
      interval: 1 / stepsPerUnit,
      axisLabel: { formatter: (value: number) => rate(value) },
    }),
    series: [
      {
        type: 'line',
        data: curve.map(({ positives, rocAuc }) => [positives, rocAuc]),
        symbol: 'circle',
        showSymbol: true,
        symbolSize: 6,
        lineStyle: { color: colour('ink'), width: 2 },
        itemStyle: { color: colour('ink') },
      },
    ],
  }
}

export function curveTable({ curve }: Pick<RankingEvidence, 'curve'>): TwinTable {
  return {
    head: [
      { text: 'Positives', numeric: true, format: count },
      { text: 'Cases', numeric: true, format: count },
      { text: 'ROC AUC', numeric: true, format: (value) => rate(value, 3) },
    ],
    rows: curve.map(({ positives, samples, rocAuc }) => [positives, samples, rocAuc]),
  }
}

/** Probabilities nearer to 0 or 1 stand at the edge of the map. */
const leastProbability = 1e-4

export function mapOption(points: readonly HardnessPoint[]): EChartsOption {
  const marks = [0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999]
  const placed = points.map((one) =>
    logit(Math.min(1 - leastProbability, Math.max(leastProbability, one.probability))),
  )
  const ends = { min: Math.min(-2, ...placed) - 0.4, max: Math.max(1, ...placed) + 0.4 }
  // Five neighbours give six heights; dots of one height are set apart so that they can be counted.
  const data = (positive: boolean): readonly (readonly [number, number])[] =>
    points.flatMap((one, i) =>
      one.positive === positive
        ? [[placed[i]!, 5 * one.disagreement + 0.62 * (((i * 0.618) % 1) - 0.5)] as const]
        : [],
    )
  const dots = (positive: boolean): object => ({
    type: 'scatter',
    silent: true,
    data: data(positive),
    symbol: positive ? 'diamond' : 'circle',
    symbolSize: positive ? 7 : 5,
    itemStyle: { color: colour(positive ? 'positive-mark' : 'negative-mark', 0.6) },
  })
  const shown = marks.filter((mark) => logit(mark) >= ends.min && logit(mark) <= ends.max)
  return {
    grid: { left: 34, right: 16, top: 10, bottom: 38 },
    tooltip: { show: false },
    xAxis: xAxis('probability, out of fold (log-odds)', {
      ...ends,
      axisLabel: {
        customValues: shown.map(logit),
        formatter: (value: number) =>
          String(
            marks.reduce((best, mark) =>
              Math.abs(logit(mark) - value) < Math.abs(logit(best) - value) ? mark : best,
            ),
          ),
      },
      axisTick: { show: true, customValues: shown.map(logit) },
    }),
    yAxis: axis('', {
      min: -0.5,
      max: 5.5,
      axisLabel: { customValues: [0, 1, 2, 3, 4, 5] },
      axisTick: { customValues: [0, 1, 2, 3, 4, 5] },
    }),
    series: [dots(false), dots(true)] as never,
  }
}

export function mapTable(
  points: readonly HardnessPoint[],
  names: { readonly positive: string; readonly negative: string },
): TwinTable {
  return {
    head: [
      { text: 'Row', numeric: true, format: count },
      { text: 'Label' },
      { text: 'Probability', numeric: true, format: (value) => rate(value, 4) },
      { text: 'Neighbours with the other label, of 5', numeric: true, format: count },
    ],
    rows: points.map(({ row, positive, probability, disagreement }) => [
      row + 1,
      positive ? names.positive : names.negative,
      probability,
      Math.round(5 * disagreement),
    ]),
  }
}

function point(at: readonly number[]): readonly [number, number] {
  return [at[0] ?? 0, at[1] ?? 0]
}
