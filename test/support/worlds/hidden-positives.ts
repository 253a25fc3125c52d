import { distanceFor, drawShifts, drawsOf, shiftedNormals } from './world.ts'
import type { World } from './world.ts'

/**
 * One positive in five was never labelled, whatever it looks like. With true labels the classes are
 * easy: Bayes ROC AUC 0.985 to 0.995. More than 300 positives are labelled.
 */
export const hiddenPositives: World = {
  answer: 'labels',
  title: 'hidden positives',
  costs: { falsePositive: 1, falseNegative: 8 },
  make(seed, nRows = 3600) {
    const draws = drawsOf('hidden positives', seed)
    const shifts = drawShifts(draws, 4, distanceFor(draws.between(0.985, 0.995)))
    const prevalence = draws.between(0.125, 0.17)
    const { yTrue, columns } = shiftedNormals(draws, nRows, prevalence, shifts)
    const given = yTrue.map((y) => (y === 1 && draws.stream.uniform() < 0.2 ? 0 : y))
    return { columns, given, truth: yTrue }
  },
}
