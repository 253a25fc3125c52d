import { chiSquareTails } from '../math/chi-square.ts'
import { binomialTails, binomialTerm } from '../math/incomplete-beta.ts'

export interface McNemarTest {
  /** Two-sided exact binomial p-value; 1 without discordant samples. Never too small. */
  readonly exactPValue: number
  /** Exact p-value with half of the observed probability: nearer to its level, a little bold. */
  readonly midPValue: number
  /** Chi-square of 1 degree of freedom, plain and continuity corrected; null without discordance. */
  readonly chiSquare: number | null
  readonly chiSquarePValue: number | null
  readonly correctedChiSquare: number | null
  readonly correctedPValue: number | null
}

/**
 * Whether one of two classifiers is right more often, judged on the samples on which exactly one of
 * them is: under equal error rates each of these is right by the toss of a coin.
 *
 * @param onlyFirst, onlySecond Samples that only the first (second) got right: integers ≥ 0.
 * @throws RangeError when a count is not a non-negative integer.
 *
 * Source: McNemar (1947); Fagerland, Lydersen and Laake (2013), "The McNemar test for binary
 * matched-pairs data", for the mid-p-value.
 */
export function mcNemarTest(onlyFirst: number, onlySecond: number): McNemarTest {
  for (const count of [onlyFirst, onlySecond]) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(`counts must be non-negative integers, got ${count}`)
    }
  }
  const discordant = onlyFirst + onlySecond
  if (discordant === 0) {
    return {
      exactPValue: 1,
      midPValue: 1,
      chiSquare: null,
      chiSquarePValue: null,
      correctedChiSquare: null,
      correctedPValue: null,
    }
  }
  const fewer = Math.min(onlyFirst, onlySecond)
  const atMost = binomialTails(fewer, discordant, 0.5).lower
  const exactly = binomialTerm(fewer, discordant - fewer, 0.5, 0.5)
  const gap = Math.abs(onlyFirst - onlySecond)
  const corrected = Math.max(0, gap - 1)
  const chiSquare = (gap * gap) / discordant
  const correctedChiSquare = (corrected * corrected) / discordant
  return {
    exactPValue: Math.min(1, 2 * atMost),
    midPValue: Math.min(1, 2 * atMost - exactly),
    chiSquare,
    chiSquarePValue: chiSquareTails(chiSquare, 1).upper,
    correctedChiSquare,
    correctedPValue: chiSquareTails(correctedChiSquare, 1).upper,
  }
}
