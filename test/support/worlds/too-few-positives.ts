import { distanceFor, drawShifts, drawsOf, numeric } from './world.ts'
import type { World } from './world.ts'

/** 8 to 15 positives, among 1,200 cases; what the columns know varies from little to much. */
export const tooFewPositives: World = {
  answer: 'too_few_positives',
  title: 'too few positives',
  costs: { falsePositive: 1, falseNegative: 40 },
  make(seed, nRows = 1200) {
    const draws = drawsOf('too few positives', seed)
    const shifts = drawShifts(draws, 4, distanceFor(draws.between(0.75, 0.97)))
    const share = (8 + draws.stream.below(8)) / 1200
    const positives = Math.round(share * nRows)
    // The first rows; in a file of one's own the order would tell, here no column counts rows.
    const yTrue = Uint8Array.from({ length: nRows }, (_, i) => (i < positives ? 1 : 0))
    const columns = shifts.map((shift, j) =>
      numeric(
        `x${j + 1}`,
        Float64Array.from(yTrue, (y) => draws.normal() + shift * y),
      ),
    )
    return { columns, given: yTrue, truth: yTrue }
  },
}
