/** Records that tests and their child processes make alike, from nothing but numbers. */
import { createStream } from '#shared/core/math/random.ts'
import type { FoldResult } from '#shared/core/pipeline/fold-result.ts'
import type { Plan } from '#shared/core/plan/plan.ts'
import { createFingerprint } from '#main/store/fingerprint.ts'
import type { ChunkColumn, ColumnHeading } from '#main/store/datasets.ts'
import type { NewExperiment } from '#main/store/experiments.ts'
import type { Project } from '#main/store/project.ts'
import type { NewReviewEvent, NewReviewQueue, ReviewItem } from '#main/store/reviews.ts'

export const HEADINGS: readonly ColumnHeading[] = [
  { name: 'amount', kind: 'numeric' },
  { name: 'count', kind: 'numeric' },
  { name: 'country', kind: 'categorical', levels: ['de', 'fr', 'it'] },
]

/** Chunk number `number` of a table with the columns of HEADINGS. */
export function exampleChunk(number: number, nRows: number): readonly ChunkColumn[] {
  const stream = createStream(number, 'example chunk')
  const amount = new Float64Array(nRows)
  const count = new Float64Array(nRows)
  const codes = new Int32Array(nRows)
  for (let i = 0; i < nRows; i++) {
    amount[i] = stream.uniform() * 1000
    count[i] = stream.below(10) === 0 ? NaN : stream.below(500)
    codes[i] = stream.below(4) - 1
  }
  return [
    { kind: 'numeric', values: amount },
    { kind: 'numeric', values: count },
    { kind: 'categorical', codes },
  ]
}

/** Imports a table of the given chunk lengths; returns the id of its version. */
export function importExample(project: Project, name: string, chunks: readonly number[]): number {
  const handle = project.datasets.begin({ name, sourceName: `${name}.csv`, options: {} })
  const fingerprint = createFingerprint()
  chunks.forEach((nRows, number) => {
    const chunk = exampleChunk(number, nRows)
    handle.appendChunk(chunk)
    fingerprint.append(chunk)
  })
  return handle.finish({
    columns: HEADINGS,
    fingerprint: fingerprint.finish(HEADINGS),
    summary: { notes: [] },
  })
}

export const PLAN: Plan = {
  version: 1,
  folds: 5,
  innerFolds: 4,
  bootstrapDraws: 100,
  leaveOutInfeasible: false,
  configurations: ['plain', 'other'].map((name) => ({
    name,
    model: { kind: 'logistic_regression', c: 1 },
    sampling: { kind: 'none' },
    weighting: { kind: 'none' },
    calibration: { correction: false, calibrator: 'none' },
  })),
}

export function exampleExperiment(name: string, datasetVersionId: number): NewExperiment {
  return {
    name,
    datasetVersionId,
    roles: {
      target: 'country',
      positive: 'it',
      id: null,
      time: null,
      group: null,
      amount: 'amount',
      weight: null,
      ignore: [],
    },
    frame: {
      costs: {
        truePositive: 5,
        falsePositive: 5,
        trueNegative: 0,
        falseNegative: { column: 'amount' },
      },
      costsAssumed: false,
      casesPerDay: 1000,
      capacity: null,
      prevalence: 0.01,
      minutesPerAlert: null,
      reviewHoursPerDay: null,
      commitments: [{ measure: 'recall', atLeast: 0.8 }],
      currency: '€',
    },
    plan: PLAN,
    planNotes: ['lr was added'],
    // Beyond 32 bits, as a user may choose.
    seed: Number.MAX_SAFE_INTEGER,
    folds: Int32Array.from({ length: 5000 }, (_, i) => i % PLAN.folds),
    foldsFrom: 'seed',
  }
}

export function exampleFoldResult(configuration: string, fold: number): FoldResult {
  const stream = createStream(fold, 'example fold', configuration)
  const samples = Int32Array.from({ length: 1000 }, (_, i) => i * PLAN.folds + fold)
  return {
    configuration,
    fold,
    samples,
    scores: Float64Array.from(samples, () => stream.uniform()),
    corrected:
      configuration === 'plain' ? null : Float64Array.from(samples, () => stream.uniform()),
    probabilities: Float64Array.from(samples, () => stream.uniform()),
    tunedThreshold:
      fold === 0
        ? { value: Infinity, feasible: false, shortfall: 'no threshold reaches recall 0.8' }
        : { value: stream.uniform(), feasible: true, shortfall: null },
    training: {
      negatives: 3900,
      positives: 100,
      synthetic: 0,
      iterations: 12,
      converged: true,
      notes: ['a note'],
    },
    calibrator:
      fold === 1 ? null : Object.assign({ kind: 'sigmoid' }, { slope: 1.5, intercept: -0.1 }),
    importance:
      fold === 2
        ? null
        : {
            permutation: [0.25, -0.001],
            samples: 1000,
            repeats: 2,
            gain: null,
            coefficients: [0.7, null],
          },
    ...(fold === 1 ? exampleRecord(samples.length) : {}),
  }
}

/** What a model that learns pass by pass leaves. */
function exampleRecord(nJudged: number): Pick<FoldResult, 'flow' | 'gate' | 'margins'> {
  const share = { weight: 0.25, loss: 0.25, gradient: 0.25 }
  const margins = Float32Array.from({ length: (PLAN.folds - 1) * nJudged }, (_, i) => i / 7)
  margins[3] = NaN
  return {
    gate: { weight: 10, positive: 1, passed: 3, passedPositive: 1, cost: 7.5 },
    flow: {
      passes: 40,
      points: [
        {
          ...{ pass: 1, meanLoss: 0.3, easyNegatives: share, hardNegatives: share },
          ...{ easyPositives: share, hardPositives: share },
        },
      ],
    },
    margins,
  }
}

/** A queue of the first rows of a version, and its items. */
export function exampleQueue(
  datasetVersionId: number,
  nItems: number,
): { readonly queue: NewReviewQueue; readonly items: readonly ReviewItem[] } {
  return {
    queue: {
      key: 'queue-a',
      datasetVersionId,
      fingerprint: 'f',
      kind: 'suspicion',
      name: 'By suspicion',
      record: { seed: 1 },
    },
    items: Array.from({ length: nItems }, (_, row) => ({
      row,
      given: row % 3 === 0 ? 1 : 0,
      facts: { wrong: 1 / (row + 2) },
      evidence: { reasons: [`reason ${row}`] },
    })),
  }
}

/** Review number `number` of a queue. */
export function exampleReview(queueId: number, number: number): NewReviewEvent {
  const record = { kind: 'verdict', verdict: number % 2 === 0 ? 'keep' : 'relabel', at: number }
  return { key: `review-${number}`, queueId, position: number % 20, record }
}
