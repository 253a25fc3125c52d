import { matrixMarkup } from './outcome-matrix.ts'
import { formatNumber } from '#shared/core/format.ts'
import type { CostSource } from '#shared/core/frame/frame.ts'
import { alertLimit, alertLimitText } from '#shared/core/frame/limits.ts'
import type { FrameLimits } from '#shared/core/frame/limits.ts'
import type { OperatingPoint } from '#shared/core/report/analysis.ts'
import { html, nameMarkup } from './html.ts'
import type { Markup } from './html.ts'
import { commitmentOutcome } from './limits.ts'
import { countText, frequencyText, moneyText, percentText, thresholdText } from './number-text.ts'
import { classNames } from './report-facts.ts'
import type { ReportFacts } from './report-facts.ts'
import { costMatrixTable } from './question-tables.ts'
import { factsMarkup, sectionMarkup } from './section-markup.ts'
import { downloadMarkup } from './table-html.ts'

/** What was asked: class, costs, prevalence, capacity, commitments. */
export function questionSection(facts: ReportFacts): Markup {
  const { results, point } = facts
  const { frame, dataset } = results
  const { commitments, casesPerDay } = frame
  return sectionMarkup(
    'question',
    '1 The question',
    'What errors cost decides where the threshold belongs; no metric knows it.',
    html`<div class="columns">
      <div>${costMatrix(facts)}</div>
      ${factsMarkup([
        ['Positive class', html`${nameMarkup(dataset.target)} = ${nameMarkup(dataset.positive)}`],
        [
          'Prevalence in the data',
          `${percentText(frame.prevalenceInData)}, ${countText(dataset.positives)} of ${countText(dataset.rows)} rows`,
        ],
        [
          'Prevalence in use',
          frame.prevalenceInUse === frame.prevalenceInData
            ? 'taken to be the same'
            : `${percentText(frame.prevalenceInUse)}, as stated`,
        ],
        ['Cases', casesPerDay === null ? 'a day: not stated' : `${countText(casesPerDay)} a day`],
        ['Capacity', capacityText(frame, point)],
        ...(frame.minutesPerAlert === null || point.alertsPerDay === null
          ? []
          : [['Review', reviewText(frame.minutesPerAlert, point.alertsPerDay)] as const]),
        ...(commitments.length === 0 ? [['Commitment', 'none'] as const] : []),
        ...commitments.map((one) => ['Commitment', commitmentOutcome(one, point).text] as const),
        [
          'Bayes threshold',
          frame.bayesThreshold === null
            ? `not one number: ${frame.bayesThresholdReason ?? 'it differs by case'}`
            : `${thresholdText(frame.bayesThreshold)}, from the costs alone`,
        ],
      ])}
    </div> `,
  )
}

function capacityText(limits: FrameLimits, { alertsPerDay }: OperatingPoint): string {
  const most = alertLimit(limits)
  const limit = alertLimitText(limits, frequencyText)
  if (most === null || limit === null) return 'no limit stated'
  if (alertsPerDay === null) return limit
  const room = most.perDay - alertsPerDay
  return room >= 0
    ? `${limit}; kept, ${frequencyText(alertsPerDay)} expected`
    : `${limit}; exceeded, ${frequencyText(alertsPerDay)} expected, ${frequencyText(-room)} too many`
}

function reviewText(minutesPerAlert: number, alertsPerDay: number): string {
  return `${frequencyText((alertsPerDay * minutesPerAlert) / 60)} hours a day expected, at ${formatNumber(minutesPerAlert)} minutes an alert`
}

function costMatrix(facts: ReportFacts): Markup {
  const { costs, costsAssumed, currency } = facts.results.frame
  const { positive, negative } = classNames(facts.results.dataset)
  const cell = (kind: string, cost: CostSource, name: string) =>
    html`<td class="${kind}">
      <b
        >${typeof cost === 'number' ? moneyText(cost, { currency }) : html`column ${nameMarkup(cost.column)}`}</b
      ><small>${name}${costsAssumed && ', assumed'}</small>
    </td>`
  return matrixMarkup(
    html`What each outcome costs${costsAssumed && html` <em class="badge warn">assumed</em>`}`,
    [
      {
        heading: nameMarkup(positive),
        alert: cell('tp', costs.truePositive, 'caught'),
        pass: cell('fn wrong', costs.falseNegative, 'missed'),
      },
      {
        heading: nameMarkup(negative),
        alert: cell('fp wrong', costs.falsePositive, 'false alarm'),
        pass: cell('tn', costs.trueNegative, 'rightly passed'),
      },
    ],
    html`${currency === null ? 'One currency throughout, the one in which the costs were given' : `All amounts in ${currency}`};
    gains are negative. ${downloadMarkup(costMatrixTable(facts))}`,
  )
}
