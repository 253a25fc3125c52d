import { html, nameMarkup, trustedMarkup } from './html.ts'
import type { Markup, MarkupValue } from './html.ts'
import { csvText } from './csv-text.ts'
import type { Cell, ReportColumn, ReportTable } from './report-table.ts'
import {
  countText,
  fixedInterval,
  fixedText,
  moneyText,
  amountWithInterval,
  percentInterval,
  percentText,
  thresholdText,
} from './number-text.ts'
import type { Bounds } from './number-text.ts'

export interface TableOptions {
  readonly className?: string
  /** Fields to leave out on the page; the download has them all. */
  readonly hide?: readonly string[]
  /** What to put in the first cell of a row instead of its text. */
  readonly heading?: (row: number) => Markup
  readonly rowClass?: (row: number) => string
  /** A further column at the end, e.g. a drawing. */
  readonly extra?: { readonly head: Markup; readonly cell: (row: number) => Markup }
  readonly note?: MarkupValue
  /** Rows are so many that they get a window of their own. */
  readonly scroll?: boolean
}

/** A table as the page shows it, with its caption, its note and its download. */
export function tableMarkup(table: ReportTable, options: TableOptions = {}): Markup {
  const shown = table.columns.filter(
    ({ field }) => options.hide?.includes(table.header[field]!) !== true,
  )
  const { extra } = options
  const body = table.rows.map(
    (row, r) =>
      html`<tr class="${options.rowClass?.(r) ?? ''}">
        ${shown.map((column, c) =>
          c === 0
            ? html`<th scope="row" class="${alignment(column)}">
                ${options.heading?.(r) ?? cellMarkup(row, column, r)}
              </th>`
            : html`<td class="${alignment(column)}">${cellMarkup(row, column, r)}</td>`,
        )}${extra !== undefined && html`<td class="drawing">${extra.cell(r)}</td>`}
      </tr> `,
  )
  const heads = shown.map(
    (column) => html`<th scope="col" class="${alignment(column)}">${column.title}</th>`,
  )
  return html`<div class="table ${options.className ?? ''} ${table.rows.length > 16 && 'long'}">
    <div
      class="${options.scroll === true ? 'scroll' : 'sheet'}"
      ${options.scroll === true && trustedMarkup(' tabindex="0" role="region"')}${options.scroll === true && html` aria-label="${table.title}"`}
    >
      <table>
        <caption>
          ${table.title}
        </caption>
        <thead>
          <tr>
            ${heads}${extra !== undefined && html`<th scope="col" class="drawing">${extra.head}</th>`}
          </tr>
        </thead>
        <tbody>
          ${body}
        </tbody>
      </table>
    </div>
    <p class="note">${options.note} ${downloadMarkup(table)}</p>
  </div> `
}

/** A link that holds its file, so that it works without a network and without scripts. */
export function downloadMarkup(table: ReportTable, text = 'CSV'): Markup {
  // The byte order mark makes spreadsheets read UTF-8.
  const content = encodeURIComponent(`\ufeff${csvText(table)}`)
  return html`<a
    class="csv"
    download="${table.name}.csv"
    href="data:text/csv;charset=utf-8,${content}"
    aria-label="Download CSV: ${table.title}"
    >${text}</a
  >`
}

function alignment({ format }: ReportColumn): string {
  return format === 'text' ? 'words' : 'number'
}

function cellMarkup(row: readonly Cell[], column: ReportColumn, r: number): Markup {
  const value = row[column.field] ?? null
  if (value === null) return html`<span class="absent">${column.absent}</span>`
  if (typeof value === 'string') return nameMarkup(value)
  const bounds = boundsOf(row, column.interval)
  const format = column.formats?.[r] ?? column.format
  const [text, interval] = numberText(value, bounds, { ...column, format })
  const [count, of] = (column.proportion ?? []).map((field) => row[field] ?? null)
  return html`${text}${
    typeof count === 'number' &&
    typeof of === 'number' &&
    html`<small>${countText(count)} of ${countText(of)}</small>`
  }${interval !== null && html`<small>${interval}</small>`}`
}

function boundsOf(row: readonly Cell[], fields: readonly [number, number] | null): Bounds | null {
  if (fields === null) return null
  const [lower, upper] = [row[fields[0]], row[fields[1]]]
  return typeof lower === 'number' && typeof upper === 'number' ? { lower, upper } : null
}

/** A number and its interval as texts. */
function numberText(
  value: number,
  bounds: Bounds | null,
  { format, currency }: ReportColumn,
): readonly [string, string | null] {
  switch (format) {
    case 'text':
      return [moneyText(value), null]
    case 'count':
      return [
        countText(value),
        bounds && `[${countText(bounds.lower)}, ${countText(bounds.upper)}]`,
      ]
    case 'amount':
      return amountWithInterval(value, bounds, { currency })
    case 'amount-change':
      return amountWithInterval(value, bounds, { sign: true, currency })
    case 'percent':
      return [percentText(value), bounds && percentInterval(bounds)]
    case 'metric-2':
      return [fixedText(value, 2), bounds && fixedInterval(bounds, 2)]
    case 'metric-3':
      return [fixedText(value, 3), bounds && fixedInterval(bounds, 3)]
    case 'metric-4':
      return [fixedText(value, 4), bounds && fixedInterval(bounds, 4)]
    case 'times':
      return [`${fixedText(value, 1)} ×`, bounds && fixedInterval(bounds, 1)]
    case 'threshold':
      return [thresholdText(value), null]
  }
}
