import { sampleWithoutReplacement } from '../math/random.ts'
import { noSynthetic } from './sampler.ts'
import type { Sampler } from './sampler.ts'

/**
 * Random under-sampling: samples drawn without replacement, the minority untouched unless counts ask
 * for less of it.
 *
 * Cheap, and exactly undone by a prior-odds correction in the population; it throws information
 * away, which shows where the majority is small or varied.
 */
export const randomUnder: Sampler<unknown> = (
  _choice,
  { original: { yTrue }, classes, wanted, stream },
) => {
  const isKept = new Uint8Array(yTrue.length)
  const minority =
    wanted.minority === classes.minority.length
      ? classes.minority
      : sampleWithoutReplacement(classes.minority, wanted.minority, stream)
  for (const i of minority) isKept[i] = 1
  for (const i of sampleWithoutReplacement(classes.majority, wanted.majority, stream)) isKept[i] = 1
  const kept = Int32Array.from({ length: yTrue.length }, (_, i) => i).filter((i) => isKept[i] === 1)
  return { kept, synthetic: noSynthetic }
}
