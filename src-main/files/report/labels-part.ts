import { html } from './html.ts'
import type { Markup, MarkupValue } from './html.ts'
import { hiddenPositivesTable, labelAuditTable } from './labels-tables.ts'
import { countText, percentText, plural } from './number-text.ts'
import type { LabelFacts, ReportFacts } from './report-facts.ts'
import { factsMarkup, warningMarkup } from './section-markup.ts'
import { tableMarkup } from './table-html.ts'

/** What is known of the labels; nothing where nobody has looked at them. */
export function labelsPart(facts: ReportFacts): Markup | false {
  const { labels } = facts.decisions
  if (labels === undefined) return false
  return html`<h3>The labels</h3>
    ${labels.chain.brokenAt !== null && warningMarkup('The log of reviews was changed outside of the program.', `Event ${countText(labels.chain.brokenAt)} does not follow from the one before.`)}
    ${factsMarkup(reviewFacts(labels))} ${tableMarkup(hiddenPositivesTable(facts))}
    ${labels.audit !== null && tableMarkup(labelAuditTable(facts))}`
}

function reviewFacts(labels: LabelFacts): (readonly [string, MarkupValue])[] {
  const { decided, agreement, chain, corrected } = labels
  const rows = labels.byModel + labels.atRandom
  const facts: (readonly [string, MarkupValue])[] = [
    [
      'Reviewed',
      rows === 0
        ? 'No row yet'
        : `${plural(rows, 'row')} by ${plural(labels.reviewers, 'reviewer')}: ${countText(decided.relabel)} to relabel, ${countText(decided.exclude)} to leave out, ${countText(decided.keep)} kept, ${countText(decided.unsure)} unsure, ${countText(decided.adjudicate)} contradicted`,
    ],
  ]
  if (rows > 0) {
    facts.push([
      'Chosen by',
      `models: ${countText(labels.byModel)}; chance: ${countText(labels.atRandom)}. A model looks better on rows that it was allowed to have corrected.`,
    ])
  }
  if (corrected !== null) {
    facts.push([
      'Corrected',
      `${plural(corrected.relabelled, 'label')} changed and ${plural(corrected.excluded, 'row')} left out before these runs; test rows like all others, for every run alike`,
    ])
  }
  if (agreement.kappa !== null && agreement.interval !== null) {
    const { lower, upper } = agreement.interval
    facts.push([
      'Two reviewers',
      `agree on ${percentText(agreement.observed ?? 0)} of ${plural(agreement.pairs, 'row')}; kappa (Cohen) ${agreement.kappa.toFixed(2)} [${lower.toFixed(2)}, ${upper.toFixed(2)}]`,
    ])
  }
  if (chain.events > 0) {
    facts.push([
      'Log of reviews',
      html`${plural(chain.events, 'event')}, head <code>${chain.hash}</code> (SHA-256)`,
    ])
  }
  return facts
}
