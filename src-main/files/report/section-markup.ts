import { html } from './html.ts'
import type { Markup, MarkupValue } from './html.ts'
import { downloadMarkup, tableMarkup } from './table-html.ts'
import type { ReportTable } from './report-table.ts'

/** A part of the report: its question, why it is asked, its answer. */
export function sectionMarkup(
  id: string,
  title: string,
  because: MarkupValue,
  body: MarkupValue,
): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <p class="because">${because}</p>
    ${body}
  </section> `
}

/** A chart with its title, its key, its data as a table and as a download. */
export function chartMarkup({
  title,
  subtitle,
  key,
  drawing,
  tables,
  note,
}: {
  readonly title: string
  readonly subtitle: string
  readonly key?: MarkupValue
  readonly drawing: Markup
  readonly tables: readonly ReportTable[]
  readonly note?: MarkupValue
}): Markup {
  return html`<figure class="chart">
    <figcaption>
      <b>${title}</b>
      <span>${subtitle}</span>${key !== undefined && html`<span class="keys">${key}</span>`}
    </figcaption>
    ${drawing} ${note !== undefined && html`<p class="note">${note}</p>`}
    <details class="twin">
      <summary>Data as a table</summary>
      ${tables.map((table) => tableMarkup(table, { scroll: true }))}
    </details>
    <p class="note downloads">
      ${tables.map((table) => downloadMarkup(table, tables.length > 1 ? `CSV: ${table.title}` : 'CSV'))}
    </p>
  </figure> `
}

/** Facts as a list of terms. */
export function factsMarkup(facts: readonly (readonly [string, MarkupValue])[]): Markup {
  return html`<dl class="facts">
    ${facts.map(
      ([term, fact]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${fact}</dd>
        </div>`,
    )}
  </dl> `
}

/** Something the reader must not miss. */
export function warningMarkup(title: MarkupValue, text: MarkupValue): Markup {
  return html`<div class="warning" role="note"><b>${title}</b> ${text}</div> `
}
