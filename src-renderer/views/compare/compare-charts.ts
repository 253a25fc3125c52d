/** Curves of compared runs, one over the other, each with its label at the right. */
import type { CustomSeriesOption, EChartsOption, LineSeriesOption } from 'echarts'
import type { ComparedRun } from '#shared/contract/decision.ts'
import {
  axis,
  colour,
  fontFamily,
  runColour,
  runSymbol,
  textSize,
  xAxis,
} from '../../charts/theme.ts'
import type { TwinTable } from '../../format/csv.ts'
import { count, money, percent, plain, rate, threshold } from '../../format/numbers.ts'
import { niceStep } from '../threshold/drawn-curves.ts'
import { logOdds, tickText, ticksOf } from '../threshold/threshold-scale.ts'
import { roundMoney } from './figures.ts'
import type { Units } from './figures.ts'
import { keptApart, midShortened } from './kept-apart.ts'

const box = { left: 46, right: 116, top: 12, bottom: 36 }
const leastPlot = 188
const lineGap = 14
/** Of a label, that the room for it holds. */
const mostCharacters = 14

/** Of all three charts, in pixels: as high as the labels of so many runs need. */
export function chartHeight(nRuns: number): number {
  return box.top + plotHeight(nRuns) + box.bottom
}

function plotHeight(nRuns: number): number {
  return Math.max(leastPlot, (nRuns - 1) * lineGap)
}

export interface CurveChart {
  readonly option: () => EChartsOption
  readonly table: () => TwinTable
  readonly summary: string
}

export interface DrawnRun {
  readonly run: ComparedRun
  readonly label: string
}

type Point = [number, number]

/** Precision against recall. @param chosen Position of the run to be told from the others. */
export function precisionRecallChart(
  runs: readonly DrawnRun[],
  prevalence: number,
  chosen: number | null,
): CurveChart {
  const lines = runs.map(({ run }) =>
    run.curves.precisionRecall.map(({ recall, precision }): Point => [recall, precision]),
  )
  return {
    summary: runs
      .map(({ run, label }) => `${label}: average precision ${rate(run.averagePrecision.value)}`)
      .join('; '),
    option: () => ({
      grid: box,
      tooltip: { show: false },
      xAxis: xAxis('recall', { min: 0, max: 1, interval: 0.25 }),
      yAxis: axis('', { min: 0, max: 1, interval: 0.25 }),
      series: [
        reference([
          [0, prevalence],
          [1, prevalence],
        ]),
        ...lines.map((data, i) => runLine(data, i, chosen)),
        labelsAt(
          runs,
          runs.map(({ run }) => run.averagePrecision.value ?? 0),
          { min: 0, max: 1 },
          1,
        ),
      ],
    }),
    table: () => ({
      head: [
        { text: 'Run' },
        { text: 'Threshold', numeric: true, format: threshold },
        { text: 'Recall', numeric: true, format: (value) => percent(value) },
        { text: 'Precision', numeric: true, format: (value) => percent(value) },
      ],
      rows: runs.flatMap(({ run, label }) =>
        run.curves.precisionRecall.map(({ threshold: at, recall, precision }) => [
          label,
          at,
          recall,
          precision,
        ]),
      ),
    }),
  }
}

/**
 * Share of positives against mean probability, in bins of equal count. Square-root axes: most bins
 * are near zero where positives are rare, and a bin without any has a place too.
 */
