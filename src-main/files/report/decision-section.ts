import type { CostSource } from '#shared/core/frame/frame.ts'
import { curveFigures } from './curve-figures.ts'
import { html, nameMarkup } from './html.ts'
import type { Markup } from './html.ts'
import { foldSpread, shortfallText } from './limits.ts'
import {
  amountText,
  amountWithInterval,
  countText,
  percentText,
  plural,
  thresholdText,
} from './number-text.ts'
import { matrixMarkup } from './outcome-matrix.ts'
import { championDiffers, classNames, ruleText } from './report-facts.ts'
import type { ReportFacts } from './report-facts.ts'
import {
  confusionTable,
  decisionsTable,
  foldThresholdsTable,
  moreRecallTable,
  operatingPointsTable,
} from './decision-tables.ts'
import { guaranteeText } from './guarantee-text.ts'
import { finalTestTable } from './guardrail-tables.ts'
import { factsMarkup, sectionMarkup, warningMarkup } from './section-markup.ts'
import { solverTable } from './solver-tables.ts'
import { downloadMarkup, tableMarkup } from './table-html.ts'
import { uncertaintyPart } from './uncertainty-part.ts'

/** The threshold, where it comes from, and what it does. */
export function decisionSection(facts: ReportFacts): Markup {
  const { results, recommended, curves, point } = facts
  const { threshold } = recommended
  const hasCurve = curves.some(({ name }) => name === recommended.name)
  return sectionMarkup(
    'decision',
    '5 The decision',
    html`${nameMarkup(recommended.name)} alerts from the threshold below. Counts and costs of this
    part are the nested estimate: each case judged by a threshold that had not seen it. Curves are
    drawn on the data on which the threshold was chosen, and say so.`,
    html`${
        threshold.feasible
          ? null
          : warningMarkup('No threshold keeps all conditions.', shortfallText(threshold.shortfall))
      }
      ${whyNotTheChampion(facts)}
      <div class="columns">
        <div>
          ${factsMarkup([
            ['Threshold to use', thresholdToUse(facts)],
            ['Rule', point.rule === 'tuned' ? threshold.rule : ruleText(point.rule)],
            [
              'Fitted on',
              point.rule === 'tuned' ? threshold.fittedOn : 'nothing: it is fixed beforehand',
            ],
            ['Stability', foldSpread(recommended)],
            costFact(facts),
          ])}
        </div>
        <div>
          ${outcomeMatrix(facts)}${tableMarkup(foldThresholdsTable(facts), { className: 'folds' })}
        </div>
      </div>
      ${tableMarkup(solverTable(facts), { note: solverNote(facts) })}
      ${tableMarkup(operatingPointsTable(facts), {
        rowClass: (row) => (recommended.operatingPoints[row] === point ? 'pick' : ''),
        note: '0.5 is here as a marker, never as a choice.',
      })}
      ${decisionsTable(facts).rows.length > 0 && tableMarkup(decisionsTable(facts))}
      ${
        finalTestTable(facts).rows.length > 0 &&
        tableMarkup(finalTestTable(facts), {
          note: `Cases that neither model nor threshold had seen. Opened ${plural(facts.decisions.openings.length, 'time')}: only the first look is free of choices made after it.`,
        })
      }
      ${curveFigures(facts)}
      ${
        hasCurve &&
        tableMarkup(moreRecallTable(facts), {
          note: 'Read from the curves, on the data on which the threshold was chosen: new data will cost a little more.',
        })
      }
      ${uncertaintyPart(facts)}
      ${results.frame.costsAssumed && html`<p class="note">All costs of this part are assumed.</p>`}`,
  )
}

/** The solver's sentence, how far its answer moves, and what being off costs. */
function solverNote({ results }: ReportFacts): string {
  const { solved, spread, regretPer1000, analytic, analyticReason } = results.operatingPoint
  const { currency } = results.frame
  const range =
    spread.lower === null || spread.upper === null
      ? 'in no bootstrap draw was an alert worth its cost'
      : `in ${countText(spread.draws)} bootstrap draws 95 % of the cheapest thresholds lie from ${thresholdText(spread.lower)} to ${thresholdText(spread.upper)}`
  const worst = Math.max(regretPer1000.atLower ?? 0, regretPer1000.atUpper ?? 0)
  const gap =
    analytic === null
      ? `The costs alone give no one threshold: ${analyticReason!}.`
      : `The costs alone give ${thresholdText(analytic.analytic)}: ${analytic.sentence}`
  return `${solved.sentence} Of all cases judged, on which this is optimistic; ${range}, and at either end 1,000 cases cost at most ${amountText(worst, { currency })} more. ${gap} ${guaranteeText(results.operatingPoint)}`
}

