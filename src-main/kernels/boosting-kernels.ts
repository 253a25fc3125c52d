/**
 * Gradient boosting on kernels: lays out the memory and passes addresses; see
 * core/kernels/boosting.ts.
 *
 * Loops over many samples are split among the threads of a team. That changes no bit: sums are
 * exact, and each sample is the business of one part.
 */
import { CODES_PER_COLUMN } from '#shared/core/kernels/boosting.ts'
import type {
  BoostingKernels,
  BoostingMemory,
  SampleMemory,
} from '#shared/core/kernels/boosting.ts'
import type { Arena, Frame } from './arena.ts'
import type { Call, ThreadTeam } from './thread-team.ts'
import { createTreeKernels } from './tree-kernels.ts'
import type { TreeExports } from './tree-kernels.ts'

/** What assembly/boosting.ts exports. Addresses are those of arrays in the arena. */
export interface BoostingExports extends TreeExports {
  binFeature(
    values: number,
    nSamples: number,
    weights: number,
    maxValueBins: number,
    codes: number,
    cuts: number,
    pairs: number,
    counts: number,
    out: number,
  ): number
  spreadColumns(
    ...given: [...Eight, nSamples: number, rows: number, stride: number, block: number]
  ): void
  takeSamples(weights: number, samples: number, nSamples: number, scratch: number): number
  clearHistogram(histogram: number, nCodes: number, nColumns: number): void
  subtractHistogram(whole: number, part: number, nCodes: number, nColumns: number): void
  addHistogram(whole: number, part: number, nCodes: number, nColumns: number): void
  findSplit(
    histogram: number,
    nFeatures: number,
    nBins: number,
    firstSlot: number,
    hasMissing: number,
    direction: number,
    gradient: number,
    hessian: number,
    lambda: number,
    minChildWeight: number,
    isBounded: number,
    lower: number,
    upper: number,
    leastScore: number,
    out: number,
  ): number
  joinPartitions(second: number, goingBytes: number, stayingBytes: number, scratch: number): void
  partitionByCode(
    samples: number,
    nSamples: number,
    codes: number,
    goes: number,
    scratch: number,
  ): number
  addLeafValuesByCode(
    samples: number,
    nSamples: number,
    codes: number,
    goes: number,
    logits: number,
    stayingValue: number,
    goingValue: number,
  ): void
}

/** What the arena holds for a run besides the arrays that the core sees. */
interface Hidden {
  readonly frame: Frame
  /** Counts of a radix sort. */
  readonly counts: Int32Array
  readonly cuts: Float32Array
  /** See `orders` of the kernel `partition`. */
  readonly orders: Uint8Array
  /** See `goes` of the kernel `partitionByCode`. */
  readonly goes: Uint8Array
  /** The row codes once more, in blocks of 8 columns. */
  readonly blocks: Uint8Array
  /** Per thread of the team. */
  readonly threads: readonly ThreadMemory[]
  /** What a kernel answers with, seen as integers and as doubles. */
  readonly out: Int32Array
  readonly outDoubles: Float64Array
}

/** What a thread writes that no other reads meanwhile. */
interface ThreadMemory {
  /** Codes and derivatives that a histogram is built from. */
  readonly buffers: Uint8Array
  /** The first thread builds in place: its array is empty. */
  readonly histogram: Float64Array
  /** Sums of derivatives, or a count as the first 32-bit number. */
  readonly sums: Float64Array
  readonly count: Int32Array
}

/** Samples [start, end) for a thread of the team. */
interface Part {
  readonly start: number
  readonly end: number
  readonly thread: ThreadMemory
  readonly number: number
}

/** Fewer samples are faster done than handed over. */
const LEAST_SAMPLES = 4096
const WORDS_OF_COUNTS = 2048 + 2048 + 1024
const MAX_CUTS = 255
const OUT_DOUBLES = 8
const SAMPLES_PER_PASS = 1024 // as in assembly/boosting.ts

