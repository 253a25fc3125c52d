/**
 * From the decision frame, as a person states it, to numbers per sample: what each outcome costs
 * and how much each sample counts at the prevalence where decisions will be taken.
 */
import { findColumn, textOf, type Column, type Dataset } from '../dataset/dataset.ts'
import type { CostSource, Frame } from './frame.ts'

/** What each kind of outcome costs, in one currency of the user's choosing. Gains are negative. */
export interface CostMatrix {
  readonly truePositive: number
  readonly falsePositive: number
  readonly trueNegative: number
  readonly falseNegative: number
}

/** Cost by outcome: one number for all samples, or one per sample (length nSamples). */
export interface SampleCosts {
  readonly truePositive: number | Float64Array
  readonly falsePositive: number | Float64Array
  readonly trueNegative: number | Float64Array
  readonly falseNegative: number | Float64Array
  /** True when all four are plain numbers. */
  readonly constant: boolean
}

/** A frame that does not fit its data; the message names the column and the row. */
export class FrameError extends RangeError {
  constructor(message: string) {
    super(message)
    this.name = 'FrameError'
  }
}

type Outcome = keyof CostMatrix

const OUTCOMES: readonly Outcome[] = [
  'truePositive',
  'falsePositive',
  'trueNegative',
  'falseNegative',
]

/**
 * The costs of the given samples, columns read.
 *
 * @param samples Row of the dataset per sample, length nSamples.
 * @returns Costs per outcome; element i of an array belongs to `samples[i]`.
 * @throws FrameError when a cost is not finite, or its column is unknown, holds text, or has a
 *   missing value. Rows in messages count from 1, the header not included.
 */
export function resolveCosts(frame: Frame, dataset: Dataset, samples: Int32Array): SampleCosts {
  const read = (outcome: Outcome): number | Float64Array => {
    const source = frame.costs[outcome]
    return typeof source === 'number'
      ? finiteCost(outcome, source)
      : readCostColumn(outcome, source.column, dataset, samples)
  }
  const costs = {
    truePositive: read('truePositive'),
    falsePositive: read('falsePositive'),
    trueNegative: read('trueNegative'),
    falseNegative: read('falseNegative'),
  }
  return { ...costs, constant: OUTCOMES.every((outcome) => typeof costs[outcome] === 'number') }
}

function finiteCost(outcome: Outcome, cost: number): number {
  if (!Number.isFinite(cost)) throw new FrameError(`${outcome} must be a finite cost, got ${cost}`)
  return cost
}

function readCostColumn(
  outcome: Outcome,
  name: string,
  dataset: Dataset,
  samples: Int32Array,
): Float64Array {
  const column = findColumn(dataset, name)
  if (column === null) throw new FrameError(unknownColumn(outcome, name))
  if (column.kind !== 'numeric') {
    const row = samples[0]
    const example = row === undefined ? '' : `; row ${row + 1} has ${quoted(textOf(column, row))}`
    throw new FrameError(`${textColumn(outcome, name)}${example}`)
  }
  const costs = new Float64Array(samples.length)
  for (let i = 0; i < samples.length; i++) {
    const row = samples[i]!
    const cost = column.values[row]
    if (cost === undefined || !Number.isFinite(cost)) {
      const problem = cost === undefined || Number.isNaN(cost) ? 'has no value' : `is ${cost}`
      throw new FrameError(
        `column "${name}" holds the cost ${outcome} and must be a finite number in every row, but ${problem} in row ${row + 1}`,
      )
    }
    costs[i] = cost
  }
  return costs
}

const quoted = (text: string | null): string => (text === null ? 'no value' : `"${text}"`)
const unknownColumn = (outcome: Outcome, name: string): string =>
  `${outcome} is to be read from column "${name}", but there is no such column`
const textColumn = (outcome: Outcome, name: string): string =>
  `${outcome} is to be read from column "${name}", which holds text, not numbers`

