/**
 * What "take the cheapest of these" will cost on new data.
 *
 * The cheapest of many competitors looks cheaper than it is: some of its lead is luck on the
 * samples that chose it. So every draw of a bootstrap chooses anew, on the drawn samples, and pays
 * on the samples that the draw left out (about 37 %). The mean over draws is an estimate of the
 * whole procedure, choice included, and slightly on the dear side, since each choice sees fewer
 * different samples than the real one.
 *
 * Layout. Samples on which all competitors cost the same and that weigh the same form a cell. A
 * draw is a count per cell of samples drawn and of samples left out; costs are then summed over
 * cells times competitors. With constant costs there are a few hundred cells however many samples
 * there are.
 *
 * Source: Tsamardinos, Greasidou, Borboudakis (2018), "Bootstrapping the Out-of-sample Predictions
 * for Efficient and Accurate Cross-Validation", Machine Learning 107, the BBC-CV algorithm.
 * Groups, drawn whole, are added here.
 */
import type { Checkpoint } from '../math/checkpoint.ts'
import { quantileSorted } from '../math/quantile.ts'
import { createMultinomial } from '../math/multinomial.ts'
import type { RandomStream } from '../math/random.ts'
import type { Interval } from '../metrics/interval.ts'

export interface BiasCorrected {
  /** Expected cost of a sample under the competitor that would be chosen. */
  readonly meanCost: number
  /** Percentiles over draws. */
  readonly interval: Interval
}

/**
 * Bootstrap bias corrected cost of the best competitor.
 *
 * @param costs   Per competitor the cost of its decision on each sample, length nSamples each; of
 *   equally cheap ones the first is chosen.
 * @param weights ≥ 0 per sample; null means 1 each.
 * @param groups  Samples with one number ≥ 0 are drawn together, those with a negative number
 *   alone; null when each sample is drawn by itself.
 * @param draws   ≥ 1.
 * @param level   Coverage of the interval, in (0, 1).
 * @returns Null when no draw left anything out that has weight, as with a single sample.
 * @throws RangeError when there is no competitor or no sample, or draws < 1.
 *
 * O(draws × (nSamples + cells × competitors)). Deterministic for a given stream.
 */
export function biasCorrectedBest({
  costs,
  weights,
  groups,
  draws,
  level,
  stream,
  checkpoint,
}: {
  readonly costs: readonly Float64Array[]
  readonly weights: Float64Array | null
  readonly groups: Int32Array | null
  readonly draws: number
  readonly level: number
  readonly stream: RandomStream
  readonly checkpoint: Checkpoint
}): BiasCorrected | null {
  const nSamples = costs[0]?.length ?? 0
  if (nSamples === 0) throw new RangeError('biasCorrectedBest needs a competitor and a sample')
  if (!(draws >= 1)) throw new RangeError(`draws must be at least 1, got ${draws}`)
  const cells = findCells(costs, weights)
  const units = groups === null ? null : unitsOfGroups(groups, cells.cellOf)
  const nUnits = units === null ? nSamples : units.nUnits
  const drawUnits = createMultinomial(new Int32Array(nUnits).fill(1), stream)
  const timesDrawn = new Int32Array(nUnits)
  const drawn = new Float64Array(cells.nCells)
  const leftOut = new Float64Array(cells.nCells)
  const outcomes: number[] = []
  for (let draw = 0; draw < draws; draw++) {
    checkpoint(draw / draws)
    drawUnits(timesDrawn)
    drawn.fill(0)
    leftOut.fill(0)
    if (units === null) countSamples(cells.cellOf, timesDrawn, drawn, leftOut)
    else countGroups(units, timesDrawn, drawn, leftOut)
    const best = cheapest(cells, costs.length, drawn)
    const outcome = meanOf(cells, costs.length, best, leftOut)
    if (outcome !== null) outcomes.push(outcome)
  }
  checkpoint(1)
  if (outcomes.length === 0) return null
  const sorted = Float64Array.from(outcomes).sort()
  return {
    meanCost: outcomes.reduce((sum, outcome) => sum + outcome, 0) / outcomes.length,
    interval: {
      lower: quantileSorted(sorted, (1 - level) / 2),
      upper: quantileSorted(sorted, (1 + level) / 2),
      level,
      method: `bootstrap bias correction, percentile, ${draws} draws${groups === null ? '' : ' of groups'}`,
    },
  }
}

interface Cells {
  readonly nCells: number
  /** Cell of each sample. */
  readonly cellOf: Int32Array
  /** Weight of one sample of each cell. */
  readonly weight: Float64Array
  /** Weight × cost of one sample, cell-major: nCells × competitors. */
  readonly weightedCost: Float64Array
}

