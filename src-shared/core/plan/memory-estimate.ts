/**
 * How much memory a run needs, from counts alone: said before it starts, and refused where there
 * isn't as much.
 *
 * The table lies in shared memory once. What comes on top is mostly what one worker holds while it
 * fits: the encoded training set in doubles, twice where sampling adds to it, and the copies that
 * a model makes of it. Judged samples are encoded in blocks and hardly count. The constants were
 * measured; test/chaos/memory.chaos.ts holds the estimate against what runs really take.
 */
import { categoricalsInUse, isBalancedModel, lossOfModel } from './plan.ts'
import type { Configuration, ModelChoice, Plan, SingleModelChoice } from './plan.ts'
import { modelAtUpperEnds } from './search-ranges.ts'
import { resampledCounts } from './resampled-counts.ts'
import type { ClassCounts } from './resampled-counts.ts'
import { samplingKinds } from './sampling-kinds.ts'
import type { SamplingChoice } from './sampling-choice.ts'

export interface MemoryFacts {
  readonly positives: number
  readonly negatives: number
  /** Features after encoding, at most. */
  readonly nFeatures: number
  /** Columns of one byte that trees make of them: 0/1 features of a category share some. */
  readonly nByteColumns: number
  /** Features where every column of categories is one; each has a byte column. */
  readonly nFeaturesOfCodes: number
  /** Whether numbers are missing, which are filled in after sampling; not when left out. */
  readonly hasMissing?: boolean
  /** The table and what else lies in shared memory. */
  readonly sharedBytes: number
  /** Texts of categories, of which every worker has a copy. */
  readonly textBytes: number
}

export interface MemoryEstimate {
  /** Everything, in bytes. */
  readonly total: number
  /** How much of it each worker takes. */
  readonly perWorker: number
  /** Name of the configuration whose fit takes most. */
  readonly largest: string
}

const megabyte = 2 ** 20

/** The program itself, with an open project. */
const programBytes = 105 * megabyte

/** A thread: its heap, its code, and a block of samples that it scores. */
const threadBytes = 50 * megabyte

/**
 * Arrays that are garbage already, since they are freed in bulk: so much, but no more than some
 * times what a thread works on; and a share of what it allocates anew for every fit.
 */
const garbage = { bytes: 110 * megabyte, times: 4, share: 1 } as const

/** Per sample of a training set: its index, label, weights and scores, and sorting a feature. */
const fitBytesPerSample = 64

/** Per sample, while a run is evaluated: predictions, their order, alike samples, cost curves. */
const evaluateBytesPerSample = 260

/** Per sample and competitor in the comparison: decision and cost; and per sample on top. */
const compareBytes = { perCompetitor: 9, perSample: 48 } as const

/** Per sample and configuration: a fold result until it is evaluated; what the run keeps. */
const heldBytes = { foldResult: 28, decisions: 3 } as const

/**
 * @param workers ≥ 1.
 * @param nHeld   Configurations whose fold results are held at a time, at most.
 */
export function estimateMemory(
  plan: Plan,
  facts: MemoryFacts,
  workers: number,
  nHeld: number,
): MemoryEstimate {
  const nSamples = facts.positives + facts.negatives
  const { configurations } = plan
  let fit = 0
  let largest = ''
  for (const configuration of configurations) {
    const bytes = fitBytes(plan, facts, configuration, workers)
    if (bytes <= fit) continue
    fit = bytes
    largest = configuration.name
  }
  const work = Math.max(fit, withGarbage(0, nSamples * evaluateBytesPerSample))
  const perWorker = threadBytes + facts.textBytes + work
  const held =
    nSamples * (heldBytes.foldResult * nHeld + heldBytes.decisions * configurations.length)
  const comparison =
    nSamples * (compareBytes.perSample + compareBytes.perCompetitor * 3 * configurations.length)
  return {
    total:
      programBytes +
      facts.textBytes +
      facts.sharedBytes +
      Math.max(workers * perWorker + held, perWorker + comparison),
    perWorker,
    largest,
  }
}

