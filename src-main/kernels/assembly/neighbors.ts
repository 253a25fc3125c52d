// The filter of the nearest-neighbour search: see src-shared/core/math/neighbor-filter.ts. All in whole
// numbers, so every order of additions gives the same.

/**
 * Four queries meet eight candidates at a time. A vector of candidate codes holds two features of
 * four candidates, whose products with the two features of a query are summed by one instruction.
 */
export function filter(
  firstQuery: i32,
  endQuery: i32,
  nCandidates: i32,
  candidatesPerBlock: i32,
  nPairs: i32,
  queryCodes: usize,
  thresholds: usize,
  candidateCodes: usize,
  candidateNorms: usize,
  hits: usize,
): i32 {
  const queryBytes = <usize>nPairs << 2
  const groupBytes = <usize>nPairs << 5
  let nHits: i32 = 0
  for (let query = firstQuery; query < endQuery; query += 4) {
    // Where fewer than four are left the last stands in, and can't hit.
    const n = min(endQuery - query, 4)
    const q0 = queryCodes + <usize>query * queryBytes
    const q1 = n > 1 ? q0 + queryBytes : q0
    const q2 = n > 2 ? q1 + queryBytes : q1
    const q3 = n > 3 ? q2 + queryBytes : q2
    const t = thresholds + (<usize>query << 2)
    const t0 = v128.load32_splat(t)
    const t1 = n > 1 ? v128.load32_splat(t, 4) : i32x4.splat(i32.MIN_VALUE)
    const t2 = n > 2 ? v128.load32_splat(t, 8) : i32x4.splat(i32.MIN_VALUE)
    const t3 = n > 3 ? v128.load32_splat(t, 12) : i32x4.splat(i32.MIN_VALUE)
    const code = (query - firstQuery) * candidatesPerBlock
    let codes = candidateCodes
    let norms = candidateNorms
    for (let first = 0; first < nCandidates; first += 8, norms += 32) {
      let s00 = i32x4.splat(0)
      let s01 = s00
      let s10 = s00
      let s11 = s00
      let s20 = s00
      let s21 = s00
      let s30 = s00
      let s31 = s00
      const end = codes + groupBytes
      for (let at: usize = 0; codes < end; codes += 32, at += 4) {
        const c0 = v128.load(codes)
        const c1 = v128.load(codes, 16)
        let q = v128.load32_splat(q0 + at)
        s00 = i32x4.add(s00, i32x4.dot_i16x8_s(q, c0))
        s01 = i32x4.add(s01, i32x4.dot_i16x8_s(q, c1))
        q = v128.load32_splat(q1 + at)
        s10 = i32x4.add(s10, i32x4.dot_i16x8_s(q, c0))
        s11 = i32x4.add(s11, i32x4.dot_i16x8_s(q, c1))
        q = v128.load32_splat(q2 + at)
        s20 = i32x4.add(s20, i32x4.dot_i16x8_s(q, c0))
        s21 = i32x4.add(s21, i32x4.dot_i16x8_s(q, c1))
        q = v128.load32_splat(q3 + at)
        s30 = i32x4.add(s30, i32x4.dot_i16x8_s(q, c0))
        s31 = i32x4.add(s31, i32x4.dot_i16x8_s(q, c1))
      }
      const n0 = v128.load(norms)
      const n1 = v128.load(norms, 16)
      s00 = passes(n0, s00, t0)
      s01 = passes(n1, s01, t0)
      s10 = passes(n0, s10, t1)
      s11 = passes(n1, s11, t1)
      s20 = passes(n0, s20, t2)
      s21 = passes(n1, s21, t2)
      s30 = passes(n0, s30, t3)
      s31 = passes(n1, s31, t3)
      const any = v128.or(
        v128.or(v128.or(s00, s01), v128.or(s10, s11)),
        v128.or(v128.or(s20, s21), v128.or(s30, s31)),
      )
      if (!v128.any_true(any)) continue
      nHits = note(s00, s01, code + first, hits, nHits)
      nHits = note(s10, s11, code + candidatesPerBlock + first, hits, nHits)
      nHits = note(s20, s21, code + 2 * candidatesPerBlock + first, hits, nHits)
      nHits = note(s30, s31, code + 3 * candidatesPerBlock + first, hits, nHits)
    }
  }
  return nHits
}

/** Lanes where norm − 2 · product is at most the threshold. */
// @ts-ignore: decorator
@inline
function passes(norm: v128, product: v128, threshold: v128): v128 {
  return i32x4.le_s(i32x4.sub(norm, i32x4.shl(product, 1)), threshold)
}

/** Writes the positions of the lanes that passed. */
// @ts-ignore: decorator
@inline
function note(a: v128, b: v128, code: i32, hits: usize, nHits: i32): i32 {
  let mask = i32x4.bitmask(a) | (i32x4.bitmask(b) << 4)
  while (mask != 0) {
    store<i32>(hits + (<usize>nHits << 2), code + ctz(mask))
    nHits++
    mask &= mask - 1
  }
  return nHits
}
