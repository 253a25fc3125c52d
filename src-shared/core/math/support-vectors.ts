/**
 * Support vectors of a classifier with soft margin and radial kernel, by sequential minimal
 * optimisation.
 *
 * Minimises ½ αᵀQα − Σα with 0 ≤ α ≤ C and Σ yα = 0, where Qᵢⱼ = yᵢ yⱼ exp(−γ |xᵢ − xⱼ|²). Each step
 * changes two α: the one that violates the optimality conditions most, and the one that, by a
 * quadratic estimate, lowers the objective most beside it. It ends when no pair violates them by more
 * than the tolerance, after at most 100 steps per sample, or 10,000.
 *
 * Source: Fan, Chen, Lin (2005), "Working Set Selection Using Second Order Information for Training
 * Support Vector Machines", section 2.3 (WSS 2).
 */
import { exp } from './elementary.ts'
import { squaredDistance } from './nearest-neighbors.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Matrix } from './matrix.ts'

const tolerance = 1e-3
/** Stands in for a curvature of 0 or below. */
const leastCurvature = 1e-12

export interface SupportVectors {
  /** α per row, in [0, C]; above 0 for support vectors. */
  readonly alpha: Float64Array
  readonly converged: boolean
}

/**
 * @param rows  Rows of X to fit on; takes 8 bytes for each pair of them.
 * @param label Class per row of X, 0 or 1.
 * @param gamma Width of the kernel, > 0.
 * @param c     Upper bound of α, > 0.
 */
export function fitSupportVectors(
  X: Matrix,
  rows: Int32Array,
  label: Uint8Array,
  { gamma, c }: { readonly gamma: number; readonly c: number },
  checkpoint: Checkpoint,
): SupportVectors {
  const n = rows.length
  const sign = Float64Array.from(rows, (row) => (label[row] === 1 ? 1 : -1))
  const K = kernelMatrix(X, rows, gamma, checkpoint)
  const alpha = new Float64Array(n)
  const gradient = new Float64Array(n).fill(-1)
  const mostSteps = Math.max(10_000, 100 * n)
  for (let step = 0; step < mostSteps; step++) {
    if (step % 1024 === 0) checkpoint(0.5 + (0.5 * step) / mostSteps)
    const pair = workingPair(K, sign, alpha, gradient, c)
    if (pair === null) return { alpha, converged: true }
    const { i, j } = pair
    const rowI = i * n
    const rowJ = j * n
    const curvature = Math.max(leastCurvature, K[rowI + i]! + K[rowJ + j]! - 2 * K[rowI + j]!)
    const oldI = alpha[i]!
    const oldJ = alpha[j]!
    // Along y: αᵢ changes by yᵢ t, αⱼ by −yⱼ t, with t as large as both bounds allow.
    const wanted = (-sign[i]! * gradient[i]! + sign[j]! * gradient[j]!) / curvature
    const roomI = sign[i] === 1 ? c - oldI : oldI
    const roomJ = sign[j] === 1 ? oldJ : c - oldJ
    const t = Math.min(wanted, roomI, roomJ)
    alpha[i] = t === roomI ? (sign[i] === 1 ? c : 0) : oldI + sign[i]! * t
    alpha[j] = t === roomJ ? (sign[j] === 1 ? 0 : c) : oldJ - sign[j]! * t
    const byI = sign[i]! * (alpha[i] - oldI)
    const byJ = sign[j]! * (alpha[j] - oldJ)
    for (let other = 0; other < n; other++) {
      gradient[other]! += sign[other]! * (byI * K[rowI + other]! + byJ * K[rowJ + other]!)
    }
  }
  return { alpha, converged: false }
}

function kernelMatrix(
  X: Matrix,
  rows: Int32Array,
  gamma: number,
  checkpoint: Checkpoint,
): Float64Array {
  const n = rows.length
  const K = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    if (i % 64 === 0) checkpoint((0.5 * i) / n)
    K[i * n + i] = 1
    for (let j = 0; j < i; j++) {
      const square = squaredDistance(X, rows[i]!, rows[j]!)
      const value = square === Infinity ? 0 : exp(-gamma * square)
      K[i * n + j] = value
      K[j * n + i] = value
    }
  }
  return K
}

/** The two to change, or null when none violates the conditions by more than the tolerance. */
function workingPair(
  K: Float64Array,
  sign: Float64Array,
  alpha: Float64Array,
  gradient: Float64Array,
  c: number,
): { readonly i: number; readonly j: number } | null {
  const n = sign.length
  let i = -1
  let most = -Infinity
  for (let t = 0; t < n; t++) {
    if (sign[t] === 1 ? alpha[t]! >= c : alpha[t]! <= 0) continue
    const value = -sign[t]! * gradient[t]!
    if (value >= most) {
      most = value
      i = t
    }
  }
  if (i < 0) return null
  let j = -1
  let least = Infinity
  let best = Infinity
  for (let t = 0; t < n; t++) {
    if (sign[t] === 1 ? alpha[t]! <= 0 : alpha[t]! >= c) continue
    const value = -sign[t]! * gradient[t]!
    if (value < least) least = value
    const gain = most - value
    if (gain <= 0) continue
    const curvature = Math.max(leastCurvature, K[i * n + i]! + K[t * n + t]! - 2 * K[i * n + t]!)
    const estimate = (-gain * gain) / curvature
    if (estimate <= best) {
      best = estimate
      j = t
    }
  }
  return j < 0 || most - least < tolerance ? null : { i, j }
}
