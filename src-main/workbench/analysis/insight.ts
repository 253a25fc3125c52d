/** How a run came about: gradient flow, trials, and what made-up samples were made from. */
import type { FoldProvenance, RunInsight, SyntheticExample } from '#shared/contract/decision.ts'
import { flowEnds } from '#shared/core/insight/flow-ends.ts'
import { rowsInUse } from '#shared/core/pipeline/set-apart.ts'
import type { SamplePassport } from '#shared/core/pipeline/synthetic-passport.ts'
import { samplingKinds } from '#shared/core/plan/sampling-kinds.ts'
import type { SamplingChoice } from '#shared/core/plan/plan.ts'
import type { Experiment } from '../../store/experiments.ts'
import type { Handler, OpenedProject } from '../desk/context.ts'
import { storedRun } from './stored-run.ts'

/** Made-up samples that are shown whole: so many of each fold, and in all. */
const examples = { perFold: 2, inAll: 6 } as const
/** Columns of an example, at most. */
const mostColumns = 60

export const insightOfRun: Handler<'run.insight'> = ({ run }, context): RunInsight => {
  const opened = context.project()
  const { experiment } = storedRun(opened, run)
  const notes = opened.project.experiments.loadFoldNotes(experiment.id)
  const own = notes.filter(({ configuration }) => configuration === run.name)
  const byRun = Map.groupBy(notes, ({ configuration }) => configuration)
  return {
    run,
    flows: own.map(({ flow }) => flow),
    ends: [...byRun].flatMap(([name, folds]) => {
      const end = flowEnds(folds.flatMap(({ flow }) => flow ?? []))
      return end === null ? [] : [{ name, end }]
    }),
    searches: own.flatMap(({ search }) => search ?? []),
    proof: own.map(({ fold, passport }) =>
      provenance(experiment, fold, passport?.madeFrom ?? null),
    ),
    examples: own
      .flatMap(({ fold, passport }) =>
        (passport?.samples ?? []).slice(0, examples.perFold).map((sample) => ({ fold, sample })),
      )
      .slice(0, examples.inAll)
      .map(({ fold, sample }) => exampleOf(opened, experiment, run.name, fold, sample)),
  }
}

function provenance(
  { folds }: Experiment,
  fold: number,
  madeFrom: FoldProvenance['madeFrom'],
): FoldProvenance {
  return { fold, judged: folds.reduce((sum, one) => sum + (one === fold ? 1 : 0), 0), madeFrom }
}

/** A made-up sample beside the real ones that it lies between and amid, in the values of the table. */
function exampleOf(
  { project }: OpenedProject,
  { datasetVersionId, roles, plan, folds }: Experiment,
  name: string,
  fold: number,
  { parent, neighbor, gap, nearest, impossible }: SamplePassport,
): SyntheticExample {
  const version = project.datasets.get(datasetVersionId)!
  const taken = new Set([roles.target, roles.id, roles.time, roles.group, roles.weight])
  const positions = version.columns
    .flatMap((column, i) =>
      taken.has(column.name) || roles.ignore.includes(column.name) ? [] : [i],
    )
    .slice(0, mostColumns)
  // Rows that are set apart are no samples.
  const rows = rowsInUse(folds)
  const rowOf = (sample: number): number => rows?.[sample] ?? sample
  const read = (sample: number): readonly (string | number | null)[] =>
    project.rows.read(datasetVersionId, positions, rowOf(sample), 1).map((column) => {
      if (column.kind === 'numeric') {
        const value = column.values[0]!
        return Number.isNaN(value) ? null : value
      }
      const code = column.codes[0]!
      return code < 0 ? null : column.textOf(code)
    })
  const majority = nearest.find(({ isMajority }) => isMajority)?.sample ?? null
  const values = {
    parent: read(parent),
    neighbor: read(neighbor),
    majority: majority === null ? null : read(majority),
  }
  const { sampling } = plan.configurations.find((one) => one.name === name)!
  return {
    fold,
    parentRow: rowOf(parent) + 1,
    neighborRow: rowOf(neighbor) + 1,
    majorityRow: majority === null ? null : rowOf(majority) + 1,
    gap,
    majorityNearby: nearest.filter(({ isMajority }) => isMajority).length,
    columns: positions.map((position, i) => {
      const column = version.columns[position]!.name
      return {
        name: column,
        parent: values.parent[i]!,
        made: between(values.parent[i]!, values.neighbor[i]!, gap, sampling),
        neighbor: values.neighbor[i]!,
        majority: values.majority?.[i] ?? null,
        impossible: impossible.includes(column),
      }
    }),
  }
}

/** The value that a sampler gave to a sample between two others. */
function between(
  a: string | number | null,
  b: string | number | null,
  gap: number,
  sampling: SamplingChoice,
): string | number | null {
  if (typeof a === 'number' && typeof b === 'number') return a + gap * (b - a)
  if (a === b) return a
  // Where one lacks a number it is the other's.
  if (typeof a === 'number' || typeof b === 'number') return a ?? b
  if (sampling.kind === 'none' || samplingKinds[sampling.kind].makes !== 'between') return null
  const share = Math.round(100 * gap)
  return `${100 - share} % ${a ?? 'missing'}, ${share} % ${b ?? 'missing'}`
}
