/** What the results can't tell, in words, from the results themselves. */
import type { Commitment } from '#shared/core/frame/frame.ts'
import { alertLimit, alertLimitText } from '#shared/core/frame/limits.ts'
import { MEASURES } from '#shared/core/metrics/measure-list.ts'
import type { MeasureName } from '#shared/core/metrics/measure-list.ts'
import type { AnalysisResults, OperatingPoint, RunMetrics } from '#shared/core/report/analysis.ts'
import {
  countText,
  frequencyText,
  fixedText,
  amountWithInterval,
  percentText,
  plural,
  pointsText,
} from './number-text.ts'
import { shareInterval } from './proportion.ts'
import { caught, championDiffers, right, ruleText, total } from './report-facts.ts'
import type { ReportFacts } from './report-facts.ts'

export interface Limit {
  readonly title: string
  readonly text: string
  /** True for what may change the decision by itself. */
  readonly serious: boolean
}

/** All limits, the serious ones first. */
export function limitsOf(facts: ReportFacts): readonly Limit[] {
  const limits = [
    assumedCosts(facts),
    ...brokenPromises(facts),
    fewPositives(facts),
    thinIntervals(facts),
    uncertainChoice(facts),
    bestOfMany(facts),
    otherPrevalence(facts),
    noLaterData(facts),
    labelsAsGiven(facts),
    noTestSet(),
    ...undefinedMetrics(facts),
    ...notes(facts),
  ].filter((limit) => limit !== null)
  return [...limits.filter(({ serious }) => serious), ...limits.filter(({ serious }) => !serious)]
}

function assumedCosts({ results }: ReportFacts): Limit | null {
  if (!results.frame.costsAssumed) return null
  return {
    serious: true,
    title: 'Nobody stated what errors cost.',
    text: 'A miss was taken to be as many times dearer than a false alarm as negatives outnumber positives. Every amount in this report is in units of that assumption; with other costs another run and another threshold may win.',
  }
}

/** Intervals of the recommended run, among those that a reader goes by, which rest on little. */
function thinIntervals({ recommended }: ReportFacts): Limit | null {
  const thin = (recommended.measures ?? []).flatMap(({ measure, share, caution }) =>
    caution === null || share !== undefined || !READ_FIRST.includes(measure)
      ? []
      : [`that of ${MEASURES[measure].title.toLowerCase()} ${caution}`],
  )
  if (thin.length === 0) return null
  return {
    serious: false,
    title: 'Some intervals rest on few cases.',
    text: `With so few, intervals may be off: ${thin.join('; ')}.`,
  }
}

const READ_FIRST: readonly MeasureName[] = [
  'costPer1000',
  'recall',
  'precision',
  'averagePrecision',
]

function brokenPromises({ results, point, recommended }: ReportFacts): readonly Limit[] {
  const { frame } = results
  const broken = frame.commitments
    .map((commitment) => commitmentOutcome(commitment, point))
    .filter(({ kept }) => !kept)
  const most = alertLimit(frame)?.perDay ?? Infinity
  const over = point.alertsPerDay === null ? 0 : point.alertsPerDay - most
  return [
    ...(recommended.threshold.feasible
      ? []
      : [
          {
            serious: true,
            title: 'No threshold keeps all conditions.',
            text: shortfallText(recommended.threshold.shortfall),
          },
        ]),
    ...broken.map(({ text }) => ({
      serious: true,
      title: `${frame.commitments.length === 1 ? 'The' : 'A'} commitment is not kept.`,
      text,
    })),
    ...(over > 1e-9
      ? [
          {
            serious: true,
            title: 'There are more alerts than can be worked.',
            text: `${frequencyText(point.alertsPerDay!)} alerts a day where the frame allows ${alertLimitText(frame, frequencyText)!}: ${frequencyText(over)} too many.`,
          },
        ]
      : []),
  ]
}

/** By how much the conditions are missed, as a sentence. */
export function shortfallText(shortfall: string | null): string {
  const text = shortfall?.trim() ?? ''
  if (text === '') return 'The limits of the frame exclude each other.'
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}

