/** Which projects were opened lately, in a file of the data folder. */
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { RecentProject } from '#shared/contract/app.ts'
import { readRecord } from './settings.ts'

export interface Recents {
  /** Latest first. */
  list(): readonly RecentProject[]
  /** The path of a project in the list; null when it isn't there. */
  find(recentId: string): string | null
  /** Puts a project first. */
  note(path: string, name: string, openedAt: Date): void
  remove(recentId: string): void
}

interface Entry {
  readonly path: string
  readonly name: string
  readonly openedAt: string
}

const most = 30

export function openRecents(
  folder: string,
  services: {
    readonly writeFileWhole: (path: string, text: string) => void
    readonly wasLeftOpen: (path: string) => boolean
    readonly onDamage: (notice: string) => void
  },
): Recents {
  const path = join(folder, 'recents.json')
  const data = readRecord(path, 'The recent projects', services.onDamage)
  let entries: readonly Entry[] = Array.isArray(data?.['projects'])
    ? data['projects'].filter(isEntry).slice(0, most)
    : []

  const save = (changed: readonly Entry[]): void => {
    entries = changed.slice(0, most)
    services.writeFileWhole(path, `${JSON.stringify({ projects: entries }, null, 2)}\n`)
  }

  return {
    list: () =>
      entries.map((entry) => ({
        recentId: idOf(entry),
        name: entry.name,
        folder: asWritten(dirname(entry.path)),
        openedAt: entry.openedAt,
        exists: statSync(entry.path, { throwIfNoEntry: false })?.isFile() === true,
        interrupted: services.wasLeftOpen(entry.path),
      })),
    find: (recentId) => entries.find((entry) => idOf(entry) === recentId)?.path ?? null,
    note(file, name, openedAt) {
      const others = entries.filter((entry) => entry.path !== file)
      save([{ path: file, name, openedAt: openedAt.toISOString() }, ...others])
    },
    remove(recentId) {
      save(entries.filter((entry) => idOf(entry) !== recentId))
    },
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false
  const { path, name, openedAt } = value as Partial<Record<keyof Entry, unknown>>
  return (
    typeof path === 'string' &&
    !path.includes('\0') &&
    typeof name === 'string' &&
    typeof openedAt === 'string'
  )
}

function idOf({ path }: Entry): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 24)
}

function asWritten(folder: string): string {
  const home = homedir()
  return folder === home || folder.startsWith(`${home}/`) ? `~${folder.slice(home.length)}` : folder
}
