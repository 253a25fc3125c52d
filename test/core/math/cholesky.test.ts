import { expect, it } from 'vitest'
import { factorCholesky, solveCholesky } from '#shared/core/math/cholesky.ts'

it('factors the example of every textbook', () => {
  // [[4, 12, −16], [12, 37, −43], [−16, −43, 98]] = L · Lᵀ with the L below.
  const matrix = Float64Array.of(4, 99, 99, 12, 37, 99, -16, -43, 98)
  expect(factorCholesky(matrix, 3)).toBe(true)
  expect([...matrix]).toEqual([2, 99, 99, 6, 1, 99, -8, 5, 3])
  const x = Float64Array.of(4 + 12 - 16, 12 + 37 - 43, -16 - 43 + 98) // A · (1, 1, 1)
  solveCholesky(matrix, 3, x)
  expect([...x]).toEqual([1, 1, 1])
})

it('says when a matrix is singular or indefinite', () => {
  expect(factorCholesky(Float64Array.of(1, 0, 1, 1), 2)).toBe(false)
  expect(factorCholesky(Float64Array.of(1, 0, 2, 1), 2)).toBe(false)
  expect(factorCholesky(Float64Array.of(0), 1)).toBe(false)
  expect(factorCholesky(Float64Array.of(NaN), 1)).toBe(false)
})
