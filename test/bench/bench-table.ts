/**
 * The made table that items and their peers read: correlated normal features, one row in 579
 * positive, the recipe and the files of the peers' script peer_bench.py. It is made here rather
 * than there, so that a machine without Python measures the same numbers; the peers find the files
 * and make none.
 *
 *   bench.csv          header V1 … V30, Class; six significant digits
 *   bench_x.f32        little-endian float32, row-major
 *   bench_y.u8         0 or 1 per sample
 *   bench_scores.f64   probabilities of a middling model
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { exp, ln, sigmoid } from '#shared/core/math/elementary.ts'
import { createStream, sampleWithoutReplacement } from '#shared/core/math/random.ts'
import type { RandomStream } from '#shared/core/math/random.ts'

export interface BenchTable {
  readonly nSamples: number
  readonly nFeatures: number
  /** The features as float32, row-major; the peers read the same file. */
  readFeatures(): Float32Array<ArrayBuffer>
  /** As `readFeatures`, in double precision, every column with mean 0 and standard deviation 1. */
  readStandardized(): Float64Array<ArrayBuffer>
  /** 0 or 1 per sample. */
  readLabels(): Uint8Array<ArrayBuffer>
  /** Probabilities of a middling model, for metrics and calibrators. */
  readScores(): Float64Array<ArrayBuffer>
  /** The table as text: header V1 … V30, Class; six significant digits. */
  readonly csvPath: string
}

const nFeatures = 30
const positiveShare = 0.0017275
/** Positives that look like negatives. */
const hardShare = 0.15
/** How far the first features of a positive move, times a gamma number of its own. */
const shifts = [-2.2, 1.8, -1.6, 1.4, -1.2, 1, -0.8, 0.6]
const amount = nFeatures - 1
const rowsPerWrite = 5000

/** Opens the table of a folder, which `writeBenchTable` has written. */
export function openBenchTable(folder: string): BenchTable {
  const read = (name: string): ArrayBuffer => {
    const { buffer, byteOffset, byteLength } = readFileSync(join(folder, name))
    return buffer.slice(byteOffset, byteOffset + byteLength)
  }
  const readFeatures = (): Float32Array<ArrayBuffer> => new Float32Array(read('bench_x.f32'))
  return {
    nSamples: readFileSync(join(folder, 'bench_y.u8')).length,
    nFeatures,
    readFeatures,
    readStandardized: () => standardized(readFeatures()),
    readLabels: () => new Uint8Array(read('bench_y.u8')),
    readScores: () => new Float64Array(read('bench_scores.f64')),
    csvPath: join(folder, 'bench.csv'),
  }
}

function standardized(features: Float32Array): Float64Array<ArrayBuffer> {
  const X = Float64Array.from(features)
  const nSamples = X.length / nFeatures
  for (let feature = 0; feature < nFeatures; feature++) {
    let sum = 0
    for (let at = feature; at < X.length; at += nFeatures) sum += X[at]!
    const mean = sum / nSamples
    let squares = 0
    for (let at = feature; at < X.length; at += nFeatures) squares += (X[at]! - mean) ** 2
    const deviation = Math.sqrt(squares / nSamples)
    for (let at = feature; at < X.length; at += nFeatures) X[at] = (X[at]! - mean) / deviation
  }
  return X
}

/**
 * Writes the table of `nSamples` rows to a folder that does not exist yet, whole or not at all.
 *
 * @param seed Other seeds make other tables of the same kind.
 */
export function writeBenchTable(folder: string, nSamples: number, seed = 0): void {
  if (existsSync(folder)) return
  const draft = `${folder}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  const yTrue = makeLabels(nSamples, seed)
  writeFileSync(join(draft, 'bench_y.u8'), yTrue)
  writeFileSync(join(draft, 'bench_scores.f64'), makeScores(yTrue, seed))
  writeRows(draft, yTrue, seed)
  try {
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true })
    if (!existsSync(folder)) throw error // otherwise another process was faster
  }
}

function makeLabels(nSamples: number, seed: number): Uint8Array {
  const yTrue = new Uint8Array(nSamples)
  const all = Int32Array.from(yTrue, (_, i) => i)
  const stream = createStream(seed, 'bench', 'labels')
  const nPositives = Math.round(positiveShare * nSamples)
  for (const i of sampleWithoutReplacement(all, nPositives, stream)) yTrue[i] = 1
  return yTrue
}

function makeScores(yTrue: Uint8Array, seed: number): Float64Array {
  const normal = createNormal(createStream(seed, 'bench', 'scores'))
  return Float64Array.from(yTrue, (y) => sigmoid(-6.4 + 5 * y + 1.6 * normal()))
}

function writeRows(folder: string, yTrue: Uint8Array, seed: number): void {
  const stream = createStream(seed, 'bench', 'features')
  const normal = createNormal(stream)
  const mixing = Float64Array.from(
    { length: nFeatures * nFeatures },
    (_, at) => (at % (nFeatures + 1) === 0 ? 1 : 0) + 0.15 * normal(),
  )
  let amountSquares = 0
  for (let k = 0; k < nFeatures; k++) amountSquares += mixing[k * nFeatures + amount]! ** 2
  const amountDeviation = Math.sqrt(amountSquares)

  const csv = openSync(join(folder, 'bench.csv'), 'w')
  const binary = openSync(join(folder, 'bench_x.f32'), 'w')
  const names = Array.from({ length: nFeatures }, (_, feature) => `V${feature + 1}`)
  writeSync(csv, `${names.join(',')},Class\n`)
  const drawn = new Float64Array(nFeatures)
  const row = new Float64Array(nFeatures)
  for (let start = 0; start < yTrue.length; start += rowsPerWrite) {
    const labels = yTrue.subarray(start, start + rowsPerWrite)
    const features = new Float32Array(labels.length * nFeatures)
    let text = ''
    labels.forEach((y, i) => {
      for (let k = 0; k < nFeatures; k++) drawn[k] = normal()
      for (let feature = 0; feature < nFeatures; feature++) {
        let sum = 0
        for (let k = 0; k < nFeatures; k++) sum += drawn[k]! * mixing[k * nFeatures + feature]!
        row[feature] = sum
      }
      if (y === 1 && stream.uniform() > hardShare) {
        // The sum of two exponential numbers has a gamma distribution of shape 2.
        const size = -0.6 * (ln(1 - stream.uniform()) + ln(1 - stream.uniform()))
        shifts.forEach((shift, feature) => (row[feature]! += shift * size))
      }
      row[amount] = exp(3 + (1.3 * row[amount]!) / amountDeviation)
      features.set(row, i * nFeatures)
      for (const value of row) text += `${Number(value.toPrecision(6))},`
      text += `${y}\n`
    })
    writeSync(csv, text)
    writeSync(binary, new Uint8Array(features.buffer))
  }
  closeSync(csv)
  closeSync(binary)
}

/** Standard normal numbers by Marsaglia's polar method. */
function createNormal(stream: RandomStream): () => number {
  let held: number | null = null
  return () => {
    if (held !== null) {
      const value = held
      held = null
      return value
    }
    for (;;) {
      const u = 2 * stream.uniform() - 1
      const v = 2 * stream.uniform() - 1
      const square = u * u + v * v
      if (square >= 1 || square === 0) continue
      const factor = Math.sqrt((-2 * ln(square)) / square)
      held = v * factor
      return u * factor
    }
  }
}
