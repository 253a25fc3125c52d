import { describe, expect, it } from 'vitest'
import type { Dataset, Roles } from '#shared/core/dataset/dataset.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { changedSides } from '#shared/core/pipeline/changed-sides.ts'
import { compareExperiment } from '#shared/core/pipeline/compare-experiment.ts'
import { evaluateRun } from '#shared/core/pipeline/evaluate-run.ts'
import { samplesOfFold, trainingSamples } from '#shared/core/pipeline/experiment-data.ts'
import { setApartData, judgeFinalTest } from '#shared/core/pipeline/final-test.ts'
import { inView, judgedView } from '#shared/core/pipeline/judged-view.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import type { OutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import type { PreparedExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { foldCost, redrawn, repeatedDifference } from '#shared/core/pipeline/repeated-folds.ts'
import type { FoldResult } from '#shared/core/pipeline/fold-result.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import { rowOfJudgedSample, LOCKED, YOUNG } from '#shared/core/pipeline/set-apart.ts'
import type { ValidationChoice } from '#shared/core/plan/plan.ts'
import { quickPlan, smallRequest, smallRoles, smallTable } from '../../support/small-table.ts'

/** The small table with a day for each row, in no order of the rows. */
function timedTable(nRows = 400): Dataset {
  const { columns } = smallTable(nRows)
  const values = Float64Array.from({ length: nRows }, (_, row) => (row * 137) % nRows)
  return { nRows, columns: [...columns, { kind: 'numeric', name: 'day', values }] }
}

function prepared(
  validation: ValidationChoice,
  dataset = timedTable(),
  roles: Roles = { ...smallRoles, time: 'day' },
): PreparedExperiment {
  return prepareExperiment(
    smallRequest({ dataset, roles, plan: { ...quickPlan(['lr', 'lr_balanced']), validation } }),
  )
}

function runOf({ data }: PreparedExperiment, name: string): OutOfFold {
  const configuration = data.plan.configurations.find((one) => one.name === name)!
  const results = Array.from({ length: data.plan.folds }, (_, fold) =>
    runFold(data, configuration, fold, noCheckpoint),
  )
  return layOutOfFold(results, data.yTrue.length, data.folds)
}

describe('folds in order of time', () => {
  const { data, experimentFacts } = prepared({ scheme: 'time', gapDays: 10 })

  it('train on earlier samples only, with the gap between', () => {
    const { days } = data.order!
    for (let fold = 0; fold < 3; fold++) {
      const first = Math.min(...[...samplesOfFold(data.folds, fold, 'inside')].map((i) => days[i]!))
      const last = Math.max(...[...trainingSamples(data, fold)].map((i) => days[i]!))
      expect(first - last).toBeGreaterThanOrEqual(10)
    }
  })

  it('are proved by counts, and the earliest samples are judged by none', () => {
    const { proof } = experimentFacts
    for (const fold of proof.folds) {
      expect(fold).toMatchObject({ shared: 0, sharedGroups: 0, latestOverlap: false })
      expect(fold.gapDays).toBeGreaterThanOrEqual(10)
    }
    expect(proof.notJudged).toEqual([{ rows: 100, reason: expect.stringMatching(/earliest/) }])
    expect(proof.judged.positives + proof.judged.negatives).toBe(300)
  })

  it('are evaluated and compared on what they judge', () => {
    const experiment = prepared({ scheme: 'time', gapDays: 10 })
    const view = judgedView(experiment.data)
    const evaluations = ['lr', 'lr_balanced'].map((name) => {
      const configuration = experiment.data.plan.configurations.find((one) => one.name === name)!
      const predictions = inView(runOf(experiment, name), view)
      return evaluateRun(view.data, configuration, predictions, noCheckpoint)
    })
    for (const { result } of evaluations) {
      const { tp, fp, tn, fn } = result.confusion
      expect(tp + fp + tn + fn).toBe(300)
    }
    const { comparison } = compareExperiment(
      view.data,
      evaluations,
      experiment.frameFacts,
      noCheckpoint,
    )
    expect(comparison.ledger.map(({ rule }) => rule)).toEqual(['half', 'bayes', 'tuned', 'tuned'])
    expect(comparison.markers).toMatchObject([{ name: 'lr', rule: 'prevalence' }])
  })

  it('need a time for every row', () => {
    expect(() => prepared({ scheme: 'time' }, timedTable(), smallRoles)).toThrow(/--time/)
    const holes = timedTable()
    ;(holes.columns.at(-1) as { values: Float64Array }).values[7] = NaN
    expect(() => prepared({ scheme: 'time' }, holes)).toThrow(/"day" has no time in row 8/)
  })

  it('need both classes before and in every fold', () => {
    const late = timedTable()
    const target = late.columns.find(({ name }) => name === 'fraud') as { codes: Int32Array }
    const { values } = late.columns.at(-1) as { values: Float64Array }
    target.codes.forEach((_, row) => {
      target.codes[row] = values[row]! > 380 ? 1 : 0
    })
    expect(() => prepared({ scheme: 'time' }, late)).toThrow(/0 positives/)
  })

  it('refuse a gap where samples have no order', () => {
    expect(() => prepared({ scheme: 'stratified', gapDays: 3 })).toThrow(/needs validation.scheme/)
    expect(() => prepared({ scheme: 'time', gapDays: -1 })).toThrow(/from 0/)
  })
})

