import { distanceFor, drawShifts, drawsOf, shiftedNormals } from './world.ts'
import type { World } from './world.ts'

/**
 * Nothing is wrong: positives are 15 to 25 % of the cases, the classes are easy (Bayes ROC AUC 0.985
 * to 0.995), the log-odds are linear and a missed positive costs one and a half times a false alarm, so that 0.5 is
 * nearly right and accuracy sees the model. One column may be strong by rights, up to a ROC AUC of
 * about 0.97.
 */
export const none: World = {
  answer: 'nothing',
  title: 'none',
  costs: { falsePositive: 1, falseNegative: 1.5 },
  make(seed, nRows = 3000) {
    const draws = drawsOf('none', seed)
    const shifts = drawShifts(draws, 4, distanceFor(draws.between(0.985, 0.995)), 0.85)
    const prevalence = draws.between(0.15, 0.25)
    const { yTrue, columns } = shiftedNormals(draws, nRows, prevalence, shifts)
    return { columns, given: yTrue, truth: yTrue }
  },
}
