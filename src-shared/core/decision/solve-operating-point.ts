/**
 * From a sentence such as "recall at least 85 % and at most 120 alerts a day, at least cost" to a
 * threshold; or, where there is none, by how much it is missed and what to give up.
 *
 * Candidates are no alerts at all and every distinct score. On them all that is required is known
 * exactly, so the search is a look at every candidate.
 */
import { formatNumber } from '../format.ts'
import { tiedMinima, type CostCurve } from './threshold-curves.ts'

export type RequirementKind = 'precision' | 'recall' | 'alerts' | 'review hours'

/** `precision` and `recall` at least, `alerts` and `review hours` a day at most. */
export interface Requirement {
  readonly kind: RequirementKind
  /** In (0, 1] for precision and recall, else finite and ≥ 0. */
  readonly limit: number
}

/** From shares of cases to days of work. */
export interface Workload {
  /** > 0; needed as soon as alerts or hours are limited. */
  readonly casesPerDay: number | null
  /** > 0; needed as soon as hours are limited. */
  readonly minutesPerAlert: number | null
}

/** What one candidate gives on the samples of the curve. */
export interface SolvedReading {
  /** Positive from here on; Infinity for no alerts. */
  readonly threshold: number
  readonly meanCost: number
  /** Null without a positive sample. */
  readonly recall: number | null
  /** Null without an alert. */
  readonly precision: number | null
  readonly alertShare: number
  readonly alertsPerDay: number | null
  readonly reviewHoursPerDay: number | null
}

/** What has to give way when everything else is kept. */
export interface Relaxation {
  readonly requirement: Requirement
  /** The nearest limit that can be kept together with all others. */
  readonly attainable: number
  /** |attainable − limit| ÷ limit; Infinity from a limit of 0. */
  readonly relativeChange: number
  /** The cheapest candidate (or that of most recall) with the relaxed limit. */
  readonly reading: SolvedReading
}

export interface Shortfall {
  readonly requirement: Requirement
  /** Null where the measure is undefined. */
  readonly attained: number | null
}

export type SolvedPoint =
  | {
      readonly feasible: true
      readonly chosen: SolvedReading
      /** What it would be without any requirement. */
      readonly unconstrained: SolvedReading
      /** What the requirements cost per case: chosen less unconstrained, ≥ 0 when minimising cost. */
      readonly priceOfRequirements: number
      /** Requirements without which a better threshold would have been chosen. */
      readonly binding: readonly Requirement[]
      /** Why no threshold is needed: one decision is never worse on these samples. */
      readonly oneDecision: 'alert' | 'none' | null
      readonly sentence: string
    }
  | {
      readonly feasible: false
      /** Single requirements that can give way, the smallest relative change first. */
      readonly relaxations: readonly Relaxation[]
      /** The candidate whose worst relative shortfall is least, and what it falls short of. */
      readonly closest: SolvedReading
      readonly shortfalls: readonly Shortfall[]
      readonly sentence: string
    }

// Shares come from sums of weights: what falls short by less is rounding.
const TOLERANCE = 1e-12

/**
 * The best threshold that keeps all requirements.
 *
 * `cost`: least total cost; of equally cheap ones the highest threshold, which alerts least.
 * `recall`: most recall; of equal ones the cheapest, then the highest threshold.
 *
 * The choice fits the samples of the curve: judge it on others, or have it guaranteed by
 * `learnThenTest`.
 *
 * @throws RangeError when a limit lies outside its range, or a workload is missing that a limit
 *   needs.
 *
 * Degenerate: without an alert precision is undefined and no requirement of it is kept; without
 * positive samples neither is one of recall.
 *
 * O(candidates × requirements). Deterministic.
 */
export function solveOperatingPoint({
  curve,
  goal,
  requirements,
  workload,
}: {
  readonly curve: CostCurve
  readonly goal: 'cost' | 'recall'
  readonly requirements: readonly Requirement[]
  readonly workload: Workload
}): SolvedPoint {
  checkRequirements(requirements, workload)
  const all = Int32Array.from(curve.thresholds, (_, i) => i)
  const read = (i: number): SolvedReading => readCandidate(curve, i, workload)
  const table = requirements.map((requirement) => measureAlong(curve, requirement, workload))
  const keeping = (left: number | null): Int32Array => keepingAllBut(left, table, all)
  const bestOf = (candidates: Int32Array): number => best(curve, goal, candidates)

  const feasible = keeping(null)
  if (feasible.length > 0) {
    const index = bestOf(feasible)
    const free = bestOf(all)
    const binding = requirements.filter((_, r) => bestOf(keeping(r)) !== index)
    const chosen = read(index)
    const unconstrained = read(free)
    const oneDecision = goal === 'cost' ? decisionNeverWorse(curve) : null
    const priceOfRequirements = chosen.meanCost - unconstrained.meanCost
    return {
      feasible: true,
      chosen,
      unconstrained,
      priceOfRequirements,
      binding,
      oneDecision,
      sentence: describeChosen(chosen, binding, oneDecision),
    }
  }

  const relaxations = relaxationsAmong(curve, goal, requirements, workload, table)

  const worst = new Float64Array(all.length)
  for (const { shortfall } of table) {
    for (const i of all) worst[i] = Math.max(worst[i]!, shortfall[i]!)
  }
  const finite = all.filter((i) => worst[i]! < Infinity)
  const closest = read(bestOf(finite.length > 0 ? tiedMinima(worst, finite) : all))
  const shortfalls = shortfallsOf(closest, requirements)
  return {
    feasible: false,
    relaxations,
    closest,
    shortfalls,
    sentence: describeInfeasible(requirements, relaxations, shortfalls),
  }
}

