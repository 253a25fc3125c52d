export interface Job {
  readonly name: string
}
