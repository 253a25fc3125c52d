/**
 * Is imbalance the problem? One answer, taken in this order: what spoils the data comes before what
 * limits the model, and that before how the model is used.
 *
 *   leak, too few positives, drift, labels   nothing else can be believed as long as they stand
 *   imbalance                                a treatment is cheaper than untreated-and-tuned
 *   overlap (or still too few positives)     nothing here ranks well enough
 *   threshold, metric, nothing               the model is fine; how it is used or judged may not be
 *
 * The limits below were set on worlds with a known answer (test/support/worlds), seeds 1 to 50.
 */
import {
  formatMoney,
  formatMoneyWithInterval,
  formatNumber,
  formatWithInterval,
} from '../format.ts'
import { per1000ToMonth } from '../decision/operating-point.ts'
import { isLeak } from './column-suspects.ts'
import type { VerdictEvidence } from './evidence.ts'
import { rowsToTell } from './rows-to-tell.ts'

export type VerdictKind =
  | 'metric'
  | 'threshold'
  | 'too_few_positives'
  | 'overlap'
  | 'labels'
  | 'leak'
  | 'drift'
  | 'imbalance'
  | 'nothing'

export interface ImbalanceVerdict {
  readonly kind: VerdictKind
  readonly sentence: string
  /** What to do about it. */
  readonly advice: string
  /** The untreated run that it rests on. */
  readonly reference: string
  /** Where the data can't exclude another answer: which, and what would tell. */
  readonly alternative: {
    readonly kind: VerdictKind
    readonly sentence: string
    /** Negatives with the highest scores to review; null where reviewing would not tell. */
    readonly rowsToReview: number | null
  } | null
  /** What was looked at, in the order of the answers. */
  readonly findings: readonly Finding[]
  readonly evidence: VerdictEvidence
}

/** One thing that was looked at, in words. */
export interface Finding {
  readonly kind: Exclude<VerdictKind, 'nothing'>
  readonly title: string
  readonly text: string
  /** Whether it would be the answer, if nothing stood before it. */
  readonly holds: boolean
}

/** Below so many positives no model, threshold or treatment can be told from another. */
const FEW_POSITIVES = 20
/** Up to so many positives a learning curve that still rises is put down to their number. */
const MODEST_POSITIVES = 200
/** What the second half of the positives must bring in ROC AUC, for certain, to call it rising. */
const STILL_RISING = 0.02
/** ROC AUC below which the classes overlap, whatever is done. */
const WEAK_RANKING = 0.86
/** A model that takes off less than this of the cost of deciding without one is held back. */
const LITTLE_SAVED = 0.25
/** Share of cost that a treatment, or a threshold, must take off, and a third of it for certain. */
const MATERIAL = 0.1
const MATERIAL_THRESHOLD = 0.15
/** Accuracy hides a model where it differs less than this from that of saying no to everybody. */
const HIDDEN_BY_ACCURACY = 0.02
/** ROC AUC that must be lost from one period to the next, for certain. */
const DRIFTED = 0.02

/** If labels are right, hardly any reviewed row is relabelled; if positives were missed, many. */
const RELABELLED = { ifOverlap: 0.1, ifMissed: 0.5, error: 0.05 }

export interface VerdictFacts {
  readonly reference: string
  readonly currency: string | null
  /** Null: amounts are per 1,000 cases, else per month. */
  readonly casesPerDay: number | null
}

export function decideVerdict(evidence: VerdictEvidence, facts: VerdictFacts): ImbalanceVerdict {
  const kind = kindOf(evidence)
  return {
    kind,
    ...wordsFor(kind, evidence, facts),
    reference: facts.reference,
    alternative: alternativeTo(kind, evidence),
    findings: findingsIn(evidence, facts),
    evidence,
  }
}

/** Each answer by itself; the verdict is the first that holds. */
const holds: readonly (readonly [VerdictKind, (evidence: VerdictEvidence) => boolean])[] = [
  ['leak', (evidence) => leaksOf(evidence).length > 0],
  ['too_few_positives', ({ positives }) => positives.positives < FEW_POSITIVES],
  ['drift', ({ periods }) => periods !== null && isCertainlyAbove(periods.lost, DRIFTED)],
  [
    'labels',
    ({ alarms, ranking }) => alarms.shape === 'ceiling' && ranking.rocAuc.value >= WEAK_RANKING,
  ],
  [
    'imbalance',
    ({ treatment, baseline: { costTuned } }) =>
      treatment !== null && isMaterial(treatment.saves, MATERIAL * costTuned),
  ],
  ['too_few_positives', (evidence) => isHeldBack(evidence) && stillRises(evidence)],
  ['overlap', isHeldBack],
  [
    'threshold',
    ({ baseline: { tuningSaves, costAtHalf } }) =>
      isMaterial(tuningSaves, MATERIAL_THRESHOLD * costAtHalf),
  ],
  [
    'metric',
    ({ baseline: { accuracyAtHalf, accuracyOfNobody } }) =>
      Math.abs(accuracyAtHalf - accuracyOfNobody) < HIDDEN_BY_ACCURACY,
  ],
]

