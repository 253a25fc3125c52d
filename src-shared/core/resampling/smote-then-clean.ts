import type { SmoteAndCleaningChoice } from '../plan/sampling-choice.ts'
import { editedNearestNeighbors } from './edited-neighbors.ts'
import { grown } from './grown.ts'
import type { Provenance, Sampler, SamplingTask, Selection } from './sampler.ts'
import { smote } from './smote.ts'
import { tomekLinks } from './tomek-links.ts'

/** Neighbours that have to agree with a sample, made or not, for it to stay. */
const editingNeighbors = 3

/**
 * SMOTE, then what the edited-nearest-neighbour rule takes out of both classes, synthetic samples
 * included.
 *
 * Source: Batista, Prati, Monard (2004), "A Study of the Behavior of Several Methods for Balancing
 * Machine Learning Training Data", section 3.9.
 */
export const smoteEnn: Sampler<SmoteAndCleaningChoice> = (choice, task) =>
  smoteThen(choice, task, (result) =>
    editedNearestNeighbors({ neighbors: editingNeighbors, vote: 'all', removes: 'both' }, result),
  )

/** SMOTE, then both samples of every Tomek link go. Source: as `smoteEnn`, section 3.8. */
export const smoteTomek: Sampler<SmoteAndCleaningChoice> = (choice, task) =>
  smoteThen(choice, task, (result) => tomekLinks({ removes: 'both' }, result))

function smoteThen(
  choice: SmoteAndCleaningChoice,
  task: SamplingTask,
  clean: (task: SamplingTask) => Selection,
): Selection {
  const { original, wanted, classes } = task
  const grows = wanted.minority > classes.minority.length
  const nOriginal = original.yTrue.length
  const selection: Selection | null = grows ? smote(choice, task) : null
  if (selection === null) return clean(task)
  const { synthetic } = selection
  const set = grown(original, selection, task.checkpoint)
  const all = Int32Array.from(set.yTrue, (_, i) => i)
  const { minorityLabel } = classes
  const { kept } = clean({
    ...task,
    original: set,
    classes: {
      minority: all.filter((i) => set.yTrue[i] === minorityLabel),
      majority: all.filter((i) => set.yTrue[i] !== minorityLabel),
      minorityLabel,
    },
  })
  const made = kept.filter((i) => i >= nOriginal).map((i) => i - nOriginal)
  return { kept: kept.filter((i) => i < nOriginal), synthetic: some(synthetic, made) }
}

function some({ parent, neighbor, gap }: Provenance, made: Int32Array): Provenance {
  return {
    parent: made.map((s) => parent[s]!),
    neighbor: made.map((s) => neighbor[s]!),
    gap: Float64Array.from(made, (s) => gap[s]!),
  }
}
