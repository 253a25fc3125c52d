/** The answer to the question asked last. The one before stays until it is there. */
export class Latest<T> {
  value: T | null = $state.raw(null)
  error: unknown = $state.raw(null)
  pending = $state(false)
  #key: string | null = null

  /** Asks unless this has been asked already. */
  ask(key: string, question: () => Promise<T>): void {
    if (key === this.#key) return
    this.#key = key
    void this.#await(key, question)
  }

  /** Forgets what was asked, so that it can be asked again. */
  reset(): void {
    this.#key = null
    this.value = null
    this.error = null
  }

  async #await(key: string, question: () => Promise<T>): Promise<void> {
    this.pending = true
    this.error = null
    try {
      const value = await question()
      if (this.#key === key) this.value = value
    } catch (error) {
      if (this.#key !== key) return
      this.error = error
      this.value = null
    } finally {
      if (this.#key === key) this.pending = false
    }
  }
}
