import { guardrailsTable } from './guardrail-tables.ts'
import { html } from './html.ts'
import type { Markup } from './html.ts'
import { plural } from './number-text.ts'
import type { ReportFacts } from './report-facts.ts'
import { sectionMarkup } from './section-markup.ts'
import { tableMarkup } from './table-html.ts'

/** Which rules of honest analysis were kept, which are open, and who passed over which and why. */
export function guardrailsSection(facts: ReportFacts): Markup {
  const { guardrails } = facts.results
  const count = (state: 'passed' | 'failed' | 'overridden'): number =>
    guardrails.filter((one) => one.state === state).length
  return sectionMarkup(
    'guardrails',
    '10 Guardrails',
    html`${plural(count('failed'), 'guardrail')} open, ${count('overridden')} passed over with a
    reason, ${count('passed')} kept. A rule that refuses can't be passed over: what stands here as
    open was said and left to the analyst.`,
    tableMarkup(guardrailsTable(facts), {
      hide: ['guides'],
      rowClass: (row) => (guardrailsTable(facts).rows[row]![1] === 'kept' ? 'quiet' : ''),
    }),
  )
}
