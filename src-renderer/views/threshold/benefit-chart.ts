/** The decision curve of a run beside the reference, alerting on everybody, and on nobody. */
import type { EChartsOption } from 'echarts'
import type { NetBenefitCurve } from '#shared/core/decision/uncertainty.ts'
import { axis, band, colour, runColour, xAxis } from '../../charts/theme.ts'
import type { TwinTable } from '../../format/csv.ts'
import { plain, threshold as thresholdText } from '../../format/numbers.ts'
import { benefitRange } from './benefit-view.ts'
import { logOdds, tickText, ticksOf } from './threshold-scale.ts'

interface Drawn {
  readonly own: NetBenefitCurve
  readonly reference: NetBenefitCurve | null
}

/** What is drawn once; the threshold lies over it. */
export function benefitOption({ own, reference }: Drawn): EChartsOption {
  const { low, high, bottom, top, step } = benefitRange(own, reference)
  const ticks = ticksOf({ low, high }, 10)
  const curves = [own, ...(reference === null ? [] : [reference])]
  const line = (
    points: NetBenefitCurve['points'],
    valueOf: (point: NetBenefitCurve['points'][number]) => number,
    style: object,
    z: number,
  ): object => ({
    type: 'line',
    clip: true,
    silent: true,
    z,
    data: points.map((point) => [logOdds(point.thresholdProbability), valueOf(point)]),
    lineStyle: style,
  })
  return {
    grid: { left: 52, right: 14, top: 8, bottom: 34 },
    tooltip: { show: false },
    xAxis: xAxis('threshold probability', {
      min: low,
      max: high,
      axisTick: { customValues: ticks },
      axisLabel: { customValues: ticks, formatter: tickText, hideOverlap: true },
    }),
    yAxis: axis('net true positives per 1,000', {
      nameLocation: 'middle',
      nameGap: 34,
      nameTextStyle: { align: 'center', padding: 0 },
      min: bottom,
      max: top,
      interval: step,
      axisLabel: { formatter: (value: number) => plain(value, 3) },
    }),
    series: [
      ...curves.map((curve, i) => {
        const ends = curve.points.flatMap(({ thresholdProbability, netBenefitPer1000Interval }) =>
          netBenefitPer1000Interval === null
            ? []
            : [{ at: logOdds(thresholdProbability), ...netBenefitPer1000Interval }],
        )
        return band(
          ends.map(({ at, lower }) => [at, lower] as const),
          ends.map(({ at, upper }) => [at, upper] as const),
          runColour(i, 0.14),
        )
      }),
      line(own.points, () => 0, { width: 1, color: colour('border-strong') }, 2),
      line(
        own.points,
        ({ alertAllPer1000 }) => alertAllPer1000,
        { width: 1.25, type: [2, 3], color: colour('muted') },
        3,
      ),
      ...curves
        .map((curve, i) =>
          line(
            curve.points,
            ({ netBenefitPer1000 }) => netBenefitPer1000,
            i === 0
              ? { width: 2.25, color: runColour(i) }
              : { width: 1.5, type: [6, 3], color: runColour(i) },
            5 - i,
          ),
        )
        .toReversed(),
    ] as NonNullable<EChartsOption['series']>,
  }
}

export function benefitTable({ own, reference }: Drawn): TwinTable {
  const number = { numeric: true, format: (value: number | null) => plain(value, 3) }
  return {
    head: [
      { text: 'Threshold probability', numeric: true, format: thresholdText },
      { text: 'Net benefit per 1,000', ...number },
      { text: 'Lower', ...number },
      { text: 'Upper', ...number },
      { text: 'Alert on everybody', ...number },
      { text: 'Gain over that', ...number },
      { text: 'Gain, lower', ...number },
      { text: 'Gain, upper', ...number },
      { text: 'Alerts avoided per 100', ...number },
      ...(reference === null ? [] : [{ text: `Net benefit of ${reference.name}`, ...number }]),
    ],
    rows: own.points.map((point, i) => [
      point.thresholdProbability,
      point.netBenefitPer1000,
      point.netBenefitPer1000Interval?.lower ?? null,
      point.netBenefitPer1000Interval?.upper ?? null,
      point.alertAllPer1000,
      point.gainOverAllPer1000,
      point.gainOverAllPer1000Interval?.lower ?? null,
      point.gainOverAllPer1000Interval?.upper ?? null,
      point.alertsAvoidedPer100,
      ...(reference === null ? [] : [reference.points[i]!.netBenefitPer1000]),
    ]),
  }
}
