import { distanceFor, drawShifts, drawsOf, shiftedNormals } from './world.ts'
import type { World } from './world.ts'

/**
 * The columns don't know enough: even the true probabilities rank with a ROC AUC of 0.70 to 0.80. The
 * model is well specified and positives are plenty (some 200 to 450), so nothing is left to learn.
 */
export const overlap: World = {
  answer: 'overlap',
  title: 'overlap',
  costs: { falsePositive: 1, falseNegative: 8 },
  make(seed, nRows = 3000) {
    const draws = drawsOf('overlap', seed)
    const shifts = drawShifts(draws, 4, distanceFor(draws.between(0.7, 0.8)))
    const prevalence = draws.between(0.08, 0.15)
    const { yTrue, columns } = shiftedNormals(draws, nRows, prevalence, shifts)
    return { columns, given: yTrue, truth: yTrue }
  },
}
