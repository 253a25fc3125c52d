import { html } from './html.ts'
import type { Markup, MarkupValue } from './html.ts'

/** One row of the matrix: the class, and what comes of its cases with an alert and without. */
export interface MatrixRow {
  readonly heading: MarkupValue
  readonly alert: Markup
  readonly pass: Markup
}

/** Truth by decision, two by two; cells bring their own `td`. */
export function matrixMarkup(
  caption: MarkupValue,
  rows: readonly [positive: MatrixRow, negative: MatrixRow],
  note: MarkupValue,
): Markup {
  return html`<div class="table matrix">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">True class</th>
          <th scope="col">Decided: alert</th>
          <th scope="col">Decided: pass</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ heading, alert, pass }) =>
            html`<tr>
              <th scope="row">${heading}</th>
              ${alert}${pass}
            </tr> `,
        )}
      </tbody>
    </table>
    <p class="note">${note}</p>
  </div> `
}
