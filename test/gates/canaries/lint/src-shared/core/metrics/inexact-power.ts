export const root = (x: number): number => x ** 0.5
