/**
 * How a long computation talks to whoever started it, without knowing who that is.
 *
 * A computation calls `checkpoint(fraction)` at least every few hundred milliseconds. The callee
 * shows the fraction, and throws `Cancelled` when the work is no longer wanted: the computation
 * lets it pass through, so cancelling needs no return codes.
 */
export type Checkpoint = (fractionDone: number) => void

/** Thrown by a checkpoint to unwind a computation that is no longer wanted. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled')
    this.name = 'Cancelled'
  }
}

/** For callers that neither show progress nor cancel. */
export const noCheckpoint: Checkpoint = () => undefined

/** The checkpoint of one part of a computation: maps its 0..1 onto [start, end] of the whole. */
export function partOf(checkpoint: Checkpoint, start: number, end: number): Checkpoint {
  return (fractionDone) => {
    checkpoint(start + (end - start) * fractionDone)
  }
}