describe('labels that mature', () => {
  it('leave the latest cases unjudged and untrained, whatever their class', () => {
    const { assignment, data } = prepared({ scheme: 'stratified', labelsMatureAfterDays: 50 })
    const days = timedTable().columns.at(-1) as { values: Float64Array }
    assignment.forEach((code, row) => {
      expect(code === YOUNG).toBe(days.values[row]! > 399 - 50)
    })
    expect(data.yTrue.length).toBe(350)
  })

  it('make the gap of folds in order of time at least as long', () => {
    const { experimentFacts } = prepared({ scheme: 'time', labelsMatureAfterDays: 20 })
    for (const { gapDays } of experimentFacts.proof.folds) {
      expect(gapDays).toBeGreaterThanOrEqual(20)
    }
  })
})

describe('duplicates', () => {
  const doubled = (): Dataset => {
    const { columns, nRows } = smallTable(200)
    const rows = Int32Array.from({ length: 2 * nRows }, (_, row) => row % nRows)
    return {
      nRows: rows.length,
      columns: columns
        .filter(({ name }) => name !== 'id')
        .map((column) =>
          column.kind === 'numeric'
            ? { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) }
            : { ...column, codes: rows.map((row) => column.codes[row]!) },
        ),
    }
  }

  it('are counted where they lie on both sides, and kept together on request', () => {
    const apart = prepared({ scheme: 'stratified' }, doubled(), smallRoles)
    expect(apart.experimentFacts.proof.duplicatesAcross).toBeGreaterThan(50)
    const together = prepared(
      { scheme: 'stratified', keepDuplicatesTogether: true },
      doubled(),
      smallRoles,
    )
    expect(together.experimentFacts.proof.duplicatesAcross).toBe(0)
    const { folds } = together.data
    for (let row = 0; row < 200; row++) expect(folds[row]).toBe(folds[row + 200])
  })
})

