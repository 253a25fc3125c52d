import { describe, expect, it } from 'vitest'
import type { RunInsight, SyntheticExample } from '#shared/contract/decision.ts'
import type { FlowPoint } from '#shared/core/insight/training-record.ts'
import { flowEnds } from '#shared/core/insight/flow-ends.ts'
import { proofHolds } from '../../../src-renderer/views/runs/fold-proof.ts'
import {
  drawnGroups,
  flowLines,
  flowSentence,
  flowTable,
  passText,
} from '../../../src-renderer/views/runs/flow-points.ts'
import {
  curvePoints,
  curveSentence,
  curveTable,
} from '../../../src-renderer/views/runs/learning-points.ts'
import {
  cellText,
  passportSentence,
  tellingColumns,
} from '../../../src-renderer/views/runs/passport-text.ts'
import {
  searchedNames,
  trialRows,
  trialTable,
} from '../../../src-renderer/views/runs/trial-rows.ts'

const classes = { positive: 'fraud', negative: 'sound' }

describe('gradient flow', () => {
  const point = (pass: number, gradients: readonly number[]): FlowPoint => {
    const of = (i: number) => ({
      weight: [0.001, 0.001, 0.018, 0.98][i]!,
      loss: 0.25,
      gradient: gradients[i]!,
    })
    return {
      ...{ pass, meanLoss: 0.1 / pass },
      ...{ hardPositives: of(0), easyPositives: of(1) },
      ...{ hardNegatives: of(2), easyNegatives: of(3) },
    }
  }
  const flow = {
    passes: 9,
    points: [point(1, [0.1, 0, 0, 0.9]), point(9, [0.45, 0.04, 0.01, 0.5])],
  }

  it('has a line for each group, and the same numbers as a table', () => {
    const lines = flowLines(flow, 'gradient')
    expect(drawnGroups.map((group) => lines[group].map(([, share]) => share))).toEqual([
      [0.1, 0.45],
      [0, 0.04],
      [0, 0.01],
      [0.9, 0.5],
    ])
    const { head, rows } = flowTable(flow, classes, 'epoch')
    expect(head[0]?.text).toBe('Epoch')
    expect(head.map(({ text }) => text)).toContain('hard fraud, gradient')
    expect(new Set(head.map(({ text }) => text)).size).toBe(head.length)
    expect(rows[1]?.slice(0, 6)).toEqual([9, 0.1 / 9, 0.45, 0.04, 0.01, 0.5])
    for (const row of rows) expect(row).toHaveLength(head.length)
  })

  it('says who pulls most at the end, beside how many they are', () => {
    expect(flowSentence(flowEnds([flow])!, classes)).toMatch(
      /^At the end easy sound cases, 98\.0.% of the weight, pull 50.% of the gradient; hard fraud cases, 0\.1.% of the weight, pull 45.% of the gradient\.$/,
    )
    expect(passText({ kind: 'multilayer_perceptron' })).toBe('epoch')
    expect(passText({ kind: 'gradient_boosting' })).toBe('iteration')
  })
})

describe('a learning curve', () => {
  const point = (samples: number, value: number | null, spread = 0.02) => ({
    ...{ share: samples / 1000, samples, positives: samples / 10, value },
    foldSpread: value === null ? null : { lower: value - spread / 2, upper: value + spread / 2 },
  })
  const metric = 'average_precision' as const

  it('says whether the last step is more than folds differ', () => {
    const steep = { metric, points: [point(400, 0.3), point(1000, 0.5)] }
    expect(curveSentence(steep)).toBe(
      'From 400 to 1,000 cases a fold average precision went from 0.300 to 0.500, and folds differ by 0.020: more cases would still help.',
    )
    const flat = { metric, points: [point(400, 0.5, 0.2), point(1000, 0.51, 0.2)] }
    expect(curveSentence(flat)).toMatch(/nobody can tell/)
  })

  it('passes over what is undefined, in words where too little is left', () => {
    const curve = { metric, points: [point(100, null), point(400, 0.3), point(1000, 0.5)] }
    expect(curvePoints(curve).map(({ samples }) => samples)).toEqual([400, 1000])
    expect(curveTable(curve).rows[0]).toEqual([100, 10, null, null, null])
    expect(curveSentence({ metric, points: [point(100, null), point(400, 0.3)] })).toMatch(
      /undefined for too many/,
    )
  })
})

describe('made-up samples', () => {
  const readout = { examined: 500, majorityShare: 0.4, inMajorityTerritory: 0.36, impossible: [] }

  it('are told in a sentence', () => {
    expect(passportSentence(readout, 'sound')).toMatch(
      /^Of 500 made-up samples looked at, 36.% lie where most neighbours are sound\. None has/,
    )
    const impossible = [
      { column: 'children', kind: 'fraction' as const, share: 0.8 },
      { column: 'city', kind: 'mix' as const, share: 0.1 },
    ]
    expect(passportSentence({ ...readout, impossible }, 'sound')).toMatch(
      /In 80.% of them children is a fraction of a whole number, and 1 more column has such values\.$/,
    )
  })

  it('show first what can’t be, then where the parents differ', () => {
    const column = (name: string, parent: number, neighbor: number, impossible = false) => ({
      ...{ name, parent, made: 1, neighbor, majority: null, impossible },
    })
    const example = {
      columns: [column('same', 1, 1), column('other', 1, 2), column('half', 1, 2, true)],
    } as unknown as SyntheticExample
    expect(tellingColumns(example, 2).map(({ name }) => name)).toEqual(['half', 'other'])
    expect([cellText(null), cellText('x'), cellText(2.345678)]).toEqual(['–', 'x', '2.346'])
  })
})

it('the proof fails with a single parent or neighbour of the judged fold', () => {
  const fold = (at: number, parents: number[], neighbors: number[]) => ({
    ...{ fold: at, judged: 10, madeFrom: { parents, neighbors } },
  })
  expect(proofHolds([{ fold: 0, judged: 10, madeFrom: null }])).toBeNull()
  expect(proofHolds([fold(0, [0, 5], [0, 5]), fold(1, [5, 0], [5, 0])])).toBe(true)
  expect(proofHolds([fold(0, [0, 5], [0, 5]), fold(1, [4, 1], [5, 0])])).toBe(false)
  expect(proofHolds([fold(0, [0, 5], [1, 4])])).toBe(false)
})

describe('trials of a search', () => {
  const trial = (step: number, number: number, c: number, value: number | null) => ({
    ...{ step, trial: number, share: step === 0 ? 1 / 3 : 1, value },
    hyperparameters: { c },
  })
  const search = {
    ...{ metric: 'brier' as const, chosen: 2 },
    trials: [
      trial(0, 0, 1, -0.1),
      trial(0, 1, 9, null),
      trial(0, 2, 3, -0.05),
      trial(1, 2, 3, -0.04),
    ],
  } as RunInsight['searches'][number]

  it('stand step by step, the best first, with the one that was taken', () => {
    const rows = trialRows(search)
    expect(searchedNames(search)).toEqual(['c'])
    expect(rows.map(({ step, trial: number }) => [step, number])).toEqual([
      [1, 2],
      [0, 2],
      [0, 0],
      [0, 1],
    ])
    expect(rows.map(({ chosen }) => chosen)).toEqual([true, false, false, false])
    const { head, rows: cells } = trialTable([search, search])
    expect(head.map(({ text }) => text)).toContain('c')
    expect(cells).toHaveLength(8)
    expect(cells[0]).toEqual([1, 2, 2, 1, 3, -0.04, 'yes'])
  })
})
