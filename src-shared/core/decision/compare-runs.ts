import { partOf, type Checkpoint } from '../math/checkpoint.ts'
import { createStream, type RandomStream } from '../math/random.ts'
import type { Interval } from '../metrics/interval.ts'
import { meanInterval } from '../metrics/mean-interval.ts'
import { biasCorrectedBest } from './bias-corrected-best.ts'
import type { Comparison, LedgerRow } from './comparison.ts'
import {
  intervalPer1000,
  per1000,
  rates,
  type ThresholdRule,
  weightedMean,
} from './operating-point.ts'

const LEVEL = 0.95

/** One way to decide: a run with a rule for its threshold, as it decided out of fold. */
export interface Competitor {
  readonly name: string
  readonly rule: ThresholdRule
  readonly untreated: boolean
  /** 1 = called positive, length nSamples. */
  readonly decisions: Uint8Array
  /** Cost of the decision taken on each sample, not weighted, length nSamples. */
  readonly costPerSample: Float64Array
  /**
   * False for a rule that breaks a constraint of the frame (0.5 with more alerts than the
   * capacity): it stays in the ledger, but becomes champion only if all break one. Default true.
   */
  readonly eligible?: boolean
  /**
   * Sets of hyperparameters that were tried for its run; 1 when left out. A search inside the
   * training sets has chosen anew in every fold, so what it chose is judged without its luck; the
   * bias correction here does the same for the choice among competitors.
   */
  readonly trials?: number
}

/** The samples that all competitors were judged on. */
export interface SharedSamples {
  /** ≥ 0 per sample; null means 1 each. */
  readonly weights: Float64Array | null
  /**
   * Samples with one number ≥ 0 came together and are one unit, those with a negative number each
   * are; null when every sample is.
   */
  readonly groups: Int32Array | null
}

/**
 * The treatment ledger: what every competitor costs, against the untreated model with a tuned
 * threshold, and whether the cheapest is cheaper for certain.
 *
 * Champion is the cheapest eligible competitor. It is recommended unless the reference might be as
 * cheap; then the reference is. Of equally cheap ones an untreated comes before a
 * treated one, then a tuned threshold before the others, then the earlier. Its opponent is the
 * reference; if the champion is the reference itself, the cheapest treated run, and without
 * treated runs the next cheapest competitor.
 *
 * One more competitor leaves the intervals of the others as they were, but for the bias-corrected.
 *
 * @param draws  Of the bootstrap behind the bias correction.
 * @param stream One number is taken from it, from which the stream of the draws derives.
 * @throws RangeError when no competitor is an untreated run with a tuned threshold.
 */
export function compareRuns({
  competitors,
  markers = [],
  yTrue,
  weights,
  groups,
  draws,
  stream,
  checkpoint,
}: SharedSamples & {
  readonly competitors: readonly Competitor[]
  /** Ways to decide that are shown beside the competitors and can't win. */
  readonly markers?: readonly Competitor[]
  readonly yTrue: Uint8Array
  readonly draws: number
  readonly stream: RandomStream
  readonly checkpoint: Checkpoint
}): Comparison {
  const seed = stream.uint32()
  const costed = (competitor: Competitor): Competitor & Ranked => ({
    ...competitor,
    costPer1000: per1000(weightedMean(competitor.costPerSample, weights)),
    eligible: competitor.eligible ?? true,
  })
  const judged = competitors.map(costed)
  const shown = [...judged, ...markers.map(costed)]
  const ranked = rank(judged)
  const reference = ranked.find(({ untreated, rule }) => untreated && rule === 'tuned')
  const champion = ranked[0]
  if (reference === undefined || champion === undefined) {
    throw new RangeError(
      'compareRuns needs an untreated run with a tuned threshold: it is what every treatment has to beat',
    )
  }

  const ledgerPart = partOf(checkpoint, 0, 0.1)
  const lines = shown.map((competitor, i): LedgerRow => {
    const { name, rule, untreated, decisions, costPerSample, costPer1000 } = competitor
    ledgerPart(i / shown.length)
    const { precision, recall, alertShare } = rates(yTrue, decisions, weights)
    const difference =
      competitor === reference
        ? null
        : pairedDifference(costPerSample, reference.costPerSample, { weights, groups })
    return {
      name,
      rule,
      untreated,
      costPer1000,
      costPer1000Interval: intervalPer1000(meanInterval(costPerSample, weights, groups, LEVEL)),
      precision,
      recall,
      alertsPer1000: per1000(alertShare),
      differenceToReference: difference?.costPer1000 ?? null,
      differenceInterval: difference?.interval ?? null,
    }
  })
  const ledger = lines.slice(0, judged.length)

  const contenders = ranked.filter(({ eligible }) => eligible === champion.eligible)
  const corrected = biasCorrectedBest({
    ...{ weights, groups, draws },
    costs: contenders.map(({ costPerSample }) => costPerSample),
    level: LEVEL,
    stream: createStream(seed, 'bias correction'),
    checkpoint: partOf(checkpoint, 0.1, 1),
  })
  const opponent =
    champion === reference
      ? (ranked.find(({ untreated }) => !untreated) ?? ranked[1] ?? null)
      : reference
  const difference =
    opponent === null
      ? null
      : differenceTo(
          opponent,
          // The ledger holds "other minus reference"; the champion comes first here.
          champion === reference
            ? reversed(ledger[judged.indexOf(opponent)]!)
            : ledger[judged.indexOf(champion)]!,
        )
  const earned = difference?.certain === true || champion.eligible !== reference.eligible
  const { name, rule } = earned ? champion : reference

  return {
    ledger,
    markers: lines.slice(judged.length),
    reference: reference.name,
    recommended: { name, rule },
    champion: {
      name: champion.name,
      rule: champion.rule,
      costPer1000: champion.costPer1000,
      costPer1000BiasCorrected: corrected === null ? null : per1000(corrected.meanCost),
      costPer1000BiasCorrectedInterval: intervalPer1000(corrected?.interval ?? null),
      competitors: contenders.length,
      ...(competitors.some(({ trials = 1 }) => trials > 1)
        ? { competitorsWithTrials: contenders.reduce((sum, { trials = 1 }) => sum + trials, 0) }
        : {}),
    },
    difference,
  }
}

