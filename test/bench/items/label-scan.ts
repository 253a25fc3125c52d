import type { Engine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { gatherLabelEvidence } from '#shared/core/pipeline/label-evidence.ts'
import type { LabelEvidence } from '#shared/core/pipeline/label-evidence.ts'
import {
  finishLabelScan,
  labelScanModels,
  labelScanSteps,
  planLabelScan,
  runLabelScanStep,
} from '#shared/core/pipeline/label-scan.ts'
import type { LabelScanData } from '#shared/core/pipeline/label-scan.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import type { BenchItem } from '../bench-item.ts'

const REPEATS = 5

interface State {
  readonly data: LabelScanData
  readonly engine: Engine
  evidence: LabelEvidence | null
}

export const item: BenchItem<State> = {
  name: 'label-scan',
  about: 'label scan: 5 repeats of a boosted model over 5 folds, and all signals',
  async prepare({ table }) {
    const { nSamples, nFeatures } = table
    const X = table.readStandardized()
    return {
      data: {
        features: Array.from({ length: nFeatures }, (_, feature) => ({
          kind: 'numeric' as const,
          name: `V${feature + 1}`,
          values: Float64Array.from({ length: nSamples }, (_, i) => X[i * nFeatures + feature]!),
        })),
        given: table.readLabels(),
        sampleWeights: null,
        groups: null,
      },
      engine: createKernelEngine(await loadKernels()),
      evidence: null,
    }
  },
  run(state) {
    const { data, engine } = state
    const models = labelScanModels.filter(({ name }) => name === 'gbdt')
    const plan = planLabelScan(data, { seed: 1, repeats: REPEATS, models })
    const parts = labelScanSteps(plan).map((step) =>
      runLabelScanStep(data, plan, step, noCheckpoint, engine),
    )
    state.evidence = gatherLabelEvidence(data, finishLabelScan(plan, parts), { seed: 1, engine })
  },
  check: ({ evidence }) => ({ issues: evidence!.issues.length }),
}
