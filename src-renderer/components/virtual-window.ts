/** Which part of a long list is in view, and where it is drawn. */

/** Browsers clip elements beyond some 16 to 33 million pixels; longer lists scroll in larger steps. */
const mostPixels = 8_000_000

export interface RowWindow {
  readonly first: number
  /** Exclusive. */
  readonly end: number
  /** Pixels from the top of the scrolled area to row `first`. */
  readonly offset: number
  /** Height of the scrolled area. */
  readonly height: number
}

/** The rows to draw at a scroll position, with some to spare above and below. */
export function rowWindow(
  { rowCount, rowHeight, viewHeight }: ListSize,
  scrollTop: number,
  spare = 6,
): RowWindow {
  const whole = rowCount * rowHeight
  const height = Math.min(whole, mostPixels)
  const top = Math.max(0, Math.min(scrollTop, height - viewHeight))
  const at = top * scaleOf({ rowCount, rowHeight, viewHeight })
  const first = Math.max(0, Math.floor(at / rowHeight) - spare)
  const end = Math.min(rowCount, Math.ceil((at + viewHeight) / rowHeight) + spare)
  return { first, end, offset: top - (at - first * rowHeight), height }
}

/** The scroll position that brings a row into view with the least movement. */
export function scrollTopFor(
  size: ListSize,
  scrollTop: number,
  row: number,
  place: 'nearest' | 'start' = 'nearest',
): number {
  const { rowHeight, viewHeight } = size
  const scale = scaleOf(size)
  const at = scrollTop * scale
  const top = row * rowHeight
  if (place === 'start' || top < at) return top / scale
  if (top + rowHeight > at + viewHeight) return (top + rowHeight - viewHeight) / scale
  return scrollTop
}

export interface ListSize {
  readonly rowCount: number
  readonly rowHeight: number
  /** Of the part that rows are seen in. */
  readonly viewHeight: number
}

/** Pixels of the list per pixel of scrolling. */
function scaleOf({ rowCount, rowHeight, viewHeight }: ListSize): number {
  const whole = rowCount * rowHeight
  return whole <= mostPixels ? 1 : (whole - viewHeight) / (mostPixels - viewHeight)
}

export interface ColumnWindow {
  readonly first: number
  /** Exclusive. */
  readonly end: number
}

/**
 * The columns in view.
 *
 * @param lefts  Where each column begins, and at last where the table ends: one more than columns.
 */
export function columnWindow(
  lefts: ArrayLike<number>,
  scrollLeft: number,
  viewWidth: number,
  spare = 2,
): ColumnWindow {
  const nColumns = lefts.length - 1
  let first = 0
  while (first < nColumns - 1 && lefts[first + 1]! <= scrollLeft) first++
  let end = first
  while (end < nColumns && lefts[end]! < scrollLeft + viewWidth) end++
  return { first: Math.max(0, first - spare), end: Math.min(nColumns, end + spare) }
}