/**
 * Which single requirements can give way so that all others are kept, and how far; the smallest
 * relative change first. Empty where giving up one of them is not enough.
 *
 * @throws RangeError as `solveOperatingPoint`.
 */
export function relaxationsOf({
  curve,
  goal,
  requirements,
  workload,
}: Parameters<typeof solveOperatingPoint>[0]): readonly Relaxation[] {
  checkRequirements(requirements, workload)
  const table = requirements.map((requirement) => measureAlong(curve, requirement, workload))
  return relaxationsAmong(curve, goal, requirements, workload, table)
}

function relaxationsAmong(
  curve: CostCurve,
  goal: 'cost' | 'recall',
  requirements: readonly Requirement[],
  workload: Workload,
  table: readonly Measured[],
): Relaxation[] {
  const all = Int32Array.from(curve.thresholds, (_, i) => i)
  return requirements
    .flatMap((requirement, r): Relaxation[] => {
      const { values } = table[r]!
      const others = keepingAllBut(r, table, all).filter((i) => !Number.isNaN(values[i]!))
      if (others.length === 0) return []
      const isFloor = isAtLeast(requirement)
      let attainable = isFloor ? -Infinity : Infinity
      for (const i of others) {
        attainable = isFloor ? Math.max(attainable, values[i]!) : Math.min(attainable, values[i]!)
      }
      const reached = others.filter(
        (i) => relativeShortfall(values[i]!, { ...requirement, limit: attainable }) === 0,
      )
      return [
        {
          requirement,
          attainable,
          relativeChange: relativeShortfall(attainable, requirement),
          reading: readCandidate(curve, best(curve, goal, reached), workload),
        },
      ]
    })
    .sort((x, y) => (x.relativeChange < y.relativeChange ? -1 : 1))
}

/** The candidates that keep every requirement but the one at `left`. */
function keepingAllBut(
  left: number | null,
  table: readonly Measured[],
  all: Int32Array,
): Int32Array {
  return all.filter((i) => table.every(({ shortfall }, r) => r === left || shortfall[i] === 0))
}

/** Which requirements a candidate breaks. */
export function shortfallsOf(
  reading: SolvedReading,
  requirements: readonly Requirement[],
): Shortfall[] {
  return requirements.flatMap((requirement): Shortfall[] => {
    const attained = measureOf(reading, requirement.kind)
    return relativeShortfall(attained, requirement) > 0 ? [{ requirement, attained }] : []
  })
}

function checkRequirements(requirements: readonly Requirement[], workload: Workload): void {
  const { casesPerDay, minutesPerAlert } = workload
  for (const [name, value] of Object.entries({ casesPerDay, minutesPerAlert })) {
    if (value !== null && !(value > 0 && value < Infinity)) {
      throw new RangeError(`${name} must be finite and above 0, got ${value}`)
    }
  }
  for (const requirement of requirements) {
    const { kind, limit } = requirement
    if (isAtLeast(requirement) ? !(limit > 0 && limit <= 1) : !(limit >= 0 && limit < Infinity)) {
      const range = isAtLeast(requirement) ? 'in (0, 1]' : 'finite and at least 0'
      throw new RangeError(`the limit of ${kind} must lie ${range}, got ${limit}`)
    }
    if (!isAtLeast(requirement) && casesPerDay === null) {
      throw new RangeError(`a limit of ${kind} a day needs casesPerDay`)
    }
    if (kind === 'review hours' && minutesPerAlert === null) {
      throw new RangeError('a limit of review hours needs minutesPerAlert')
    }
  }
}

function isAtLeast({ kind }: Requirement): boolean {
  return kind === 'precision' || kind === 'recall'
}

/** What candidate i of a curve gives. */
export function readCandidate(curve: CostCurve, i: number, workload: Workload): SolvedReading {
  const tp = curve.tp[i]!
  const alerts = tp + curve.fp[i]!
  const total = curve.positives + curve.negatives
  const alertShare = alerts / total
  const { casesPerDay, minutesPerAlert } = workload
  const alertsPerDay = casesPerDay === null ? null : alertShare * casesPerDay
  return {
    threshold: curve.thresholds[i]!,
    meanCost: curve.totalCost[i]! / total,
    recall: curve.positives > 0 ? tp / curve.positives : null,
    precision: alerts > 0 ? tp / alerts : null,
    alertShare,
    alertsPerDay,
    reviewHoursPerDay:
      alertsPerDay === null || minutesPerAlert === null
        ? null
        : (alertsPerDay * minutesPerAlert) / 60,
  }
}

