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
    try {
      const value = await question()
      if (key !== this.#key) return
      this.value = value
      this.error = null
    } catch (error) {
      if (key === this.#key) this.error = error
    } finally {
      if (key === this.#key) this.pending = false
    }
  }
}

/** Answers to questions that change while a person types: each waits until no other has come. */
export class LatestAnswer<Question, Answer> {
  #latest = new Latest<Answer>()
  #asked: string | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #ask: (question: Question) => Promise<Answer>

  static readonly pauseMs = 200

  constructor(ask: (question: Question) => Promise<Answer>) {
    this.#ask = ask
  }

  get answer(): Answer | null {
    return this.#latest.value
  }

  get error(): unknown {
    return this.#latest.error
  }

  /** Asks, unless it is what was asked last; the first question doesn't wait. Null forgets. */
  ask(question: Question | null): void {
    const key = question === null ? null : JSON.stringify(question)
    if (key === this.#asked) return
    const isFirst = this.#asked === null
    this.#asked = key
    clearTimeout(this.#timer)
    if (question === null || key === null) {
      this.#latest.reset()
      return
    }
    this.#timer = setTimeout(
      () => {
        this.#latest.ask(key, () => this.#ask(question))
      },
      isFirst ? 0 : LatestAnswer.pauseMs,
    )
  }
}
