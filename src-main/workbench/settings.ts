/** Settings of the person, in a file of the data folder. */
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Settings } from '#shared/contract/app.ts'
import type { Args } from '#shared/contract/commands.ts'
import { settingsSchema } from '#shared/contract/commands.ts'

const defaultSettings: Settings = {
  theme: 'system',
  textSize: 100,
  threads: null,
  memoryCapBytes: null,
  reviewer: '',
}

/** Reads the settings; what is missing or damaged is as by default. */
export function readSettings(folder: string, onDamage: (notice: string) => void): Settings {
  const data = readRecord(join(folder, 'settings.json'), 'The settings', onDamage)
  if (data === null) return defaultSettings
  const known = Object.keys(defaultSettings) as (keyof Settings)[]
  const merged = Object.fromEntries(
    known.map((key) => [key, Object.hasOwn(data, key) ? data[key] : defaultSettings[key]]),
  )
  const result = v.safeParse(settingsSchema, merged)
  if (result.success) return result.output
  onDamage('Some of the settings could not be used, so all are as they were at first.')
  return defaultSettings
}

/** The settings with what is asked to change; what is undefined in `changes` stays. */
export function changedSettings(settings: Settings, changes: Args<'settings.change'>): Settings {
  const stated = Object.entries(changes).filter(([, value]) => value !== undefined)
  return { ...settings, ...(Object.fromEntries(stated) as Partial<Settings>) }
}

export function writeSettings(
  folder: string,
  settings: Settings,
  writeFileWhole: (path: string, text: string) => void,
): void {
  writeFileWhole(join(folder, 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`)
}

/**
 * The record in a JSON file; null when there is none. A file that holds anything else is set aside
 * as `*.damaged` and said, so that it neither blocks the program nor is lost.
 */
export function readRecord(
  path: string,
  what: string,
  onDamage: (notice: string) => void,
): Readonly<Record<string, unknown>> | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    onDamage(`${what} could not be read (${(error as Error).message}).`)
    return null
  }
  try {
    const data: unknown = JSON.parse(text)
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
      return data as Record<string, unknown>
    }
  } catch {
    // Set aside below, as any other content that is no record.
  }
  try {
    renameSync(path, `${path}.damaged`)
  } catch {
    // It will be replaced by the next that is written.
  }
  onDamage(`${what} could not be read and were set aside as ${path}.damaged.`)
  return null
}
