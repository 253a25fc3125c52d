/** What a calibration receipt shows: the points of its reliability diagrams, on log-odds. */
import { logit } from '#shared/core/math/elementary.ts'
import type { CalibrationStage } from '#shared/core/calibration/receipt.ts'
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

interface Range {
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
export const marks = [0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999]

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
