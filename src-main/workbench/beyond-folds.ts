/** What is fitted when the folds of an experiment are done, and what that says of them. */
import { setApartData } from '#shared/core/pipeline/final-test.ts'
import { guaranteedThreshold, noGuaranteeBecause } from '#shared/core/pipeline/guarantee.ts'
import { inView, judgedView } from '#shared/core/pipeline/judged-view.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import type { PreparedExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { foldCost, redrawn, repeatedDifference } from '#shared/core/pipeline/repeated-folds.ts'
import type { FoldCost } from '#shared/core/pipeline/repeated-folds.ts'
import { CALIBRATES } from '#shared/core/pipeline/set-apart.ts'
import type { AnalysisResults } from '#shared/core/report/analysis.ts'
import type { Experiment } from '../store/experiments.ts'
import type { Project } from '../store/project.ts'
import type { Progress } from './pace.ts'
import { withPool } from './with-pool.ts'
import type { PoolSource } from './with-pool.ts'

/** Results before they are held against the guardrails. */
type Measured = Omit<AnalysisResults, 'guardrails'>

/** Where the experiment comes from. */
interface Ground {
  readonly services: PoolSource & { readonly project: Project }
  /** The experiment as it was asked for, on the whole table. */
  readonly request: () => Parameters<typeof setApartData>[0]
}

/** The solver's answer with a threshold that can be promised, where that can be tested. */
export async function withGuarantee(
  measured: Measured,
  { data }: PreparedExperiment,
  { id, folds }: Experiment,
  { services, request }: Ground,
  signal: AbortSignal,
): Promise<Measured> {
  const { operatingPoint } = measured
  const because = noGuaranteeBecause(data)
  if (because !== null) {
    return { ...measured, operatingPoint: { ...operatingPoint, guaranteeReason: because } }
  }
  const { configuration } = operatingPoint
  const unseen = setApartData(request(), folds, CALIBRATES, measured.dataset.features)
  const { result } = await withPool(services, unseen, 1, signal, (pool) =>
    pool.run({ kind: 'fold', configuration, fold: 0 }),
  )
  const view = judgedView(data)
  const run = inView(
    layOutOfFold(
      services.project.experiments.loadFoldResults(id, configuration),
      data.yTrue.length,
      data.folds,
    ),
    view,
  )
  return {
    ...measured,
    operatingPoint: {
      ...operatingPoint,
      guarantee: guaranteedThreshold(view.data, run, { data: unseen, result }, operatingPoint),
      guaranteeReason: null,
    },
  }
}

/** The difference of champion and opponent on further divisions into folds, where asked for. */
export async function withRepeats(
  measured: Measured,
  { data }: PreparedExperiment,
  { id }: Experiment,
  { services }: Ground,
  workers: number,
  watch: { readonly onProgress: (progress: Progress) => void; readonly signal: AbortSignal },
): Promise<Measured> {
  const repeats = data.plan.validation?.repeats ?? 1
  const { champion, difference } = measured.comparison
  // Two thresholds of one run differ by no fold: then it is held against the cheapest other run.
  const opponent =
    difference !== null && difference.opponent !== champion.name
      ? difference.opponent
      : measured.comparison.ledger
          .filter(({ name, rule }) => rule === 'tuned' && name !== champion.name)
          .toSorted((a, b) => a.costPer1000 - b.costPer1000)[0]?.name
  if (repeats < 2 || opponent === undefined) return measured
  const names = [champion.name, opponent] as const
  const { experiments } = services.project
  const kept = experiments.loadRepeatedFolds(id)
  const folds = names.map((name) =>
    Array.from(experiments.loadFoldResults(id, name), (fold) => foldCost(data, fold)),
  )
  let done = 0
  const told = (folds: number, repeat: number): void => {
    done += folds
    watch.onProgress({
      stage: 'evaluation',
      fraction: done / ((repeats - 1) * names.length * data.plan.folds),
      secondsLeft: null,
      detail: `Folds drawn anew, ${repeat} of ${repeats - 1}`,
    })
  }
  for (let repeat = 1; repeat < repeats; repeat++) {
    const drawn = redrawn(data, repeat)
    const known = (configuration: string, fold: number): FoldCost | undefined =>
      kept.find(
        (one) => one.configuration === configuration && one.repeat === repeat && one.fold === fold,
      )
    const wanted = names.flatMap((configuration) =>
      Array.from({ length: data.plan.folds }, (_, fold) => ({ configuration, fold })),
    )
    const before = wanted.map(({ configuration, fold }) => known(configuration, fold))
    const costs = before.every((cost) => cost !== undefined)
      ? before
      : await withPool(services, drawn, workers, watch.signal, (pool) =>
          Promise.all(
            wanted.map(async ({ configuration, fold }, i): Promise<FoldCost> => {
              const cost = before[i]
              if (cost !== undefined) return cost
              const { result } = await pool.run({ kind: 'fold', configuration, fold })
              const found = foldCost(drawn, result)
              experiments.saveRepeatedFold(id, { configuration, repeat, fold, ...found })
              told(1, repeat)
              return found
            }),
          ),
        )
    told(before.filter((cost) => cost !== undefined).length, repeat)
    costs.forEach((cost, i) => folds[Math.floor(i / data.plan.folds)]!.push(cost))
  }
  const nSamples = data.yTrue.length
  const found = repeatedDifference(nSamples, folds[0]!, folds[1]!)
  const repeated = { champion: names[0], opponent: names[1], repeats, ...found }
  return { ...measured, repeated }
}
