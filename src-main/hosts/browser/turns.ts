/** What one page asks is done in its order, and pages take turns, so that none starves another. */
export interface Turns {
  /**
   * A queue of its own.
   *
   * @param takeUp Called for one item in each round.
   */
  join(takeUp: (item: object) => void): Queue
}

interface Queue {
  add(item: object): void
  leave(): void
}

export function createTurns(): Turns {
  const queues = new Set<{ readonly items: object[]; readonly takeUp: (item: object) => void }>()
  let scheduled = false

  const round = (): void => {
    scheduled = false
    for (const { items, takeUp } of [...queues]) {
      const item = items.shift()
      if (item !== undefined) takeUp(item)
    }
    schedule()
  }
  const schedule = (): void => {
    if (scheduled || ![...queues].some(({ items }) => items.length > 0)) return
    scheduled = true
    // After what has come in over the network, so that a page that just arrived has its turn.
    setImmediate(round)
  }

  return {
    join(takeUp) {
      const queue = { items: [] as object[], takeUp }
      queues.add(queue)
      return {
        add(item) {
          queue.items.push(item)
          schedule()
        },
        leave() {
          queues.delete(queue)
        },
      }
    },
  }
}
