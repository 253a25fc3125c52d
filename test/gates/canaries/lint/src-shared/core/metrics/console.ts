export function say(x: number): void {
  console.log(x)
}
