/** Evidence of an experiment in which nothing is wrong; tests change what they are about. */
import type { VerdictEvidence } from '#shared/core/diagnosis/evidence.ts'
import { decideVerdict } from '#shared/core/diagnosis/verdict.ts'
import type { ImbalanceVerdict } from '#shared/core/diagnosis/verdict.ts'
import type { RunSlices } from '#shared/core/report/analysis.ts'
import type { Interval } from '#shared/core/metrics/interval.ts'
import { evidenceMeter } from '#shared/core/statistics/evidence-meter.ts'

export function between(lower: number, upper: number): Interval {
  return { lower, upper, level: 0.95, method: 'made for a test' }
}

export function fineEvidence(changes: Partial<VerdictEvidence> = {}): VerdictEvidence {
  return {
    baseline: {
      costAtHalf: 52,
      costTuned: 50,
      costWithout: 400,
      withoutIs: 'alert nobody',
      tuningSaves: { value: 2, interval: between(-3, 7) },
      modelSaves: { value: 350, interval: between(310, 390) },
      threshold: 0.41,
      accuracyAtHalf: 0.96,
      accuracyOfNobody: 0.8,
    },
    positives: evidenceMeter(400, 0.2),
    ranking: {
      rocAuc: { value: 0.985, interval: between(0.98, 0.99) },
      curve: [
        { positives: 100, samples: 500, rocAuc: 0.98 },
        { positives: 200, samples: 1000, rocAuc: 0.984 },
        { positives: 400, samples: 2000, rocAuc: 0.985 },
      ],
      lastHalfBrought: { value: 0.001, interval: between(-0.002, 0.004) },
      curveReason: null,
    },
    alarms: {
      quarters: [0, 2, 5, 40].map((negatives) => ({
        positives: 100,
        negatives,
        negativeShare: negatives / (100 + negatives),
        interval: between(0, 0.5),
      })),
      shape: 'pure',
    },
    labels: { labelFrequency: 0.9, missed: null, doubtedNegatives: 4, doubtedPositives: 7 },
    hardness: {
      ...{ safe: 150, borderline: 30, rare: 12, outlier: 8 },
      ...{ positiveNeighbors: 0.8, aroundNegatives: 0.04, among: 2000 },
      points: [
        { row: 3, positive: true, probability: 0.9, disagreement: 0.2 },
        { row: 8, positive: false, probability: 0.02, disagreement: 0 },
      ],
    },
    leaks: {
      strongest: [
        {
          column: 'amount',
          rocAuc: 0.81,
          interval: between(0.75, 0.86),
          bestF1: 0.4,
          countsRows: false,
          presenceAuc: null,
        },
      ],
      suspects: [],
      rocAucWithout: null,
    },
    duplicates: {
      groups: 0,
      samplesInGroups: 0,
      extraSamples: 0,
      groupsWithBothLabels: 0,
      samplesInGroupsWithBothLabels: 0,
    },
    periods: null,
    treatment: { name: 'lr_balanced', tried: 3, saves: { value: 1, interval: between(-4, 6) } },
    ...changes,
  }
}

export function verdictOn(changes: Partial<VerdictEvidence> = {}): ImbalanceVerdict {
  return decideVerdict(fineEvidence(changes), { reference: 'lr', currency: '€', casesPerDay: null })
}

/** One slice that is certain and one that is not. */
export const sampleSlices: RunSlices = {
  ...{ name: 'gbdt', rule: 'tuned' },
  ...{ tested: 120, pairedColumns: 6, positives: 400, missed: 60 },
  ...{ priorPositives: 40, reason: null },
  slices: [
    {
      where: [
        { kind: 'range', column: 'amount', from: null, below: 20 },
        { kind: 'text', column: 'country', text: 'fr' },
      ],
      text: 'amount below 20 and country is fr',
      ...{ tp: 20, fn: 20, fp: 6, tn: 210 },
      missedShare: 0.5,
      interval: between(0.35, 0.65),
      shrunkShare: 0.33,
      ...{ excess: 15.6, pValue: 1e-7, adjusted: 1e-5 },
    },
    {
      where: [{ kind: 'missing', column: 'age' }],
      text: 'age is missing',
      ...{ tp: 30, fn: 8, fp: 2, tn: 100 },
      missedShare: 8 / 38,
      interval: between(0.11, 0.36),
      shrunkShare: 0.18,
      ...{ excess: 2.5, pValue: 0.2, adjusted: 0.7 },
    },
  ],
}
