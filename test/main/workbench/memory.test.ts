import { describe, expect, it } from 'vitest'
import { UserError } from '#shared/contract/errors.ts'
import { memoryFacts } from '#shared/core/pipeline/memory-facts.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { plainEngine } from '#shared/core/kernels.ts'
import { fitForest } from '#shared/core/models/random-forest.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { estimateMemory, mostLeaves } from '#shared/core/plan/memory-estimate.ts'
import type { MemoryFacts } from '#shared/core/plan/memory-estimate.ts'
import { bytesText, planMemory, requireTableFits } from '#main/workbench/memory.ts'
import { quickPlan, smallRequest } from '../../support/small-table.ts'

const facts: MemoryFacts = {
  positives: 5000,
  negatives: 995_000,
  nFeatures: 33,
  nByteColumns: 31,
  nFeaturesOfCodes: 33,
  sharedBytes: 260e6,
  textBytes: 0,
}
const plan = quickPlan(['lr', 'gbdt'])

describe('planMemory', () => {
  const { total } = estimateMemory(plan, facts, 4, 2)

  it('takes all workers where they fit, and says what they need', () => {
    expect(planMemory(plan, facts, 2, 4, total)).toEqual({
      workers: 4,
      bytes: total,
      notice: `Needs about ${bytesText(total)} of memory with 4 workers.`,
    })
  })

  it('takes as many as fit, and says why', () => {
    const { workers, bytes, notice } = planMemory(plan, facts, 2, 4, total - 1)
    expect(workers).toBe(3)
    expect(bytes).toBe(estimateMemory(plan, facts, 3, 2).total)
    expect(notice).toContain('with 3 workers; 4 would need')
  })

  it('refuses what one worker has no room for, with the figures and the culprit', () => {
    const alone = estimateMemory(plan, facts, 1, 2).total
    expect(planMemory(plan, facts, 2, 4, alone).workers).toBe(1)
    const refuse = (): unknown => planMemory(plan, facts, 2, 4, alone - 1)
    expect(refuse).toThrow(UserError)
    expect(refuse).toThrow(/needs about [\d.]+ GB of memory even with 1 worker.*fitting lr/s)
  })

  it('refuses a table before it is loaded', () => {
    expect(() => {
      requireTableFits(2e9, 1.5e9)
    }).toThrow('The table alone takes 2.0 GB of memory, and 1.5 GB are allowed.')
  })
})

describe('estimateMemory', () => {
  const totalOf = (names: readonly string[], changes: Partial<MemoryFacts> = {}): number =>
    estimateMemory(quickPlan(names), { ...facts, ...changes }, 2, 1).total

  it('grows with rows, features and what sampling adds', () => {
    expect(totalOf(['lr'], { negatives: 1_995_000 })).toBeGreaterThan(1.5 * totalOf(['lr']))
    expect(totalOf(['lr'], { nFeatures: 66 })).toBeGreaterThan(1.3 * totalOf(['lr']))
    expect(totalOf(['lr_smote'])).toBeGreaterThan(1.3 * totalOf(['lr']))
    expect(totalOf(['gbdt'], { sharedBytes: 760e6 }) - totalOf(['gbdt'])).toBeCloseTo(500e6, 3)
  })

  it('counts the histograms of helpers and of leaf-wise growth', () => {
    const wide = { ...facts, nByteColumns: 2000 }
    const boosted = quickPlan(['gbdt'])
    const leafWise = {
      ...boosted,
      configurations: boosted.configurations.map((configuration) => ({
        ...configuration,
        model: { ...configuration.model, growth: 'leaf', maxLeaves: 100 } as const,
      })),
    }
    const perWorker = (plan: typeof boosted, workers: number): number =>
      estimateMemory(plan, wide, workers, 1).perWorker
    const histogram = 16 * 256 * 2000
    expect(perWorker(boosted, 3) - perWorker(boosted, 2)).toBe(histogram + 1024 * 2016)
    expect(perWorker(leafWise as typeof boosted, 2) - perWorker(boosted, 2)).toBe(96 * histogram)
  })

  it('is as large as the largest configuration', () => {
    const { largest, perWorker } = estimateMemory(quickPlan(), facts, 2, 1)
    expect(largest).toMatch(/_smote$/)
    expect(perWorker).toBe(estimateMemory(quickPlan([largest]), facts, 2, 1).perWorker)
  })
})

describe('mostLeaves', () => {
  /** Leaves per tree where features say nothing of the class. */
  function leavesOn(nSamples: number, nFeatures: number, positiveShare: number): number {
    const stream = createStream(5, 'noise', nSamples)
    const yTrue = Uint8Array.from({ length: nSamples }, (_, i) =>
      i < positiveShare * nSamples ? 1 : 0,
    )
    const values = Float64Array.from({ length: nSamples * nFeatures }, () => stream.uniform())
    const choice = { ...defaultModels.random_forest, trees: 3 }
    const { model } = fitForest(
      choice,
      { X: { values, nSamples, nFeatures }, yTrue, weights: null },
      noCheckpoint,
      { engine: plainEngine, stream },
    )
    return model.trees.feature.filter((feature) => feature < 0).length / 3
  }

  const shares = [0.5, 0.2, 0.05, 0.02]
  it.each(shares.flatMap((share) => [4, 20].map((nFeatures) => [share, nFeatures] as const)))(
    'is what noise makes of a forest, and not much more: a share of %d, %d features',
    (share, nFeatures) => {
      const stated = mostLeaves(3000 * share, 3000 * (1 - share))
      const grown = leavesOn(3000, nFeatures, share)
      expect(grown).toBeLessThan(stated)
      expect(grown).toBeGreaterThan(0.5 * stated)
    },
  )

  it('is nearly one leaf where there is one class', () => {
    expect(mostLeaves(0, 100)).toBe(1)
  })
})

describe('memoryFacts', () => {
  it('counts features as they will be encoded', () => {
    const { data } = prepareExperiment(smallRequest())
    const { nFeatures, nByteColumns, positives, negatives, sharedBytes } = memoryFacts(data)
    // speed; distance and whether it is missing; amount; three countries or none.
    expect(nFeatures).toBe(1 + 2 + 1 + 4)
    expect(nByteColumns).toBe(1 + 2 + 1 + 1)
    expect([positives, negatives]).toEqual([40, 360])
    expect(sharedBytes).toBe(3 * 8 * 400 + 4 * 400 + 400 + 4 * 400)
  })
})