/**
 * Weights under which the data have the prevalence where decisions will be taken.
 *
 * With sample weights w (1 if none are given), weighted prevalence π of the data and prevalence in
 * use π', a positive sample gets w·π'/π and a negative one w·(1 − π')/(1 − π). The sum of the
 * weights stays what it was. Right when the two populations differ in prevalence alone.
 *
 * @param yTrue           0 or 1 per sample, length nSamples.
 * @param sampleWeights   ≥ 0 per sample; null means 1 each.
 * @param prevalenceInUse In (0, 1); null means as in the data: then `sampleWeights` come back.
 * @returns A weight ≥ 0 per sample, or null when every sample counts 1.
 * @throws RangeError when the prevalence in use lies outside (0, 1), or either class has no weight.
 */
export function prevalenceWeights(
  yTrue: Uint8Array,
  sampleWeights: Float64Array | null,
  prevalenceInUse: number | null,
): Float64Array | null {
  if (prevalenceInUse === null) return sampleWeights
  if (!(prevalenceInUse > 0 && prevalenceInUse < 1)) {
    throw new RangeError(`prevalenceInUse must lie in (0, 1), got ${prevalenceInUse}`)
  }
  let total = 0
  let positive = 0
  for (let i = 0; i < yTrue.length; i++) {
    const weight = sampleWeights === null ? 1 : sampleWeights[i]!
    total += weight
    if (yTrue[i] === 1) positive += weight
  }
  if (!(positive > 0 && positive < total)) {
    throw new RangeError(
      `a prevalence in use needs samples of both classes, got positive weight ${positive} of ${total}`,
    )
  }
  const prevalence = positive / total
  const positiveFactor = prevalenceInUse / prevalence
  const negativeFactor = (1 - prevalenceInUse) / (1 - prevalence)
  const weights = new Float64Array(yTrue.length)
  for (let i = 0; i < yTrue.length; i++) {
    const weight = sampleWeights === null ? 1 : sampleWeights[i]!
    weights[i] = weight * (yTrue[i] === 1 ? positiveFactor : negativeFactor)
  }
  return weights
}

/** What the check has to know about the data: its prevalence, and which columns it has. */
export interface FrameCheckFacts {
  readonly prevalence: number
  readonly columns: readonly Pick<Column, 'name' | 'kind'>[]
}

/**
 * What is wrong with a frame, one problem a sentence; empty when it can be used.
 *
 * Costs that come from a column are only checked for the column; `resolveCosts` reads the values.
 */
export function checkFrame(frame: Frame, facts: FrameCheckFacts): readonly string[] {
  return [
    ...OUTCOMES.flatMap((outcome) => checkCost(outcome, frame.costs[outcome], facts)),
    ...checkRegrets(frame.costs),
    ...checkLoad(frame),
    ...checkShares(frame),
    ...checkPrevalence(facts),
  ]
}

function checkCost(outcome: Outcome, cost: CostSource, facts: FrameCheckFacts): string[] {
  if (typeof cost === 'number') {
    return Number.isFinite(cost) ? [] : [`${outcome} must be a finite cost, got ${cost}.`]
  }
  const column = facts.columns.find(({ name }) => name === cost.column)
  if (column === undefined) return [`${unknownColumn(outcome, cost.column)}.`]
  return column.kind === 'numeric' ? [] : [`${textColumn(outcome, cost.column)}.`]
}

function checkRegrets(costs: Frame['costs']): string[] {
  return [
    ...checkRegret(costs, 'falsePositive', 'trueNegative', 'an alert is never worse than none'),
    ...checkRegret(costs, 'falseNegative', 'truePositive', 'no alert is never worse than one'),
  ]
}

