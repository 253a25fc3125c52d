/**
 * How much memory a run needs, from counts alone: said before it starts, and refused where there
 * isn't as much.
 *
 * The table lies in shared memory once. What comes on top is mostly what one worker holds while it
 * fits: the encoded training set in doubles, twice where sampling adds to it, and the copies that
 * a model makes of it. Judged samples are encoded in blocks and hardly count. The constants were
 * measured; test/chaos/memory.chaos.ts holds the estimate against what runs really take.
 */
import { categoricalsInUse } from './plan.ts'
import type { Configuration, Plan } from './plan.ts'
import { modelAtUpperEnds } from './search-ranges.ts'
import { resampledCounts } from './resampled-counts.ts'

export interface MemoryFacts {
  readonly positives: number
  readonly negatives: number
  /** Features after encoding, at most. */
  readonly nFeatures: number
  /** Columns of one byte that trees make of them: 0/1 features of a category share some. */
  readonly nByteColumns: number
  /** Features where every column of categories is one; each has a byte column. */
  readonly nFeaturesOfCodes: number
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
  const encoded = 8 * nFeatures * (sampling.kind === 'none' ? before : before + after)
  const rest =
    fitBytesPerSample * before + modelBytes(model, after, nFeatures, nByteColumns, workers)
  return withGarbage(encoded, rest)
}

/** @param passing Allocated anew for every fit; `rest` is used again. */
function withGarbage(passing: number, rest: number): number {
  const { bytes, times, share } = garbage
  return passing + rest + Math.min(bytes, times * (passing + rest)) + share * passing
}

function modelBytes(
  model: Configuration['model'],
  nSamples: number,
  nFeatures: number,
  nByteColumns: number,
  nThreads: number,
): number {
  if (model.kind === 'two_stage') {
    const stages = [model.gate, model.filter].map((stage) =>
      modelBytes(stage, nSamples, nFeatures + 1, nByteColumns + 1, nThreads),
    )
    // The samples that pass, in doubles, and as many while a fold of the gate is fitted.
    return Math.max(...stages) + nSamples * (8 * (nFeatures + 1) + 48)
  }
  if (model.kind === 'gradient_boosting') {
    const { growth, maxDepth, maxLeaves = 31 } = model
    const histogram = 16 * model.bins * nByteColumns
    const histograms = (growth === 'leaf' ? maxLeaves : maxDepth + 1) * histogram
    // A helper has a histogram and the codes and derivatives of a pass of 1,024 samples.
    const helpers = (nThreads - 1) * (histogram + 1024 * (nByteColumns + 16))
    return nSamples * (3 * nByteColumns + 48) + histograms + helpers
  }
  // The samples as kernels want them, and a few numbers for each.
  const samples = nSamples * (8 * nFeatures + 64)
  // The Hessian and its factor, which wide tables do without.
  const hessian = model.kind === 'logistic_regression' ? 16 * (nFeatures + 1) ** 2 : 0
  return samples + hessian
}
