interface ToastAction {
  readonly label: string
  readonly run: () => void
}

export interface Toast {
  readonly toastId: number
  readonly text: string
  readonly kind: 'done' | 'error'
  readonly action: ToastAction | null
}

/** Errors stay until they are closed, the rest for as long as it takes to read them. */
const shownMs = 6000
const mostShown = 4

class Toasts {
  #list: readonly Toast[] = $state.raw([])
  #next = 1

  get list(): readonly Toast[] {
    return this.#list
  }

  add(toast: Omit<Toast, 'toastId'>): void {
    const toastId = this.#next++
    // One said again takes the place of the first.
    const others = this.#list.filter(({ text }) => text !== toast.text)
    this.#list = [...others.slice(1 - mostShown), { ...toast, toastId }]
    if (toast.kind === 'done') setTimeout(() => this.close(toastId), shownMs)
  }

  close(toastId: number): void {
    this.#list = this.#list.filter((toast) => toast.toastId !== toastId)
  }
}

export const toasts = new Toasts()

/** Says what has happened, in a corner of the window. */
export function toast(
  text: string,
  options: { readonly action?: ToastAction; readonly kind?: 'done' | 'error' } = {},
): void {
  toasts.add({ text, kind: options.kind ?? 'done', action: options.action ?? null })
}
