import { checkSamples } from '../metrics/check-samples.ts'
import type { Interval } from '../metrics/interval.ts'
import { meanIntervalOfAlike } from '../metrics/mean-interval.ts'
import type { AlikeSamples, GroupSums } from '../metrics/mean-interval.ts'

/** How sure the net benefit at one threshold probability is; null with fewer than two units. */
export interface NetBenefitBand {
  /** Of acting on the model: what it gains over acting on nobody. */
  readonly netBenefit: Interval | null
  /** Of what it gains over acting on everybody, paired on the same samples. */
  readonly gainOverAll: Interval | null
}

/**
 * Pointwise intervals of the net benefit at given threshold probabilities.
 *
 * Net benefit is a mean: at odds o = t / (1 − t) a positive sample that reaches t brings 1, a negative
 * one −o, all others 0. Against acting on everybody it is the samples below t that count, the positive
 * ones with −1 and the negative ones with o. So `meanInterval` knows how sure both are.
 *
 * @param weights    ≥ 0 per sample; null means 1 each.
 * @param groups     As for `meanInterval`.
 * @param thresholds Threshold probabilities, each in (0, 1), in any order.
 * @param level      In (0, 1).
 * @returns One record per threshold, in their order.
 * @throws RangeError when a value lies outside its range, lengths differ or there are no samples.
 *
 * O(nSamples · log nThresholds) for all thresholds together, since between two of them samples of a
 * class are alike, and for each as many steps as samples share a group. Deterministic.
 */
export function decisionCurveBands({
  yTrue,
  probabilities,
  weights,
  groups,
  thresholds,
  level,
}: {
  readonly yTrue: Uint8Array
  readonly probabilities: Float64Array
  readonly weights: Float64Array | null
  readonly groups: Int32Array | null
  readonly thresholds: readonly number[]
  readonly level: number
}): NetBenefitBand[] {
  checkSamples(yTrue, probabilities, weights)
  if (yTrue.length === 0) throw new RangeError('a decision curve needs samples, got none')
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie in (0, 1), got ${level}`)
  for (const threshold of thresholds) {
    if (!(threshold > 0 && threshold < 1)) {
      throw new RangeError(`thresholds must lie in (0, 1), got ${threshold}`)
    }
  }
  if (groups !== null && groups.length !== yTrue.length) {
    throw new RangeError(
      `groups must have the length of yTrue, got ${groups.length} for ${yTrue.length}`,
    )
  }

  const falling = [...new Set(thresholds)].sort((a, b) => b - a)
  const { cells, members } = cellsBetween({ yTrue, probabilities, weights, groups }, falling)
  return thresholds.map((threshold) => {
    const odds = threshold / (1 - threshold)
    const cut = falling.indexOf(threshold) + 1
    /** Of what samples bring that reach the threshold, and that don't; negative ones first. */
    const worth = (reached: Pair, below: Pair): Interval | null => {
      const valueOf = (cell: number, y: 0 | 1): number => (cell < cut ? reached : below)[y]
      const alike = cells.flatMap(([negatives, positives], cell): AlikeSamples[] => [
        { ...negatives, value: valueOf(cell, 0) },
        { ...positives, value: valueOf(cell, 1) },
      ])
      return meanIntervalOfAlike(alike, members && groupSums(members, valueOf), level)
    }
    return { netBenefit: worth([-odds, 1], [0, 0]), gainOverAll: worth([0, 0], [odds, -1]) }
  })
}

type Pair = readonly [number, number]

type Sums = Record<Exclude<keyof AlikeSamples, 'value'>, number>

/** Samples that came with others: element i of every array belongs to one of them. */
interface Members {
  readonly nGroups: number
  readonly group: Int32Array
  readonly cell: Int32Array
  readonly y: Uint8Array
  readonly weight: Float64Array
}

function groupSums(
  { nGroups, group, cell, y, weight }: Members,
  valueOf: (cell: number, y: 0 | 1) => number,
): GroupSums {
  const weights = new Float64Array(nGroups)
  const values = new Float64Array(nGroups)
  for (let i = 0; i < group.length; i++) {
    weights[group[i]!]! += weight[i]!
    values[group[i]!]! += weight[i]! * valueOf(cell[i]!, y[i] === 1 ? 1 : 0)
  }
  return { weights, values }
}

/**
 * Samples by the first of the falling thresholds that they reach, those that reach none last; of each
 * the negative ones, then the positive ones. Weights as parts of the largest.
 */
function cellsBetween(
  {
    yTrue,
    probabilities,
    weights,
    groups,
  }: Pick<
    Parameters<typeof decisionCurveBands>[0],
    'yTrue' | 'probabilities' | 'weights' | 'groups'
  >,
  falling: readonly number[],
): { readonly cells: readonly (readonly [Sums, Sums])[]; readonly members: Members | null } {
  const nothing = (): Sums => ({ weight: 0, units: 0, squares: 0, cubes: 0, sixths: 0 })
  const cells = Array.from({ length: falling.length + 1 }, () => [nothing(), nothing()] as const)
  const largest = weights === null ? 1 : weights.reduce((most, w) => Math.max(most, w), 0)
  const nMembers = groups === null ? 0 : groups.reduce((n, group) => (group < 0 ? n : n + 1), 0)
  const index = new Map<number, number>()
  const members = {
    group: new Int32Array(nMembers),
    cell: new Int32Array(nMembers),
    y: new Uint8Array(nMembers),
    weight: new Float64Array(nMembers),
  }
  let at = 0
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weights === null ? 1 : largest > 0 ? weights[i]! / largest : 0
    let low = 0
    let high = falling.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (probabilities[i]! >= falling[middle]!) high = middle
      else low = middle + 1
    }
    const y = yTrue[i] === 1 ? 1 : 0
    const sums = cells[low]![y]
    sums.weight += weight
    const group = groups === null ? -1 : groups[i]!
    if (group >= 0) {
      if (!index.has(group)) index.set(group, index.size)
      members.group[at] = index.get(group)!
      members.cell[at] = low
      members.y[at] = y
      members.weight[at++] = weight
    } else if (weight > 0) {
      const cube = weight * weight * weight
      sums.units += 1
      sums.squares += weight * weight
      sums.cubes += cube
      sums.sixths += cube * cube
    }
  }
  return { cells, members: groups === null ? null : { ...members, nGroups: index.size } }
}
