/** Runs as lines across the axes of their figures, better always up. */
import type { CustomSeriesOption, EChartsOption, SeriesOption } from 'echarts'
import { colour, fontFamily, runColour, textSize } from '../../charts/theme.ts'
import type { TwinTable } from '../../format/csv.ts'
import { mark } from './compare-charts.ts'
import type { CurveChart, DrawnRun } from './compare-charts.ts'
import { figuresOf } from './figures.ts'
import type { Units } from './figures.ts'
import { keptApart, midShortened } from './kept-apart.ts'
import { piecesOf, placeOf } from './parallel-axes.ts'
import type { ParallelAxis } from './parallel-axes.ts'

/** In pixels. */
export interface ParallelLayout {
  readonly height: number
  /** Room around the plot. */
  readonly box: {
    readonly left: number
    readonly right: number
    readonly top: number
    readonly bottom: number
  }
  readonly lineHeight: number
  /** Between the last axis and the names. */
  readonly nameGap: number
  /** From the top of the plot to the middle of the name of each run. */
  readonly namePlaces: readonly number[]
}

const leastPlot = 184
/** That the room for names holds. */
const mostCharacters = 18

/** As high as the names need, each as near as can be to where its line ends. */
export function parallelLayout(axes: readonly ParallelAxis[], nRuns: number): ParallelLayout {
  const [small, micro] = [textSize('small'), textSize('micro')]
  const lineHeight = Math.round(small * 1.25)
  const plotHeight = Math.max(leastPlot, (nRuns - 1) * lineHeight)
  const top = Math.round(1.4 * (small + 2 * micro) + 10)
  const bottom = Math.round(1.4 * micro + 12)
  const ends = Array.from({ length: nRuns }, (_, run) => {
    const last = axes.findLast(({ goodness }) => goodness[run] !== null)
    return last === undefined ? 0 : placeOf(last, last.goodness[run]!)
  })
  return {
    height: top + plotHeight + bottom,
    box: { left: 62, right: 148, top, bottom },
    lineHeight,
    nameGap: 14,
    namePlaces: keptApart(
      ends.map((place) => (1 - place) * plotHeight),
      lineHeight,
      plotHeight,
    ),
  }
}

/**
 * The drawing, its table and a sentence.
 *
 * @param isLit Per run; the others are drawn faintly.
 */
export function parallelChart(
  axes: readonly ParallelAxis[],
  runs: readonly DrawnRun[],
  isLit: readonly boolean[],
  units: Units,
): CurveChart {
  const lines = runs.map((_, run) =>
    axes.map((axis) => {
      const good = axis.goodness[run] ?? null
      return good === null ? null : placeOf(axis, good)
    }),
  )
  const last = Math.max(1, axes.length - 1)
  return {
    summary: runs
      .map(({ label }, run) => `${label}: ${axes.map((axis) => saidOf(axis, run)).join(', ')}`)
      .join('; '),
    option: (): EChartsOption => {
      const layout = parallelLayout(axes, runs.length)
      return {
        tooltip: { show: false },
        parallel: layout.box,
        parallelAxis: axes.map((_, dim) => ({
          ...{ dim, type: 'value', min: 0, max: 1, silent: true },
          axisLine: { show: true, lineStyle: { color: colour('border-strong'), width: 1 } },
          axisTick: { show: false },
          // The component shows labels whatever `show` says.
          axisLabel: { formatter: () => '' },
          splitLine: { show: false },
        })),
        // Marks and texts are placed by a grid in the same box; so is what lies over the drawing.
        grid: layout.box,
        xAxis: { type: 'value', min: 0, max: last, show: false },
        yAxis: { type: 'value', min: 0, max: 1, show: false },
        series: [
          ...lines.map((line, run) => runLine(line, run, isLit[run]!)),
          ...lines.map((line, run) => runMarks(line, run, isLit[run]!)),
          axisTexts(axes),
          runNames(runs, layout, isLit, last),
        ],
      }
    },
    table: () => tableOf(axes, runs, units),
  }
}

function saidOf({ label, texts, reasons }: ParallelAxis, run: number): string {
  return `${label} ${texts[run] ?? `none, ${reasons[run] ?? 'it was not measured'}`}`
}

