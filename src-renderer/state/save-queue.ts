/** Saves one after the other. What was not begun when something newer came is left out. */

interface Waiting<T> {
  readonly value: T
  readonly reason: string | null
  readonly settle: ((saved: boolean) => void)[]
}

export interface SaveQueue<T> {
  /**
   * @param reason  What has a reason is always saved: reasons are kept.
   * @returns false when it could not be saved; `failed` has been told why.
   */
  save(value: T, reason: string | null): Promise<boolean>
  /** Hands over at once what waits, without waiting for an answer: the page is being left. */
  flush(): void
  /** True while something is being saved or waits. */
  readonly busy: boolean
}

/** @param failed  Told of an error; everything that waits behind it is given up. */
export function createSaveQueue<T>(
  store: (value: T, reason: string | null) => Promise<void>,
  failed: (error: unknown) => void,
): SaveQueue<T> {
  let waiting: Waiting<T>[] = []
  let running = false

  const work = async (): Promise<void> => {
    running = true
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { value, reason, settle } = next
      try {
        await store(value, reason)
        if (waiting.length === 0) running = false
        for (const done of settle) done(true)
      } catch (error) {
        const lost = waiting
        waiting = []
        running = false
        failed(error)
        for (const done of [...settle, ...lost.flatMap((item) => item.settle)]) done(false)
      }
    }
    running = false
  }

  return {
    save(value, reason) {
      return new Promise((settle) => {
        const last = waiting.at(-1)
        if (last?.reason === null) {
          waiting[waiting.length - 1] = { value, reason, settle: [...last.settle, settle] }
        } else {
          waiting.push({ value, reason, settle: [settle] })
        }
        if (!running) void work()
      })
    },
    flush() {
      const all = waiting
      waiting = []
      for (const { value, reason, settle } of all) {
        const settleAll = (saved: boolean): void => {
          for (const done of settle) done(saved)
        }
        store(value, reason).then(
          () => {
            settleAll(true)
          },
          (error: unknown) => {
            failed(error)
            settleAll(false)
          },
        )
      }
    },
    get busy() {
      return running
    },
  }
}