function measureOf(reading: SolvedReading, kind: RequirementKind): number | null {
  switch (kind) {
    case 'precision':
      return reading.precision
    case 'recall':
      return reading.recall
    case 'alerts':
      return reading.alertsPerDay
    case 'review hours':
      return reading.reviewHoursPerDay
  }
}

/** A requirement's measure at every candidate, NaN where undefined, and its relative shortfall. */
interface Measured {
  readonly values: Float64Array
  readonly shortfall: Float64Array
}

function measureAlong(
  curve: CostCurve,
  requirement: Requirement,
  { casesPerDay, minutesPerAlert }: Workload,
): Measured {
  const perAlertShare =
    requirement.kind === 'alerts'
      ? casesPerDay!
      : requirement.kind === 'review hours'
        ? (casesPerDay! * minutesPerAlert!) / 60
        : 0
  const total = curve.positives + curve.negatives
  const values = Float64Array.from(curve.tp, (tp, i) => {
    const alerts = tp + curve.fp[i]!
    if (requirement.kind === 'recall') return tp / curve.positives
    if (requirement.kind === 'precision') return tp / alerts
    return (alerts / total) * perAlertShare
  })
  return { values, shortfall: values.map((value) => relativeShortfall(value, requirement)) }
}

/** 0 where the requirement is kept; Infinity where the measure is undefined. */
function relativeShortfall(value: number | null, requirement: Requirement): number {
  if (value === null || Number.isNaN(value)) return Infinity
  const { limit } = requirement
  const missing = isAtLeast(requirement) ? limit - value : value - limit
  if (missing <= TOLERANCE * Math.max(1, Math.abs(limit))) return 0
  return limit > 0 ? missing / limit : Infinity
}

function best(curve: CostCurve, goal: 'cost' | 'recall', candidates: Int32Array): number {
  const among =
    goal === 'cost'
      ? candidates
      : tiedMinima(
          curve.tp.map((tp) => -tp),
          candidates,
        )
  return tiedMinima(curve.totalCost, among)[0]!
}

/** Whether alerting on everything, or on nothing, is as cheap as the best threshold. */
function decisionNeverWorse(curve: CostCurve): 'alert' | 'none' | null {
  const ties = tiedMinima(curve.totalCost)
  if (ties[0] === 0) return 'none'
  return ties.at(-1) === curve.thresholds.length - 1 ? 'alert' : null
}

const UNITS: Readonly<Record<RequirementKind, string>> = {
  precision: '',
  recall: '',
  alerts: ' a day',
  'review hours': ' a day',
}

function textOf(requirement: Requirement): string {
  const bound = isAtLeast(requirement) ? 'at least' : 'at most'
  return `${requirement.kind} ${bound} ${formatNumber(requirement.limit)}${UNITS[requirement.kind]}`
}

function joined(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)!}`
}

function describeChosen(
  chosen: SolvedReading,
  binding: readonly Requirement[],
  oneDecision: 'alert' | 'none' | null,
): string {
  const cut =
    chosen.threshold === Infinity
      ? 'No alerts at all'
      : `Alerts from ${formatNumber(chosen.threshold)} on`
  if (binding.length > 0) return `${cut}; set by ${joined(binding.map(textOf))}.`
  if (oneDecision === 'none')
    return `${cut}: at these costs no threshold is cheaper than no alerts.`
  if (oneDecision === 'alert') {
    return `${cut}: at these costs no threshold is cheaper than an alert on every case.`
  }
  return `${cut}; no requirement stands in the way.`
}

function describeInfeasible(
  requirements: readonly Requirement[],
  relaxations: readonly Relaxation[],
  shortfalls: readonly Shortfall[],
): string {
  const whole = `No threshold keeps ${joined(requirements.map(textOf))}`
  const [easiest] = relaxations
  if (easiest !== undefined) {
    const others = requirements.filter((r) => r !== easiest.requirement).map(textOf)
    const kept = others.length === 0 ? '' : ` with ${joined(others)}`
    const most = isAtLeast(easiest.requirement) ? 'at most' : 'at least'
    const { kind } = easiest.requirement
    const gap = Math.abs(easiest.attainable - easiest.requirement.limit)
    const missed = `${formatNumber(gap)} ${isAtLeast(easiest.requirement) ? 'short' : 'too many'}`
    return `${whole}: ${kind} can be ${most} ${formatNumber(easiest.attainable)}${UNITS[kind]}${kept}, ${missed}.`
  }
  const missed = shortfalls.map(({ requirement, attained }) =>
    attained === null
      ? `${requirement.kind} undefined`
      : `${requirement.kind} ${formatNumber(attained)}${UNITS[requirement.kind]}`,
  )
  return `${whole}, and relaxing one of them is not enough. The closest has ${joined(missed)}.`
}
