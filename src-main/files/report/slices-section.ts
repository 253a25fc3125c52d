import { html, nameMarkup } from './html.ts'
import type { Markup } from './html.ts'
import { plural } from './number-text.ts'
import { ruleText } from './report-facts.ts'
import type { ReportFacts } from './report-facts.ts'
import { sectionMarkup } from './section-markup.ts'
import { slicesTable } from './slices-tables.ts'
import { tableMarkup } from './table-html.ts'

const SHOWN = 12

/** Where the recommended run misses positives. */
export function slicesSection(facts: ReportFacts): Markup | null {
  const { slices } = facts.results
  if (slices === null) return null
  const { name, rule, tested, missed, positives, reason } = slices
  const because = html`What is missed may lie in one corner of the data, where another column, a
  rule or more labels would help. ${nameMarkup(name)}, ${ruleText(rule)}, misses ${missed} of
  ${plural(positives, 'positive')}.`
  return sectionMarkup(
    'slices',
    '8 Where positives are missed',
    because,
    reason !== null
      ? html`<p class="note">Not searched, since ${reason}.</p>`
      : html`${tableMarkup(slicesTable(facts, SHOWN), {
          className: 'narrow',
          note: html`${plural(tested, 'slice')} by one column or two were tested, each against the
          rest; p-values are adjusted for all of them (Benjamini and Hochberg), and shares are drawn
          to the common one, the more the fewer positives a slice has. Brackets hold 95 % intervals.`,
        })}`,
  )
}
