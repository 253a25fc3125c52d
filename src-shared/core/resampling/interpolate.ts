import { nearestNeighbors } from '../math/nearest-neighbors.ts'
import type { Provenance, SamplingTask } from './sampler.ts'

/** Some ten milliseconds of work. */
const drawsPerCheckpoint = 1 << 18

/**
 * Draws synthetic samples between some samples and their nearest ones among others.
 *
 * Each draws a parent, one of its k nearest candidates and a gap in [0, step), all uniform and in
 * that order; a negative step leads away from the neighbour.
 *
 * @param parents    Positions drawn from, at least one unless `count` is 0.
 * @param candidates Positions of at least k + 1 samples.
 */
export function drawBetween(
  { original: { X }, stream, checkpoint, kernels }: SamplingTask,
  parents: Int32Array,
  candidates: Int32Array,
  k: number,
  count: number,
  step = 1,
): Provenance {
  const parent = new Int32Array(count)
  const neighbor = new Int32Array(count)
  const gap = new Float64Array(count)
  if (count === 0) return { parent, neighbor, gap }
  const { rows } = nearestNeighbors(X, parents, candidates, k, checkpoint, kernels)
  for (let s = 0; s < count; s++) {
    if (s % drawsPerCheckpoint === 0) checkpoint(1)
    const base = stream.below(parents.length)
    parent[s] = parents[base]!
    neighbor[s] = rows[base * k + stream.below(k)]!
    gap[s] = stream.uniform() * step
  }
  return { parent, neighbor, gap }
}

/** One list of synthetic samples after the other. */
export function joined(parts: readonly Provenance[]): Provenance {
  const count = parts.reduce((sum, { parent }) => sum + parent.length, 0)
  const all = {
    parent: new Int32Array(count),
    neighbor: new Int32Array(count),
    gap: new Float64Array(count),
  }
  let at = 0
  for (const { parent, neighbor, gap } of parts) {
    all.parent.set(parent, at)
    all.neighbor.set(neighbor, at)
    all.gap.set(gap, at)
    at += parent.length
  }
  return all
}

/** @throws RangeError when the minority has no more than k samples, or k is not an integer from 1. */
export function requireNeighbors(
  title: string,
  k: number,
  { classes: { minority, minorityLabel } }: SamplingTask,
): void {
  if (!Number.isInteger(k) || k < 1) {
    throw new RangeError(`neighbors must be an integer from 1, got ${k}`)
  }
  if (minority.length > k) return
  const name = minorityLabel === 1 ? 'positives' : 'negatives'
  throw new RangeError(
    `${title} with ${k} neighbours needs at least ${k + 1} ${name}, got ${minority.length}`,
  )
}
