export enum Verdict {
  Keep,
}
