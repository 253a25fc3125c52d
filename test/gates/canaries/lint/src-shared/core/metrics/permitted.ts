export function squareRoot(x: number): number {
  return Math.sqrt(x ** 2 * 2 ** -3)
}
