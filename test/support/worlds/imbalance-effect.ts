import { drawsOf, numeric } from './world.ts'
import type { World } from './world.ts'

/**
 * A treatment earns its keep. Positives (2 to 2.6 %) lie in a ball of five dimensions around which
 * the negatives lie, so that lines are blind, and deep trees that see the classes as they are have
 * hardly a positive in their leaves; grown on balanced samples the same trees find the ball.
 */
export const imbalanceEffect: World = {
  answer: 'imbalance',
  title: 'imbalance effect',
  costs: { falsePositive: 1, falseNegative: 40 },
  make(seed, nRows = 10_000) {
    const draws = drawsOf('imbalance effect', seed)
    const prevalence = draws.between(0.02, 0.026)
    const spread = draws.between(0.33, 0.37)
    const yTrue = Uint8Array.from({ length: nRows }, () =>
      draws.stream.uniform() < prevalence ? 1 : 0,
    )
    const columns = Array.from({ length: 5 }, (_, j) =>
      numeric(
        `x${j + 1}`,
        Float64Array.from(yTrue, (y) => draws.normal() * (y === 1 ? spread : 1)),
      ),
    )
    return { columns, given: yTrue, truth: yTrue }
  },
}