export function reliabilityChart(runs: readonly DrawnRun[], chosen: number | null): CurveChart {
  const most = runs
    .flatMap(({ run }) => run.reliability)
    .reduce((top, bin) => Math.max(top, bin.meanProbability, bin.observed), 0)
  const ticks = [0, 0.0001, 0.001, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1]
  const max = ticks.find((tick) => tick > 0.001 && tick >= most * 0.999) ?? 1
  const top = Math.sqrt(max)
  const places = ticks.map(Math.sqrt).filter((place) => place <= top)
  // As far apart as their labels are wide.
  const shown = places.filter(
    (place, i) =>
      i === 0 ||
      [0, ...places.slice(i + 1)].every((other) => Math.abs(other - place) >= 0.09 * top),
  )
  const scale = {
    min: 0,
    max: top,
    axisTick: { customValues: shown },
    axisLabel: { customValues: shown, formatter: (place: number) => plain(place * place, 2) },
  }
  const last = runs.map(({ run }) => Math.sqrt(run.reliability.at(-1)?.observed ?? 0))
  return {
    summary: runs
      .map(
        ({ run, label }) =>
          `${label}: Brier score ${rate(run.brier.value, 3)}, ${count(run.reliability.length)} bins`,
      )
      .join('; '),
    option: () => ({
      grid: box,
      tooltip: { show: false },
      xAxis: xAxis('mean probability', scale),
      yAxis: axis('', { ...scale, splitLine: { show: false } }),
      series: [
        reference([
          [0, 0],
          [top, top],
        ]),
        ...runs.map(({ run }, i) => ({
          ...runLine(
            run.reliability.map(({ meanProbability, observed }): Point => [
              Math.sqrt(meanProbability),
              Math.sqrt(observed),
            ]),
            i,
            chosen,
          ),
          ...mark(i),
          symbolSize: 6,
          showSymbol: true,
        })),
        labelsAt(runs, last, scale, top),
      ],
    }),
    table: () => ({
      head: [
        { text: 'Run' },
        { text: 'Bin', numeric: true, format: count },
        { text: 'Cases', numeric: true, format: count },
        { text: 'Mean probability', numeric: true, format: (value) => rate(value, 4) },
        { text: 'Share of positives', numeric: true, format: (value) => rate(value, 4) },
      ],
      rows: runs.flatMap(({ run, label }) =>
        run.reliability.map(({ count: cases, meanProbability, observed }, i) => [
          label,
          i + 1,
          cases,
          meanProbability,
          observed,
        ]),
      ),
    }),
  }
}

/** Cost by threshold; a mark where each run's threshold is. */
export function costChart(
  runs: readonly DrawnRun[],
  { span, currency }: Units,
  chosen: number | null,
): CurveChart {
  const around = 4 // log-odds on either side of the thresholds
  const tuned = runs.flatMap(({ run: { threshold: at } }) =>
    at > 0 && at < 1 ? [logOdds(at)] : [],
  )
  const low = Math.floor(tuned.reduce((a, b) => Math.min(a, b), 0) - around)
  const high = Math.ceil(tuned.reduce((a, b) => Math.max(a, b), 0) + around)
  const curves = runs.map(({ run }) =>
    run.curves.cost.map(({ threshold: at, costPer1000 }): Point => [
      at === Infinity ? high : logOdds(at),
      costPer1000 * span.factor,
    ]),
  )
  const values = curves.flat().map(([, cost]) => cost)
  const best = values.reduce((a, b) => Math.min(a, b), Infinity)
  const dearest = values.reduce((a, b) => Math.max(a, b), 0)
  // Deciding without a model: alerting nobody or everybody.
  const ends = curves.flatMap((curve) => [curve[0]?.[1] ?? dearest, curve.at(-1)?.[1] ?? dearest])
  const withoutModel = ends.reduce((a, b) => Math.min(a, b), Infinity)
  const wanted = Math.min(dearest, best + 1.5 * Math.max(0, withoutModel - best)) || 1
  const step = niceStep((wanted - Math.min(0, best)) / 4)
  const min = Math.floor(Math.min(0, best) / step) * step
  const max = Math.max(step, Math.ceil(wanted / step) * step)
  const ticks = ticksOf({ low, high }, 9)
  const shown = curves.map((curve) => {
    const line = curve.filter(([place]) => place <= high).sort((a, b) => a[0] - b[0])
    const [lowest] = line
    // Below the lowest score everybody is alerted, whatever the threshold.
    const start: Point[] = lowest !== undefined && lowest[0] > low ? [[low, lowest[1]]] : []
    return [...start, ...line.filter(([place]) => place > low)]
  })
  return {
    summary: runs
      .map(
        ({ run, label }) =>
          `${label}: ${money(run.costPer1000.value === null ? null : run.costPer1000.value * span.factor, currency)} at ${threshold(run.threshold)}`,
      )
      .join('; '),
    option: () => ({
      grid: { ...box, left: 52 },
      tooltip: { show: false },
      xAxis: xAxis('threshold', {
        min: low,
        max: high,
        axisTick: { customValues: ticks },
        axisLabel: { customValues: ticks, formatter: tickText },
      }),
      yAxis: axis('', {
        min,
        max,
        interval: step,
        axisLabel: { formatter: (value: number) => roundMoney(value, currency) },
      }),
      series: [
        ...shown.map((data, i) => runLine(data, i, chosen)),
        ...runs.map(({ run }, i): LineSeriesOption => ({
          ...runLine([], i, chosen),
          ...mark(i),
          symbolSize: 9,
          showSymbol: true,
          z: 8,
          data: marks(run, shown[i]!, low, high),
        })),
        labelsAt(
          runs,
          shown.map((curve) => Math.min(max, curve.at(-1)?.[1] ?? min)),
          { min, max },
          high,
        ),
      ],
    }),
    table: () => ({
      head: [
        { text: 'Run' },
        { text: 'Threshold', numeric: true, format: threshold },
        { text: `Cost ${span.unit}`, numeric: true, format: (value) => money(value, currency) },
      ],
      rows: runs.flatMap(({ run, label }) =>
        run.curves.cost.map(({ threshold: at, costPer1000 }) => [
          label,
          at,
          costPer1000 * span.factor,
        ]),
      ),
    }),
  }
}

