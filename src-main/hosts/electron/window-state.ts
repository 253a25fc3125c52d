/** Where the window stood, kept from one start to the next. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface WindowState {
  /** Null: wherever the system puts it. */
  readonly bounds: Area | null
  readonly maximized: boolean
}

export const leastWidth = 960
export const leastHeight = 640
const usualSize = { width: 1440, height: 920 }
/** So much of the window must be on a display to be found and moved. */
const leastVisible = { width: 200, height: 80 }

/**
 * Where to put the window: as it was, where that is still on a display; else the usual size, made
 * to fit the first display.
 *
 * @param displays Work areas, the main one first; at least one.
 */
export function placeWindow(
  state: WindowState,
  displays: readonly Area[],
): { readonly width: number; readonly height: number; readonly x?: number; readonly y?: number } {
  const [main] = displays
  const { bounds } = state
  if (bounds !== null && displays.some((display) => isVisible(bounds, display))) {
    const display = displays.find((area) => isVisible(bounds, area))!
    return {
      x: bounds.x,
      y: bounds.y,
      width: clamp(bounds.width, leastWidth, display.width),
      height: clamp(bounds.height, leastHeight, display.height),
    }
  }
  return {
    width: Math.min(usualSize.width, main!.width),
    height: Math.min(usualSize.height, main!.height),
  }
}

/** The state as it was saved; the usual one where none was, or where the file is damaged. */
export function readWindowState(file: string): WindowState {
  try {
    const state: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isWindowState(state)) return state
  } catch {
    // No file yet, or none that can be read: it holds nothing that would be missed.
  }
  return { bounds: null, maximized: false }
}

export function saveWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.tmp`, `${JSON.stringify(state)}\n`)
    renameSync(`${file}.tmp`, file)
  } catch {
    // The window then opens at its usual place.
  }
}

/** The title bar must be on the display, or the window can't be moved. */
function isVisible(bounds: Area, display: Area): boolean {
  const width =
    Math.min(bounds.x + bounds.width, display.x + display.width) - Math.max(bounds.x, display.x)
  const below = display.y + display.height - bounds.y
  return width >= leastVisible.width && below >= leastVisible.height && bounds.y >= display.y
}

function isWindowState(value: unknown): value is WindowState {
  if (typeof value !== 'object' || value === null) return false
  const { bounds, maximized } = value as { readonly bounds?: unknown; readonly maximized?: unknown }
  return typeof maximized === 'boolean' && (bounds === null || isArea(bounds))
}

function isArea(value: unknown): value is Area {
  if (typeof value !== 'object' || value === null) return false
  return (['x', 'y', 'width', 'height'] as const).every((key) =>
    Number.isSafeInteger((value as Readonly<Record<string, unknown>>)[key]),
  )
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(Math.min(value, most), Math.min(least, most))
}
