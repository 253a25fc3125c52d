import { samplesOfFold } from './experiment-data.ts'
import type { FoldResult } from './fold-result.ts'

/**
 * Margin of each sample over training, for the review of labels: low where models keep
 * contradicting the given label although they are being taught it.
 *
 * Not for folds in order of time: early samples train every fold and the latest none, so that means
 * over folds would tell when a sample came rather than how hard it is.
 *
 * @param folds   Outer fold of each sample.
 * @param results Of one run; folds without margins are passed over.
 * @returns Mean over the outer folds whose training met the sample, length nSamples; NaN where
 *   none did. Null when no fold has margins.
 * @throws RangeError when a fold did not train on all samples outside it.
 */
export function trainingMargins(
  folds: Int32Array,
  results: readonly Pick<FoldResult, 'fold' | 'margins'>[],
): Float64Array | null {
  const sums = new Float64Array(folds.length)
  const times = new Int32Array(folds.length)
  let found = false
  for (const { fold, margins } of results) {
    if (margins === undefined) continue
    found = true
    const trained = samplesOfFold(folds, fold, 'outside')
    if (trained.length !== margins.length) {
      throw new RangeError(
        `fold ${fold} has ${margins.length} margins for ${trained.length} samples outside it: in order of time each fold trains on others, and margins don't compare`,
      )
    }
    trained.forEach((sample, i) => {
      const margin = margins[i]!
      if (Number.isNaN(margin)) return
      sums[sample]! += margin
      times[sample]! += 1
    })
  }
  return found ? sums.map((sum, i) => sum / times[i]!) : null
}