/** The point of a line at its run's own threshold. */
function marks(
  { threshold: at }: ComparedRun,
  line: readonly Point[],
  low: number,
  high: number,
): Point[] {
  if (!(at > 0 && at < 1)) return []
  const place = logOdds(at)
  if (place < low || place > high) return []
  let nearest: Point | null = null
  for (const point of line) {
    if (nearest === null || Math.abs(point[0] - place) < Math.abs(nearest[0] - place)) {
      nearest = point
    }
  }
  return nearest === null ? [] : [nearest]
}

/** The champion is drawn thicker, and over the others; what was chosen still more so. */
function runLine(data: readonly Point[], index: number, chosen: number | null): LineSeriesOption {
  const isChampion = index === 0
  const isChosen = index === chosen
  return {
    type: 'line',
    clip: true,
    silent: true,
    symbol: 'none',
    z: isChosen ? 7 : isChampion ? 6 : 4,
    data: [...data],
    lineStyle: { width: isChosen ? 3.5 : isChampion ? 2.5 : 1.5, color: runColour(index) },
    itemStyle: { color: runColour(index) },
  }
}

/** The mark of a run. ECharts fills its hollow ones with white, also in the dark. */
export function mark(index: number): Pick<LineSeriesOption, 'symbol' | 'itemStyle'> {
  const symbol = runSymbol(index)
  if (!symbol.startsWith('empty')) return { symbol, itemStyle: { color: runColour(index) } }
  return {
    symbol: symbol.slice('empty'.length).toLowerCase(),
    itemStyle: { color: colour('panel'), borderColor: runColour(index), borderWidth: 2 },
  }
}

function reference(data: readonly Point[]): LineSeriesOption {
  return {
    type: 'line',
    silent: true,
    symbol: 'none',
    z: 2,
    data: [...data],
    lineStyle: { width: 1, type: [3, 3], color: colour('border-strong') },
  }
}

/** Names beside the plot, each as near as can be to where it belongs. */
function labelsAt(
  runs: readonly DrawnRun[],
  values: readonly number[],
  { min, max }: { readonly min: number; readonly max: number },
  right: number,
): CustomSeriesOption {
  const tall = plotHeight(runs.length)
  const tops = values.map((value) => ((max - value) / (max - min || 1)) * tall)
  const places = keptApart(tops, lineGap, tall)
  return {
    type: 'custom',
    silent: true,
    clip: false,
    z: 7,
    data: runs.map(() => [right, max]),
    renderItem: ({ dataIndex }, api) => {
      const [x = 0, y = 0] = api.coord([right, max])
      return {
        type: 'text',
        style: {
          text: midShortened(runs[dataIndex]!.label, mostCharacters),
          x: x + 8,
          y: y + places[dataIndex]!,
          width: box.right - 12,
          overflow: 'truncate',
          verticalAlign: 'middle',
          fontFamily: fontFamily(),
          fontSize: textSize('small'),
          fontWeight: dataIndex === 0 ? 600 : 400,
          fill: runColour(dataIndex),
        },
      }
    },
  }
}