/**
 * What a worker holds while it fits a configuration on the training samples of an outer fold.
 * Without work of their own, all the others may help it.
 */
function fitBytes(
  plan: Plan,
  facts: MemoryFacts,
  configuration: Configuration,
  workers: number,
): number {
  const { positives, negatives } = facts
  const { sampling, search } = configuration
  const model =
    search === undefined
      ? configuration.model
      : modelAtUpperEnds(configuration.model, search.ranges)
  const asCodes = categoricalsInUse(configuration) === 'native'
  const nFeatures = asCodes ? facts.nFeaturesOfCodes : facts.nFeatures
  const nByteColumns = asCodes ? facts.nFeaturesOfCodes : facts.nByteColumns
  const share = 1 - 1 / plan.folds
  const before = share * (positives + negatives)
  const counts = resampledCounts(sampling, negatives, positives)
  const after = share * (counts.positives + counts.negatives)
  const encoded = 8 * nFeatures * samplesEncoded(sampling, before, after, facts)
  const rest =
    fitBytesPerSample * before +
    samplerBytes(sampling, before) +
    bytesOfModel(model, share, counts, nFeatures, nByteColumns, workers)
  return withGarbage(encoded, rest)
}

/** Samples whose features lie in memory while a set is sampled: before, after, and filled in. */
function samplesEncoded(
  sampling: SamplingChoice,
  before: number,
  after: number,
  { hasMissing = false }: MemoryFacts,
): number {
  if (sampling.kind === 'none') return before
  const { reads } = samplingKinds[sampling.kind]
  const isFilledIn = reads === 'codes' || (reads === 'features' && hasMissing)
  // Clusters are searched for in a copy, and the sample nearest to each centre in another.
  const copies = 'clusters' in sampling || 'voting' in sampling ? 2 * before : 0
  return before + after + copies + (isFilledIn ? after : 0)
}

/** Positions, distances and neighbours per sample; and the kernel values of support vectors. */
function samplerBytes({ kind }: SamplingChoice, before: number): number {
  if (kind === 'none' || samplingKinds[kind].reads === 'labels') return 0
  return 64 * before + (kind === 'svm_smote' ? 8 * Math.min(before, 3000) ** 2 : 0)
}

/** @param passing Allocated anew for every fit; `rest` is used again. */
function withGarbage(passing: number, rest: number): number {
  const { bytes, times, share } = garbage
  return passing + rest + Math.min(bytes, times * (passing + rest)) + share * passing
}

/** What a loss keeps of each sample: logits, margins and factors of those that choose samples. */
function lossBytesPerSample(model: Configuration['model']): number {
  const { kind } = lossOfModel(model)
  return kind === 'hard_mining' || kind === 'self_paced' ? 64 : kind === 'ldam' ? 8 : 0
}

function bytesOfModel(
  model: ModelChoice,
  share: number,
  counts: ClassCounts,
  nFeatures: number,
  nByteColumns: number,
  nThreads: number,
): number {
  const nSamples = share * (counts.positives + counts.negatives)
  if (model.kind === 'two_stage') {
    const stages = [model.gate, model.filter].map((stage) =>
      bytesOfModel(stage, share, counts, nFeatures + 1, nByteColumns + 1, nThreads),
    )
    // The samples that pass, in doubles, and as many while a fold of the gate is fitted.
    return Math.max(...stages) + nSamples * (8 * (nFeatures + 1) + 48)
  }
  return isOfTrees(model)
    ? treesBytes(model, share, counts, nFeatures, nByteColumns, nThreads)
    : modelBytes(model, nSamples, nFeatures, nByteColumns, nThreads)
}

