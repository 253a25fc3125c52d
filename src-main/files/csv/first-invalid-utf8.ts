/**
 * The index of the first byte in `bytes[start, end)` that does not belong to valid UTF-8, or −1.
 *
 * Overlong forms, surrogates and code points above U+10FFFF are invalid, as in the standard's
 * table of well-formed byte sequences (Unicode 15.0, table 3-7).
 */
export function firstInvalidUtf8(bytes: Uint8Array, start: number, end: number): number {
  let i = start
  while (i < end) {
    const lead = bytes[i]!
    if (lead < 0x80) {
      i++
      continue
    }
    const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    if (lead < 0xc2 || lead > 0xf4 || i + length > end) return i
    const second = bytes[i + 1]!
    const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
    const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
    if (second < lowest || second > highest) return i
    for (let k = 2; k < length; k++) if ((bytes[i + k]! & 0xc0) !== 0x80) return i
    i += length
  }
  return -1
}
