/** Runs the handler of one reference case and records what agreed, what did not and what is missing. */
import type {
  Checker,
  GoldenCase,
  GoldenHandlers,
  ReferenceColumns,
  ReferenceTable,
  Tolerance,
} from './handlers.ts'

/**
 * What became of one case. `partly`: everything compared agreed, but the handler named parts for
 * which nothing is built yet.
 */
export interface CaseOutcome {
  readonly verdict: 'passed' | 'partly' | 'failed' | 'not yet implemented'
  /** One line per disagreement: path, what was wanted, what was got. */
  readonly failures: readonly string[]
  readonly notYet: readonly string[]
}

export interface TableReader {
  (input: GoldenCase['input']): ReferenceTable
  columns(input: GoldenCase['input'], names: readonly string[]): ReferenceColumns
}

/**
 * Checks one case with the handler of its kind.
 *
 * A handler that throws, or that neither compares anything nor says that something is not built
 * yet, fails the case: agreement is only ever counted where values were compared.
 */
export function checkCase(
  goldenCase: GoldenCase,
  handlers: GoldenHandlers,
  readTable: TableReader,
): CaseOutcome {
  const handler = handlers[goldenCase.kind]
  if (handler === undefined) {
    return { verdict: 'not yet implemented', failures: [], notYet: [goldenCase.kind] }
  }

  const failures: string[] = []
  const notYet: string[] = []
  const undefinedPaths = collectUndefined(goldenCase.expect, '')
  let nAgreed = 0

  const compare = (what: string, got: unknown, want: unknown, tol: Tolerance): void => {
    const comparison: Comparison = { tol, undefinedPaths, nCompared: 0, failures: [] }
    compareValues(what, got, want, comparison)
    failures.push(...comparison.failures)
    if (comparison.failures.length === 0 && comparison.nCompared > 0) nAgreed++
  }
  const check: Checker = {
    close: (what, got, want, tol = goldenCase.tol) => {
      compare(what, got, want, tol)
    },
    equal: (what, got, want) => {
      compare(what, got, want, EXACT)
    },
    notYet: (what) => {
      notYet.push(what)
    },
    table: readTable,
    columns: (input, names) => readTable.columns(input, names),
  }

  try {
    handler(goldenCase, check)
  } catch (error) {
    failures.push(
      `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
    )
  }
  if (failures.length === 0 && notYet.length === 0 && nAgreed === 0) {
    failures.push('the handler compared nothing')
  }
  return { verdict: verdictOf(failures.length, notYet.length, nAgreed), failures, notYet }
}

function verdictOf(nFailures: number, nNotYet: number, nAgreed: number): CaseOutcome['verdict'] {
  if (nFailures > 0) return 'failed'
  if (nNotYet === 0) return 'passed'
  return nAgreed > 0 ? 'partly' : 'not yet implemented'
}

const EXACT: Tolerance = { rel: 0, abs: 0 }

interface Comparison {
  readonly tol: Tolerance
  readonly undefinedPaths: ReadonlySet<string>
  nCompared: number
  readonly failures: string[]
}

/**
 * Compares element by element, depth first. Numbers agree when |got − want| ≤ abs + rel · |want|,
 * or when they are the same infinity. A wanted `null` (NaN or not defined) takes null, or NaN where
 * a typed array holds it. Got records may have further keys. A `null` got for a quantity that the
 * case lists as undefined agrees.
 */
function compareValues(path: string, got: unknown, want: unknown, comparison: Comparison): void {
  if (got === null && isUndefined(path, comparison.undefinedPaths)) {
    comparison.nCompared++
    return
  }
  if (isArrayLike(want)) {
    if (!isArrayLike(got) || got.length !== want.length) {
      mismatch(path, describe(got), describe(want), comparison)
      return
    }
    for (let i = 0; i < want.length; i++) {
      // A typed array has no null: NaN stands for it there.
      const element = ArrayBuffer.isView(got) && Number.isNaN(got[i]) ? null : got[i]
      compareValues(`${path}[${i}]`, element, want[i], comparison)
    }
    if (want.length === 0) comparison.nCompared++
    return
  }
  if (isRecord(want)) {
    if (!isRecord(got)) {
      mismatch(path, describe(got), describe(want), comparison)
      return
    }
    for (const [key, value] of Object.entries(want)) {
      if (key !== 'undefined') compareValues(`${path}.${key}`, got[key], value, comparison)
    }
    return
  }
  comparison.nCompared++
  const agrees = got === want || isWithin(got, want, comparison.tol)
  if (!agrees) mismatch(path, describe(got), describe(want), comparison)
}

/** False as soon as one of the two is not a finite number: infinities agree with themselves only. */
function isWithin(got: unknown, want: unknown, { rel, abs }: Tolerance): boolean {
  if (!Number.isFinite(got) || !Number.isFinite(want)) return false
  return Math.abs((got as number) - (want as number)) <= abs + rel * Math.abs(want as number)
}

function mismatch(path: string, got: string, want: string, { failures }: Comparison): void {
  failures.push(`${path}: wanted ${want}, got ${got}`)
}

/**
 * The quantities that `expect.undefined` lists, at any depth, as paths with dots:
 * `thresholds.3.precision` for `"undefined": ["precision"]` inside `expect.thresholds[3]`.
 */
function collectUndefined(value: unknown, prefix: string): Set<string> {
  const paths = new Set<string>()
  if (typeof value !== 'object' || value === null) return paths
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'undefined' && Array.isArray(inner)) {
      for (const name of inner) paths.add(`${prefix}${String(name)}`)
    } else {
      for (const path of collectUndefined(inner, `${prefix}${key}.`)) paths.add(path)
    }
  }
  return paths
}

/** Whether the path, or a path that holds it, is among the undefined ones. */
function isUndefined(path: string, undefinedPaths: ReadonlySet<string>): boolean {
  if (undefinedPaths.size === 0) return false
  const steps = path.split(/[./[\]]+/).filter((step) => step !== '')
  return steps.some((_, i) => undefinedPaths.has(steps.slice(0, i + 1).join('.')))
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isArrayLike(value)
}

function describe(value: unknown): string {
  if (isArrayLike(value)) return `${value.length} elements`
  if (isRecord(value)) return 'a record'
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
