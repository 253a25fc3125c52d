import { runTitle } from '#shared/core/plan/configuration-text.ts'
import { forestPlot } from './forest-plot.ts'
import { html, nameMarkup } from './html.ts'
import type { Markup } from './html.ts'
import { amountWithInterval, plural } from './number-text.ts'
import { repeatedText } from './repeated-text.ts'
import { ledgerRoles, ruleText } from './report-facts.ts'
import type { ReportFacts } from './report-facts.ts'
import { foldProofTable } from './guardrail-tables.ts'
import {
  commitmentsTable,
  ledgerTable,
  measuresTable,
  metricsTable,
  trainingTable,
} from './tried-tables.ts'
import { markerMarkup, runHeading } from './run-marker.ts'
import { sectionMarkup } from './section-markup.ts'
import { tableMarkup } from './table-html.ts'

/** Everything that competed, the do-nothing rows always among it. */
export function triedSection(facts: ReportFacts): Markup {
  const { results, recommended, reference, marker } = facts
  const { comparison } = results
  const { ledger } = results
  const measures = measuresTable(facts)
  const plot = forestPlot(
    ledger.map(({ name, rule, differenceToReference, differenceInterval }) => ({
      value: differenceToReference,
      interval: differenceInterval,
      marker: marker(name),
      hollow: rule !== 'tuned',
    })),
    results.frame.currency,
  )
  const rolesOf = (row: number) => ledgerRoles(comparison, ledger[row]!)
  const configurationOf = (name: string) =>
    results.configurations.find((configuration) => configuration.name === name)
  const heading = (row: number): Markup => {
    const { name, rule } = ledger[row]!
    const configuration = configurationOf(name)?.configuration
    return html`${markerMarkup(marker(name), rule !== 'tuned')}<span class="run"
        >${nameMarkup(name)},
        ${ruleText(rule)}${rolesOf(row).map(
          (role) =>
            html` <em class="${role === 'recommended' ? 'badge' : 'badge quiet'}">${role}</em>`,
        )}<small>${configuration && runTitle(configuration)}</small></span
      >`
  }
  return sectionMarkup(
    'tried',
    '4 What was tried',
    html`Does any treatment beat the untreated model with a good threshold? All rows are judged on
    the same ${plural(results.experiment.folds, 'fold')}; differences are paired, case by case,
    against ${nameMarkup(reference.name)} with its tuned threshold.`,
    html`${tableMarkup(ledgerTable(facts), {
        className: 'ledger',
        hide: ['treatment', 'threshold_rule', 'alerts_per_1000', 'role'],
        heading,
        rowClass: (row) => (rolesOf(row).includes('recommended') ? 'pick' : ''),
        extra: {
          head: html`<span class="sr">Difference in cost per 1,000 cases. </span>${plot.head}`,
          cell: plot.cell,
        },
        note: html`Differences in cost per 1,000 cases; hollow marks are fixed thresholds. At
        prevalence is what adjusting the logits after training comes to: a mark, no competitor.
        ${plot.cut && 'An arrow lies beyond the scale.'} ${differenceSentence(facts)}
        ${results.repeated !== null && repeatedText(results.repeated, results.frame.currency)}`,
      })}
      ${tableMarkup(metricsTable(facts), {
        className: 'metrics',
        heading: (row) => runHeading(facts, results.configurations[row]!),
        rowClass: (row) => (results.configurations[row] === recommended ? 'pick' : ''),
        note: html`<b>Average precision</b>: mean precision over all recalls; chance reaches the
          prevalence. <b>ROC AUC</b>: chance that a positive ranks above a negative; kind to rare
          classes, so never read alone. <b>Brier score</b>: mean squared error of the probabilities;
          <b>skill</b>: its gain over always saying the prevalence. <b>Log loss</b>: punishes
          confident errors. <b>ECE</b>: mean distance of probability and observed share over 10 bins
          of equal count.`,
      })}
      ${tableMarkup(commitmentsTable(facts), {
        className: 'metrics',
        heading: (row) => runHeading(facts, results.configurations[row]!),
        rowClass: (row) => (results.configurations[row] === recommended ? 'pick' : ''),
        note: 'Over all thresholds, on the data they are picked on: optimistic, and good for comparing only.',
      })}
      ${
        measures !== null &&
        html`<details class="twin">
          <summary>All measures, from money to calibration</summary>
          ${tableMarkup(measures, {
            scroll: true,
            note: 'Decisions at the tuned thresholds of the folds, judged on cases that neither model nor threshold has seen; 95 % intervals. The top: cases with the highest scores.',
          })}
        </details>`
      }
      <details class="twin">
        <summary>What the models were fitted on, fold by fold</summary>
        ${tableMarkup(trainingTable(facts), { scroll: true })}
      </details>
      <details class="twin">
        <summary>
          Proof that nothing judged was trained on (folds ${results.experiment.proof.scheme})
        </summary>
        ${tableMarkup(foldProofTable(facts), { scroll: true })}
        <p class="note">
          ${plural(results.experiment.proof.duplicatesAcross, 'judged case has', 'judged cases have')}
          an equal twin in training.
          ${results.experiment.proof.notJudged.map(({ rows, reason }) => `${plural(rows, 'row')} not judged: ${reason}. `)}
        </p>
      </details> `,
  )
}

function differenceSentence({ results }: ReportFacts): string {
  const { difference, champion } = results.comparison
  if (difference === null) return 'There was nothing to compare with.'
  const [cost, interval] = amountWithInterval(difference.costPer1000, difference.interval, {
    sign: true,
    currency: results.frame.currency,
  })
  return `Cheapest (${champion.name}, ${ruleText(champion.rule)}) minus ${difference.opponent}, ${ruleText(difference.opponentRule)}: ${cost}${interval === null ? '' : ` ${interval}`} per 1,000 cases, ${
    difference.certain ? `${champion.name} is clearly the cheaper one.` : 'no clear difference.'
  }`
}