/** A wrong decision has to cost more than the right one, or there is nothing to decide. */
function checkRegret(
  costs: Frame['costs'],
  wrong: Outcome,
  right: Outcome,
  consequence: string,
): string[] {
  const wrongCost = costs[wrong]
  const rightCost = costs[right]
  if (typeof wrongCost !== 'number' || typeof rightCost !== 'number') return []
  if (!Number.isFinite(wrongCost) || !Number.isFinite(rightCost) || wrongCost > rightCost) return []
  return [
    `${wrong} (${wrongCost}) must cost more than ${right} (${rightCost}): otherwise ${consequence}, and every case would be decided alike.`,
  ]
}

function checkLoad({ casesPerDay, capacity, minutesPerAlert, reviewHoursPerDay }: Frame): string[] {
  const problems: string[] = []
  if (casesPerDay !== null && !(casesPerDay > 0 && Number.isFinite(casesPerDay))) {
    problems.push(`casesPerDay must be a finite number above 0, got ${casesPerDay}.`)
  }
  if (capacity !== null && !(capacity >= 0 && Number.isFinite(capacity))) {
    problems.push(
      `capacity must be a finite number of alerts per day, at least 0, got ${capacity}.`,
    )
  }
  if (capacity !== null && casesPerDay === null) {
    problems.push(
      `A capacity of ${capacity} alerts per day says nothing without the cases per day: state casesPerDay too.`,
    )
  }
  if (minutesPerAlert !== null && !(minutesPerAlert > 0 && Number.isFinite(minutesPerAlert))) {
    problems.push(
      `The minutes that reviewing an alert takes must be a finite number above 0, got ${minutesPerAlert}.`,
    )
  }
  if (reviewHoursPerDay === null) return problems
  if (!(reviewHoursPerDay > 0 && Number.isFinite(reviewHoursPerDay))) {
    problems.push(
      `The review hours per day must be a finite number above 0, got ${reviewHoursPerDay}. Leave them out where nothing limits them.`,
    )
  }
  if (minutesPerAlert === null) {
    problems.push(
      `${reviewHoursPerDay} review hours per day say nothing without the minutes that an alert takes: state minutesPerAlert too.`,
    )
  }
  if (casesPerDay === null) {
    problems.push(
      `${reviewHoursPerDay} review hours per day say nothing without the cases per day: state casesPerDay too.`,
    )
  }
  return problems
}

function checkShares({ prevalence, commitments }: Frame): string[] {
  const problems: string[] = []
  if (prevalence !== null && !(prevalence > 0 && prevalence < 1)) {
    problems.push(`The prevalence in use must lie in (0, 1), got ${prevalence}.`)
  }
  for (const { measure, atLeast } of commitments) {
    if (!(atLeast > 0 && atLeast <= 1)) {
      problems.push(`A commitment to ${measure} must lie in (0, 1], got ${atLeast}.`)
    }
  }
  const measures = commitments.map(({ measure }) => measure)
  if (new Set(measures).size < measures.length) {
    problems.push(
      `Each measure can be committed to once, got ${measures.join(', ')}: keep the higher limit.`,
    )
  }
  return problems
}

function checkPrevalence({ prevalence }: FrameCheckFacts): string[] {
  if (prevalence > 0 && prevalence < 1) return []
  return [
    `The data need cases of both classes, but the share of positive cases is ${prevalence}: nothing can be weighed.`,
  ]
}

/**
 * Costs for a frame in which nobody stated any: FN:FP = (1 − π):π with prevalence π, right
 * decisions free. Flagging every case then costs as much as flagging none, π(1 − π) per case, and
 * the Bayes threshold is π.
 *
 * @param prevalence π, in (0, 1).
 * @throws RangeError when the prevalence lies outside (0, 1).
 */
export function assumedCosts(prevalence: number): CostMatrix {
  if (!(prevalence > 0 && prevalence < 1)) {
    throw new RangeError(`prevalence must lie in (0, 1), got ${prevalence}`)
  }
  return {
    truePositive: 0,
    falsePositive: prevalence,
    trueNegative: 0,
    falseNegative: 1 - prevalence,
  }
}
