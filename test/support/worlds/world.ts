/**
 * Worlds with a known answer: each makes tables in which one thing is wrong (or nothing), so that it
 * can be said whether a verdict is right. Everything is drawn from streams named after world and seed.
 */
import type { Column, Dataset, NumericColumn, Roles } from '#shared/core/dataset/dataset.ts'
import type { VerdictKind } from '#shared/core/diagnosis/verdict.ts'
import type { Frame } from '#shared/core/frame/frame.ts'
import { normalQuantile } from '#shared/core/math/normal.ts'
import { createStream } from '#shared/core/math/random.ts'
import type { RandomStream } from '#shared/core/math/random.ts'

export interface World {
  readonly answer: VerdictKind
  /** What is true of it, for the reader of a table of results. */
  readonly title: string
  /** Costs of errors; what is right costs nothing. */
  readonly costs: { readonly falsePositive: number; readonly falseNegative: number }
  /** @param nRows As many as the world has by itself when left out; more for a fresh sample. */
  readonly make: (seed: number, nRows?: number) => MadeTable
}

/** Features by name, and the labels as they are given. */
export interface MadeTable {
  readonly columns: readonly Column[]
  readonly given: Uint8Array
  /** Where labels are wrong: what they should be. */
  readonly truth: Uint8Array
}

export interface Draws {
  readonly stream: RandomStream
  readonly normal: () => number
  readonly between: (low: number, high: number) => number
}

export function drawsOf(world: string, seed: number): Draws {
  const stream = createStream(seed, 'world', world)
  return {
    stream,
    normal: () => normalQuantile(Math.max(stream.uniform(), 1e-16)),
    between: (low, high) => low + (high - low) * stream.uniform(),
  }
}

export function numeric(name: string, values: Float64Array): NumericColumn {
  return { kind: 'numeric', name, values }
}

/**
 * Labels of a prevalence, and normal features that shift with them.
 *
 * Features are independent with variance 1 in both classes and means that differ by `shifts`; so the
 * log-odds are linear and the Bayes ROC AUC is Φ(|shifts| / √2).
 */
export function shiftedNormals(
  draws: Draws,
  nRows: number,
  prevalence: number,
  shifts: readonly number[],
): { readonly yTrue: Uint8Array; readonly columns: NumericColumn[] } {
  const yTrue = Uint8Array.from({ length: nRows }, () =>
    draws.stream.uniform() < prevalence ? 1 : 0,
  )
  const columns = shifts.map((shift, j) =>
    numeric(
      `x${j + 1}`,
      Float64Array.from(yTrue, (y) => draws.normal() + shift * y),
    ),
  )
  return { yTrue, columns }
}

/** Shifts of some length in a drawn direction, none of which holds more than `most` of it. */
export function drawShifts(
  draws: Draws,
  nFeatures: number,
  length: number,
  most = 0.75,
): readonly number[] {
  for (;;) {
    const raw = Array.from({ length: nFeatures }, draws.normal)
    const size = Math.sqrt(raw.reduce((sum, value) => sum + value * value, 0))
    if (raw.every((value) => Math.abs(value) <= most * size)) {
      return raw.map((value) => (value / size) * length)
    }
  }
}

/** Distance between class means at which two normals of variance 1 have this ROC AUC. */
export function distanceFor(rocAuc: number): number {
  return Math.SQRT2 * normalQuantile(rocAuc)
}

export const worldRoles: Roles = {
  target: 'label',
  positive: 'yes',
  ...{ id: null, time: null, group: null, amount: null, weight: null },
  ignore: [],
}

export function datasetOf({ columns, given }: MadeTable): Dataset {
  const target: Column = {
    kind: 'categorical',
    name: 'label',
    codes: Int32Array.from(given),
    levels: ['no', 'yes'],
  }
  return { nRows: given.length, columns: [...columns, target] }
}

export function costMatrixOf({ costs }: World): Frame['costs'] {
  return { truePositive: 0, trueNegative: 0, ...costs }
}