function kindOf(evidence: VerdictEvidence): VerdictKind {
  return holds.find(([, isSo]) => isSo(evidence))?.[0] ?? 'nothing'
}

function isHeldBack({ ranking, baseline }: VerdictEvidence): boolean {
  return (
    ranking.rocAuc.value < WEAK_RANKING ||
    baseline.modelSaves.value < LITTLE_SAVED * baseline.costWithout
  )
}

function stillRises({ positives, ranking: { lastHalfBrought } }: VerdictEvidence): boolean {
  return (
    positives.positives < MODEST_POSITIVES &&
    lastHalfBrought !== null &&
    lastHalfBrought.value >= STILL_RISING &&
    isCertainlyAbove(lastHalfBrought, 0)
  )
}

/** It comes to that much, and to a third of it for certain. */
function isMaterial(estimate: Numbered, least: number): boolean {
  return estimate.value >= least && isCertainlyAbove(estimate, least / 3)
}

/** The whole interval lies above; without an interval nothing is certain. */
function isCertainlyAbove(
  { interval }: { readonly interval: { readonly lower: number } | null },
  limit: number,
): boolean {
  return interval !== null && interval.lower > limit
}

function leaksOf({ leaks }: VerdictEvidence): VerdictEvidence['leaks']['suspects'] {
  return leaks.suspects.filter((suspect) => isLeak(suspect, leaks.rocAucWithout))
}

type Words = Pick<ImbalanceVerdict, 'sentence' | 'advice'>

function wordsFor(kind: VerdictKind, evidence: VerdictEvidence, facts: VerdictFacts): Words {
  const { baseline, positives, ranking, labels, alarms, leaks, periods, treatment } = evidence
  const { money, amount, unit } = moneyWords(facts)
  const auc = rankingText(ranking.rocAuc)
  switch (kind) {
    case 'leak': {
      const found = leaksOf(evidence)
      const [first] = found
      const others =
        leaks.rocAucWithout === null
          ? ''
          : `, and all other columns together ${formatNumber(leaks.rocAucWithout)}`
      return {
        sentence: first!.countsRows
          ? `${columnText(first!.column)} only counts the rows, yet it ranks the classes with a ROC AUC of ${formatNumber(first!.rocAuc)}${others}: the order of the file gives the answer away.`
          : `${columnText(first!.column)} alone ranks the classes with a ROC AUC of ${formatNumber(first!.rocAuc)}${others}: it may be known only once the answer is.`,
        advice: `Find out when ${found.map(({ column }) => columnText(column)).join(', ')} is written. What is not known at the moment of decision must be ignored; then run again.`,
      }
    }
    case 'too_few_positives':
      return {
        sentence:
          positives.positives < FEW_POSITIVES
            ? `${positives.positives} positives are too few to tell models, thresholds or treatments apart: recall is known to ± ${Math.ceil(100 * positives.halfWidth)} points at best.`
            : `${positives.positives} positives are too few: the second half of them still raised the ROC AUC by ${rankingText(ranking.lastHalfBrought!)}, to ${auc}.`,
        advice: `Label more cases: ${formatNumber(positives.positivesToHalve)} more positives halve the interval. No treatment makes up for them.`,
      }
    case 'drift':
      return {
        sentence: `Times have changed: on later cases a model of earlier ones ranks with a ROC AUC of ${formatNumber(periods!.rocAucOfEarlier)}, one of as many cases of all times with ${formatNumber(periods!.rocAucOfMixed)}, ${rankingText(periods!.lost)} more.`,
        advice:
          'Judge by folds in order of time, learn from recent cases, and look for what changed in the columns before treating anything.',
      }
    case 'labels': {
      const [top] = alarms.quarters!
      return {
        sentence: `Positives seem to be missing from the labels: ${percent(top!.negativeShare)} [${percent(top!.interval.lower)}, ${percent(top!.interval.upper)}] of the cases ranked highest are labelled negative, and hardly more further down, as if about ${formatNumber(Math.round(labels.missed?.value ?? 0))} positives had not been found.`,
        advice:
          'Review the negatives with the highest scores before any treatment: whatever is balanced now balances wrong labels.',
      }
    }
    case 'imbalance':
      return {
        sentence: `Imbalance does cost here: ${treatment!.name} takes ${amount(treatment!.saves)} ${unit} off the ${money(baseline.costTuned)} of ${facts.reference}, untreated and tuned.`,
        advice: `Use ${treatment!.name}, with its probabilities repaired, and keep ${facts.reference} beside it.`,
      }
    case 'overlap':
      return {
        sentence:
          ranking.rocAuc.value < WEAK_RANKING
            ? `The classes overlap: with all columns the best untreated model ranks with a ROC AUC of ${auc}${moreRows(evidence)}.`
            : `The classes overlap: the best untreated model, with its threshold tuned, takes only ${percent(Math.max(0, baseline.modelSaves.value) / baseline.costWithout)} off the cost of deciding without a model${moreRows(evidence)}.`,
        advice:
          'Look for columns that say something new about the cases. Balancing moves the threshold; it does not make classes easier to tell apart.',
      }
    case 'threshold':
      return {
        sentence: `The threshold is the problem, not the imbalance: moved from 0.5 to ${baseline.threshold === null ? 'where nobody is alerted' : formatNumber(baseline.threshold)}, ${facts.reference} costs ${amount(baseline.tuningSaves)} less ${unit}, ${money(baseline.costTuned)} instead of ${money(baseline.costAtHalf)}${treatment === null ? '' : ', and no treatment is clearly cheaper'}.`,
        advice: 'Keep the model as it is and use the tuned threshold.',
      }
    case 'metric':
      return {
        sentence: `Accuracy is the problem, not the model: ${percentFine(baseline.accuracyAtHalf)} hardly differs from the ${percentFine(baseline.accuracyOfNobody)} of saying no to everybody, while ${facts.reference} takes ${amount(baseline.modelSaves)} ${unit} off the ${money(baseline.costWithout)} of deciding without a model.`,
        advice: 'Judge by cost, recall and precision. Nothing needs to be balanced.',
      }
    case 'nothing':
      return {
        sentence: `Nothing needs mending: untreated, ${facts.reference} ranks with a ROC AUC of ${auc}, takes ${percent(baseline.modelSaves.value / baseline.costWithout)} off the cost of deciding without a model, and neither another threshold${treatment === null ? '' : ' nor a treatment'} is clearly cheaper.`,
        advice: 'Use the untreated model.',
      }
  }
}

