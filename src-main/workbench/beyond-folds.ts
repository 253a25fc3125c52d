/** What is fitted when the folds of an experiment are done, and what that says of them. */
import { setApartData } from '#shared/core/pipeline/final-test.ts'
import { guaranteedThreshold, noGuaranteeBecause } from '#shared/core/pipeline/guarantee.ts'
import { inView, judgedView } from '#shared/core/pipeline/judged-view.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import type { PreparedExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { redrawn, repeatedDifference } from '#shared/core/pipeline/repeated-folds.ts'
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
  const names = [champion.name, opponent]
  const results = names.map((name) => [...services.project.experiments.loadFoldResults(id, name)])
  for (let repeat = 1; repeat < repeats; repeat++) {
    await withPool(services, redrawn(data, repeat), workers, watch.signal, async (pool) => {
      const done = await Promise.all(
        names.map((configuration) =>
          Promise.all(
            Array.from({ length: data.plan.folds }, (_, fold) =>
              pool.run({ kind: 'fold', configuration, fold }).then(({ result }) => result),
            ),
          ),
        ),
      )
      done.forEach((folds, i) => results[i]!.push(...folds))
    })
    watch.onProgress({
      stage: 'evaluation',
      fraction: repeat / (repeats - 1),
      secondsLeft: null,
      detail: `Folds drawn anew, ${repeat} of ${repeats - 1}`,
    })
  }
  const found = repeatedDifference(data, results[0]!, results[1]!)
  const repeated = { champion: names[0]!, opponent: names[1]!, repeats, ...found }
  return { ...measured, repeated }
}
