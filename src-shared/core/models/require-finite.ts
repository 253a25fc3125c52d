import type { Matrix } from '../math/matrix.ts'

/**
 * @param who What needs the features, for the message.
 * @throws RangeError when a feature value is not finite; the message names the first.
 */
export function requireFinite({ values, nFeatures }: Matrix, who: string): void {
  // 0 times a number is 0 unless the number is NaN or infinite, and then stays NaN.
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let at = 0
  for (; at + 4 <= values.length; at += 4) {
    a += 0 * values[at]!
    b += 0 * values[at + 1]!
    c += 0 * values[at + 2]!
    d += 0 * values[at + 3]!
  }
  for (; at < values.length; at++) a += 0 * values[at]!
  if (a + b + c + d === 0) return
  const first = values.findIndex((value) => !Number.isFinite(value))
  throw new RangeError(
    `${who} needs finite features, got ${values[first]} at sample ${Math.floor(first / nFeatures)}, feature ${first % nFeatures}`,
  )
}
