import { added } from './sampler.ts'
import type { Sampler } from './sampler.ts'

/**
 * Random over-sampling: samples drawn with replacement and taken again, originals first.
 *
 * The same as weights that are whole numbers: it adds no information, and a model that can learn
 * single samples by heart will. Exactly undone by a prior-odds correction in the population.
 */
export const randomOver: Sampler<unknown> = (_choice, { original, classes, wanted, stream }) => {
  const copies: number[] = []
  const draw = (samples: Int32Array, count: number): void => {
    for (let s = samples.length; s < count; s++) copies.push(samples[stream.below(samples.length)]!)
  }
  draw(classes.minority, wanted.minority)
  draw(classes.majority, wanted.majority)
  const parent = Int32Array.from(copies)
  return added(original, { parent, neighbor: parent, gap: new Float64Array(parent.length) })
}