function findCells(costs: readonly Float64Array[], weights: Float64Array | null): Cells {
  const cellOf = new Int32Array(costs[0]!.length)
  let nCells = 1
  for (const values of weights === null ? costs : [weights, ...costs]) {
    nCells = splitCells(cellOf, values)
  }
  const nCompetitors = costs.length
  const isKnown = new Uint8Array(nCells)
  const weight = new Float64Array(nCells)
  const weightedCost = new Float64Array(nCells * nCompetitors)
  cellOf.forEach((cell, sample) => {
    if (isKnown[cell] === 1) return
    isKnown[cell] = 1
    weight[cell] = weights === null ? 1 : weights[sample]!
    costs.forEach((values, k) => {
      weightedCost[cell * nCompetitors + k] = weight[cell]! * values[sample]!
    })
  })
  return { nCells, cellOf, weight, weightedCost }
}

/** Splits cells so that `values` is constant in each; returns how many there are now. */
function splitCells(cellOf: Int32Array, values: Float64Array): number {
  const idOfValue = new Map<number, number>()
  const cellOfPair = new Map<number, number>()
  const nSamples = cellOf.length
  for (let i = 0; i < nSamples; i++) {
    let id = idOfValue.get(values[i]!)
    if (id === undefined) {
      id = idOfValue.size
      idOfValue.set(values[i]!, id)
    }
    const pair = cellOf[i]! * nSamples + id // below 2^53 up to 94 million samples
    let cell = cellOfPair.get(pair)
    if (cell === undefined) {
      cell = cellOfPair.size
      cellOfPair.set(pair, cell)
    }
    cellOf[i] = cell
  }
  return cellOfPair.size
}

/** The cells of each group: group g has `counts[e]` samples in `cells[e]`, e in [starts[g], starts[g + 1]). */
interface GroupUnits {
  readonly nUnits: number
  readonly starts: Int32Array
  readonly cells: Int32Array
  readonly counts: Int32Array
}

function unitsOfGroups(groups: Int32Array, cellOf: Int32Array): GroupUnits {
  const countsOfGroup = new Map<number, Map<number, number>>()
  const units: Map<number, number>[] = []
  groups.forEach((group, sample) => {
    let counts = group < 0 ? undefined : countsOfGroup.get(group)
    if (counts === undefined) {
      counts = new Map()
      units.push(counts)
      if (group >= 0) countsOfGroup.set(group, counts)
    }
    const cell = cellOf[sample]!
    counts.set(cell, (counts.get(cell) ?? 0) + 1)
  })
  const entries = units.flatMap((counts) => [...counts])
  const starts = new Int32Array(units.length + 1)
  units.forEach((counts, unit) => {
    starts[unit + 1] = starts[unit]! + counts.size
  })
  return {
    nUnits: units.length,
    starts,
    cells: Int32Array.from(entries, ([cell]) => cell),
    counts: Int32Array.from(entries, ([, count]) => count),
  }
}

function countSamples(
  cellOf: Int32Array,
  timesDrawn: Int32Array,
  drawn: Float64Array,
  leftOut: Float64Array,
): void {
  for (let sample = 0; sample < cellOf.length; sample++) {
    const times = timesDrawn[sample]!
    const cell = cellOf[sample]!
    if (times === 0) leftOut[cell]! += 1
    else drawn[cell]! += times
  }
}

function countGroups(
  { nUnits, starts, cells, counts }: GroupUnits,
  timesDrawn: Int32Array,
  drawn: Float64Array,
  leftOut: Float64Array,
): void {
  for (let unit = 0; unit < nUnits; unit++) {
    const times = timesDrawn[unit]!
    for (let entry = starts[unit]!; entry < starts[unit + 1]!; entry++) {
      if (times === 0) leftOut[cells[entry]!]! += counts[entry]!
      else drawn[cells[entry]!]! += times * counts[entry]!
    }
  }
}

/** The competitor of least total cost on the drawn samples; all have the same weight there. */
function cheapest(cells: Cells, nCompetitors: number, drawn: Float64Array): number {
  const totals = new Float64Array(nCompetitors)
  for (let cell = 0; cell < cells.nCells; cell++) {
    const count = drawn[cell]!
    if (count === 0) continue
    const start = cell * nCompetitors
    for (let k = 0; k < nCompetitors; k++) totals[k]! += count * cells.weightedCost[start + k]!
  }
  return totals.indexOf(Math.min(...totals))
}

function meanOf(
  cells: Cells,
  nCompetitors: number,
  competitor: number,
  counts: Float64Array,
): number | null {
  let cost = 0
  let weight = 0
  for (let cell = 0; cell < cells.nCells; cell++) {
    cost += counts[cell]! * cells.weightedCost[cell * nCompetitors + competitor]!
    weight += counts[cell]! * cells.weight[cell]!
  }
  return weight > 0 ? cost / weight : null
}