/** Whether an operating point keeps a commitment, in a sentence. */
export function commitmentOutcome(
  { measure, atLeast }: Commitment,
  point: OperatingPoint,
): { readonly kept: boolean; readonly text: string } {
  const value = point[measure]
  const committed = `${measure} of at least ${percentText(atLeast)}`
  if (value === null) {
    const why = measure === 'recall' ? 'there are no positives' : 'there are no alerts'
    return { kept: false, text: `Committed to ${committed}; ${why}, so it can't be told.` }
  }
  const bounds = shareInterval(
    measure === 'recall' ? caught(point.confusion) : right(point.confusion),
  )
  // A rate computed with weighted sums is off by rounding.
  if (value < atLeast - 1e-12) {
    return {
      kept: false,
      text: `Committed to ${committed}; it is ${percentText(value)}, short by ${pointsText(atLeast - value)}.`,
    }
  }
  const sure = bounds !== null && bounds.lower >= atLeast
  return {
    kept: true,
    text: `Committed to ${committed}; it is ${percentText(value)}, kept by ${pointsText(value - atLeast)}${
      sure ? ', and the whole interval lies above' : ', but the interval reaches below'
    }.`,
  }
}

const FEW_POSITIVES = 100

function fewPositives({ results, point }: ReportFacts): Limit | null {
  const { positives } = results.dataset
  const bounds = shareInterval(caught(point.confusion))
  if (bounds === null) {
    return {
      serious: true,
      title: 'There are no positives.',
      text: 'Recall can neither be estimated nor promised.',
    }
  }
  const half = (bounds.upper - bounds.lower) / 2
  return {
    serious: positives < FEW_POSITIVES,
    title:
      positives < FEW_POSITIVES
        ? 'There are few positives.'
        : 'The number of positives bounds what may be claimed.',
    text: `With ${plural(positives, 'positive')}, recall is known to within about ${pointsText(half)} either way. Halving that would take about ${countText(3 * positives)} more.`,
  }
}

function uncertainChoice({ results }: ReportFacts): Limit | null {
  const { champion, difference } = results.comparison
  if (difference === null || difference.certain) return null
  const [cost, interval] = amountWithInterval(difference.costPer1000, difference.interval, {
    sign: true,
    currency: results.frame.currency,
  })
  return {
    serious: false,
    title: 'The choice is not certain.',
    text: `Between ${champion.name}, ${ruleText(champion.rule)}, which came out cheapest, and ${difference.opponent}, ${ruleText(difference.opponentRule)}, there is no clear difference: ${cost}${
      interval === null ? '' : ` ${interval}`
    } per 1,000 cases. More cases might tell them apart.`,
  }
}

function bestOfMany(facts: ReportFacts): Limit | null {
  const { champion } = facts.results.comparison
  if (champion.competitors < 2) return null
  return {
    serious: false,
    title: championDiffers(facts)
      ? `The cheapest is the best of ${countText(champion.competitors)}.`
      : `The recommended run is the best of ${countText(champion.competitors)}.`,
    text:
      champion.costPer1000BiasCorrected === null
        ? 'The best of many looks too good, and the correction for it could not be computed. Expect new data to cost more.'
        : `The best of many looks too good. Corrected for that, expect ${championDiffers(facts) ? `${champion.name} to cost ` : ''}${amountWithInterval(
            champion.costPer1000BiasCorrected,
            champion.costPer1000BiasCorrectedInterval,
            { currency: facts.results.frame.currency },
          )
            .filter((text) => text !== null)
            .join(' ')} per 1,000 cases.`,
  }
}

function otherPrevalence({ results, reweighted }: ReportFacts): Limit | null {
  const { prevalenceInData, prevalenceInUse } = results.frame
  if (!reweighted) return null
  return {
    serious: false,
    title: 'Figures stand for another mix of cases than the rows have.',
    text:
      prevalenceInData === prevalenceInUse
        ? 'Rows carry weights. Rates and costs are weighted; counts are of rows.'
        : `The data has a prevalence of ${percentText(prevalenceInData)}, in use it is taken to be ${percentText(prevalenceInUse)}. Rates and costs are converted; that holds only if the classes themselves stay as they are. Counts are of rows.`,
  }
}

function noLaterData({ results }: ReportFacts): Limit {
  return {
    serious: false,
    title: 'Nothing was tested on later data.',
    text:
      results.experiment.foldsFrom === 'seed'
        ? 'Folds were drawn at random over the whole period, so a change over time goes unseen. Watch the first weeks in use.'
        : 'Folds were given beforehand. Unless they follow time, a change over time goes unseen. Watch the first weeks in use.',
  }
}

