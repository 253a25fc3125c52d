/** Finds the reference folder and reads its golden files and the handlers of their cases. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { GoldenCase, GoldenHandlers, Tolerance } from './handlers.ts'

export interface GoldenFile {
  /** Without `.json`. */
  readonly name: string
  readonly cases: readonly GoldenCase[]
}

const REPOSITORY = resolve(import.meta.dirname, '../..')

/** For a case that states no tolerance: room for rounding, not for another method. */
const ROUNDING: Tolerance = { rel: 1e-9, abs: 1e-12 }

/**
 * The folder with `golden/` and `data/`: what `STEELYARD_REFERENCE` names, else
 * `../shared/reference` beside the repository; null where the latter does not exist.
 *
 * @throws Error when `STEELYARD_REFERENCE` names a folder without `golden/`.
 */
export function referenceFolder(): string | null {
  const named = process.env['STEELYARD_REFERENCE']
  const folder = resolve(REPOSITORY, named ?? '../shared/reference')
  if (existsSync(join(folder, 'golden'))) return folder
  if (named === undefined) return null
  throw new Error(`STEELYARD_REFERENCE must name a folder that holds golden/, got ${folder}`)
}

/** Every `golden/*.json` of the reference folder, by name. */
export function loadGoldenFiles(folder: string): GoldenFile[] {
  const golden = join(folder, 'golden')
  return readdirSync(golden)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: basename(file, '.json'),
      cases: readGoldenFile(JSON.parse(readFileSync(join(golden, file), 'utf8')), file),
    }))
}

interface StoredCase {
  readonly id: string
  readonly kind?: string
  readonly method?: string
  readonly input?: Readonly<Record<string, unknown>>
  readonly expect: Readonly<Record<string, unknown>>
  readonly tol?: Partial<Tolerance>
}

/**
 * The cases of one parsed golden file: infinities decoded, `same_as` resolved, and the kind filled
 * in (that of the case, else its method, else the area of the file).
 *
 * @throws Error when the format is not `golden-1`, or `same_as` names no case or leads in a circle.
 */
export function readGoldenFile(parsed: unknown, file: string): GoldenCase[] {
  const { format, area, cases } = parsed as {
    readonly format: string
    readonly area: string
    readonly cases: readonly StoredCase[]
  }
  if (format !== 'golden-1') throw new Error(`${file}: format must be golden-1, got ${format}`)
  const byId = new Map(cases.map((stored) => [stored.id, stored]))

  const inputOf = (stored: StoredCase, seen: readonly string[]): Record<string, unknown> => {
    const { same_as: sameAs, ...own } = stored.input ?? {}
    if (sameAs === undefined) return own
    const other = byId.get(sameAs as string)
    if (other === undefined || seen.includes(other.id)) {
      throw new Error(
        `${file}: case ${stored.id} has same_as ${JSON.stringify(sameAs)}, which leads nowhere`,
      )
    }
    return { ...inputOf(other, [...seen, other.id]), ...own }
  }

  return cases.map((stored) => ({
    id: stored.id,
    kind: stored.kind ?? stored.method ?? area,
    input: decode(inputOf(stored, [stored.id])) as GoldenCase['input'],
    expect: decode(stored.expect) as GoldenCase['expect'],
    tol: stored.tol ? { rel: stored.tol.rel ?? 0, abs: stored.tol.abs ?? 0 } : ROUNDING,
  }))
}

/** JSON has no infinities; golden files write them as texts. */
function decode(value: unknown): unknown {
  if (value === 'Infinity') return Infinity
  if (value === '-Infinity') return -Infinity
  if (Array.isArray(value)) return value.map(decode)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decode(inner)]))
  }
  return value
}

/**
 * All handlers that the modules of `handlers/` export, under whatever names.
 *
 * @throws Error when two of them claim one kind.
 */
export async function loadHandlers(): Promise<GoldenHandlers> {
  const folder = join(import.meta.dirname, 'handlers')
  const handlers: Record<string, GoldenHandlers[string]> = {}
  const files = existsSync(folder) ? readdirSync(folder).sort() : []
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const module = (await import(pathToFileURL(join(folder, file)).href)) as Record<string, unknown>
    for (const exported of Object.values(module)) {
      if (typeof exported !== 'object' || exported === null) continue
      for (const [kind, handler] of Object.entries(exported as GoldenHandlers)) {
        if (kind in handlers) throw new Error(`${file}: kind ${kind} has a handler already`)
        handlers[kind] = handler
      }
    }
  }
  return handlers
}
