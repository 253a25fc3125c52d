import { describe, expect, it } from 'vitest'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { compareExperiment } from '#shared/core/pipeline/compare-experiment.ts'
import { evaluateRun } from '#shared/core/pipeline/evaluate-run.ts'
import { configurationNamed } from '#shared/core/pipeline/experiment-data.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import type { OutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { runCurves } from '#shared/core/pipeline/run-curves.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import { smallRequest } from '../../support/small-table.ts'

const prepared = prepareExperiment(smallRequest())
const { data } = prepared
const names = data.plan.configurations.map(({ name }) => name)

function allFolds(of: ExperimentData, name: string): OutOfFold {
  const configuration = configurationNamed(of.plan, name)
  const folds = [0, 1, 2].map((fold) => runFold(of, configuration, fold, noCheckpoint))
  return layOutOfFold(folds, of.yTrue.length)
}

/** The experiment with the samples of one fold replaced: other features, opposite labels. */
function withFoldScrambled(fold: number): ExperimentData {
  const inside = (sample: number): boolean => data.folds[sample] === fold
  return {
    ...data,
    yTrue: data.yTrue.map((y, i) => (inside(i) ? 1 - y : y)),
    features: data.features.map((column) =>
      column.kind === 'numeric'
        ? {
            ...column,
            values: column.values.map((value, i) => (inside(i) ? 3 * value + 1 : value)),
          }
        : { ...column, codes: column.codes.map((code, i) => (inside(i) ? (code + 1) % 3 : code)) },
    ),
  }
}

describe('runFold', () => {
  it.each(names)('%s: what is fitted does not depend on the fold it is judged on', (name) => {
    const configuration = configurationNamed(data.plan, name)
    const before = runFold(data, configuration, 1, noCheckpoint)
    const after = runFold(withFoldScrambled(1), configuration, 1, noCheckpoint)
    expect(after.tunedThreshold).toEqual(before.tunedThreshold)
    expect(after.calibrator).toEqual(before.calibrator)
    expect(after.training).toEqual(before.training)
    expect(after.samples).toEqual(before.samples)
    expect(after.probabilities).not.toEqual(before.probabilities)
  })

  it.each(names)('%s: gives the same bits twice, and probabilities', (name) => {
    const configuration = configurationNamed(data.plan, name)
    const first = runFold(data, configuration, 0, noCheckpoint)
    expect(runFold(data, configuration, 0, noCheckpoint)).toEqual(first)
    for (const p of first.probabilities) expect(p >= 0 && p <= 1).toBe(true)
  })

  it('judges original samples only, at natural prevalence', () => {
    const result = runFold(data, configurationNamed(data.plan, 'lr_smote'), 2, noCheckpoint)
    expect([...result.samples]).toEqual([...data.folds.keys()].filter((i) => data.folds[i] === 2))
    expect(result.training.synthetic).toBeGreaterThan(0)
    expect(result.training.negatives / result.training.positives).toBeCloseTo(3, 1)
  })

  it('lets a cancelled checkpoint through', () => {
    let calls = 0
    expect(() =>
      runFold(data, configurationNamed(data.plan, 'gbdt'), 0, () => {
        if (++calls === 5) throw new Cancelled()
      }),
    ).toThrow(Cancelled)
  })

  it('reports progress that never falls', () => {
    const seen: number[] = []
    runFold(data, configurationNamed(data.plan, 'gbdt_smote'), 0, (fraction) => seen.push(fraction))
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(1)
  })
})

describe('layOutOfFold', () => {
  const results = [0, 1, 2].map((fold) =>
    runFold(data, configurationNamed(data.plan, 'lr'), fold, noCheckpoint),
  )

  it('is the same in whatever order folds arrive', () => {
    expect(layOutOfFold(results.toReversed(), 400)).toEqual(layOutOfFold(results, 400))
  })

  it('refuses a missing or a double fold', () => {
    expect(() => layOutOfFold(results.slice(1), 400)).toThrow(/no result for fold 0/)
    expect(() => layOutOfFold([results[0]!, results[0]!, results[2]!], 400)).toThrow(/fold 1/)
    expect(() => layOutOfFold(results.slice(0, 2), 400)).toThrow(/0 times, not once/)
  })
})

