/**
 * Trees on balanced draws from the commoner class that begin with all of it alike and come to dwell
 * on what is hard.
 *
 * The hardness of a sample is |p − y| by the trees so far. The commoner class is cut into steps of
 * equal width between its least and its largest hardness; with h the mean hardness of a step and
 * α = tan(π i / 2 n) for tree i of n, its share of the draw is in proportion to
 *
 *     1 / (h + α)
 *
 * so that the first trees draw equal contributions of hardness from every step, mostly easy samples,
 * and the last ones equal numbers, which gives the few hard ones their say while a skeleton of easy
 * ones keeps noise from taking over. The rarer class is always there as a whole.
 *
 * Source: Liu, Cao, Gao, Bian, Chen, Chang and Liu (2020), "Self-paced Ensemble for Highly
 * Imbalanced Massive Data Classification", ICDE, algorithm 1.
 */
import type { FitMeans } from '../kernels.ts'
import type { TreeEnsemble } from '../kernels/trees.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { sampleWithoutReplacement } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import type { SelfPacedEnsembleChoice } from '../plan/plan.ts'
import { openBinnedTrees } from './binned-trees.ts'
import { drawBalanced, drawableSamples } from './draw-samples.ts'
import {
  fillRandom,
  requireGrowth,
  rulesOf,
  shareOf,
  streamOf,
  takeDrawn,
  votesOf,
} from './tree-votes.ts'
import type { TreeVotes } from './tree-votes.ts'
import type { FitReport, TrainingSet } from './training-set.ts'

export interface SelfPacedEnsembleModel extends TreeVotes {
  readonly kind: 'self_paced_ensemble'
}

/**
 * Fits a self-paced ensemble of voting trees.
 *
 * @returns `iterations` counts the trees.
 * @throws RangeError when a hyperparameter is out of its range.
 */
export function fitSelfPacedEnsemble(
  choice: SelfPacedEnsembleChoice,
  train: TrainingSet,
  checkpoint: Checkpoint,
  { engine, stream }: FitMeans,
): { readonly model: SelfPacedEnsembleModel; readonly report: FitReport } {
  requireGrowth(choice, choice.trees)
  const { trees: nTrees, hardnessBins } = choice
  const seed = stream.uint32()
  const { votes, report } = votesOf(train, checkpoint, (whole) => {
    const binned = openBinnedTrees(train, choice.bins, engine, partOf(checkpoint, 0, 0.2))
    try {
      const { features, weights, yTrue } = binned
      if (features === null) return []
      const drawable = drawableSamples(yTrue, whole)
      const { minority, majority } = drawable
      const forest = binned.openForest(rulesOf(choice, features.column.length), 2 * minority.length)
      const sums = new Float64Array(yTrue.length) // of the shares that trees give each sample
      const counts = new Int32Array(yTrue.length)
      const hardness = new Float64Array(majority.length)
      const trees: TreeEnsemble[] = []
      for (let tree = 0; tree < nTrees; tree++) {
        const drawing = streamOf(seed, tree)
        counts.fill(0)
        if (tree === 0) drawBalanced(drawable)(drawing, counts)
        else {
          for (const sample of minority) counts[sample] = 1
          for (let i = 0; i < majority.length; i++) {
            const sample = majority[i]!
            hardness[i] = Math.abs(sums[sample]! / tree - yTrue[sample]!)
          }
          const pace = (tree - 1) / Math.max(1, nTrees - 2)
          const drawn = drawByHardness(hardness, minority.length, hardnessBins, pace, drawing)
          for (const position of drawn) counts[majority[position]!] = 1
        }
        engine.forest.growTrees(
          forest,
          {
            nTrees: 1,
            prepare(_, work) {
              fillRandom(work, drawing)
              return takeDrawn(work, counts, weights, yTrue)
            },
            collect(_, work, nNodes) {
              trees.push(binned.treeOf(work, nNodes, shareOf))
              const { positive, total } = work.nodes
              binned.addLeaves(work, (node) => positive[node]! / total[node]!, sums)
            },
          },
          partOf(checkpoint, 0.2 + (0.79 * tree) / nTrees, 0.2 + (0.79 * (tree + 1)) / nTrees),
        )
      }
      return trees
    } finally {
      binned.close()
    }
  })
  return { model: { kind: 'self_paced_ensemble', ...votes }, report }
}

/**
 * Draws by hardness, without replacement.
 *
 * @param pace From 0, where hardness decides alone, to 1, where every step is drawn from alike.
 * @returns Positions in `hardness`, ascending; `count` of them, or all where there are no more.
 */
export function drawByHardness(
  hardness: Float64Array,
  count: number,
  nSteps: number,
  pace: number,
  stream: RandomStream,
): Int32Array {
  const least = hardness.reduce((a, b) => Math.min(a, b), Infinity)
  const width = (hardness.reduce((a, b) => Math.max(a, b), -Infinity) - least) / nSteps
  const steps = Array.from({ length: nSteps }, (): number[] => [])
  hardness.forEach((value, position) => {
    const step = width > 0 ? Math.min(nSteps - 1, Math.floor((value - least) / width)) : 0
    steps[step]!.push(position)
  })
  const sharesOf = (alpha: number): number[] =>
    steps.map((positions) => {
      if (positions.length === 0) return 0
      const mean = positions.reduce((sum, at) => sum + hardness[at]!, 0) / positions.length
      return alpha === Infinity ? 1 : 1 / (mean + alpha + SMALLEST_HARDNESS)
    })
  const shares = sharesOf(pace >= 1 ? Infinity : tangent(pace))
  const drawn = countsBy(shares, Math.min(count, hardness.length), (step) => steps[step]!.length)
  const chosen = steps.flatMap((positions, step) => [
    ...sampleWithoutReplacement(Int32Array.from(positions), drawn[step]!, stream),
  ])
  return Int32Array.from(chosen).sort()
}

const SMALLEST_HARDNESS = 1e-6 // so that what is never missed doesn't take the whole draw

/**
 * tan(π x / 2) for x in [0, 1), within 0.4 %: how fast the pace quickens needs no more, and engines
 * differ in the last bits of Math.tan. The value is right at both ends.
 */
function tangent(x: number): number {
  const slope = Math.PI / 2
  return (x * (slope + (4 / Math.PI - slope) * x * x)) / (1 - x * x)
}

/** Whole numbers in proportion to `shares` that sum to `count`, none above what there is. */
function countsBy(
  shares: readonly number[],
  count: number,
  available: (step: number) => number,
): number[] {
  const counts = shares.map(() => 0)
  let left = count
  let open = shares.map((_, step) => step).filter((step) => available(step) > 0)
  while (left > 0) {
    const total = open.reduce((sum, step) => sum + shares[step]!, 0)
    const before = left
    for (const step of open) {
      const wanted = Math.floor((before * shares[step]!) / total)
      const given = Math.min(wanted, available(step) - counts[step]!, left)
      counts[step]! += given
      left -= given
    }
    open = open.filter((step) => counts[step]! < available(step))
    if (left === before) {
      // Less than one for each: the ones of most weight first.
      for (const step of [...open].sort((a, b) => shares[b]! - shares[a]!)) {
        if (left === 0) break
        counts[step]!++
        left--
      }
    }
  }
  return counts
}
