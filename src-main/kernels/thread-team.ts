/**
 * Threads that lend a hand to the loops of another one.
 *
 * A *leader* computes. *Helpers* sit at its channel: an instance of the kernels on the leader's
 * memory, and a seat each in a control block that all share. The leader splits a long loop into
 * calls of kernels and keeps the first; each of the others goes to a helper that is ready, or stays
 * with the leader where none is. So helpers may come and go at any time, and whoever makes a call
 * changes nothing in what it computes: no call may read what another call of the same round writes.
 *
 * A seat is 256 bytes: words for its state, for being recalled, for the bell that wakes its helper,
 * and for the function and the number of its arguments; the arguments as doubles from byte 64.
 *
 *     absent ── helper sits down ──▸ ready ── leader calls ──▸ called ── helper is done ──▸ ready
 *        ▴                            │
 *        └──── helper is recalled ────┘
 *
 * A helper that dies while it is called would be waited for without end: whoever started the
 * threads ends the leader too.
 */

/** What leader and helpers share; goes through `postMessage`. */
export interface TeamChannel {
  readonly memory: WebAssembly.Memory
  readonly control: SharedArrayBuffer
}

/** Kernels by name, all of numbers. */
export type KernelFunctions = Readonly<Record<string, (...given: number[]) => number>>

/** A call of a kernel. */
export interface Call {
  readonly name: string
  readonly given: readonly number[]
}

/** The leader's side. */
export interface ThreadTeam {
  /** Helpers that there may be at most. */
  readonly nSeats: number
  /** Helpers that wait for a call. */
  nReady(): number
  /** Makes all calls, the first one in this thread; returns when they are done. */
  run(calls: readonly Call[]): void
}

const SEAT_BYTES = 256
const ARGUMENTS_AT = 64
const MAX_ARGUMENTS = (SEAT_BYTES - ARGUMENTS_AT) / 8
const STATE = 0
const RECALLED = 1
const BELL = 2
const FUNCTION = 3
const N_GIVEN = 4
const ABSENT = 0
const READY = 1
const CALLED = 2

/** Looks at a state before a thread goes to sleep over it: as long as waking takes, about 0.1 ms. */
const looksBeforeSleep = 20_000

export function createTeamChannel(memory: WebAssembly.Memory, nSeats: number): TeamChannel {
  return { memory, control: new SharedArrayBuffer(nSeats * SEAT_BYTES) }
}

/** @param channel Null for a team of one. */
export function createThreadTeam(
  channel: TeamChannel | null,
  functions: KernelFunctions,
): ThreadTeam {
  const seats = channel === null ? [] : seatsOf(channel.control)
  const numbers = functionNumbers(functions)
  const make = ({ name, given }: Call): void => {
    functions[name]!(...given)
  }
  const hand = ({ words, doubles }: Seat, { name, given }: Call): boolean => {
    if (Atomics.load(words, STATE) !== READY) return false
    words[FUNCTION] = numbers.get(name)!
    words[N_GIVEN] = given.length
    doubles.set(given)
    if (Atomics.compareExchange(words, STATE, READY, CALLED) !== READY) return false
    ring(words)
    return true
  }
  return {
    nSeats: seats.length,
    nReady: () => seats.filter(({ words }) => Atomics.load(words, STATE) === READY).length,
    run([first, ...others]) {
      const free = [...seats]
      const called: Seat[] = []
      const own = others.filter((call) => {
        for (let seat = free.shift(); seat !== undefined; seat = free.shift()) {
          if (!hand(seat, call)) continue
          called.push(seat)
          return false
        }
        return true
      })
      try {
        make(first!)
        own.forEach(make)
      } finally {
        for (const { words } of called) {
          for (let looks = 0; looks < looksBeforeSleep; looks++) {
            if (Atomics.load(words, STATE) !== CALLED) break
          }
          while (Atomics.load(words, STATE) === CALLED) Atomics.wait(words, STATE, CALLED)
        }
      }
    },
  }
}

/** Takes the seat and does what the leader calls for; returns once the helper is recalled. */
export function helpTeam(channel: TeamChannel, seat: number, functions: KernelFunctions): void {
  const { words, doubles } = seatsOf(channel.control)[seat]!
  const names = [...functionNumbers(functions).keys()]
  Atomics.store(words, STATE, READY)
  for (let looks = 0; ; looks++) {
    const bell = Atomics.load(words, BELL)
    if (Atomics.load(words, STATE) === CALLED) {
      functions[names[words[FUNCTION]!]!]!(...doubles.subarray(0, words[N_GIVEN]))
      Atomics.store(words, STATE, READY)
      Atomics.notify(words, STATE)
      looks = 0
    } else if (Atomics.load(words, RECALLED) === 1) {
      if (Atomics.compareExchange(words, STATE, READY, ABSENT) === READY) return
    } else if (looks > looksBeforeSleep) {
      Atomics.wait(words, BELL, bell)
      looks = 0
    }
  }
}

/** Before a helper is sent to a seat. */
export function offerSeat({ control }: TeamChannel, seat: number): void {
  const { words } = seatsOf(control)[seat]!
  Atomics.store(words, STATE, ABSENT)
  Atomics.store(words, RECALLED, 0)
}

/** Has the helper come back when it is done with what it does. */
export function recallHelper({ control }: TeamChannel, seat: number): void {
  const { words } = seatsOf(control)[seat]!
  Atomics.store(words, RECALLED, 1)
  ring(words)
}

interface Seat {
  readonly words: Int32Array
  readonly doubles: Float64Array
}

function seatsOf(control: SharedArrayBuffer): readonly Seat[] {
  return Array.from({ length: control.byteLength / SEAT_BYTES }, (_, seat) => ({
    words: new Int32Array(control, seat * SEAT_BYTES, ARGUMENTS_AT / 4),
    doubles: new Float64Array(control, seat * SEAT_BYTES + ARGUMENTS_AT, MAX_ARGUMENTS),
  }))
}

/** The same in every thread, since all have the exports of one module. */
function functionNumbers(functions: KernelFunctions): ReadonlyMap<string, number> {
  return new Map(Object.keys(functions).map((name, number) => [name, number]))
}

function ring(words: Int32Array): void {
  Atomics.add(words, BELL, 1)
  Atomics.notify(words, BELL)
}
