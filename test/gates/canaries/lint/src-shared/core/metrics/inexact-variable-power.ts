export const power = (x: number, y: number): number => x ** y
