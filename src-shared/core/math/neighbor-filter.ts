/**
 * The filter of the search for nearest neighbours. Points are rounded to whole numbers of at most
 * 15 bits, so that the squared distance of two is a whole number of 31 bits, exact in every engine:
 *
 *     |q − c|² = |q|² + (|c|² − 2 · q · c)
 *
 * The filter names the pairs for which what stands in brackets is at most a query's threshold.
 */
export interface NeighborShape {
  readonly nFeatures: number
  /** Queries that fit into the memory. */
  readonly nQueries: number
  /** Candidates that fit into the memory, a multiple of 8. */
  readonly nCandidates: number
}

export interface NeighborMemory {
  readonly shape: NeighborShape
  /** nQueries rows of an even number of features, the last of which may be padding of 0. */
  readonly queryCodes: Int16Array
  /** Length nQueries. */
  readonly thresholds: Int32Array
  /** nCandidates rows of codes, in the order of `candidateCodeAt`. */
  readonly candidateCodes: Int16Array
  /** |c|² per candidate. */
  readonly candidateNorms: Int32Array
  /** QUERIES_PER_CALL × nCandidates. */
  readonly hits: Int32Array
}

/** Queries that a call may take at most. */
export const QUERIES_PER_CALL = 64

export interface NeighborKernels {
  /** All zero. */
  allocate(shape: NeighborShape): NeighborMemory

  /** Gives the memory back, the latest allocated first. */
  release(memory: NeighborMemory): void

  /**
   * Leaves the pairs that pass in `hits`, in any order: (query − firstQuery) · shape.nCandidates +
   * candidate.
   *
   * @param nCandidates The first so many candidates are looked at, a multiple of 8.
   * @returns How many hits there are.
   */
  filter(memory: NeighborMemory, firstQuery: number, endQuery: number, nCandidates: number): number
}

/** Pairs of features that a row of codes has. */
export function codePairs(nFeatures: number): number {
  return (nFeatures + 1) >> 1
}

/**
 * Where the codes of a candidate begin: eight candidates lie side by side, two features of each
 * and then the next two, 16 elements further.
 */
export function candidateCodeAt(candidate: number, nPairs: number): number {
  return (candidate >> 3) * nPairs * 16 + (candidate & 7) * 2
}