function moreRows({ ranking: { lastHalfBrought, curve } }: VerdictEvidence): string {
  if (lastHalfBrought === null) return ''
  const half = curve.at(-2)!
  return isCertainlyAbove(lastHalfBrought, 0)
    ? `; the second half of the positives raised it by ${rankingText(lastHalfBrought)}`
    : `, and half of the positives gave ${formatNumber(half.rocAuc)}: more rows of this kind would hardly help`
}

const FINDING_TITLES: Readonly<Record<Finding['kind'], string>> = {
  leak: 'Leaks',
  too_few_positives: 'Number of positives',
  drift: 'Drift between periods',
  labels: 'Labels',
  imbalance: 'Treatments',
  overlap: 'Overlap',
  threshold: 'Threshold',
  metric: 'Accuracy',
}

function findingsIn(evidence: VerdictEvidence, facts: VerdictFacts): Finding[] {
  const { baseline, leaks, periods, alarms, labels, ranking, hardness, treatment } = evidence
  const { duplicates } = evidence
  const { money, amount, unit } = moneyWords(facts)
  const [strongest] = leaks.strongest
  const texts: Readonly<Record<Finding['kind'], string>> = {
    leak:
      strongest === undefined
        ? 'No column was looked at.'
        : `${leaks.suspects.length === 0 ? 'No column is a suspect' : `Suspects: ${leaks.suspects.map(({ column }) => columnText(column)).join(', ')}`}; the strongest alone, ${columnText(strongest.column)}, ranks with a ROC AUC of ${formatNumber(strongest.rocAuc)}${leaks.rocAucWithout === null ? '' : `, all others together with ${formatNumber(leaks.rocAucWithout)}`}.`,
    too_few_positives: evidence.positives.sentence,
    drift:
      periods === null
        ? 'Times were not compared: there is no time column, or either half has too few positives.'
        : `On later cases a model of earlier ones ranks with ${formatNumber(periods.rocAucOfEarlier)}, one of as many of all times with ${formatNumber(periods.rocAucOfMixed)}: ${rankingText(periods.lost)} lost.`,
    labels: `${alarms.quarters === null ? 'Too few positives to look at the cases ranked highest.' : `Labelled negative among the cases ranked highest, by quarters of the positives: ${alarms.quarters.map(({ negativeShare }) => percent(negativeShare)).join(', ')}.`} Confident learning doubts ${labels.doubtedNegatives} negatives and ${labels.doubtedPositives} positives. ${duplicates.groupsWithBothLabels === 0 ? 'No equal rows have different labels.' : `Equal rows with both labels: ${duplicates.groupsWithBothLabels} ${duplicates.groupsWithBothLabels === 1 ? 'set' : 'sets'}.`}`,
    imbalance:
      treatment === null
        ? 'No treated run was made, so there is nothing to hold against the tuned threshold.'
        : `The cheapest of ${treatment.tried} treated, ${treatment.name}, is ${amount(treatment.saves)} ${unit} cheaper than ${facts.reference}, untreated and tuned.`,
    overlap: `The best untreated model ranks with a ROC AUC of ${rankingText(ranking.rocAuc)}. Of ${hardness.safe + hardness.borderline + hardness.rare + hardness.outlier} positives looked at, ${hardness.safe} lie among their like, ${hardness.borderline} on the border, ${hardness.rare} nearly and ${hardness.outlier} wholly among negatives.${curveText(evidence)}`,
    threshold: `At 0.5 ${facts.reference} costs ${money(baseline.costAtHalf)} ${unit}, tuned ${money(baseline.costTuned)}: ${amount(baseline.tuningSaves)} less. Without a model (${baseline.withoutIs}) it is ${money(baseline.costWithout)}.`,
    metric: `At 0.5 ${percentFine(baseline.accuracyAtHalf)} of the decisions are right; saying no to everybody is right in ${percentFine(baseline.accuracyOfNobody)}.`,
  }
  return (Object.keys(texts) as Finding['kind'][]).map((kind) => ({
    kind,
    title: FINDING_TITLES[kind],
    text: texts[kind],
    holds: holds.some(([of, isSo]) => of === kind && isSo(evidence)),
  }))
}

