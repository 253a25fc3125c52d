import { beforeAll, describe, expect, it } from 'vitest'
import { plainEngine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { auditLabelSignals, plantForAudit } from '#shared/core/pipeline/label-audit.ts'
import { gatherLabelEvidence, labelQueue } from '#shared/core/pipeline/label-evidence.ts'
import type { LabelEvidence } from '#shared/core/pipeline/label-evidence.ts'
import {
  finishLabelScan,
  labelScanModels,
  labelScanSteps,
  planLabelScan,
  runLabelScanStep,
} from '#shared/core/pipeline/label-scan.ts'
import type { LabelScanData, LabelScanPart } from '#shared/core/pipeline/label-scan.ts'

const N = 400
/** Quick stand-ins for two of the four models. */
const models = [
  labelScanModels[0]!,
  {
    name: 'gbdt',
    choice: { ...labelScanModels[1]!.choice, iterations: 15, maxDepth: 3 },
  },
] as typeof labelScanModels

/** A tenth positive where a + b is large, with a column of texts that says nothing. */
function madeTable(): LabelScanData {
  const stream = createStream(7, 'label table')
  const draw = (): Float64Array => Float64Array.from({ length: N }, () => stream.uniform())
  const [a, b] = [draw(), draw()]
  return {
    features: [
      { kind: 'numeric', name: 'a', values: a },
      { kind: 'numeric', name: 'b', values: b },
      {
        kind: 'categorical',
        name: 'c',
        codes: Int32Array.from(a, () => stream.below(3)),
        levels: ['x', 'y', 'z'],
      },
    ],
    given: Uint8Array.from(a, (value, i) => (value + b[i]! > 1.5 ? 1 : 0)),
    sampleWeights: null,
    groups: null,
  }
}

function scan(data: LabelScanData): LabelEvidence {
  const plan = planLabelScan(data, { seed: 2, repeats: 2, nFolds: 3, models })
  const parts = labelScanSteps(plan).map((step) =>
    runLabelScanStep(data, plan, step, noCheckpoint, plainEngine),
  )
  // The order in which workers finish changes nothing.
  const scores = finishLabelScan(plan, parts.toReversed())
  return gatherLabelEvidence(data, scores, { seed: 2, engine: plainEngine })
}

describe('label scan', () => {
  const clean = madeTable()
  const { data, flips } = plantForAudit(clean, 1, 10, 4)
  let evidence: LabelEvidence
  beforeAll(() => {
    evidence = scan(data)
  })

  it('finds most of the positives that were planted as negatives', () => {
    const audit = auditLabelSignals(evidence, flips)
    const combined = audit.find(({ signal }) => signal === 'combined')!
    expect(combined.recallAtK).toBeGreaterThanOrEqual(0.7)
    expect(audit.map(({ signal }) => signal)).toContain('area under the margin')
    expect(audit[0]!.recallAtK).toBeGreaterThanOrEqual(audit.at(-1)!.recallAtK)
  })

  it('queues every sample once, by falling score, with reasons', () => {
    const queue = labelQueue(data.given, evidence, { negative: 'no', positive: 'yes' })
    expect(queue.map(({ sample }) => sample).sort((a, b) => a - b)).toEqual([...data.given.keys()])
    const scores = queue.map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    expect(queue.every(({ reasons }) => reasons.length > 0)).toBe(true)
    expect(queue[0]!.reasons.join(' ')).toContain('labelled yes')
    expect(labelQueue(data.given, evidence, { negative: 'no', positive: 'yes' }, 5)).toEqual(
      queue.slice(0, 5),
    )
  })

  it('gives the same result a second time', () => {
    const again = scan(data)
    expect(again.suspicion.order).toEqual(evidence.suspicion.order)
    expect(again.areaUnderMargin).toEqual(evidence.areaUnderMargin)
  })

  it('judges no sample by a model that saw its label', () => {
    const plan = planLabelScan(data, { seed: 2, repeats: 1, nFolds: 3, models })
    const [step] = labelScanSteps(plan)
    const judged = (given: Uint8Array): LabelScanPart =>
      runLabelScanStep({ ...data, given }, plan, step!, noCheckpoint, plainEngine)
    const before = judged(data.given)
    const turned = data.given.slice()
    for (const sample of before.samples) turned[sample] = 1 - turned[sample]!
    expect(judged(turned).probabilities).toEqual(before.probabilities)
  })

  it('takes the folds it is given as the first repeat and draws others', () => {
    const firstFolds = Int32Array.from({ length: N }, (_, i) => i % 4)
    const { folds } = planLabelScan(data, { seed: 2, repeats: 3, firstFolds })
    expect(folds[0]).toBe(firstFolds)
    expect(folds[1]).not.toEqual(folds[2])
  })

  it('refuses parts that do not judge every sample', () => {
    const plan = planLabelScan(data, { seed: 2, repeats: 1, nFolds: 3, models })
    expect(() => finishLabelScan(plan, [])).toThrow('every sample once')
    expect(() => planLabelScan(data, { seed: 2, repeats: 0 })).toThrow('repeats')
  })
})
