/**
 * Holds the stated memory of a worker against what it really takes, for every kind of model and
 * sampler that a plan may hold, and for what a configuration may ask for besides. Prints the rows of
 * the table in docs/MEASURED.md.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { samplingKinds } from '#shared/core/plan/sampling-kinds.ts'
import type { SamplerKind } from '#shared/core/plan/sampling-kinds.ts'

interface Measured {
  readonly what: string
  readonly configuration: object
  readonly rows: number
  readonly columns: number
  /** Of the columns. */
  readonly categories?: number
}

const large = { rows: 100_000, columns: 40 }
/** For samplers that look for neighbours of every sample. */
const small = { rows: 15_000, columns: 30 }
const linear = { kind: 'logistic_regression' }
const boosted = { kind: 'gradient_boosting', iterations: 10 }

/** What keeps a model from taking minutes, none of which is about memory. */
const quick: Readonly<Record<string, object>> = {
  gradient_boosting: { iterations: 10 },
  multilayer_perceptron: { epochs: 3 },
}
const models = Object.keys(defaultModels).map((kind): Measured => ({
  what: kind,
  configuration: { model: { kind, ...quick[kind] } },
  ...large,
}))
const losses = ['ldam', 'hard_mining', 'self_paced'].map((kind): Measured => ({
  what: `gradient_boosting, ${kind}`,
  configuration: { model: { ...boosted, loss: { kind } } },
  ...large,
}))

const categoriesOf: Readonly<Partial<Record<SamplerKind, number>>> = {
  smote_n: small.columns,
  smote_nc: 5,
}
const searchesAll = (kind: SamplerKind): boolean =>
  samplingKinds[kind].does.endsWith('cleans') ||
  kind in categoriesOf ||
  ['near_miss', 'borderline_smote', 'svm_smote', 'adasyn', 'cluster_centroids'].includes(kind)
const samplers = (Object.keys(samplingKinds) as SamplerKind[]).map((kind): Measured => ({
  what: kind,
  configuration: { model: linear, sampling: { kind } },
  ...(searchesAll(kind) ? small : large),
  categories: categoriesOf[kind] ?? 0,
}))

const others = Object.entries({
  venn_abers: {
    model: linear,
    calibration: { correction: true, calibrator: 'venn_abers' },
  },
  cross_venn_abers: {
    model: linear,
    calibration: { correction: true, calibrator: 'cross_venn_abers' },
  },
  learning_curve: { model: boosted, insight: { learning_curve: {} } },
  contributions: { model: boosted, insight: { contributions: {} } },
  search: {
    model: { ...boosted, iterations: 5 },
    search: { trials: 4, ranges: { max_depth: { low: 2, high: 6, whole: true } } },
  },
}).map(([what, configuration]): Measured => ({ what, configuration, ...large }))

// Resident memory is read from there.
if (existsSync('/proc/self/clear_refs')) {
  it.each([...models, ...losses, ...samplers, ...others])(
    '$what',
    ({ what, configuration, rows, columns, categories = 0 }) => {
      const answer = execFileSync(
        process.execPath,
        [
          ...['--disable-warning=ExperimentalWarning', '--expose-gc'],
          join(import.meta.dirname, 'measure-run.ts'),
          ...[rows, columns, categories].map(String),
          JSON.stringify({ name: 'measured', ...configuration }),
        ],
        { encoding: 'utf8' },
      )
      const { stated, taken } = JSON.parse(answer) as Record<'stated' | 'taken', number>
      const ratio = stated / taken
      const [said, held] = [stated, taken].map((bytes) => Math.round(bytes / 1e6))
      console.log(`| ${what} | ${rows} × ${columns} | ${said} | ${held} | ${ratio.toFixed(2)} |`)
      expect(ratio).toBeGreaterThan(0.8)
      expect(ratio).toBeLessThan(2.5)
    },
    600_000,
  )
}