/** Classification trees of any kind. */
type TreesChoice = Exclude<SingleModelChoice, OtherChoice>
type OtherChoice = Extract<
  ModelChoice,
  {
    kind:
      | 'logistic_regression'
      | 'gradient_boosting'
      | 'multilayer_perceptron'
      | 'gaussian_naive_bayes'
      | 'isolation_forest'
  }
>

const treeKinds: ReadonlySet<ModelChoice['kind']> = new Set([
  'decision_tree',
  'random_forest',
  'balanced_random_forest',
  'balanced_bagging',
  'self_paced_ensemble',
  'easy_ensemble',
  'rus_boost',
] satisfies TreesChoice['kind'][])

function isOfTrees(model: SingleModelChoice): model is TreesChoice {
  return treeKinds.has(model.kind)
}

/** Per node of a tree while it grows; of a model, twice while its trees are joined. */
const nodeBytes = { growing: 48, kept: 2 * 30 } as const

/** Leaves per sample of the rarer class: a tree of unbounded depth parts each from the others. */
const leavesPerMinority = 4

/** Columns of bytes, weights and values of the samples that are binned; a tree for each thread. */
function treesBytes(
  model: TreesChoice,
  share: number,
  { positives, negatives }: ClassCounts,
  nFeatures: number,
  nByteColumns: number,
  nThreads: number,
): number {
  const all = share * (positives + negatives)
  const minority = share * Math.min(positives, negatives)
  const isBalanced = isBalancedModel(model)
  const drawn = isBalanced && model.kind !== 'rus_boost' ? 2 * minority : all
  const nTrees =
    'trees' in model ? model.trees : 'members' in model ? model.members * model.rounds : 1
  // Where members draw little, only what some of them draw is binned, from a copy.
  const nDraws = 'members' in model ? model.members : 'trees' in model ? model.trees : 1
  const isSparse = isBalanced && model.kind !== 'rus_boost' && model.kind !== 'self_paced_ensemble'
  const binned = isSparse ? Math.min(all, (nDraws + 1) * minority) : all
  const copied = isSparse ? 8 * nFeatures * binned : 0
  const leaves = 'maxDepth' in model ? Math.min(drawn, leavesPerMinority * minority) : 2
  const depth = 'maxDepth' in model ? (model.maxDepth ?? Infinity) : 1
  const nodes = 2 * Math.min(leaves, depth < 30 ? 1 << depth : Infinity)
  const perThread = 16 * binned + 8 * drawn + nodeBytes.growing * nodes
  return (
    copied +
    binned * (nByteColumns + 80) +
    nThreads * perThread +
    nTrees * nodes * nodeBytes.kept +
    8 * all
  )
}

function modelBytes(
  model: OtherChoice,
  nSamples: number,
  nFeatures: number,
  nByteColumns: number,
  nThreads: number,
): number {
  if (model.kind === 'gradient_boosting') {
    const { growth, maxDepth, maxLeaves = 31 } = model
    const histogram = 16 * model.bins * nByteColumns
    const histograms = (growth === 'leaf' ? maxLeaves : maxDepth + 1) * histogram
    // A helper has a histogram and the codes and derivatives of a pass of 1,024 samples.
    const helpers = (nThreads - 1) * (histogram + 1024 * (nByteColumns + 16))
    const perSample = 3 * nByteColumns + 64 + lossBytesPerSample(model)
    return nSamples * perSample + histograms + helpers
  }
  // What they read lies there already; a column and a few numbers per sample.
  if (model.kind === 'gaussian_naive_bayes' || model.kind === 'isolation_forest') {
    return 64 * nSamples
  }
  // The samples as kernels want them, and a few numbers for each.
  const samples = nSamples * (8 * nFeatures + 64 + lossBytesPerSample(model))
  // The Hessian and its factor, which wide tables do without.
  const hessian = model.kind === 'logistic_regression' ? 16 * (nFeatures + 1) ** 2 : 0
  return samples + hessian
}
