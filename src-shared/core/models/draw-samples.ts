/** How the members of an ensemble draw the samples that they are fitted to. */
import { sampleWithoutReplacement } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'

/** How often each sample is drawn for a member: adds to `counts`, which are 0 before. */
export type Draw = (stream: RandomStream, counts: Int32Array) => void

/** The samples that weigh anything, by class. */
export interface DrawableSamples {
  readonly all: Int32Array
  /** With as many of both classes the positive one. */
  readonly minority: Int32Array
  readonly majority: Int32Array
}

export function drawableSamples(yTrue: Uint8Array, weights: Float64Array): DrawableSamples {
  const all = Int32Array.from(yTrue.keys()).filter((i) => weights[i]! > 0)
  const positives = all.filter((i) => yTrue[i] === 1)
  const negatives = all.filter((i) => yTrue[i] === 0)
  return positives.length <= negatives.length
    ? { all, minority: positives, majority: negatives }
    : { all, minority: negatives, majority: positives }
}

/** Every sample once. */
export function drawEverySample({ all }: DrawableSamples): Draw {
  return (_, counts) => {
    for (const sample of all) counts[sample] = 1
  }
}

/** As many as there are, with replacement. */
export function drawBootstrap({ all }: DrawableSamples): Draw {
  return (stream, counts) => {
    drawFrom(all, all.length, stream, counts)
  }
}

/**
 * From each class as many as the minority has, with replacement.
 *
 * Source: Chen, Liaw and Breiman (2004), "Using Random Forest to Learn Imbalanced Data", section 2.1.
 */
export function drawBalancedBootstrap({ minority, majority }: DrawableSamples): Draw {
  return (stream, counts) => {
    drawFrom(minority, minority.length, stream, counts)
    drawFrom(majority, minority.length, stream, counts)
  }
}

/** The whole minority, and as many of the majority without replacement. */
export function drawBalanced({ minority, majority }: DrawableSamples): Draw {
  return (stream, counts) => {
    for (const sample of minority) counts[sample] = 1
    for (const sample of sampleWithoutReplacement(majority, minority.length, stream)) {
      counts[sample] = 1
    }
  }
}

function drawFrom(
  samples: Int32Array,
  count: number,
  stream: RandomStream,
  counts: Int32Array,
): void {
  for (let k = 0; k < count; k++) counts[samples[stream.below(samples.length)]!]!++
}
