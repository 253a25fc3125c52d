import { drawsOf, numeric } from './world.ts'
import type { World } from './world.ts'

/**
 * A treatment earns its keep. Positives (1.4 to 1.8 %) lie in a ball of four columns around which the
 * negatives lie, and four more columns say nothing. So lines are blind; and deep trees that see the
 * classes as they are have hardly a positive in their leaves, while the same trees grown on balanced
 * samples find the ball. A miss costs 60 false alarms.
 */
export const imbalanceEffect: World = {
  answer: 'imbalance',
  title: 'imbalance effect',
  costs: { falsePositive: 1, falseNegative: 60 },
  make(seed, nRows = 16_000) {
    const draws = drawsOf('imbalance effect', seed)
    const prevalence = draws.between(0.014, 0.018)
    const spread = draws.between(0.28, 0.32)
    const yTrue = Uint8Array.from({ length: nRows }, () =>
      draws.stream.uniform() < prevalence ? 1 : 0,
    )
    const columns = Array.from({ length: 8 }, (_, j) =>
      numeric(
        `x${j + 1}`,
        Float64Array.from(yTrue, (y) => draws.normal() * (y === 1 && j < 4 ? spread : 1)),
      ),
    )
    return { columns, given: yTrue, truth: yTrue }
  },
}
