/**
 * Which rows a queue holds, and in which order: those that a ranking puts first, with rows mixed in
 * that were drawn at random and that nobody can tell from the others.
 */
import { sampleWithoutReplacement, shuffle } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import { planControlSample } from './hidden-positives.ts'
import type { ControlPlan } from './hidden-positives.ts'

export interface BuiltQueue {
  readonly samples: Int32Array
  /** Part of the control plan that a sample was drawn from; −1 where the ranking put it here. */
  readonly strata: Int8Array
  /** How the control rows were drawn; null without any. */
  readonly control: ControlPlan | null
}

/**
 * Builds a queue of at most `size` samples.
 *
 * Control rows are drawn among the samples given negative, by the plan that promises the narrower
 * interval; what is drawn no longer has a place in the ranking. They stand in random order, one in a
 * random place of each stretch of the queue, so that whoever stops anywhere has judged a random
 * part of them.
 *
 * @param ranked       Samples, first come first; each at most once.
 * @param negatives    Samples given negative, the likeliest positives first.
 * @param expected     Probability of a hidden positive per sample.
 * @param controlShare Share of the queue that is drawn at random, in [0, 1].
 * @throws RangeError when size or share can't be.
 */
export function buildQueue({
  ranked,
  negatives,
  expected,
  size,
  controlShare,
  stream,
}: {
  readonly ranked: Int32Array
  readonly negatives: Int32Array
  readonly expected: Float64Array
  readonly size: number
  readonly controlShare: number
  readonly stream: RandomStream
}): BuiltQueue {
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`size must be an integer from 1, got ${size}`)
  }
  if (!(controlShare >= 0 && controlShare <= 1)) {
    throw new RangeError(`controlShare must lie in [0, 1], got ${controlShare}`)
  }
  const budget = Math.min(negatives.length, Math.round(size * controlShare))
  const control =
    budget === 0
      ? null
      : planControlSample(
          Float64Array.from(negatives, (sample) => expected[sample]!),
          budget,
          0.95,
        )
  const drawn = control === null ? new Int32Array(0) : drawControl(negatives, control, stream)
  const stratumOf = new Map(Array.from(drawn, (sample, i) => [sample, stratumAt(control!, i)]))
  shuffle(drawn, stream)
  const chosen = ranked.filter((sample) => !stratumOf.has(sample)).slice(0, size - drawn.length)

  const total = chosen.length + drawn.length
  const isControl = new Uint8Array(total)
  for (let i = 0; i < drawn.length; i++) {
    const start = Math.floor((i * total) / drawn.length)
    const end = Math.floor(((i + 1) * total) / drawn.length)
    isControl[start + stream.below(end - start)] = 1
  }
  const samples = new Int32Array(total)
  const strata = new Int8Array(total).fill(-1)
  for (let at = 0, fromDrawn = 0, fromChosen = 0; at < total; at++) {
    const sample = isControl[at] === 1 ? drawn[fromDrawn++]! : chosen[fromChosen++]!
    samples[at] = sample
    if (isControl[at] === 1) strata[at] = stratumOf.get(sample)!
  }
  return { samples, strata, control }
}

/** Control rows of each part of the plan, one part after the other. */
function drawControl(
  negatives: Int32Array,
  { sizes, draws }: ControlPlan,
  stream: RandomStream,
): Int32Array {
  const drawn: number[] = []
  let start = 0
  sizes.forEach((size, stratum) => {
    const part = negatives.subarray(start, start + size)
    drawn.push(...sampleWithoutReplacement(part, draws[stratum]!, stream))
    start += size
  })
  return Int32Array.from(drawn)
}

/** Part of the plan that draw number `at` is from. */
function stratumAt({ draws }: ControlPlan, at: number): number {
  let end = 0
  return draws.findIndex((count) => at < (end += count))
}
