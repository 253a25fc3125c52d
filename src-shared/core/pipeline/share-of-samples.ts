import { shuffle } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'

/**
 * A share of each class.
 *
 * @param samples Ascending.
 * @param share   In (0, 1].
 * @param least   So many of each class at least, where there are.
 * @returns Ascending. With a stream of one name, a smaller share is part of a larger one.
 */
export function shareOfSamples(
  yTrue: Uint8Array,
  samples: Int32Array,
  share: number,
  least: number,
  stream: RandomStream,
): Int32Array {
  if (share === 1) return samples
  const isTaken = new Uint8Array(yTrue.length)
  for (const label of [0, 1]) {
    const ofClass = samples.filter((sample) => yTrue[sample] === label)
    shuffle(ofClass, stream)
    const count = Math.max(least, Math.round(share * ofClass.length))
    for (const sample of ofClass.subarray(0, count)) isTaken[sample] = 1
  }
  return samples.filter((sample) => isTaken[sample] === 1)
}