/**
 * How much dearer `a` is than `b` per 1,000 cases, paired on the same samples.
 *
 * @param a, b Cost of the decision taken on each sample, length nSamples.
 * @returns The difference a − b with its interval; below 0, a is cheaper. Interval null with fewer
 *   than two samples or groups.
 */
export function pairedDifference(
  a: Float64Array,
  b: Float64Array,
  {
    weights,
    groups,
    level = LEVEL,
  }: SharedSamples & {
    /** Of the interval; 0.95 when left out. */
    readonly level?: number
  },
): { readonly costPer1000: number; readonly interval: Interval | null } {
  if (a.length !== b.length) {
    throw new RangeError(
      `pairedDifference needs costs of the same samples, got ${a.length} and ${b.length}`,
    )
  }
  const differences = a.map((cost, i) => cost - b[i]!)
  return {
    costPer1000: per1000(weightedMean(differences, weights)),
    interval: intervalPer1000(meanInterval(differences, weights, groups, level)),
  }
}

interface Ranked {
  readonly costPer1000: number
  readonly eligible: boolean
  readonly untreated: boolean
  readonly rule: ThresholdRule
}

/** Best first; costs that agree to 12 digits are equal. The sort is stable. */
function rank<T extends Ranked>(competitors: readonly T[]): readonly T[] {
  const keys = ({ eligible, costPer1000, untreated, rule }: Ranked): readonly number[] => [
    eligible ? 0 : 1,
    Number(costPer1000.toPrecision(12)),
    untreated ? 0 : 1,
    rule === 'tuned' ? 0 : 1,
  ]
  return competitors.toSorted((a, b) => {
    const keysOfB = keys(b)
    return (
      keys(a)
        .map((key, i) => key - keysOfB[i]!)
        .find((order) => order !== 0) ?? 0
    )
  })
}

type LedgerDifference = Pick<LedgerRow, 'differenceToReference' | 'differenceInterval'>

function reversed({
  differenceToReference,
  differenceInterval,
}: LedgerDifference): LedgerDifference {
  return {
    differenceToReference: 0 - differenceToReference!, // not unary minus, which makes −0
    differenceInterval: differenceInterval && {
      ...differenceInterval,
      lower: 0 - differenceInterval.upper,
      upper: 0 - differenceInterval.lower,
    },
  }
}

function differenceTo(
  opponent: Pick<Competitor, 'name' | 'rule'>,
  { differenceToReference, differenceInterval }: LedgerDifference,
): Comparison['difference'] {
  return {
    opponent: opponent.name,
    opponentRule: opponent.rule,
    costPer1000: differenceToReference!,
    interval: differenceInterval,
    certain:
      differenceInterval !== null && (differenceInterval.lower > 0 || differenceInterval.upper < 0),
  }
}