export function createBoostingKernels(
  arena: Arena,
  kernels: BoostingExports,
  team: ThreadTeam,
): BoostingKernels {
  const hidden = new WeakMap<SampleMemory, Hidden>()
  const hiddenOf = (memory: SampleMemory): Hidden => {
    const found = hidden.get(memory)
    if (found === undefined) throw new RangeError('the memory must be open and of this engine')
    return found
  }
  const histogramAt = ({ histograms, nColumns }: BoostingMemory, histogram: number): number =>
    histograms.byteOffset + histogram * nColumns * CODES_PER_COLUMN * 16
  const partsOf = (memory: BoostingMemory, start: number, end: number): Part[] => {
    const { threads } = hiddenOf(memory)
    const most = Math.floor((end - start) / LEAST_SAMPLES)
    const nParts = most < 2 ? 1 : Math.min(most, 1 + team.nReady(), threads.length)
    const size = Math.ceil((end - start) / nParts / SAMPLES_PER_PASS) * SAMPLES_PER_PASS
    return threads.slice(0, nParts).map((thread, number) => ({
      start: Math.min(start + number * size, end),
      end: number + 1 === nParts ? end : Math.min(start + (number + 1) * size, end),
      thread,
      number,
    }))
  }
  const runParts = (parts: readonly Part[], callOf: (part: Part) => Call): void => {
    team.run(parts.map(callOf))
  }

  return {
    ...createTreeKernels(arena, kernels),

    open(nSamples) {
      const frame = arena.open()
      const outDoubles = frame.float64(OUT_DOUBLES)
      const counts = frame.int32(WORDS_OF_COUNTS)
      const cuts = frame.float32(MAX_CUTS)
      // Logits, samples and scratch take 16 bytes a sample: room for 4 features to be binned.
      // Partitioning writes up to 4 entries beyond the end of each thread's scratch.
      const shared = frame.float32(4 * (nSamples + team.nSeats + 1)).subarray(0, 4 * nSamples)
      const { buffer, byteOffset } = shared
      const memory: SampleMemory = {
        nSamples,
        yTrue: frame.bytes(nSamples),
        weights: frame.float64(nSamples),
        logits: new Float64Array(buffer, byteOffset, nSamples),
        // One pair of derivatives more than samples: two are written at a time.
        gradients: frame.float64(2 * nSamples + 2).subarray(0, 2 * nSamples),
        totals: frame.float64(2),
        samples: new Int32Array(buffer, byteOffset + 8 * nSamples, nSamples),
        scratch: new Int32Array(buffer, byteOffset + 12 * nSamples, nSamples),
        values: shared,
        columns: [],
      }
      const out = new Int32Array(outDoubles.buffer, outDoubles.byteOffset, 2 * OUT_DOUBLES)
      const orders = frame.bytes(256)
      orders.set(ordersOfLanes())
      const goes = frame.bytes(CODES_PER_COLUMN)
      const none = new Uint8Array(0)
      hidden.set(memory, {
        frame,
        counts,
        cuts,
        orders,
        goes,
        blocks: none,
        threads: [],
        out,
        outDoubles,
      })
      return memory
    },

    addColumn(memory) {
      const column = hiddenOf(memory).frame.bytes(memory.nSamples)
      memory.columns.push(column)
      return column
    },

    dropColumn(memory) {
      const column = memory.columns.pop()
      if (column !== undefined) hiddenOf(memory).frame.giveBack(column)
    },

    binFeature(memory, values, maxValueBins, codes) {
      const { counts, cuts, out } = hiddenOf(memory)
      const { nSamples, weights, gradients } = memory
      const nCuts = kernels.binFeature(
        values.byteOffset,
        nSamples,
        weights.byteOffset,
        maxValueBins,
        codes.byteOffset,
        cuts.byteOffset,
        gradients.byteOffset,
        counts.byteOffset,
        out.byteOffset,
      )
      return { cuts: cuts.slice(0, nCuts), nMissing: out[0]!, nAboveLowest: out[1]! }
    },

    layOut(memory, nCodes, features, nHistograms) {
      const own = hiddenOf(memory)
      const { frame } = own
      const { nSamples, columns } = memory
      const nColumns = Math.ceil(columns.length / 8) * 8
      const rowCodes = frame.bytes(nSamples * nColumns)
      const blocks = frame.bytes(nSamples * nColumns)
      const addresses = columns.map((column) => column.byteOffset)
      for (let first = 0; first < columns.length; first += 8) {
        const of8 = addresses.slice(first, first + 8)
        while (of8.length < 8) of8.push(of8[0]!)
        kernels.spreadColumns(
          ...(of8 as Eight),
          nSamples,
          rowCodes.byteOffset + first,
          nColumns,
          blocks.byteOffset + first * nSamples,
        )
      }
      const inArena = {
        nCodes: frame.int32(nColumns),
        nBins: frame.int32(features.nBins.length),
        firstSlot: frame.int32(features.firstSlot.length),
        hasMissing: frame.bytes(features.hasMissing.length),
        direction: asSigned(frame.bytes(features.direction.length)),
      }
      inArena.nCodes.set(nCodes)
      inArena.nBins.set(features.nBins)
      inArena.firstSlot.set(features.firstSlot)
      inArena.hasMissing.set(features.hasMissing)
      inArena.direction.set(features.direction)
      const laidOut: BoostingMemory = {
        ...memory,
        nColumns,
        nCodes: inArena.nCodes,
        features: inArena,
        rowCodes,
        histograms: frame.float64(2 * CODES_PER_COLUMN * nColumns * nHistograms),
      }
      memory.samples.fill(0)
      const threads = Array.from({ length: 1 + team.nSeats }, (_, number): ThreadMemory => {
        const sums = frame.float64(2)
        return {
          buffers: frame.bytes(SAMPLES_PER_PASS * (nColumns + 16)),
          histogram: frame.float64(number === 0 ? 0 : 2 * CODES_PER_COLUMN * nColumns),
          sums,
          count: new Int32Array(sums.buffer, sums.byteOffset, 1),
        }
      })
      hidden.set(laidOut, { ...own, blocks, threads })
      return laidOut
    },

    close(memory) {
      hiddenOf(memory).frame.close()
      hidden.delete(memory)
    },

    updateGradients(memory, start, end, { unit, sum }, loss) {
      const { totals } = memory
      const parts = partsOf(memory, start, end)
      runParts(parts, (part) => {
        part.thread.sums.fill(0)
        const given = [
          memory.logits.byteOffset,
          memory.yTrue.byteOffset,
          memory.weights.byteOffset,
          memory.gradients.byteOffset,
          part.thread.sums.byteOffset,
          part.start,
          part.end,
          unit,
          sum,
        ]
        switch (loss.kind) {
          case 'log_loss':
            return { name: 'logLossGradients', given }
          case 'focal':
            return { name: 'focalGradients', given: [...given, loss.gamma, loss.alpha] }
          case 'margin': {
            const { positive, negative, scale } = loss
            return { name: 'marginGradients', given: [...given, positive, negative, scale] }
          }
        }
      })
      for (const { thread } of parts) {
        totals[0]! += thread.sums[0]!
        totals[1]! += thread.sums[1]!
      }
    },

    takeSamples({ weights, samples, scratch, nSamples }) {
      return kernels.takeSamples(
        weights.byteOffset,
        samples.byteOffset,
        nSamples,
        scratch.byteOffset,
      )
    },

    addToHistogram(memory, start, end, histogram) {
      const { blocks } = hiddenOf(memory)
      const whole = histogramAt(memory, histogram)
      const nCodes = memory.nCodes.byteOffset
      const nColumns = memory.columns.length
      const parts = partsOf(memory, start, end)
      runParts(parts, (part) => ({
        name: part.number === 0 ? 'addToHistogram' : 'buildHistogram',
        given: [
          memory.samples.byteOffset + 4 * part.start,
          part.end - part.start,
          memory.rowCodes.byteOffset,
          blocks.byteOffset,
          memory.nSamples,
          memory.nColumns,
          nCodes,
          nColumns,
          memory.gradients.byteOffset,
          part.number === 0 ? whole : part.thread.histogram.byteOffset,
          part.thread.buffers.byteOffset,
        ],
      }))
      for (const { thread } of parts.slice(1)) {
        kernels.addHistogram(whole, thread.histogram.byteOffset, nCodes, nColumns)
      }
    },

    clearHistogram(memory, histogram) {
      const { nCodes, columns } = memory
      kernels.clearHistogram(histogramAt(memory, histogram), nCodes.byteOffset, columns.length)
    },

    subtractHistogram(memory, whole, part) {
      kernels.subtractHistogram(
        histogramAt(memory, whole),
        histogramAt(memory, part),
        memory.nCodes.byteOffset,
        memory.columns.length,
      )
    },

    findSplit(memory, histogram, node, leastScore, best) {
      const { out, outDoubles } = hiddenOf(memory)
      const { nBins, firstSlot, hasMissing, direction } = memory.features
      const { bounds } = node
      const found = kernels.findSplit(
        histogramAt(memory, histogram),
        nBins.length,
        nBins.byteOffset,
        firstSlot.byteOffset,
        hasMissing.byteOffset,
        direction.byteOffset,
        node.gradient,
        node.hessian,
        node.lambda,
        node.minChildWeight,
        bounds === null ? 0 : 1,
        bounds?.lower ?? 0,
        bounds?.upper ?? 0,
        leastScore,
        out.byteOffset,
      )
      if (found === 0) return false
      best.feature = out[0]!
      best.bin = out[1]!
      best.missingGoesLeft = out[2] === 1
      best.score = outDoubles[2]!
      best.leftGradient = outDoubles[3]!
      best.leftHessian = outDoubles[4]!
      return true
    },

    partition(memory, start, end, column, low, high) {
      const { orders } = hiddenOf(memory)
      const parts = partsOf(memory, start, end)
      runParts(parts, (part) => ({
        name: 'partition',
        given: [
          memory.samples.byteOffset + 4 * part.start,
          part.end - part.start,
          memory.columns[column]!.byteOffset,
          low,
          high - low,
          memory.scratch.byteOffset + 4 * (part.start + 4 * part.number),
          orders.byteOffset,
          part.thread.count.byteOffset,
        ],
      }))
      let middle = start + parts[0]!.thread.count[0]!
      for (const part of parts.slice(1)) {
        const nStaying = part.thread.count[0]!
        kernels.joinPartitions(
          memory.samples.byteOffset + 4 * part.start,
          4 * (part.start - middle),
          4 * nStaying,
          memory.scratch.byteOffset,
        )
        middle += nStaying
      }
      return middle
    },

    addLeafValues(memory, start, end, column, low, high, stayingValue, goingValue) {
      runParts(partsOf(memory, start, end), (part) => ({
        name: 'addLeafValues',
        given: [
          memory.samples.byteOffset + 4 * part.start,
          part.end - part.start,
          memory.columns[column]!.byteOffset,
          low,
          high - low,
          memory.logits.byteOffset,
          stayingValue,
          goingValue,
        ],
      }))
    },

    partitionByCode(memory, start, end, column, goes) {
      const table = hiddenOf(memory).goes
      table.set(goes)
      const front = kernels.partitionByCode(
        memory.samples.byteOffset + 4 * start,
        end - start,
        memory.columns[column]!.byteOffset,
        table.byteOffset,
        memory.scratch.byteOffset,
      )
      return start + front
    },

    addLeafValuesByCode(memory, start, end, column, goes, stayingValue, goingValue) {
      const table = hiddenOf(memory).goes
      table.set(goes)
      kernels.addLeafValuesByCode(
        memory.samples.byteOffset + 4 * start,
        end - start,
        memory.columns[column]!.byteOffset,
        table.byteOffset,
        memory.logits.byteOffset,
        stayingValue,
        goingValue,
      )
    },

    addLeafValue(memory, start, end, value) {
      runParts(partsOf(memory, start, end), (part) => ({
        name: 'addLeafValue',
        given: [
          memory.samples.byteOffset + 4 * part.start,
          part.end - part.start,
          memory.logits.byteOffset,
          value,
        ],
      }))
    },
  }
}

type Eight = [number, number, number, number, number, number, number, number]

function asSigned({ buffer, byteOffset, length }: Uint8Array): Int8Array {
  return new Int8Array(buffer, byteOffset, length)
}

/** Per bit mask of four lanes of 4 bytes: the bytes of the lanes in the mask, then the others. */
function ordersOfLanes(): Uint8Array {
  const orders = new Uint8Array(256)
  for (let mask = 0; mask < 16; mask++) {
    const isIn = (lane: number): boolean => ((mask >> lane) & 1) === 1
    const lanes = [0, 1, 2, 3]
    const order = [...lanes.filter(isIn), ...lanes.filter((lane) => !isIn(lane))]
    orders.set(
      order.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
      16 * mask,
    )
  }
  return orders
}
