export const e = Math.exp(1)
