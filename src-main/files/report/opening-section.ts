import { runTitle } from '#shared/core/plan/configuration-text.ts'
import { per1000ToMonth } from '#shared/core/decision/operating-point.ts'
import { alertLimitLabel } from '#shared/core/frame/limits.ts'
import { html, nameMarkup } from './html.ts'
import type { Markup, MarkupValue } from './html.ts'
import { accuracySentence } from './limits.ts'
import {
  amountWithInterval,
  countText,
  frequencyText,
  moneyText,
  percentInterval,
  percentText,
  plural,
} from './number-text.ts'
import { shareInterval } from './proportion.ts'
import type { Proportion } from './proportion.ts'
import { alerted, caught, isPlainRate, right, ruleText } from './report-facts.ts'
import type { ReportFacts } from './report-facts.ts'
import { keyFiguresTable } from './opening-tables.ts'
import { warningMarkup } from './section-markup.ts'
import { downloadMarkup } from './table-html.ts'

/** Characters from which the opening sentence is set smaller. */
const LONG_SENTENCE = 240

/** Money first: the sentence, then what the recommended run costs, catches and alarms. */
export function openingSection(facts: ReportFacts): Markup {
  const { results, point, recommended } = facts
  const { frame } = results
  return html`<section class="opening">
    <h1 class="${results.sentence.length > LONG_SENTENCE && 'long'}">${results.sentence}</h1>
    ${frame.costsAssumed && warningMarkup('The costs are assumed.', 'Nobody stated what errors cost. Amounts are in units of that assumption, and the choice depends on it.')}
    <div class="figures">${[costFigure(facts), ...rateFigures(facts), alertFigure(facts)]}</div>
    <p class="note">
      ${nameMarkup(recommended.name)} (${runTitle(recommended.configuration)}),
      ${ruleText(point.rule)}, on ${plural(results.dataset.rows, 'case')} that model and threshold
      had not seen. Brackets hold 95 % intervals. ${accuracySentence(facts)}
      ${downloadMarkup(keyFiguresTable(facts))}
    </p>
  </section> `
}

function figure(value: string, interval: string | null, text: MarkupValue): Markup {
  return html`<div>
    <b>${value}</b><span>${text}${interval !== null && html`<br />${interval}`}</span>
  </div>`
}

function costFigure({ results, point }: ReportFacts): Markup {
  const { casesPerDay, currency } = results.frame
  const [per1000, interval] = amountWithInterval(point.costPer1000, point.costPer1000Interval, {
    currency,
  })
  if (casesPerDay === null || point.costPerMonth === null) {
    return figure(per1000, interval, 'cost per 1,000 cases')
  }
  const factor = per1000ToMonth(1, casesPerDay)
  const bounds = point.costPer1000Interval && {
    lower: point.costPer1000Interval.lower * factor,
    upper: point.costPer1000Interval.upper * factor,
  }
  const month = moneyText(point.costPerMonth, { currency })
  const monthInterval =
    bounds && `[${moneyText(bounds.lower, { currency })}, ${moneyText(bounds.upper, { currency })}]`
  return html`<div>
    <b>${month}</b
    ><span
      >cost a month${monthInterval !== null && html`<br />${monthInterval}`}<br />${per1000} per
      1,000 cases${interval !== null && html` ${interval}`}</span
    >
  </div>`
}

function rateFigures({ point }: ReportFacts): readonly Markup[] {
  const rate = (value: number | null, proportion: Proportion, what: string, none: string) => {
    if (value === null) return figure('–', null, none)
    const plain = isPlainRate(value, proportion)
    const bounds = plain ? shareInterval(proportion) : null
    const counts = `${countText(proportion.count)} of ${countText(proportion.of)}`
    return figure(
      percentText(value),
      bounds === null ? null : percentInterval(bounds),
      html`${plain ? `${counts} ${what}` : `${what}; of the rows ${counts}`}`,
    )
  }
  return [
    rate(
      point.recall,
      caught(point.confusion),
      'positives caught (recall)',
      'no positives: there is no recall',
    ),
    rate(
      point.precision,
      right(point.confusion),
      'alerts right (precision)',
      'no alert: there is no precision',
    ),
  ]
}

function alertFigure({ results, point, reweighted }: ReportFacts): Markup {
  const { casesPerDay } = results.frame
  const limit = alertLimitLabel(results.frame, frequencyText)
  const bounds = reweighted ? null : shareInterval(alerted(point.confusion))
  const scaled = (factor: number): string | null =>
    bounds && `[${frequencyText(bounds.lower * factor)}, ${frequencyText(bounds.upper * factor)}]`
  if (casesPerDay === null || point.alertsPerDay === null) {
    return figure(frequencyText(point.alertsPer1000), scaled(1000), 'alerts per 1,000 cases')
  }
  return figure(
    frequencyText(point.alertsPerDay),
    scaled(casesPerDay),
    `alerts a day, of ${countText(casesPerDay)} cases${limit === null ? '' : `; at most ${limit}`}`,
  )
}
