/**
 * Factors a symmetric positive definite matrix in place: A = L · Lᵀ with L lower triangular.
 *
 * @param matrix Row-major size × size. Its lower triangle holds A and is replaced by L; what lies
 *   above the diagonal is neither read nor written.
 * @returns False when a pivot is not clearly positive, that is when A is singular to rounding or
 *   indefinite; `matrix` is then partly overwritten.
 *
 * O(size³ / 3), no allocation.
 */
export function factorCholesky(matrix: Float64Array, size: number): boolean {
  for (let i = 0; i < size; i++) {
    const rowI = i * size
    for (let j = 0; j < i; j++) {
      const rowJ = j * size
      matrix[rowI + j] = (matrix[rowI + j]! - dot(matrix, rowI, rowJ, j)) / matrix[rowJ + j]!
    }
    const diagonal = matrix[rowI + i]!
    const pivot = diagonal - dot(matrix, rowI, rowI, i)
    // Below this share of its diagonal a pivot is what rounding left of zero.
    if (!(pivot > diagonal * size * 1e-16) || pivot === Infinity) return false
    matrix[rowI + i] = Math.sqrt(pivot)
  }
  return true
}

/** Solves L · Lᵀ · x = b, with L as `factorCholesky` leaves it; `b` becomes x. */
export function solveCholesky(factor: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = b[i]!
    for (let k = 0; k < i; k++) sum -= factor[i * size + k]! * b[k]!
    b[i] = sum / factor[i * size + i]!
  }
  for (let i = size - 1; i >= 0; i--) {
    const solved = b[i]! / factor[i * size + i]!
    b[i] = solved
    for (let k = 0; k < i; k++) b[k]! -= factor[i * size + k]! * solved
  }
}

function dot(values: Float64Array, a: number, b: number, length: number): number {
  let sum = 0
  for (let k = 0; k < length; k++) sum += values[a + k]! * values[b + k]!
  return sum
}
