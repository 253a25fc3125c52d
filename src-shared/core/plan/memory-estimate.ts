/**
 * How much memory a run needs, from counts alone: said before it starts, and refused where there
 * isn't as much.
 *
 * The table lies in shared memory once. What comes on top is mostly what one worker holds while it
 * fits: the encoded training set in doubles, twice where sampling adds to it, and the copies that
 * a model makes of it. Judged samples are encoded in blocks and hardly count. The constants were
 * measured; test/chaos/memory.chaos.ts holds the estimate against what runs really take, and
 * toolbox-memory.chaos.ts what is said of a worker, for every kind of model and sampler.
 */
import { ln } from '../math/elementary.ts'
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
const programBytes = 140 * megabyte

/** A thread: its heap, its code, and a block of samples that it scores. */
const threadBytes = 50 * megabyte

/**
 * Arrays that are garbage already, since they are freed in bulk: so much, but no more than some
 * times what a thread works on; and, on average, so many encoded training sets of the fits before.
 */
const garbage = { bytes: 110 * megabyte, times: 2, sets: 2.5 } as const

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
  const work = Math.max(fit, withGarbage(nSamples * evaluateBytesPerSample, 0))
  const perWorker = threadBytes + facts.textBytes + work
  const held =
    nSamples * (heldBytes.foldResult * nHeld + heldBytes.decisions * configurations.length)
  const comparison =
    nSamples * (compareBytes.perSample + compareBytes.perCompetitor * 3 * configurations.length)
  return {
    total:
      programBytes +
      facts.textBytes +
      // Reading the table leaves garbage as well.
      withGarbage(facts.sharedBytes, 0) +
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
  const ofModel = bytesOfModel(model, share, counts, nFeatures, nByteColumns, workers)
  const rest =
    fitBytesPerSample * before +
    samplerBytes(sampling, before, after, share * Math.min(positives, negatives)) +
    // Kernels use the same memory for both, one after the other.
    Math.max(ofModel, bytesOfHardness(sampling, before, nFeatures))
  return withGarbage(encoded + rest, 8 * nFeatures * Math.max(before, after))
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
  return before + after + copiesOf(sampling) * before + (isFilledIn ? after : 0)
}

/** How often a sampler copies the samples: where it looks for clusters, or scores its own folds. */
function copiesOf(sampling: SamplingChoice): number {
  // The sample nearest to each centre is looked for in a copy of its own.
  if ('voting' in sampling) return 2
  return 'clusters' in sampling || sampling.kind === 'instance_hardness' ? 1 : 0
}

/** The fits by which a sampler tells how hard samples are. */
function bytesOfHardness(sampling: SamplingChoice, before: number, nFeatures: number): number {
  if (sampling.kind !== 'instance_hardness') return 0
  const fittedOn = before * (1 - 1 / sampling.folds)
  return modelBytes({ kind: 'logistic_regression', c: 1 }, fittedOn, nFeatures, nFeatures, 1)
}

/**
 * Positions, norms and marks per sample; neighbours, distances and their squares per sample that
 * looks for some; and the kernel values of support vectors.
 */
function samplerBytes(
  sampling: SamplingChoice,
  before: number,
  after: number,
  minority: number,
): number {
  if (sampling.kind === 'none') return 0
  const { reads, does } = samplingKinds[sampling.kind]
  if (reads === 'labels') return 0
  const nearest = Math.max(
    'neighbors' in sampling ? sampling.neighbors : 1,
    'outerNeighbors' in sampling ? sampling.outerNeighbors : 1,
  )
  const looking = does === 'grows' ? minority : Math.max(before, after)
  const kernelValues = sampling.kind === 'svm_smote' ? 8 * Math.min(before, 3000) ** 2 : 0
  return 64 * before + 20 * nearest * looking + kernelValues
}

/** @param setBytes An encoded training set, which every fit has of its own. */
function withGarbage(inUse: number, setBytes: number): number {
  const { bytes, times, sets } = garbage
  return inUse + Math.min(bytes, times * inUse) + sets * setBytes
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

/** Per node that a tree has room for; per node of a model, twice while its trees are joined. */
const nodeBytes = { growing: 48, kept: 2 * 30 } as const

/**
 * Leaves of a tree of unbounded depth on samples that nothing tells apart, where it is largest: with
 * R of the commoner class to one of the rarer, (1¼ + log2(1 + R)) / 4 per sample of the rarer one.
 * Measured from R = 1 (0.4) to R = 200 (1.7); where features tell anything, a fraction of that.
 */
export function mostLeaves(rarer: number, commoner: number): number {
  return rarer === 0 ? 1 : (rarer * (1.25 + ln(1 + commoner / rarer) / ln(2))) / 4
}

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
  const depth = 'maxDepth' in model ? (model.maxDepth ?? Infinity) : 1
  const ofDepth = depth < 30 ? 2 << depth : Infinity
  const kept = Math.min(2 * mostLeaves(minority, drawn - minority), ofDepth)
  // There is room for as many nodes as there could be, and all of it is cleared.
  const room = 2 * (isBalanced && model.kind === 'self_paced_ensemble' ? drawn : binned)
  const perThread = 24 * binned + nodeBytes.growing * Math.min(room, ofDepth)
  return (
    copied +
    binned * (nByteColumns + 80) +
    nThreads * perThread +
    nTrees * kept * nodeBytes.kept +
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