function labelsAsGiven({ results, decisions }: ReportFacts): Limit {
  const reviewed = (decisions.labels?.byModel ?? 0) + (decisions.labels?.atRandom ?? 0)
  if (reviewed > 0) {
    const rate = decisions.labels?.control?.hidden.interval ?? null
    const hidden =
      rate === null
        ? 'How many positives hide among the negatives is unknown: no row drawn at random was judged.'
        : `Among all rows labelled negative ${percentText(rate.lower)} to ${percentText(rate.upper)} may still be positives that nobody found.`
    return {
      serious: false,
      title: 'Few labels were looked at.',
      text: `Reviewers judged ${countText(reviewed)} of ${countText(results.dataset.rows)} rows; all others are taken as given. ${hidden}`,
    }
  }
  return {
    serious: false,
    title: 'Labels were taken as given.',
    text: `Nobody reviewed them here. Positives that were never found count as negatives, and alerts on them as false; wrong labels of ${results.dataset.target} move every number in this report.`,
  }
}

function noTestSet(): Limit {
  return {
    serious: false,
    title: 'No locked test set was opened.',
    text: 'Numbers are nested cross-validation estimates: each case was judged by a model, a calibrator and a threshold that had not seen it.',
  }
}

const METRIC_NAMES: Readonly<Record<keyof RunMetrics, string>> = {
  averagePrecision: 'average precision',
  rocAuc: 'ROC AUC',
  prGainArea: 'area under precision-recall-gain',
  brier: 'Brier score',
  brierSkill: 'Brier skill',
  logLoss: 'log loss',
  eceEqualCount10: 'expected calibration error',
  recallAtPrecision50: 'recall at precision of 50 %',
  recallAtPrecision90: 'recall at precision of 90 %',
  precisionAtRecall50: 'precision at recall of 50 %',
  precisionAtRecall90: 'precision at recall of 90 %',
}

function undefinedMetrics({ results }: ReportFacts): readonly Limit[] {
  const texts = results.configurations.flatMap(({ name, undefinedMetrics: list, calibration }) => {
    const undefinedOnes = [
      ...list.map(({ metric, reason }) => ({ measure: METRIC_NAMES[metric], reason })),
      ...calibration.stages.flatMap(({ stage, undefinedMeasures }) =>
        undefinedMeasures.map(({ measure, reason }) => ({
          measure: `${wordsOf(measure)} (${stage})`,
          reason,
        })),
      ),
    ]
    const reasons = [...new Set(undefinedOnes.map(({ reason }) => reason))]
    return reasons.map((reason) => {
      const measures = undefinedOnes
        .filter((one) => one.reason === reason)
        .map(({ measure }) => measure)
      return `${name}: ${measures.join(', ')}, since ${reason}`
    })
  })
  if (texts.length === 0) return []
  return [{ serious: false, title: 'Some measures are not defined.', text: `${texts.join('; ')}.` }]
}

/** `observed to expected` of `observedToExpected`. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('_', ' ')
}

function notes({ results }: ReportFacts): readonly Limit[] {
  const texts = [
    ...results.experiment.notes,
    ...results.configurations.flatMap(({ name, training }) =>
      training.notes.map((note) => `${name}: ${note}`),
    ),
  ]
  return texts.map((text) => ({ serious: false, title: 'Noted on the way.', text }))
}

/** Accuracy beside what saying no to everything would reach. */
export function accuracySentence({ point }: ReportFacts): string {
  const { tp, tn, fp } = point.confusion
  const rows = total(point.confusion)
  if (rows === 0) return ''
  return `Accuracy is ${percentText((tp + tn) / rows)} (${countText(tp + tn)} of ${countText(rows)}); passing every case without looking reaches ${percentText((tn + fp) / rows)} (${countText(tn + fp)} of ${countText(rows)}) and catches none.`
}

/** The spread of fold thresholds, as a sentence. */
export function foldSpread(results: AnalysisResults['configurations'][number]): string {
  const finite = results.threshold.perFold.filter((value) => Number.isFinite(value))
  if (finite.length < 2) return 'There are too few folds to tell how much it moves.'
  return `Over ${countText(finite.length)} folds it moved between ${fixedText(Math.min(...finite), 4)} and ${fixedText(Math.max(...finite), 4)}.`
}
