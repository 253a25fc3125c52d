/**
 * What a measured piece of work is. Each file of test/bench/items exports one as `item`; the runner
 * finds it by the file's name, which is also the item's.
 */
import type { BenchTable } from './bench-table.ts'

/** What an item may prepare itself from; everything in it is the same on every machine. */
export interface BenchContext {
  /** Rows of the table: the item's own number, or what the command line asks for. */
  readonly nRows: number
  /** The made table that both sides read. */
  readonly table: BenchTable
  /** Where the table lies, and other files that the item makes on first need for its peer. */
  readonly folder: string
}

/**
 * One item. Its process does nothing else: it prepares once, then runs once to warm up and a few
 * times measured, and is checked at last. It writes nothing to the standard output.
 */
export interface BenchItem<State> {
  /** Same as the name of the file. */
  readonly name: string
  /** One line: what is done, on how much. */
  readonly about: string
  /** Rows of the table, where they are not the usual 284,807. */
  readonly nRows?: number
  /** Loads the data into memory; not measured. */
  prepare(context: BenchContext): State | Promise<State>
  /** The measured work. Every call does all of it anew. */
  run(state: State): void | Promise<void>
  /** Numbers that show that the work was done, such as a loss; the peer returns its own. */
  check?(state: State): Readonly<Record<string, number>>
  /** Ends what was started, such as a browser. */
  close?(state: State): void | Promise<void>
  /** What does the same work elsewhere. */
  readonly peer?: BenchPeer
  /** Our CPU time should be at most this fraction of the peer's. */
  readonly bar?: number
  /** Whether `--grow` measures it on tables of growing size. */
  readonly grows?: boolean
}

export interface BenchPeer {
  /** Python file in test/bench/peers, or else in the folder that STEELYARD_PEERS names. */
  readonly script: string
  /** Name in the script's ITEMS. */
  readonly item: string
}
