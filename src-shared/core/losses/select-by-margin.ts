/** Which samples a loss that minds how hard they are lets count. */

/**
 * Factors in [0, 1] that keep a share of the weight: that of the smallest margins.
 *
 * The margin s·z of a sample, s = ±1 for its class, falls as its log loss rises, so the smallest
 * margins are the hardest samples; negate margins to keep the easiest. Samples of equal margin at
 * the cut count for the part of them that the share leaves, so neither their order nor which of
 * them is first decides, and a weight of 2 is a sample twice.
 *
 * @param margins Length n, no NaN.
 * @param weights ≥ 0, length n.
 * @param share   Of the sum of weights, in (0, 1].
 * @param out     Length n: where factors go. Those of samples without weight are 0 or 1.
 *
 * O(n) on average. Deterministic.
 */
export function keepSmallest(
  margins: Float64Array,
  weights: Float64Array,
  share: number,
  out: Float64Array,
): void {
  let total = 0
  for (const weight of weights) total += weight
  const wanted = share * total
  if (share >= 1 || total === 0) {
    out.fill(1)
    return
  }
  const cut = cutOf(margins, weights, wanted)
  for (let i = 0; i < margins.length; i++) {
    const margin = margins[i]!
    out[i] = margin < cut.margin ? 1 : margin > cut.margin ? 0 : cut.factor
  }
}

/** The margin at which the wanted weight is reached, and which part of those with it to keep. */
function cutOf(
  margins: Float64Array,
  weights: Float64Array,
  wanted: number,
): { readonly margin: number; readonly factor: number } {
  // Samples that may still be at the cut lie in [start, end); what lies below them weighs `below`.
  const rest = new Int32Array(margins.length)
  let start = 0
  let end = 0
  for (let i = 0; i < margins.length; i++) if (weights[i]! > 0) rest[end++] = i
  let below = 0
  for (;;) {
    const pivot = middleOf(
      margins[rest[start]!]!,
      margins[rest[(start + end) >> 1]!]!,
      margins[rest[end - 1]!]!,
    )
    let lower = start
    let equalEnd = start
    let lowerWeight = 0
    let equalWeight = 0
    for (let at = start; at < end; at++) {
      const i = rest[at]!
      const margin = margins[i]!
      if (margin > pivot) continue
      // The three parts stay in a row: lower, equal, higher.
      rest[at] = rest[equalEnd]!
      if (margin < pivot) {
        rest[equalEnd] = rest[lower]!
        rest[lower++] = i
        lowerWeight += weights[i]!
      } else {
        rest[equalEnd] = i
        equalWeight += weights[i]!
      }
      equalEnd++
    }
    if (wanted < below + lowerWeight) {
      end = lower
    } else if (wanted <= below + lowerWeight + equalWeight || equalEnd === end) {
      const factor = (wanted - below - lowerWeight) / equalWeight
      return { margin: pivot, factor: Math.max(0, Math.min(1, factor)) }
    } else {
      below += lowerWeight + equalWeight
      start = equalEnd
    }
  }
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