function thresholdToUse({ recommended, point }: ReportFacts): Markup {
  if (point.rule === 'tuned') {
    const { value } = recommended.threshold
    return html`<b class="big">${thresholdText(value)}</b
      >${Number.isFinite(value) && value <= 1 && html` <small>exactly <code>${String(value)}</code></small>`}`
  }
  return point.threshold === null
    ? html`<b>one per case, from its costs</b>`
    : html`<b class="big">${thresholdText(point.threshold)}</b>`
}

/** Nothing where the champion is recommended. */
function whyNotTheChampion(facts: ReportFacts): Markup | null {
  const { champion, difference } = facts.results.comparison
  if (!championDiffers(facts) || difference === null) return null
  const interval = difference.interval && {
    lower: 0 - difference.interval.upper,
    upper: 0 - difference.interval.lower,
  }
  const [less, range] = amountWithInterval(0 - difference.costPer1000, interval, {
    currency: facts.results.frame.currency,
  })
  return html`<p>
    ${nameMarkup(champion.name)}, ${ruleText(champion.rule)}, came out ${less} ${range} cheaper per
    1,000 cases,
    ${range === null ? 'with no interval to tell chance from gain' : 'but the interval contains 0'}:
    ${
      facts.champion.untreated
        ? 'what may be chance is no reason to leave the reference.'
        : 'a treatment must earn its keep.'
    }
  </p>`
}

/** The champion's cost is corrected for having been picked. */
function costFact(facts: ReportFacts): readonly [string, string] {
  if (!championDiffers(facts)) return ['Cost, corrected', correctedCost(facts)]
  const { costPer1000, costPer1000Interval } = facts.point
  const [cost, interval] = amountWithInterval(costPer1000, costPer1000Interval, {
    currency: facts.results.frame.currency,
  })
  return ['Cost', `${cost}${interval === null ? '' : ` ${interval}`} per 1,000 cases`]
}

function correctedCost({ results }: ReportFacts): string {
  const { costPer1000BiasCorrected, costPer1000BiasCorrectedInterval, costPer1000 } =
    results.comparison.champion
  const { competitors, competitorsWithTrials } = results.comparison.champion
  const { currency } = results.frame
  const searched =
    competitorsWithTrials === undefined
      ? ''
      : `, ${countText(competitorsWithTrials)} with every set of hyperparameters that searches inside the training sets tried`
  const of = `best of ${plural(competitors, 'competitor')}${searched}`
  if (costPer1000BiasCorrected === null) {
    return `${amountText(costPer1000, { currency })} per 1,000 cases as ${of}; the correction for that could not be computed`
  }
  const [cost, interval] = amountWithInterval(
    costPer1000BiasCorrected,
    costPer1000BiasCorrectedInterval,
    { currency },
  )
  return `${cost}${interval === null ? '' : ` ${interval}`} per 1,000 cases, corrected for being the ${of}; uncorrected ${amountText(costPer1000, { currency })}`
}

function outcomeMatrix(facts: ReportFacts): Markup {
  const { point, results, reweighted } = facts
  const { positive, negative } = classNames(results.dataset)
  const { costs, currency } = results.frame
  const { tp, fp, tn, fn } = point.confusion
  const cell = (kind: string, count: number, of: number, cost: CostSource, name: string) =>
    html`<td class="${kind}">
      <b>${countText(count)}</b> <small>${of > 0 && percentText(count / of)} ${name}</small
      ><small
        >${
          typeof cost === 'number'
            ? `cost ${amountText(cost * count, { currency })}`
            : html`cost by column ${nameMarkup(cost.column)}`
        }</small
      >
    </td>`
  return matrixMarkup(
    'Outcomes in cases and money',
    [
      {
        heading: html`${nameMarkup(positive)}<small>${countText(tp + fn)}</small>`,
        alert: cell('tp', tp, tp + fn, costs.truePositive, 'caught'),
        pass: cell('fn wrong', fn, tp + fn, costs.falseNegative, 'missed'),
      },
      {
        heading: html`${nameMarkup(negative)}<small>${countText(fp + tn)}</small>`,
        alert: cell('fp wrong', fp, fp + tn, costs.falsePositive, 'false alarms'),
        pass: cell('tn', tn, fp + tn, costs.trueNegative, 'rightly passed'),
      },
    ],
    html`Nested estimate on
    ${plural(tp + fp + tn + fn, 'row')}${reweighted && ', as they are in the data'}.
    ${downloadMarkup(confusionTable(facts))}`,
  )
}
