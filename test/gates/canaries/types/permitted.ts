export const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b)
