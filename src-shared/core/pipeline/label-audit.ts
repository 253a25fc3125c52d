import { auditSignal, plantFlips } from '../label-quality/detector-audit.ts'
import type { PlantedFlips, SignalAudit } from '../label-quality/detector-audit.ts'
import {
  adjustedProbabilities,
  confidenceWeightedEntropy,
  selfConfidence,
} from '../label-quality/label-quality-scores.ts'
import { createStream } from '../math/random.ts'
import type { LabelEvidence } from './label-evidence.ts'
import type { LabelScanData } from './label-scan.ts'

/**
 * Turns labels round for an audit of the signals: scan the returned data like any other, then ask
 * `auditLabelSignals` what was found.
 *
 * @param from  The label that is turned into the other: 1 plants missed positives.
 * @param count Labels to turn; null for a fifth of the class, at most 200.
 */
export function plantForAudit(
  data: LabelScanData,
  from: 0 | 1,
  count: number | null,
  seed: number,
): { readonly data: LabelScanData; readonly flips: PlantedFlips } {
  const size = data.given.reduce((sum, label) => sum + (label === from ? 1 : 0), 0)
  const usual = Math.max(1, Math.min(200, Math.floor(size / 5)))
  const flips = plantFlips(
    data.given,
    from,
    count ?? usual,
    createStream(seed, 'plant flips', from),
  )
  return { data: { ...data, given: flips.given }, flips }
}

/**
 * Recall at k of every signal, k being the planted flips: best first.
 *
 * Signals that were not worked out for all samples rank the others last, as they would in a queue.
 */
export function auditLabelSignals(
  { suspicion, disagreement, unlabelled, areaUnderMargin, neighbors }: LabelEvidence,
  flips: PlantedFlips,
): SignalAudit[] {
  const { given } = flips
  const { probabilities, byModel, models } = suspicion
  const negated = (scores: Float64Array): Float64Array => scores.map((score) => -score)
  const signals: [string, Float64Array][] = [
    ['combined', negated(selfConfidence(given, probabilities))],
    ...byModel.map((p, m): [string, Float64Array] => [
      `self-confidence of ${models[m]!.name}`,
      negated(selfConfidence(given, p)),
    ]),
    [
      'adjusted self-confidence',
      negated(selfConfidence(given, adjustedProbabilities(given, probabilities))),
    ],
    ['entropy-weighted', negated(confidenceWeightedEntropy(given, probabilities))],
    ['area under the margin', negated(areaUnderMargin)],
    ['disagreement between models', disagreement.betweenModels],
    [
      'positive-unlabelled',
      unlabelled.truePositive.map((truly, i) => (given[i] === 1 ? 1 - probabilities[i]! : truly)),
    ],
  ]
  if (neighbors !== null) {
    const others = new Float64Array(given.length).fill(-1)
    const duplicates = new Float64Array(given.length)
    neighbors.samples.forEach((sample, i) => {
      others[sample] = neighbors.disagreement[i]!
      duplicates[sample] = neighbors.nearDuplicate[i]! >= 0 ? 1 : 0
    })
    signals.push(['neighbours with the other label', others])
    signals.push(['near duplicate with the other label', duplicates])
  }
  return signals
    .map(([name, doubt]) => auditSignal(name, doubt, flips))
    .sort((a, b) => b.recallAtK - a.recallAtK)
}
