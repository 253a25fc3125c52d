/**
 * Compares two texts by Unicode code points, as Python does; for `Array.prototype.sort`.
 *
 * The default order of JavaScript compares UTF-16 units, which puts characters beyond U+FFFF
 * before those from U+E000; the order of a locale depends on the machine.
 *
 * @returns Negative when `a` comes first, positive when `b` does, 0 when they are equal.
 */
export function compareCodePoints(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  let i = 0
  while (i < shorter && a.charCodeAt(i) === b.charCodeAt(i)) i++
  if (i === shorter) return a.length - b.length
  return rank(a.charCodeAt(i)) - rank(b.charCodeAt(i))
}

/** Surrogates (U+D800 to U+DFFF, the units of characters beyond U+FFFF) rank above all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
