import { html, nameMarkup } from './html.ts'
import type { Markup } from './html.ts'
import { countText, percentText, plural } from './number-text.ts'
import type { ReportFacts } from './report-facts.ts'
import { labelsPart } from './labels-part.ts'
import { featuresTable, leftOutTable } from './data-tables.ts'
import { factsMarkup, sectionMarkup } from './section-markup.ts'
import { downloadMarkup, tableMarkup } from './table-html.ts'

const FEATURES_SHOWN = 40

/** What the numbers rest on. */
export function dataSection(facts: ReportFacts): Markup {
  const { results, title } = facts
  const { dataset } = results
  const { features, leftOut } = dataset
  const more = features.length - FEATURES_SHOWN
  return sectionMarkup(
    'data',
    '2 The data',
    'Every number below rests on these cases and on no others.',
    html`${factsMarkup([
      ['Data', nameMarkup(title)],
      ['Rows', countText(dataset.rows)],
      [
        'Positives',
        `${countText(dataset.positives)} of ${countText(dataset.rows)} (${percentText(dataset.prevalence)})`,
      ],
      ['Fingerprint', html`<code>${dataset.fingerprint}</code>`],
      [
        plural(features.length, 'feature'),
        html`<span class="names"
            >${features.slice(0, FEATURES_SHOWN).map((name, i) => html`${i > 0 && ', '}${nameMarkup(name)}`)}${more > 0 && ` and ${countText(more)} more`}</span
          >
          ${downloadMarkup(featuresTable(facts))}`,
      ],
    ])}${
      leftOut.length === 0
        ? html`<p class="note">No column was left out.</p>`
        : tableMarkup(leftOutTable(facts), { className: 'narrow' })
    }${labelsPart(facts)}`,
  )
}
