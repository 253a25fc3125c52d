import type { Settings } from '#shared/contract/app.ts'

const key = 'steelyard-appearance'
const media = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', 'print'] as const

type Look = Pick<Settings, 'theme' | 'textSize'>

/** Light or dark and the size of text, as the page has them now. */
class Appearance {
  /** Counts changes: what is drawn with colours of the tokens depends on it. */
  generation = $state(0)

  constructor() {
    for (const query of media) {
      matchMedia(query).addEventListener('change', () => {
        this.generation++
      })
    }
  }

  get isDark(): boolean {
    return this.#now().dark
  }

  /** What the sizes of text are multiplied by. */
  get textScale(): number {
    return this.#now().textScale
  }

  /** Shows the settings, and keeps them for the first moment of the next start. */
  apply({ theme, textSize }: Look): void {
    const root = document.documentElement
    const theSame =
      (root.dataset['theme'] ?? 'system') === theme &&
      root.style.getPropertyValue('--text-size') === String(textSize / 100)
    if (theSame) return
    if (theme === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = theme
    root.style.setProperty('--text-size', String(textSize / 100))
    localStorage.setItem(key, JSON.stringify({ theme, textSize }))
    this.generation++
  }

  /** As the page looks in its present generation. */
  #now(): { readonly dark: boolean; readonly textScale: number } {
    const { style, dataset } = document.documentElement
    const chosen = dataset['theme']
    const textScale = Number(style.getPropertyValue('--text-size') || '1')
    // Reading the generation makes what is drawn depend on it.
    const known = this.generation >= 0
    return {
      dark: known && (chosen === undefined ? matchMedia(media[0]).matches : chosen === 'dark'),
      textScale,
    }
  }

  /** Before the workbench has answered: as it was the last time. */
  recall(): void {
    try {
      const look = JSON.parse(localStorage.getItem(key) ?? 'null') as Look | null
      if (look !== null) this.apply(look)
    } catch {
      localStorage.removeItem(key)
    }
  }
}

export const appearance = new Appearance()
