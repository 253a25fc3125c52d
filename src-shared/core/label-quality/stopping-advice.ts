import { formatNumber } from '../format.ts'
import type { Interval } from '../metrics/interval.ts'
import { clopperPearsonInterval } from '../statistics/proportion-interval.ts'

export interface StoppingAdvice {
  /** Label issues expected among the next reviews. */
  readonly expectedYield: number
  /** Of the rate in the block that the expectation comes from. */
  readonly interval: Interval
  /** Reviews in that block, the latest of the queue. */
  readonly blockSize: number
  readonly advice: 'go on' | 'stop' | 'open'
  /** One sentence for the reviewer. */
  readonly sentence: string
}

const LEAST_BLOCK = 50 // fewer say next to nothing about a rate

/**
 * Whether the next reviews of a queue are worth their while.
 *
 * The most doubtful samples come first, so the yield of a queue falls as it is worked through. What
 * the latest reviews found, as many as are to come (but at least 50, or all there were), is
 * therefore what the next ones find at most; the length of that block is set before looking, so that
 * its interval means what it says.
 *
 * @param found 1 where a review found a label issue, in the order of the queue.
 * @param next  Reviews to come, at least 1.
 * @param gain  What one found issue is worth, and what one review costs, in one unit; null when
 *   nobody has said: then nothing is advised.
 * @returns Null before the first review. `go on` or `stop` where the interval of the rate says so
 *   throughout, `open` where it does not.
 */
export function stoppingAdvice(
  found: Uint8Array,
  next: number,
  gain: { readonly perIssue: number; readonly perReview: number } | null,
): StoppingAdvice | null {
  if (!Number.isInteger(next) || next < 1) {
    throw new RangeError(`next must be an integer from 1, got ${next}`)
  }
  if (found.length === 0) return null
  const size = Math.min(found.length, Math.max(next, LEAST_BLOCK))
  const hits = found.subarray(found.length - size).reduce((sum, hit) => sum + hit, 0)
  const rate = hits / size
  const interval = clopperPearsonInterval(hits, size, 0.95)!
  const expectedYield = rate * next
  const worth = gain === null || !(gain.perIssue > 0) ? null : gain.perReview / gain.perIssue
  const advice =
    worth === null
      ? 'open'
      : interval.lower > worth
        ? 'go on'
        : interval.upper < worth
          ? 'stop'
          : 'open'
  const reach = `${formatNumber(interval.lower * next)} to ${formatNumber(interval.upper * next)}`
  const expects = `The next ${formatNumber(next)} reviews should find about ${formatNumber(expectedYield)} label issues (${reach}).`
  const then = {
    'go on': ' That is worth their cost.',
    stop: ' That is not worth their cost any more.',
    open:
      worth === null
        ? ' Say what an issue found is worth and what a review costs to get advice.'
        : ' Whether that is worth their cost is open.',
  }[advice]
  return { expectedYield, interval, blockSize: size, advice, sentence: expects + then }
}
