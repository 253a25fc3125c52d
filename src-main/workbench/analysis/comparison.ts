import type {
  ChangedCases,
  ComparedRun,
  Estimate,
  RunComparison,
} from '#shared/contract/decision.ts'
import { comparisonSentence, verdictOf } from '#shared/core/decision/comparison-sentence.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import { rowOfJudgedSample } from '#shared/core/pipeline/set-apart.ts'
import { rightnessSentence } from '#shared/core/statistics/rightness-sentence.ts'
import type { WorkerPool } from '../../jobs/pool.ts'
import type { Handler } from '../desk/context.ts'
import { answered } from './answers.ts'
import { requireComparable } from './comparable.ts'
import { storedRun } from './stored-run.ts'
import type { StoredRun } from './stored-run.ts'

/** Runs side by side, each held against the first on the same cases. */
export const comparedRuns: Handler<'compare.runs'> = ({ runs }, context) => {
  const opened = context.project()
  const stored = runs.map((run) => storedRun(opened, run))
  requireComparable(stored, (versionId) => opened.project.datasets.get(versionId))
  const champion = stored[0]!
  const { experiment } = champion
  const labels = labelsOf(stored)
  return answered(
    opened,
    ['compare', ...stored.map(({ reference, known }) => [reference, known !== null])],
    (): Promise<RunComparison> =>
      opened.workbench.judge(
        experiment.id,
        Math.min(context.limits().workers, runs.length),
        opened.signal,
        async (pool, { data, frameFacts }) => {
          const folds = stored.map((run) => run.folds())
          const judged = Promise.all(
            stored.map(({ known }, i) => pool.run({ kind: 'judge', folds: folds[i]!, known })),
          )
          const differences = Promise.all(
            stored
              .slice(1)
              .map((_, i) =>
                pool.run({ kind: 'difference', folds: folds[i + 1]!, other: folds[0]! }),
              ),
          )
          const [judgements, gaps] = await Promise.all([judged, differences])
          const compared = stored.map((run, i): ComparedRun => {
            const { threshold, ...estimates } = judgements[i]!.result
            const gap = i === 0 ? null : gaps[i - 1]!.result
            const difference: Estimate | null =
              gap === null ? null : { value: gap.costPer1000, interval: gap.interval, reason: null }
            return {
              ...estimates,
              run: run.reference,
              untreated: run.untreated,
              threshold: threshold.value,
              feasible: threshold.feasible,
              shortfall: threshold.shortfall,
              difference,
              difference90: gap?.interval90 ?? null,
              verdict: verdictOf(
                gap === null ? null : { value: gap.costPer1000, interval: gap.interval },
                threshold.feasible ? null : (threshold.shortfall ?? 'it misses a constraint'),
              ),
            }
          })
          return {
            champion: champion.reference,
            runs: compared,
            sentence: comparisonSentence(
              compared.map(({ costPer1000, difference, verdict, feasible, shortfall }, i) => ({
                name: labels[i]!,
                costPer1000: costPer1000.value!,
                difference:
                  difference === null
                    ? null
                    : { value: difference.value!, interval: difference.interval },
                verdict,
                shortfall: feasible ? null : (shortfall ?? 'it misses one'),
              })),
              frameFacts,
            ),
            folds: data.plan.folds,
            cases: data.folds.reduce((sum, fold) => sum + (fold >= 0 ? 1 : 0), 0),
            casesPerDay: frameFacts.casesPerDay,
            prevalenceInUse: frameFacts.prevalenceInUse,
          }
        },
      ),
  )
}

/** Cases told one by one. */
const MOST_CASES = 500

/** Which cases two runs decide differently, what that is worth, and where they are. */
export const changedCases: Handler<'compare.changed'> = ({ first, second, slices }, context) => {
  const opened = context.project()
  const { workbench, signal } = opened
  const stored = [first, second].map((run) => storedRun(opened, run))
  requireComparable(stored, (versionId) => opened.project.datasets.get(versionId))
  const { experiment } = stored[0]!
  const [firstName, secondName] = labelsOf(stored)
  return answered(opened, ['changed', first, second, slices], (): Promise<ChangedCases> => {
    const look = async (pool: WorkerPool, data: ExperimentData): Promise<ChangedCases> => {
      const { result } = await pool.run({
        kind: 'changed',
        folds: stored[0]!.folds(),
        other: stored[1]!.folds(),
        most: MOST_CASES,
        slices,
      })
      const rows = rowOfJudgedSample(experiment.folds)
      const weights = data.decisionWeights
      const total =
        weights === null
          ? rows.length
          : weights.reduce((sum, weight, i) => sum + (data.folds[i]! >= 0 ? weight : 0), 0)
      return {
        first,
        second,
        kinds: result.kinds,
        cases: result.samples.map(({ sample, ...rest }) => ({ ...rest, row: rows[sample]! })),
        alike: result.alike,
        rightness: result.rightness,
        rightnessSentence: rightnessSentence(result.rightness, [firstName!, secondName!]),
        slices: result.slices,
        per1000: 1000 / total,
      }
    }
    return slices
      ? workbench.examine(experiment.id, signal, look)
      : workbench.judge(experiment.id, 1, signal, (pool, { data }) => look(pool, data))
  })
}

/** Names of the runs, with that of their experiment where two are called alike. */
function labelsOf(runs: readonly StoredRun[]): string[] {
  return runs.map(({ reference: { name }, experiment }) =>
    runs.filter(({ reference }) => reference.name === name).length > 1
      ? `${name} (${experiment.name})`
      : name,
  )
}
