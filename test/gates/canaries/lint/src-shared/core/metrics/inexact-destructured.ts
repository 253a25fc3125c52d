const { log } = Math
export const one = log(Math.E)
