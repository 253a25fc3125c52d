import type { ConfusionCell } from '#shared/core/slices/slice-rows.ts'
import type { Slice } from '#shared/core/slices/find-slices.ts'

export type CellId = ConfusionCell

export interface SliceCell {
  readonly id: CellId
  readonly text: string
  readonly title: string
  readonly n: number
  readonly look: 'bad' | 'plain'
}

/** Adjusted p-value up to which a slice is called certain. */
const certainUpTo = 0.05

export function isCertain({ adjusted }: Pick<Slice, 'adjusted'>): boolean {
  return adjusted <= certainUpTo
}

/** The four ways in which cases of a slice were decided, as they stand in a confusion matrix. */
export function cellsOf(
  { tp, fn, fp, tn }: Pick<Slice, 'tp' | 'fn' | 'fp' | 'tn'>,
  positive: string,
  negative: string,
): readonly SliceCell[] {
  return [
    {
      ...({ id: 'caught', n: tp, look: 'plain' } as const),
      text: 'caught',
      title: `“${positive}” with an alert`,
    },
    {
      ...({ id: 'missed', n: fn, look: 'bad' } as const),
      text: 'missed',
      title: `“${positive}” without an alert`,
    },
    {
      ...({ id: 'false_alarm', n: fp, look: 'plain' } as const),
      text: 'false alarms',
      title: `“${negative}” with an alert`,
    },
    {
      ...({ id: 'quiet', n: tn, look: 'plain' } as const),
      text: 'left alone',
      title: `“${negative}” without an alert`,
    },
  ]
}
