/** A number, or why there is none. */
export type Measured =
  | { readonly value: number; readonly reason: null }
  | { readonly value: null; readonly reason: string }

export function measured(value: number): Measured {
  return { value, reason: null }
}

export function undefinedBecause(reason: string): Measured {
  return { value: null, reason }
}

export const NO_SAMPLES = 'there are no samples of positive weight'
export const NO_POSITIVES = 'no sample is positive'
export const NO_NEGATIVES = 'no sample is negative'