function curveText({ ranking: { lastHalfBrought, curveReason } }: VerdictEvidence): string {
  if (lastHalfBrought === null)
    return curveReason === null ? '' : ` No learning curve: ${curveReason}.`
  return ` The second half of the positives brought ${rankingText(lastHalfBrought)}.`
}

/**
 * Overlap and missed positives look alike where negatives stand among the best scores: then only a
 * look at these rows can tell.
 */
function alternativeTo(
  kind: VerdictKind,
  { alarms }: VerdictEvidence,
): ImbalanceVerdict['alternative'] {
  const review = rowsToTell(RELABELLED.ifOverlap, RELABELLED.ifMissed, RELABELLED.error)
  const top = alarms.quarters?.[0]
  if (review === null || top === undefined) return null
  const rows = Math.max(1, review.rows)
  if (kind === 'labels') {
    return {
      kind: 'overlap',
      sentence: `A group of cases in which only ${percent(1 - top.negativeShare)} are truly positive would look the same. Review the ${rows} negatives with the highest scores: ${review.least} or more positives among them mean missing labels, fewer mean overlap.`,
      rowsToReview: rows,
    }
  }
  if (kind !== 'overlap' || top.negativeShare < LEAST_SUSPICIOUS) return null
  return {
    kind: 'labels',
    sentence: `Missed positives can't be told from overlap by the data alone: ${percent(top.negativeShare)} of the cases ranked highest are labelled negative. Review the ${rows} negatives with the highest scores: ${review.least} or more positives among them mean missing labels.`,
    rowsToReview: rows,
  }
}

/** Share of negatives at the top from which missed positives could be part of the trouble. */
const LEAST_SUSPICIOUS = 0.1

interface Numbered {
  readonly value: number
  readonly interval: { readonly lower: number; readonly upper: number } | null
}

/** Amounts per 1,000 cases in words: per month where it is known how many come. */
function moneyWords({ currency, casesPerDay }: VerdictFacts): {
  readonly money: (per1000: number) => string
  readonly amount: (per1000: Numbered) => string
  readonly unit: string
} {
  const factor = casesPerDay === null ? 1 : per1000ToMonth(1, casesPerDay)
  const money = (value: number): string => formatMoney(value * factor, currency)
  return {
    money,
    amount: ({ value, interval }) =>
      interval === null
        ? money(value)
        : formatMoneyWithInterval(
            value * factor,
            { lower: interval.lower * factor, upper: interval.upper * factor },
            currency,
          ),
    unit: casesPerDay === null ? 'per 1,000 cases' : 'per month',
  }
}

function rankingText({ value, interval }: Numbered): string {
  return interval === null ? formatNumber(value) : formatWithInterval(value, interval)
}

function columnText(name: string): string {
  return `\u201c${name}\u201d`
}

function percent(share: number): string {
  return `${formatNumber(Math.round(share * 100))} %`
}

/** Accuracies lie near 100 %: to a tenth of a point. */
function percentFine(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
