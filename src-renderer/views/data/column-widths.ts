/** Pixels that a column of a grid takes: enough for its name and most of its texts, within bounds. */
export function widthOf(name: string, texts: readonly string[]): number {
  const longest = Math.max(name.length + 1, ...texts.map((text) => text.length))
  return Math.round(Math.min(220, Math.max(64, 22 + 7.4 * longest)))
}
