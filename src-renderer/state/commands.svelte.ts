import { onDestroy } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import type { IconName } from '../components/icons.ts'

export interface PaletteCommand {
  /** A host's menu chooses by it. */
  readonly id: string
  readonly label: string
  readonly icon?: IconName
  /** As shown: `Ctrl Z`. */
  readonly keys?: string
  readonly run: () => void
  /** Why it can't be run at present. */
  readonly disabledReason?: string | undefined
}

/** The commands of the view that is shown, by who offers them. */
const offers = new SvelteMap<symbol, () => readonly PaletteCommand[]>()

/** Offers commands in the palette for as long as the component is there. Call while it is made. */
export function usePaletteCommands(commands: () => readonly PaletteCommand[]): void {
  const key = Symbol('commands')
  offers.set(key, commands)
  onDestroy(() => {
    offers.delete(key)
  })
}

/** What views offer at present, the newest offer first. */
export function offeredCommands(): PaletteCommand[] {
  return [...offers.values()].reverse().flatMap((commands) => commands())
}
