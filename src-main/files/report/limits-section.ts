import { html } from './html.ts'
import type { Markup } from './html.ts'
import { limitsOf } from './limits.ts'
import type { ReportFacts } from './report-facts.ts'
import { sectionMarkup } from './section-markup.ts'

/** What the numbers can't tell. */
export function limitsSection(facts: ReportFacts): Markup {
  return sectionMarkup(
    'limits',
    '9 Limits',
    'What these numbers do not tell, and what would change the decision.',
    html`<ul class="limits">
      ${limitsOf(facts).map(
        ({ title, text, serious }) =>
          html`<li class="${serious ? 'serious' : ''}"><b>${title}</b> ${text}</li> `,
      )}
    </ul> `,
  )
}
