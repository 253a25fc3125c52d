export interface Interval {
  readonly lower: number
  readonly upper: number
  /** Coverage aimed at, e.g. 0.95. */
  readonly level: number
  readonly method: string
}
