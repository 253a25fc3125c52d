import { drawBinomial } from './binomial.ts'
import type { RandomStream } from './random.ts'

// One exact binomial costs about as much as drawing this many samples one by one.
const LARGE_CELL = 16
// Samples of small cells are drawn block by block, so that what a block touches stays in the
// processor's nearest cache.
const BLOCK_SIZE = 4096

/**
 * Prepares drawing as many samples as there are, with replacement, when all that matters is how
 * many are drawn from each cell of a division of the samples.
 *
 * The counts are multinomial. Large cells, and blocks of 4,096 samples of small cells, are drawn
 * one after the other, each as a binomial of the draws that are left; the draws of a block then
 * fall on its samples one by one. So a draw costs a binomial per large cell and a step per sample
 * of a small one, however many samples the large cells hold.
 *
 * @param sizes Samples per cell, integers ≥ 0.
 * @returns A function that overwrites `counts` (length nCells) with a fresh draw; the counts add
 *   up to the sum of `sizes`.
 */
export function createMultinomial(
  sizes: Int32Array,
  stream: RandomStream,
): (counts: Int32Array) => void {
  const largeCells: number[] = []
  let nSamples = 0
  let nInSmall = 0
  for (let cell = 0; cell < sizes.length; cell++) {
    const size = sizes[cell]!
    nSamples += size
    if (size >= LARGE_CELL) largeCells.push(cell)
    else nInSmall += size
  }
  const smallCellOf = new Int32Array(nInSmall)
  for (let cell = 0, next = 0; cell < sizes.length; cell++) {
    if (sizes[cell]! >= LARGE_CELL) continue
    smallCellOf.fill(cell, next, next + sizes[cell]!)
    next += sizes[cell]!
  }

  return (counts) => {
    counts.fill(0)
    let drawsLeft = nSamples
    let samplesLeft = nSamples
    for (const cell of largeCells) {
      const size = sizes[cell]!
      const drawn = drawBinomial(drawsLeft, size / samplesLeft, stream)
      counts[cell] = drawn
      drawsLeft -= drawn
      samplesLeft -= size
    }
    for (let start = 0; start < nInSmall; start += BLOCK_SIZE) {
      const size = Math.min(BLOCK_SIZE, samplesLeft)
      const drawn = drawBinomial(drawsLeft, size / samplesLeft, stream)
      // As many top bits of a word as a position in the block has; those past its end are redrawn.
      const shift = Math.min(Math.clz32(size - 1), 31)
      for (let k = 0; k < drawn; k++) {
        let position = stream.uint32() >>> shift
        while (position >= size) position = stream.uint32() >>> shift
        counts[smallCellOf[start + position]!]!++
      }
      drawsLeft -= drawn
      samplesLeft -= size
    }
  }
}
