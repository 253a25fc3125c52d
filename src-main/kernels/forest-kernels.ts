/**
 * Classification trees on kernels: lays out the memory and passes addresses; see
 * core/kernels/forest.ts.
 *
 * Each thread of the team grows a tree of its own. Which thread grows which tree changes no bit.
 */
import { mostNodes } from '#shared/core/kernels/forest.ts'
import type {
  ForestKernels,
  ForestMemory,
  TreeNodes,
  TreeWork,
} from '#shared/core/kernels/forest.ts'
import type { Arena, Frame } from './arena.ts'
import type { ThreadTeam } from './thread-team.ts'

interface Hidden {
  readonly frame: Frame
  readonly seats: readonly Seat[]
}

/** The memory in which a thread grows a tree. */
interface Seat {
  readonly work: TreeWork
  /** See the constants of assembly/forest.ts. */
  readonly block: Int32Array
}

const NEXT = 23
const N_NODES = 24
const N_DRAWN = 25
const BLOCK_WORDS = 40
const BINS = 256
const SAMPLES_PER_CALL = 2e7 // added to histograms: 40 to 100 ms
const NO_BOUND = 0x7fffffff

export function createForestKernels(arena: Arena, team: ThreadTeam): ForestKernels {
  const hidden = new WeakMap<ForestMemory, Hidden>()

  return {
    openForest(samples, features, rules, mostDrawn) {
      const frame = arena.open()
      const columns = frame.int32(features.column.length)
      features.column.forEach((column, feature) => {
        columns[feature] = samples.columns[column]!.byteOffset
      })
      const firstCode = frame.int32(columns.length)
      const nBins = frame.int32(columns.length)
      const hasMissing = frame.bytes(columns.length)
      firstCode.set(features.firstCode)
      nBins.set(features.nBins)
      hasMissing.set(features.hasMissing)
      const nNodes = mostNodes(mostDrawn, rules)

      const makeSeat = (): Seat => {
        const integers = (): Int32Array => frame.int32(nNodes)
        const doubles = (): Float64Array => frame.float64(nNodes)
        const random = frame.int32(4)
        const nodes: TreeNodes = {
          start: integers(),
          end: integers(),
          depth: integers(),
          left: integers(),
          feature: integers(),
          split: integers(),
          total: doubles(),
          positive: doubles(),
          gain: doubles(),
        }
        const work: TreeWork = {
          samples: frame.int32(mostDrawn),
          pairs: frame.float64(2 * samples.nSamples),
          random: new Uint32Array(random.buffer, random.byteOffset, 4),
          nodes,
        }
        const block = frame.int32(BLOCK_WORDS)
        // Partitioning writes one entry beyond the end of its scratch.
        const scratch = frame.int32(mostDrawn + 1)
        const histogram = frame.float64(2 * BINS + 4)
        const order = frame.int32(columns.length)
        block.set([
          ...[work.samples, work.pairs, work.random].map(({ byteOffset }) => byteOffset),
          ...[nodes.start, nodes.end, nodes.depth, nodes.left, nodes.feature, nodes.split].map(
            ({ byteOffset }) => byteOffset,
          ),
          ...[nodes.total, nodes.positive, nodes.gain].map(({ byteOffset }) => byteOffset),
          ...[scratch, histogram, order, columns, firstCode, nBins, hasMissing].map(
            ({ byteOffset }) => byteOffset,
          ),
          columns.length,
          Math.min(rules.featuresPerSplit, columns.length),
          rules.criterion === 'entropy' ? 1 : 0,
          Math.min(rules.maxDepth, NO_BOUND),
        ])
        new Float64Array(block.buffer, block.byteOffset + 104, 1)[0] = rules.minLeafWeight
        return { work, block }
      }

      try {
        const seats = Array.from({ length: 1 + team.nSeats }, makeSeat)
        const memory: ForestMemory = { samples, features, rules }
        hidden.set(memory, { frame, seats })
        return memory
      } catch (error) {
        frame.close()
        throw error
      }
    },

    growTrees(memory, { nTrees, prepare, collect }, checkpoint) {
      const own = hidden.get(memory)
      if (own === undefined) throw new RangeError('the memory must be open and of this engine')
      const growing = new Map<Seat, number>()
      let nBegun = 0
      let nDone = 0
      while (nDone < nTrees) {
        checkpoint(nDone / nTrees)
        for (const seat of own.seats.slice(0, Math.max(1 + team.nReady(), growing.size))) {
          if (growing.has(seat) || nBegun === nTrees) continue
          seat.block.fill(0, NEXT, N_DRAWN + 1)
          seat.block[N_DRAWN] = prepare(nBegun, seat.work)
          growing.set(seat, nBegun++)
        }
        team.run(
          [...growing.keys()].map(({ block }) => ({
            name: 'growTree',
            given: [block.byteOffset, SAMPLES_PER_CALL],
          })),
        )
        for (const [seat, tree] of [...growing]) {
          if (seat.block[NEXT] !== seat.block[N_NODES]) continue
          collect(tree, seat.work, seat.block[N_NODES]!)
          growing.delete(seat)
          nDone++
        }
      }
      checkpoint(1)
    },

    closeForest(memory) {
      hidden.get(memory)?.frame.close()
      hidden.delete(memory)
    },
  }
}
