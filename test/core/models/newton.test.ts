import { expect, it } from 'vitest'
import { newtonDirections } from '#shared/core/models/newton.ts'

const directionFor = (hessian: readonly number[], gradient: readonly number[]): number[] => {
  const size = gradient.length
  const strategy = newtonDirections(size, (out) => {
    out.set(hessian)
  })
  const direction = new Float64Array(size)
  strategy.next(Float64Array.from(gradient), direction)
  return [...direction]
}

it('goes to the minimum of a quadratic function in one step', () => {
  // Hessian [[2, 1], [1, 3]] (lower triangle), gradient (4, 7): H · (1, 2) = (4, 7).
  expect(directionFor([2, 0, 1, 3], [4, 7])).toEqual([
    expect.closeTo(-1, 12),
    expect.closeTo(-2, 12),
  ])
})

it('still descends where the Hessian is singular', () => {
  const gradient = [1, 1e-9]
  const direction = directionFor([1, 0, 0, 0], gradient)
  expect(direction.every(Number.isFinite)).toBe(true)
  expect(direction[0]! * gradient[0]! + direction[1]! * gradient[1]!).toBeLessThan(0)
})
