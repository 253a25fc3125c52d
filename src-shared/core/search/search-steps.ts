/**
 * Which trials of a search come next, and which one wins.
 *
 * A random search judges every trial once, on all training samples. Successive halving begins with
 * a small share of the samples and goes on with the best 1 / factor of the trials on factor times
 * as many, until all samples are used: bad trials cost little. With n trials it takes
 * 1 + ⌊log(n) / log(factor)⌋ steps, the last of which judges the survivors on all samples; a step
 * is never taken on less than a twentieth of them.
 *
 * What comes next depends on nothing but what is known, so a search goes on where it was
 * interrupted.
 *
 * Source: Jamieson and Talwalkar (2016), "Non-stochastic Best Arm Identification and
 * Hyperparameter Optimization", algorithm 1.
 */
import type { SearchChoice } from '../plan/plan.ts'

/** What a trial came to at a step of the search. */
export interface TrialResult {
  readonly step: number
  /** Which of `drawTrials`. */
  readonly trial: number
  /** Higher is better; null where the measure is undefined on the samples of the step. */
  readonly value: number | null
}

export interface SearchStep {
  /** How many trials take part. */
  readonly trials: number
  /** Share of the training samples, in (0, 1]; 1 in the last step. */
  readonly share: number
}

const LEAST_SHARE = 0.05

export function searchSteps({ kind, trials, factor }: SearchChoice): SearchStep[] {
  if (kind === 'random') return [{ trials, share: 1 }]
  const steps: SearchStep[] = []
  for (let left = trials, share = 1; ; left = Math.ceil(left / factor), share /= factor) {
    steps.push({ trials: left, share })
    if (left <= 1 || share / factor < LEAST_SHARE || Math.floor(left / factor) < 1) break
  }
  // Shares were counted from the end.
  const shares = steps.map(({ share }) => share).reverse()
  return steps.map((step, i) => ({ ...step, share: shares[i]! }))
}

/**
 * @param known Results so far, in any order.
 * @returns Trials that can be judged now, all of one step; empty when the search is over.
 */
export function pendingTrials(
  search: SearchChoice,
  known: readonly TrialResult[],
): readonly { readonly step: number; readonly trial: number }[] {
  const steps = searchSteps(search)
  let taking = Array.from({ length: search.trials }, (_, trial) => trial)
  for (let step = 0; step < steps.length; step++) {
    taking = step === 0 ? taking : bestOf(known, step - 1, taking).slice(0, steps[step]!.trials)
    const pending = taking.filter(
      (trial) => !known.some((result) => result.step === step && result.trial === trial),
    )
    if (pending.length > 0) {
      return pending.sort((a, b) => a - b).map((trial) => ({ step, trial }))
    }
  }
  return []
}

/**
 * The best trial of the last step; of equally good ones the first drawn.
 *
 * @param known Of a search that is over.
 */
export function winningTrial(search: SearchChoice, known: readonly TrialResult[]): number {
  const last = searchSteps(search).length - 1
  const taking = known.flatMap(({ step, trial }) => (step === last ? [trial] : []))
  return bestOf(known, last, taking)[0] ?? 0
}

/** Best first; undefined ones last, ties in the order of drawing. */
function bestOf(
  known: readonly TrialResult[],
  step: number,
  trials: readonly number[],
): readonly number[] {
  const valueOf = (trial: number): number =>
    known.find((result) => result.step === step && result.trial === trial)?.value ?? -Infinity
  const values = new Map(trials.map((trial) => [trial, valueOf(trial)]))
  return trials.toSorted((a, b) => {
    const [first, second] = [values.get(a)!, values.get(b)!]
    if (first === second) return a - b
    return first > second ? -1 : 1
  })
}
