import type { Snippet } from 'svelte'

/** What of the window's frame a view may fill or open. */
class Shell {
  /** Contents of the column on the right; null when the view has none. */
  inspector: Snippet | null = $state.raw(null)
  /** In narrow windows the column lies over the view when asked for. */
  inspectorOpen = $state(false)
  paletteOpen = $state(false)
  jobsOpen = $state(false)
}

export const shell = new Shell()
