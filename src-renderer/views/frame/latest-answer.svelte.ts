/** The answer to the question asked last; the one before stays until it comes. */
export class LatestAnswer<Question, Answer> {
  answer: Answer | null = $state.raw(null)
  error: unknown = $state.raw(null)
  #asked: string | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #ask: (question: Question) => Promise<Answer>

  /** Waits until no other question has come for a moment. */
  static readonly pauseMs = 200

  constructor(ask: (question: Question) => Promise<Answer>) {
    this.#ask = ask
  }

  /** Asks, unless it is what was asked last. Null forgets. */
  ask(question: Question | null): void {
    const key = question === null ? null : JSON.stringify(question)
    if (key === this.#asked) return
    const isFirst = this.#asked === null
    this.#asked = key
    clearTimeout(this.#timer)
    if (question === null) {
      this.answer = null
      this.error = null
      return
    }
    this.#timer = setTimeout(
      () => void this.#settle(question, key),
      isFirst ? 0 : LatestAnswer.pauseMs,
    )
  }

  async #settle(question: Question, key: string | null): Promise<void> {
    try {
      const answer = await this.#ask(question)
      if (key !== this.#asked) return
      this.answer = answer
      this.error = null
    } catch (error) {
      if (key === this.#asked) this.error = error
    }
  }
}
