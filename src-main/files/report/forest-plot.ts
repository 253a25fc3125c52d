import { html } from './html.ts'
import type { Markup } from './html.ts'
import { formatMoney } from '#shared/core/format.ts'
import { moneyText } from './number-text.ts'
import type { Bounds } from './number-text.ts'
import { markerShape } from './run-marker.ts'
import type { RunMarker } from './report-facts.ts'

export interface ForestRow {
  /** Difference in cost to the reference; null on the reference itself. */
  readonly value: number | null
  readonly interval: Bounds | null
  readonly marker: RunMarker
  readonly hollow: boolean
}

export interface ForestPlot {
  readonly head: Markup
  readonly cell: (row: number) => Markup
  /** True when something lies beyond the scale and is drawn as an arrow at its edge. */
  readonly cut: boolean
}

/** Room at both ends of the scale, in percent. */
const MARGIN = 4

/**
 * Differences with their intervals, one drawing a table row, on one scale with the reference at 0.
 *
 * A few rows far off would press all others together; so what reaches further than three times the
 * median does not stretch the scale: it is an arrow at its edge.
 *
 * @param currency What amounts are shown with; null for bare numbers.
 */
export function forestPlot(rows: readonly ForestRow[], currency: string | null = null): ForestPlot {
  const ends = rows.flatMap(({ value, interval }) =>
    value === null ? [] : [value, interval?.lower ?? value, interval?.upper ?? value],
  )
  const extents = rows
    .map(({ value, interval }) =>
      Math.max(...[value, interval?.lower, interval?.upper].map((end) => Math.abs(end ?? 0))),
    )
    .filter((extent) => extent > 0)
    .sort((a, b) => a - b)
  const median = extents[Math.floor(extents.length / 2)] ?? 1
  const limit = extents.findLast((extent) => extent <= 3 * median) ?? median
  const lowest = Math.max(-limit, Math.min(0, ...ends))
  const highest = Math.min(limit, Math.max(0, ...ends))
  const span = highest - lowest || 1
  const percent = (value: number): number =>
    Number((MARGIN + ((value - lowest) / span) * (100 - 2 * MARGIN)).toFixed(2))
  const inside = (value: number): number => Math.min(highest, Math.max(lowest, value))
  const isCut = ({ value }: ForestRow): boolean =>
    value !== null && (value > highest || value < lowest)

  const cell = (r: number): Markup => {
    const row = rows[r]!
    const zero = html`<line
      class="zero"
      x1="${percent(0)}%"
      x2="${percent(0)}%"
      y1="0"
      y2="100%"
    />`
    const bar =
      row.interval !== null &&
      html`<line
        x1="${percent(inside(row.interval.lower))}%"
        x2="${percent(inside(row.interval.upper))}%"
        y1="50%"
        y2="50%"
        stroke="var(--${row.marker.token})"
        stroke-width="3"
        stroke-linecap="round"
        opacity=".45"
      />`
    const at = percent(inside(row.value ?? 0))
    const symbol = isCut(row)
      ? arrow(row.value! > 0, row.marker.token)
      : markerShape(row.marker, row.hollow)
    return html`<svg
      class="forest"
      role="img"
      aria-label="${descriptionOf(row, currency)}"
      width="100%"
      height="30"
    >
      ${zero}${bar}<svg x="${at}%" y="50%" overflow="visible">${symbol}</svg>
    </svg>`
  }

  return { cell, cut: rows.some(isCut), head: axis(lowest, highest, percent, currency) }
}

function arrow(right: boolean, token: string): Markup {
  return html`<path
    d="${right ? 'M-4-5 5 0-4 5' : 'M4-5-5 0 4 5'}"
    fill="none"
    stroke="var(--${token})"
    stroke-width="2"
  />`
}

/** The two directions, then zero and a round number on each side that has room. */
function axis(
  lowest: number,
  highest: number,
  percent: (value: number) => number,
  currency: string | null,
): Markup {
  const step = roundDown(Math.max(highest, -lowest) * 0.8)
  const ticks = [-step, 0, step].filter(
    (tick) =>
      tick >= lowest &&
      tick <= highest &&
      (tick === 0 || Math.abs(percent(tick) - percent(0)) > 18),
  )
  const zero = percent(0)
  return html`<svg class="forest-axis" width="100%" height="28" aria-hidden="true">
    ${
      zero > 28 && html`<text x="${zero}%" dx="-6" y="10" text-anchor="end">← cheaper</text>`
    }${zero < 72 && html`<text x="${zero}%" dx="6" y="10">dearer →</text>`}${ticks.map(
      (tick) =>
        html`<text x="${percent(tick)}%" y="25" text-anchor="middle"
          >${tick === 0 ? '0' : moneyText(tick, { sign: true, currency })}</text
        >`,
    )}
  </svg>`
}

function roundDown(value: number): number {
  if (value <= 0) return 0
  const power = 10 ** Math.floor(Math.log10(value))
  return ([5, 2, 1].find((factor) => factor * power <= value) ?? 1) * power
}

function descriptionOf({ value, interval }: ForestRow, currency: string | null): string {
  if (value === null) return 'the reference'
  const range =
    interval === null
      ? ''
      : `, interval ${formatMoney(interval.lower, currency)} to ${formatMoney(interval.upper, currency)}`
  return `difference ${moneyText(value, { sign: true, currency })}${range}`
}
