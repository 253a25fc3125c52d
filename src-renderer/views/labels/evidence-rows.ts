/** What the evidence of a card says, column by column. */
import type { ReviewCard, ReviewColumn, ReviewEvidence } from '#shared/contract/labels.ts'
import type { ReviewValue, SimilarSample } from '#shared/core/pipeline/review-evidence.ts'
import { chance, plain } from '../../format/numbers.ts'

export interface EvidenceRow {
  readonly name: string
  readonly value: string
  readonly lean: 'positive' | 'negative' | 'neither'
  /** Size of the contribution against the largest of the card, in [0, 1]. */
  readonly weight: number
  readonly strip: Strip | null
  /** Of a text, in how much of either class it is found. */
  readonly shares: { readonly negatives: string; readonly positives: string } | null
}

/** Places on a scale from 0 to 1; the middle half and the median of each class, and the value. */
export interface Strip {
  readonly positives: Bar | null
  readonly negatives: Bar | null
  readonly value: number | null
  /** True where the value lies beyond the scale. */
  readonly beyond: boolean
}

interface Bar {
  readonly low: number
  readonly start: number
  readonly middle: number
  readonly end: number
  readonly high: number
}

/** A contribution below this share of the largest leans to neither side. */
const leastShare = 0.1
/** And none does that moves the odds by less than this, in units of the logit. */
const leastLogit = 0.05
const margin = 0.06

/** The columns of a card, those that say most first. */
export function evidenceRows(
  columns: readonly ReviewColumn[],
  { values, contributions, shares }: ReviewEvidence,
): EvidenceRow[] {
  const largest = Math.max(0, ...(contributions ?? []).map(Math.abs))
  const order = columns.map((_, i) => i)
  if (contributions !== null) {
    order.sort((a, b) => Math.abs(contributions[b]!) - Math.abs(contributions[a]!) || a - b)
  }
  return order.map((i) => {
    const column = columns[i]!
    const value = values[i] ?? null
    const contribution = contributions?.[i] ?? 0
    const size = Math.abs(contribution)
    const leans = size >= leastLogit && size >= leastShare * largest
    const share = shares[i] ?? null
    return {
      name: column.name,
      value: valueText(value),
      lean: leans ? (contribution > 0 ? 'positive' : 'negative') : 'neither',
      weight: largest === 0 ? 0 : size / largest,
      strip: column.kind === 'numeric' ? stripOf(column, value) : null,
      shares: share && {
        negatives: chance(share.negatives, 0),
        positives: chance(share.positives, 0),
      },
    }
  })
}

export function valueText(value: ReviewValue): string {
  if (value === null) return 'missing'
  return typeof value === 'number' ? plain(value) : value
}

function stripOf(
  { negatives, positives }: Extract<ReviewColumn, { kind: 'numeric' }>,
  value: ReviewValue,
): Strip | null {
  const ends = [negatives, positives].flatMap((spread) =>
    spread === null ? [] : [spread[0], spread[4]],
  )
  if (ends.length === 0) return null
  const low = Math.min(...ends)
  const high = Math.max(...ends)
  const span = high - low
  const place = (at: number): number =>
    span === 0
      ? at === low
        ? 0.5
        : at < low
          ? 0
          : 1
      : margin + (1 - 2 * margin) * ((at - low) / span)
  const bar = (spread: typeof negatives): Bar | null =>
    spread && {
      low: place(spread[0]),
      start: place(spread[1]),
      middle: place(spread[2]),
      end: place(spread[3]),
      high: place(spread[4]),
    }
  const at = typeof value === 'number' ? place(value) : null
  return {
    positives: bar(positives),
    negatives: bar(negatives),
    value: at === null ? null : Math.min(1, Math.max(0, at)),
    beyond: at !== null && (at < 0 || at > 1),
  }
}

export interface ComparedCell {
  readonly text: string
  readonly differs: boolean
}

/**
 * How the values of a similar row stand beside those of the card: another text, or a number further
 * away than the middle half of the negatives is wide.
 */
export function comparedCells(
  columns: readonly ReviewColumn[],
  own: ReviewCard['evidence']['values'],
  similar: SimilarSample,
): ComparedCell[] {
  return columns.map((column, i) => {
    const mine = own[i] ?? null
    const theirs = similar.values[i] ?? null
    const text = valueText(theirs)
    if (mine === null || theirs === null) return { text, differs: mine !== theirs }
    if (column.kind === 'categorical' || typeof mine === 'string' || typeof theirs === 'string') {
      return { text, differs: mine !== theirs }
    }
    const spread = column.negatives ?? column.positives
    const width = spread === null ? 0 : spread[3] - spread[1]
    return { text, differs: Math.abs(mine - theirs) > width && mine !== theirs }
  })
}