describe('the locked test set', () => {
  const validation: ValidationChoice = { scheme: 'stratified', finalTestShare: 0.2 }
  const experiment = prepared(validation)
  const request = smallRequest({ dataset: timedTable(), roles: { ...smallRoles, time: 'day' } })
  const opened = setApartData(
    { ...request, plan: experiment.data.plan },
    experiment.assignment,
    LOCKED,
    experiment.datasetFacts.features,
  )

  it('is in no fold, and has the share and the classes of the rest', () => {
    const locked = experiment.assignment.filter((code) => code === LOCKED).length
    expect(locked).toBe(80)
    expect(experiment.data.yTrue.length).toBe(320)
    expect(experiment.data.yTrue.reduce((sum, y) => sum + y, 0)).toBe(32)
  })

  it('is judged by a model of everything else', () => {
    expect([...samplesOfFold(opened.folds, 0, 'inside')]).toEqual(
      [...experiment.assignment.keys()].filter((row) => experiment.assignment[row] === LOCKED),
    )
    expect(trainingSamples(opened, 0).length).toBe(320)
    const [lr] = opened.plan.configurations
    const result = runFold(opened, lr!, 0, noCheckpoint)
    const seen = judgeFinalTest(opened, result, 0.2)
    const { tp, fp, tn, fn } = seen.confusion
    expect([tp + fn, fp + tn]).toEqual([8, 72])
    expect(seen.costPer1000).toBeCloseTo((1000 * (10 * fn + fp)) / 80, 9)
    expect(seen.costPer1000Interval!.lower).toBeLessThanOrEqual(seen.costPer1000)
    const none = judgeFinalTest(opened, result, Infinity)
    expect(none).toMatchObject({ precision: null, precisionInterval: null, recall: 0 })
  })

  it('is the latest part where samples have an order', () => {
    const { assignment } = prepared({ ...validation, scheme: 'time' })
    const { values } = timedTable().columns.at(-1) as { values: Float64Array }
    assignment.forEach((code, row) => {
      expect(code === LOCKED).toBe(values[row]! >= 320)
    })
  })

  it('can’t be opened where nothing is locked, nor take more than half', () => {
    const { assignment } = prepared({ scheme: 'stratified' })
    expect(() => setApartData(request, assignment, LOCKED, ['speed'])).toThrow(/No cases/)
    expect(() => prepared({ scheme: 'stratified', finalTestShare: 0.7 })).toThrow(/\[0, 0\.5\]/)
  })
})

describe('changedSides', () => {
  it('counts what two runs decide differently, and its worth is the difference in cost', () => {
    const experiment = prepared({ scheme: 'time' })
    const view = judgedView(experiment.data)
    const [first, second] = ['lr', 'lr_balanced'].map((name) =>
      inView(runOf(experiment, name), view),
    )
    const changed = changedSides(view.data, first!, second!, 1000, view.data.features, noCheckpoint)
    const decided = (run: OutOfFold): number[] =>
      [...view.data.folds].map((fold, i) =>
        run.probabilities[i]! >= run.thresholds[fold]! ? 1 : 0,
      )
    const [a, b] = [decided(first!), decided(second!)]
    const cost = (decisions: number[]): number =>
      decisions.reduce((sum, decision, i) => {
        const y = view.data.yTrue[i]!
        return sum + (decision === 1 ? (y === 1 ? 0 : 1) : y === 1 ? 10 : 0)
      }, 0)
    expect(changed.alike).toBe(a.filter((one, i) => one === b[i]).length)
    expect(changed.samples.length).toBe(300 - changed.alike)
    expect(changed.kinds.reduce((sum, { worth }) => sum + worth, 0)).toBeCloseTo(
      cost(b) - cost(a),
      9,
    )
    expect(changed.slices).toMatchObject({ cases: 300, changed: 300 - changed.alike })
    expect(changed.slices!.worth).toBeCloseTo(cost(b) - cost(a), 9)
    const right = (decisions: number[]): number =>
      decisions.filter((decision, i) => decision === view.data.yTrue[i]).length
    changed.slices!.slices.forEach((slice, position) => {
      const inside = changed.samples.filter((one) => one.slices.includes(position))
      expect(inside).toHaveLength(slice.changed)
      expect(inside.reduce((sum, { worth }) => sum + worth, 0)).toBeCloseTo(slice.worth, 9)
      const won = inside.filter((one) => (one.alertedBy === 'second') === one.positive)
      expect(won).toHaveLength(slice.won)
    })
    const won = changed.samples.filter((one) => (one.alertedBy === 'second') === one.positive)
    expect(2 * won.length - changed.samples.length).toBe(right(b) - right(a))
    const { all, positives, negatives } = changed.rightness
    expect(all).toMatchObject({ cases: 300, onlySecond: won.length, reason: null })
    expect(all.onlyFirst + all.onlySecond).toBe(changed.samples.length)
    expect(positives.onlyFirst + negatives.onlyFirst).toBe(all.onlyFirst)
    expect(positives.onlySecond).toBe(changed.kinds[0]!.cases)
    expect(negatives.onlySecond).toBe(changed.kinds[3]!.cases)
    const without = changedSides(view.data, first!, second!, 1000, null, noCheckpoint)
    expect(without).toEqual({
      ...changed,
      slices: null,
      samples: changed.samples.map((one) => ({ ...one, slices: [] })),
    })
    for (const { sample, alertedBy, positive } of changed.samples) {
      expect(alertedBy === 'first' ? a[sample] : b[sample]).toBe(1)
      expect(view.data.yTrue[sample] === 1).toBe(positive)
    }
    // Position among the judged samples leads back to the row of the table.
    const rows = rowOfJudgedSample(experiment.assignment)
    const target = timedTable().columns.find(({ name }) => name === 'fraud') as {
      codes: Int32Array
    }
    rows.forEach((row, sample) => {
      expect(target.codes[row]).toBe(view.data.yTrue[sample])
    })
  })
})

