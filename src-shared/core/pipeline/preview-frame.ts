/** What a decision frame comes to on the data, before anything is run. */
import { bayesThreshold, costReader } from '../decision/bayes-threshold.ts'
import { formatNumber } from '../format.ts'
import type { Frame } from '../frame/frame.ts'
import { alertLimit, committedRate } from '../frame/limits.ts'
import type { CostMatrix, SampleCosts } from '../frame/sample-costs.ts'
import type { FrameFacts } from '../report/analysis.ts'
import type { JudgedSamples } from './prepare-experiment.ts'

export interface PreviewedRow extends CostMatrix {
  /** From 1, the header not included. */
  readonly row: number
  readonly label: 'positive' | 'negative'
  /** Null where one decision is always right. */
  readonly bayesThreshold: number | null
}

export interface FrameOutcome {
  readonly rows: readonly PreviewedRow[]
  /** Mean over the cases of the class that the outcome is of, weighted where cases are. */
  readonly meanCosts: CostMatrix
  readonly positives: number
  readonly negatives: number
  /** Cost per 1,000 cases at the prevalence in use. */
  readonly alertNobodyPer1000: number
  readonly alertEverybodyPer1000: number
  /** What is worth knowing before a run, a sentence each. */
  readonly notes: readonly string[]
}

const ROWS_SHOWN = 5

type CostReaders = Readonly<Record<keyof CostMatrix, (sample: number) => number>>

export function previewFrame(samples: JudgedSamples, facts: FrameFacts): FrameOutcome {
  const { yTrue, decisionWeights: weights, costs } = samples
  const readers: CostReaders = {
    truePositive: costReader(costs.truePositive),
    falsePositive: costReader(costs.falsePositive),
    trueNegative: costReader(costs.trueNegative),
    falseNegative: costReader(costs.falseNegative),
  }
  const costsOf = (sample: number): CostMatrix => ({
    truePositive: readers.truePositive(sample),
    falsePositive: readers.falsePositive(sample),
    trueNegative: readers.trueNegative(sample),
    falseNegative: readers.falseNegative(sample),
  })
  const nSamples = yTrue.length
  const positives = yTrue.reduce((sum, y) => sum + y, 0)
  let [negativeWeight, positiveWeight] = [0, 0]
  const sums = { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 }
  for (let i = 0; i < nSamples; i++) {
    const weight = weights === null ? 1 : weights[i]!
    if (yTrue[i] === 1) {
      positiveWeight += weight
      sums.truePositive += weight * readers.truePositive(i)
      sums.falseNegative += weight * readers.falseNegative(i)
    } else {
      negativeWeight += weight
      sums.falsePositive += weight * readers.falsePositive(i)
      sums.trueNegative += weight * readers.trueNegative(i)
    }
  }
  const meanCosts: CostMatrix = {
    truePositive: sums.truePositive / positiveWeight,
    falsePositive: sums.falsePositive / negativeWeight,
    trueNegative: sums.trueNegative / negativeWeight,
    falseNegative: sums.falseNegative / positiveWeight,
  }
  const total = negativeWeight + positiveWeight
  const per1000 = (ofPositive: number, ofNegative: number): number =>
    ((positiveWeight * ofPositive + negativeWeight * ofNegative) / total) * 1000
  return {
    rows: Array.from({ length: Math.min(ROWS_SHOWN, nSamples) }, (_, sample) => {
      const own = costsOf(sample)
      return {
        row: sample + 1,
        label: yTrue[sample] === 1 ? 'positive' : 'negative',
        ...own,
        bayesThreshold: isOpen(own) ? bayesThreshold(own) : null,
      }
    }),
    meanCosts,
    positives,
    negatives: nSamples - positives,
    alertNobodyPer1000: per1000(meanCosts.falseNegative, meanCosts.trueNegative),
    alertEverybodyPer1000: per1000(meanCosts.truePositive, meanCosts.falsePositive),
    notes: [
      ...assumptionNote(facts),
      ...settledNote(costs, readers, nSamples),
      ...loadNotes(facts),
    ],
  }
}

