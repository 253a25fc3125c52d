import { expect, it } from 'vitest'
import { flowEnds, flowGroups } from '#shared/core/insight/flow-ends.ts'
import type { FlowPoint } from '#shared/core/insight/training-record.ts'

const point = (pass: number, gradients: readonly number[]): FlowPoint => {
  const share = (k: number) => ({ weight: 0.25, loss: 0.25, gradient: gradients[k]! })
  return {
    ...{ pass, meanLoss: 1 },
    ...{ hardPositives: share(0), easyPositives: share(1) },
    ...{ hardNegatives: share(2), easyNegatives: share(3) },
  }
}

it('takes the last pass of each training and their mean', () => {
  const ends = flowEnds([
    { passes: 2, points: [point(1, [1, 0, 0, 0]), point(2, [0.4, 0.1, 0.3, 0.2])] },
    { passes: 1, points: [point(1, [0.2, 0.3, 0.1, 0.4])] },
  ])
  expect(flowGroups.map((group) => ends?.[group].gradient)).toEqual([
    expect.closeTo(0.3, 12),
    expect.closeTo(0.2, 12),
    expect.closeTo(0.2, 12),
    expect.closeTo(0.3, 12),
  ])
  expect(ends?.easyNegatives.weight).toBe(0.25)
})

it('is nothing without passes', () => {
  expect(flowEnds([])).toBeNull()
  expect(flowEnds([{ passes: 0, points: [] }])).toBeNull()
})
