/** Verdicts on worlds whose answer is known; `npm run worlds` judges many more of them. */
import { describe, expect, it } from 'vitest'
import { toJson } from '#shared/contract/json.ts'
import type { Column, Dataset } from '#shared/core/dataset/dataset.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import type { ExperimentRequest } from '#shared/core/pipeline/prepare-experiment.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import { judge, judgeWorld } from '../../support/worlds/judge-world.ts'
import { imbalanceEffect } from '../../support/worlds/imbalance-effect.ts'
import { tooFewPositives } from '../../support/worlds/too-few-positives.ts'
import { datasetOf, drawsOf, numeric, worldRoles } from '../../support/worlds/world.ts'
import { worlds } from '../../support/worlds/worlds.ts'
import { quickPlan, smallRequest } from '../../support/small-table.ts'

const engine = createKernelEngine(await loadKernels())
/** A busy machine takes its time. */
const patient = 180_000

function request(dataset: Dataset, changes: Partial<ExperimentRequest> = {}): ExperimentRequest {
  return {
    ...smallRequest(),
    dataset,
    roles: worldRoles,
    plan: quickPlan(['lr', 'lr_balanced']),
    ...changes,
  }
}

describe('the verdict', () => {
  const light = worlds.filter((world) => world !== imbalanceEffect)
  it.each(light.map((world) => [world.title, world] as const))(
    'is right in the world "%s"',
    (_, world) => {
      const kinds = [1, 2].map((seed) => judgeWorld(world, seed, engine).kind)
      expect(kinds).toEqual([world.answer, world.answer])
    },
    patient,
  )

  it(
    'is right in the world "imbalance effect"',
    () => {
      expect(judgeWorld(imbalanceEffect, 1, engine).kind).toBe('imbalance')
    },
    patient,
  )

  it(
    'is the same every time',
    () => {
      expect(toJson(judgeWorld(tooFewPositives, 3, engine))).toEqual(
        toJson(judgeWorld(tooFewPositives, 3, engine)),
      )
    },
    patient,
  )

  it(
    'finds that the cases have changed over time',
    () => {
      // What speaks for a positive in the first half speaks against it in the second.
      const draws = drawsOf('drift', 1)
      const n = 2400
      const yTrue = Uint8Array.from({ length: n }, () => (draws.stream.uniform() < 0.15 ? 1 : 0))
      const turned = (i: number): number => (i < n / 2 ? 1 : -1)
      const columns = [
        numeric(
          'x1',
          Float64Array.from(yTrue, (y, i) => draws.normal() + 2 * y * turned(i)),
        ),
        numeric(
          'x2',
          Float64Array.from(yTrue, (y) => draws.normal() + 0.8 * y),
        ),
      ]
      const times: Column = {
        kind: 'categorical',
        name: 'day',
        codes: Int32Array.from(yTrue, (_, i) => Math.floor(i / 100)),
        levels: Array.from({ length: 24 }, (_, i) => `2026-01-${String(i + 1).padStart(2, '0')}`),
      }
      const { columns: made } = datasetOf({ columns, given: yTrue, truth: yTrue })
      const dataset = { nRows: n, columns: [...made, times] }
      const timed = request(dataset, { roles: { ...worldRoles, time: 'day' } })
      const verdict = judge(prepareExperiment(timed), engine)
      expect(verdict.kind).toBe('drift')
      expect(verdict.evidence.periods!.earlier.samples).toBe(1200)
      // Without a time column nothing can be said of it.
      const untimed = request(dataset, { roles: { ...worldRoles, ignore: ['day'] } })
      expect(judge(prepareExperiment(untimed), engine).evidence.periods).toBeNull()
    },
    patient,
  )

  it(
    'has words and no NaN for one distinct score and for two positives in a fold',
    () => {
      const flat = numeric('flat', new Float64Array(300).fill(1))
      const given = Uint8Array.from({ length: 300 }, (_, i) => (i % 10 === 0 ? 1 : 0))
      const verdict = judge(
        prepareExperiment(request(datasetOf({ columns: [flat], given, truth: given }))),
        engine,
      )
      expect(verdict.kind).toBe('overlap')
      expect(verdict.evidence.ranking.rocAuc.value).toBe(0.5)
      expect(() => toJson(verdict)).not.toThrow()
      const few = Uint8Array.from({ length: 300 }, (_, i) => (i % 50 === 0 ? 1 : 0))
      const scarce = judge(
        prepareExperiment(request(datasetOf({ columns: [flat], given: few, truth: few }))),
        engine,
      )
      expect(scarce.kind).toBe('too_few_positives')
      expect(scarce.evidence.ranking.curveReason).toMatch(/too few positives/)
      expect(() => toJson(scarce)).not.toThrow()
    },
    patient,
  )
})