/** True where either decision may be the right one. */
function isOpen({ truePositive, falsePositive, trueNegative, falseNegative }: CostMatrix): boolean {
  return falsePositive > trueNegative && falseNegative > truePositive
}

function assumptionNote({ costsAssumed }: FrameFacts): string[] {
  return costsAssumed
    ? [
        'Nobody has stated costs, so a miss is taken to cost as many times a false alarm as there are negatives for each positive. State your own as soon as you know them: the threshold follows from them.',
      ]
    : []
}

/** Rows in which no probability would change the decision. */
function settledNote(
  { constant }: SampleCosts,
  { truePositive, falsePositive, trueNegative, falseNegative }: CostReaders,
  nSamples: number,
): string[] {
  if (constant) return []
  let never = 0
  let always = 0
  for (let i = 0; i < nSamples; i++) {
    const alarmCosts = falsePositive(i) > trueNegative(i)
    const missCosts = falseNegative(i) > truePositive(i)
    if (alarmCosts && !missCosts) never++
    else if (missCosts && !alarmCosts) always++
  }
  const rows = (count: number): string =>
    count === nSamples ? 'every row' : `${whole(count)} of ${whole(nSamples)} rows`
  return [
    ...(never === 0
      ? []
      : [
          `In ${rows(never)} an alert costs at least as much as it can save: none is ever worth it.`,
        ]),
    ...(always === 0
      ? []
      : [`In ${rows(always)} an alert costs no more than none: one is always right.`]),
  ]
}

/** Whether constraints can be kept at all, whatever the model. */
function loadNotes(facts: FrameFacts): string[] {
  const { casesPerDay, commitments, prevalenceInUse } = facts
  const limit = alertLimit(facts)
  if (casesPerDay === null || limit === null) return []
  const positivesPerDay = casesPerDay * prevalenceInUse
  const capacity = limit.perDay
  const [name, allow] =
    limit.setBy === 'alerts' ? ['the capacity', 'allows'] : ['the review hours', 'allow']
  if (capacity === 0) return ['With a capacity of 0 alerts a day nothing can be caught.']
  if (capacity >= casesPerDay) {
    return [
      `${limit.setBy === 'alerts' ? 'The capacity of' : 'What the review hours allow,'} ${formatNumber(capacity)} alerts a day${limit.setBy === 'alerts' ? '' : ','} is no limit: only ${formatNumber(casesPerDay)} cases arrive.`,
    ]
  }
  const arrive = `About ${formatNumber(positivesPerDay)} positives arrive a day`
  const recall = committedRate(commitments, 'recall') ?? 0
  const least = recall * positivesPerDay
  if (least > capacity) {
    return [
      `${arrive}. To catch ${formatNumber(100 * recall)} % of them takes ${formatNumber(least)} alerts even if each is right, and ${name} ${allow} ${formatNumber(capacity)}: both can't be kept.`,
    ]
  }
  return positivesPerDay > capacity
    ? [
        `${arrive} and ${name} ${allow} ${formatNumber(capacity)} alerts: not all of them can be caught.`,
      ]
    : []
}

const whole = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',')

/** Where each cost comes from, with its mean. */
export function costSources(
  costs: Frame['costs'],
  means: CostMatrix,
): Readonly<
  Record<
    keyof CostMatrix,
    { readonly mean: number; readonly source: Frame['costs']['truePositive'] }
  >
> {
  const of = (outcome: keyof CostMatrix) => ({ mean: means[outcome], source: costs[outcome] })
  return {
    truePositive: of('truePositive'),
    falsePositive: of('falsePositive'),
    trueNegative: of('trueNegative'),
    falseNegative: of('falseNegative'),
  }
}
