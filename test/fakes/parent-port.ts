/** Gives a child process of plain Node what a utilityProcess of Electron has: process.parentPort. */
import { EventEmitter } from 'node:events'

class ParentPort extends EventEmitter {
  /** What comes before anybody listens waits, as in Electron. */
  #early: unknown[] = []

  constructor() {
    super()
    process.on('message', (data) => {
      if (this.listenerCount('message') === 0) this.#early.push(data)
      else this.emit('message', { data, ports: [] })
    })
    this.on('newListener', (event) => {
      if (event !== 'message') return
      setImmediate(() => {
        for (const data of this.#early.splice(0)) this.emit('message', { data, ports: [] })
      })
    })
  }

  /** Whoever listened may be gone; Electron drops the message, too. */
  postMessage(message: unknown): void {
    process.send!(message, undefined, undefined, () => undefined)
  }
}

Object.assign(process, { parentPort: new ParentPort() })
process.on('disconnect', () => process.exit(0))