describe('folds drawn anew', () => {
  const experiment = prepared({ scheme: 'stratified', repeats: 3 })
  const { data } = experiment

  it('are others each time, and the first are those of the experiment', () => {
    expect(redrawn(data, 0).folds).toBe(data.folds)
    const [one, two] = [redrawn(data, 1).folds, redrawn(data, 2).folds]
    expect([...one]).not.toEqual([...data.folds])
    expect([...one]).not.toEqual([...two])
    expect([...redrawn(data, 1).folds]).toEqual([...one])
  })

  it('tell of a difference with an interval wider than that of independent folds', () => {
    const foldsOf = (name: string): FoldResult[] =>
      [0, 1].flatMap((repeat) => {
        const drawn = redrawn(data, repeat)
        const configuration = data.plan.configurations.find((one) => one.name === name)!
        return [0, 1, 2].map((fold) => runFold(drawn, configuration, fold, noCheckpoint))
      })
    const [lr, balanced] = [foldsOf('lr'), foldsOf('lr_balanced')]
    const costs = (folds: readonly FoldResult[]): number[] =>
      folds.map(({ samples, probabilities, tunedThreshold }) => {
        const cost = [...samples].reduce((sum, sample, i) => {
          const alert = probabilities[i]! >= tunedThreshold.value
          const y = data.yTrue[sample]!
          return sum + (alert ? (y === 1 ? 0 : 1) : y === 1 ? 10 : 0)
        }, 0)
        return (1000 * cost) / samples.length
      })
    const differences = costs(lr).map((cost, i) => cost - costs(balanced)[i]!)
    const mean = differences.reduce((sum, one) => sum + one, 0) / 6
    const costOf = (fold: FoldResult) => foldCost(data, fold)
    const found = repeatedDifference(data.yTrue.length, lr.map(costOf), balanced.map(costOf))
    expect(found.folds).toBe(6)
    expect(found.costPer1000).toBeCloseTo(mean, 8)
    const spread = Math.sqrt(differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 5 / 6)
    expect(found.interval.upper - found.costPer1000).toBeGreaterThan(2.57 * spread)
  })

  it('are not for cases in order of time, nor for no times at all', () => {
    expect(() => prepared({ scheme: 'time', repeats: 2 })).toThrow(/one order/)
    expect(() => prepared({ scheme: 'stratified', repeats: 0 })).toThrow(/1 to 20/)
  })
})
