/**
 * What a handler of reference cases sees: one case, and a checker that records what disagrees.
 *
 * Handlers are kept by kind, so that further golden files of the same format run without new code.
 */
import type { Column } from '#shared/core/dataset/dataset.ts'

export interface Tolerance {
  readonly rel: number
  readonly abs: number
}

export interface GoldenCase {
  readonly id: string
  readonly kind: string
  readonly input: Readonly<Record<string, unknown>>
  readonly expect: Readonly<Record<string, unknown>>
  readonly tol: Tolerance
}

/** A table read from a CSV file of the reference folder, rows as the case asks for. */
export interface ReferenceTable {
  /** Row-major, nRows × nColumns, columns as `input.columns` names them. */
  readonly X: Float64Array
  readonly nRows: number
  readonly nColumns: number
  /** 1 for the positive label of the data set, else 0. */
  readonly y: Uint8Array
}

export interface ReferenceColumns {
  readonly columns: readonly Column[]
  /** 1 for the positive label of the data set, else 0. */
  readonly yTrue: Uint8Array
}

export interface Checker {
  /** Numbers, arrays and records within the tolerance of the case (or the given one). */
  close(what: string, got: unknown, want: unknown, tol?: Tolerance): void
  /** Exactly equal: counts, index lists, texts. */
  equal(what: string, got: unknown, want: unknown): void
  /** A part of the case for which nothing is built yet. */
  notYet(what: string): void
  /** Reads `input.csv`, `columns`, `rows` and `unique`; throws when the case has no `csv`. */
  table(input: GoldenCase['input']): ReferenceTable
  /** Columns of `input.csv` by name, numbers or categories, of the rows that `input.rows` names. */
  columns(input: GoldenCase['input'], names: readonly string[]): ReferenceColumns
}

export type GoldenHandler = (goldenCase: GoldenCase, check: Checker) => void

/** Kind of case → how to check one. */
export type GoldenHandlers = Readonly<Record<string, GoldenHandler>>
