import { html } from './html.ts'
import type { Markup } from './html.ts'
import type { ReportFacts } from './report-facts.ts'
import { columnStrengthTable, findingsTable } from './diagnosis-tables.ts'
import { sectionMarkup, warningMarkup } from './section-markup.ts'
import { tableMarkup } from './table-html.ts'

/** Whether imbalance is the problem at all, and what that rests on. */
export function diagnosisSection(facts: ReportFacts): Markup | null {
  const { verdict } = facts.results
  if (verdict === null) return null
  const { sentence, advice, alternative, findings } = verdict
  return sectionMarkup(
    'diagnosis',
    '3 Is imbalance the problem?',
    'Asked before any treatment: the untreated model with its threshold tuned comes first, and one answer is given, with its evidence.',
    html`<p><b>${sentence}</b></p>
      <p>${advice}</p>
      ${alternative !== null && warningMarkup('Not for certain.', alternative.sentence)}
      ${tableMarkup(findingsTable(facts), {
        className: 'findings',
        heading: (row) => html`${findings[row]!.title}`,
        rowClass: (row) => (findings[row]!.kind === verdict.kind ? 'pick' : ''),
      })}
      ${tableMarkup(columnStrengthTable(facts), {
        className: 'narrow',
        note: html`How well each column ranks by itself, the strongest first. Intervals hold for all
        columns at once. A column that is strong by rights is no leak; one that is written after the
        answer is known is.`,
      })}`,
  )
}