/** The champion is drawn thicker, and over the others. */
function runLine(line: readonly (number | null)[], run: number, isLit: boolean): SeriesOption {
  return {
    type: 'parallel',
    silent: true,
    z: isLit ? (run === 0 ? 6 : 4) : 3,
    // The component joins what lies on either side of a gap, so that each piece is a line.
    data: piecesOf(line).map(({ start, items }) => line.map((_, i) => items[i - start] ?? NaN)),
    lineStyle: {
      color: runColour(run),
      width: isLit && run === 0 ? 2.5 : 1.5,
      opacity: isLit ? 1 : 0.14,
    },
  }
}

function runMarks(line: readonly (number | null)[], run: number, isLit: boolean): SeriesOption {
  return {
    type: 'scatter',
    silent: true,
    z: isLit ? (run === 0 ? 7 : 5) : 3,
    ...mark(run),
    symbolSize: 7,
    data: line.flatMap((place, i) => (place === null ? [] : [[i, place]])),
    ...(isLit ? {} : { itemStyle: { ...mark(run).itemStyle, opacity: 0.14 } }),
  }
}

/** Name, direction and best value above each axis, the worst below it. */
function axisTexts(axes: readonly ParallelAxis[]): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    clip: false,
    z: 7,
    data: axes.map((_, i) => [i, 0]),
    renderItem: ({ dataIndex }, api) => {
      const axis = axes[dataIndex]!
      const [x = 0, below = 0] = api.coord([dataIndex, 0])
      const [, above = 0] = api.coord([dataIndex, 1])
      const [next = 0] = api.coord([dataIndex + 1, 0])
      const [small, micro] = [textSize('small'), textSize('micro')]
      const text = (content: string, y: number, style: object): object => ({
        type: 'text',
        style: {
          ...{ text: content, x, y, align: 'center', verticalAlign: 'middle' },
          ...{ width: next - x - 6, overflow: 'truncate', fontFamily: fontFamily() },
          ...style,
        },
      })
      const label = { fontSize: small, fontWeight: 500, fill: colour('ink') }
      const minor = { fontSize: micro, fill: colour('muted') }
      const end = { fontSize: micro, fill: colour('text') }
      const isEmpty = axis.goodness.every((good) => good === null)
      const { low, high } = axis.scale
      const line = 1.4 * micro
      return {
        type: 'group',
        children: [
          text(axis.label, above - 8 - 2 * line - 0.7 * small, label),
          text(axis.direction, above - 8 - 1.5 * line, minor),
          text(isEmpty ? 'no values' : axis.textOf(high), above - 8 - 0.5 * line, end),
          text(isEmpty ? '' : axis.textOf(low), below + 10 + 0.5 * line, end),
        ],
      } as ReturnType<NonNullable<CustomSeriesOption['renderItem']>>
    },
  }
}

function runNames(
  runs: readonly DrawnRun[],
  { box, nameGap, namePlaces }: ParallelLayout,
  isLit: readonly boolean[],
  last: number,
): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    clip: false,
    z: 8,
    data: runs.map(() => [last, 1]),
    renderItem: ({ dataIndex: run }, api) => {
      const [x = 0, y = 0] = api.coord([last, 1])
      return {
        type: 'text',
        style: {
          text: midShortened(runs[run]!.label, mostCharacters),
          x: x + nameGap,
          y: y + namePlaces[run]!,
          width: box.right - nameGap - 8,
          overflow: 'truncate',
          verticalAlign: 'middle',
          fontFamily: fontFamily(),
          fontSize: textSize('small'),
          fontWeight: run === 0 ? 600 : 400,
          fill: isLit[run] ? runColour(run) : colour('faint'),
        },
      }
    },
  }
}

/** The values as the tables have them, and why some are missing. */
function tableOf(
  axes: readonly ParallelAxis[],
  runs: readonly DrawnRun[],
  units: Units,
): TwinTable {
  const figures = figuresOf(units)
  const shown = axes.map(({ id }) => figures.find((figure) => figure.id === id)!)
  const missing = runs.map((_, run) =>
    axes
      .flatMap(({ label, reasons }) => {
        const reason = reasons[run] ?? null
        return reason === null ? [] : [`${label}: ${reason}`]
      })
      .join('; '),
  )
  const isMissing = missing.some((text) => text !== '')
  return {
    head: [
      { text: 'Run' },
      ...shown.map(({ label, format }) => ({ text: label, numeric: true, format })),
      ...(isMissing ? [{ text: 'Without a value' }] : []),
    ],
    rows: runs.map(({ run, label }, i) => [
      label,
      ...shown.map(({ id, factor }) => {
        const { value } = run[id]
        return value === null ? null : value * factor
      }),
      ...(isMissing ? [missing[i]!] : []),
    ]),
  }
}
