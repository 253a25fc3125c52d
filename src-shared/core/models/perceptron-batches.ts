import { shuffle } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'

/** The batches of one pass over the samples after the other. */
export interface Batches {
  readonly count: number
  /** Longest batch. */
  readonly longest: number
  /** Puts the samples into a new random order; to be called before every pass. */
  next(): void
  /** Writes the samples of batch `b` to `out`. @returns How many there are. */
  fill(b: number, out: Int32Array): number
}

/**
 * Batches with the same share of positives each, to within one sample. A pass meets every sample
 * once.
 */
export function stratifiedBatches(
  negatives: Int32Array,
  positives: Int32Array,
  batchSize: number,
  stream: RandomStream,
): Batches {
  const classes = [negatives.slice(), positives.slice()]
  const nSamples = negatives.length + positives.length
  const count = Math.ceil(nSamples / batchSize)
  const upTo = (length: number, b: number): number => Math.floor((length * b) / count)
  return {
    count,
    longest: classes.reduce((sum, { length }) => sum + Math.ceil(length / count), 0),
    next() {
      for (const samples of classes) shuffle(samples, stream)
    },
    fill(b, out) {
      let at = 0
      for (const samples of classes) {
        const part = samples.subarray(upTo(samples.length, b), upTo(samples.length, b + 1))
        out.set(part, at)
        at += part.length
      }
      return at
    },
  }
}

/**
 * Batches of as many positives as negatives. A pass has as many batches as one over all samples;
 * the commoner class is met half as often, the rarer one again and again, each time in a new order.
 */
export function balancedBatches(
  negatives: Int32Array,
  positives: Int32Array,
  batchSize: number,
  stream: RandomStream,
): Batches {
  const half = Math.max(1, batchSize >> 1)
  const decks = [negatives, positives].map((samples) => ({ samples: samples.slice(), used: 0 }))
  return {
    count: Math.ceil((negatives.length + positives.length) / (2 * half)),
    longest: 2 * half,
    next() {
      for (const deck of decks) {
        shuffle(deck.samples, stream)
        deck.used = 0
      }
    },
    fill(_b, out) {
      let at = 0
      for (const deck of decks) {
        for (let i = 0; i < half; i++) {
          if (deck.used === deck.samples.length) {
            shuffle(deck.samples, stream)
            deck.used = 0
          }
          out[at++] = deck.samples[deck.used++]!
        }
      }
      return at
    },
  }
}
