import type { Column } from '../dataset/dataset.ts'
import type { MemoryFacts } from '../plan/memory-estimate.ts'
import type { ExperimentData } from './experiment-data.ts'
import { encoderOptions } from './run-fold.ts'

const codesPerByteColumn = 255

/** What the memory of a run depends on. */
export function memoryFacts(data: ExperimentData): MemoryFacts {
  const { features, yTrue } = data
  const positives = yTrue.reduce((sum, y) => sum + y, 0)
  let nFeatures = 0
  let nByteColumns = 0
  let nFeaturesOfCodes = 0
  let textBytes = 0
  for (const column of features) {
    const encoded = encodedFeatures(column)
    nFeatures += encoded
    nFeaturesOfCodes += column.kind === 'numeric' ? encoded : 1
    nByteColumns += column.kind === 'numeric' ? encoded : Math.ceil(encoded / codesPerByteColumn)
    if (column.kind === 'categorical') textBytes += bytesOfTexts(column.levels)
  }
  return {
    positives,
    negatives: yTrue.length - positives,
    nFeatures,
    nByteColumns,
    nFeaturesOfCodes,
    hasMissing: features.some(
      (column) => column.kind === 'numeric' && column.values.some(Number.isNaN),
    ),
    sharedBytes: bytesOfArrays(data),
    textBytes,
  }
}

function encodedFeatures(column: Column): number {
  if (column.kind === 'numeric') {
    return encoderOptions.missingIndicator && column.values.some(Number.isNaN) ? 2 : 1
  }
  const levels = column.levels.length + (encoderOptions.missingLevel ? 1 : 0)
  return Math.min(levels, encoderOptions.maxLevels)
}

/** Headers and pointers of strings included. */
function bytesOfTexts(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + 32 + text.length, 0)
}

/** Columns of a table may lie in one buffer, which is there as a whole or not at all. */
function bytesOfArrays(data: ExperimentData): number {
  const { features, yTrue, sampleWeights, decisionWeights, groups, folds, costs, weightColumns } =
    data
  const arrays = [
    ...features.map((column) => (column.kind === 'numeric' ? column.values : column.codes)),
    ...[yTrue, sampleWeights, decisionWeights, groups, folds],
    ...Object.values(weightColumns),
    ...Object.values(costs).filter((cost) => cost instanceof Float64Array),
  ].filter((array) => array !== null)
  const buffers = new Set(arrays.map(({ buffer }) => buffer))
  return [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0)
}