describe('evaluateRun and compareExperiment', () => {
  const runs = names.map((name) =>
    evaluateRun(data, configurationNamed(data.plan, name), allFolds(data, name), noCheckpoint),
  )
  const { comparison, sentence } = compareExperiment(data, runs, prepared.frameFacts, noCheckpoint)

  it('counts every sample once in every confusion', () => {
    for (const { result } of runs) {
      for (const { confusion } of result.operatingPoints) {
        expect(confusion.tp + confusion.fn).toBe(40)
        expect(confusion.fp + confusion.tn).toBe(360)
      }
    }
  })

  it('states the cost that its confusion has', () => {
    for (const { result } of runs) {
      const { fn, fp } = result.confusion
      expect(result.costPer1000).toBeCloseTo(((10 * fn + fp) / 400) * 1000, 9)
      expect(result.costPer1000Interval!.lower).toBeLessThan(result.costPer1000)
      expect(result.costPer1000Interval!.upper).toBeGreaterThan(result.costPer1000)
    }
  })

  it('gives every treated run a receipt before and after each repair', () => {
    for (const { result } of runs) {
      expect(result.calibration.stages.map(({ stage }) => stage)).toEqual(
        result.untreated ? ['raw'] : ['raw', 'corrected', 'recalibrated'],
      )
    }
    const [raw, , repaired] = runs.find(({ result }) => result.name === 'lr_balanced')!.result
      .calibration.stages
    expect(Math.abs(repaired!.observedToExpected! - 1)).toBeLessThan(
      Math.abs(raw!.observedToExpected! - 1),
    )
  })

  it('keeps the do-nothing rows in the ledger: untreated at 0.5, Bayes and tuned', () => {
    expect(comparison.ledger.map(({ name, rule }) => `${name} ${rule}`)).toEqual([
      'lr half',
      'lr bayes',
      'lr tuned',
      'gbdt half',
      'gbdt bayes',
      'gbdt tuned',
      ...names.slice(2).map((name) => `${name} tuned`),
    ])
    expect(comparison.champion.costPer1000).toBe(
      Math.min(...comparison.ledger.map(({ costPer1000 }) => costPer1000)),
    )
    expect(sentence).toContain(comparison.champion.name)
  })

  it('draws the cheapest threshold on the cost curve', () => {
    const predictions = allFolds(data, 'gbdt')
    const { cost } = runCurves(data, predictions)
    const least = Math.min(...cost.map(({ costPer1000 }) => costPer1000))
    const { value } = runs[1]!.result.threshold
    expect(cost.find(({ threshold }) => threshold === value)!.costPer1000).toBeCloseTo(least, 9)
  })

  it('decides alike at another prevalence when costs move with it', () => {
    // Prior odds halved and the cost of a miss doubled leave every Bayes decision as it is.
    const { frame } = smallRequest()
    const odds = 0.1 / 0.9 / 2
    const elsewhere = prepareExperiment(
      smallRequest({
        frame: {
          ...frame,
          costs: { truePositive: 0, falsePositive: 1, trueNegative: 0, falseNegative: 20 },
          prevalence: odds / (1 + odds),
        },
      }),
    ).data
    const here = evaluateRun(
      data,
      configurationNamed(data.plan, 'lr'),
      allFolds(data, 'lr'),
      noCheckpoint,
    )
    const there = evaluateRun(
      elsewhere,
      configurationNamed(elsewhere.plan, 'lr'),
      allFolds(elsewhere, 'lr'),
      noCheckpoint,
    )
    const decided = (run: typeof here, rule: string): Uint8Array =>
      run.decisions.find((decisions) => decisions.rule === rule)!.decisions
    expect(decided(there, 'bayes')).toEqual(decided(here, 'bayes'))
    expect(decided(there, 'tuned')).toEqual(decided(here, 'tuned'))
  })
})
