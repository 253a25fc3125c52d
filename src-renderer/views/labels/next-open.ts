/** The next item after a position that nobody here has decided, from the front again; null: none. */
export function nextOpen(
  items: readonly { readonly mine: unknown }[],
  after: number,
): number | null {
  for (let step = 1; step <= items.length; step++) {
    const at = (after + step) % items.length
    if (items[at]!.mine === null) return at
  }
  return null
}
