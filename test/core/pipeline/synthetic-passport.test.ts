import { expect, it } from 'vitest'
import { joinPassports } from '#shared/core/pipeline/synthetic-passport.ts'

it('passports are joined by how much each examined, the worst column first', () => {
  const first = {
    ...{ examined: 300, majorityShare: 0.2, inMajorityTerritory: 0.1 },
    impossible: [
      { column: 'children', kind: 'fraction' as const, share: 0.4 },
      { column: 'city', kind: 'mix' as const, share: 0.6 },
    ],
  }
  const second = {
    ...{ examined: 100, majorityShare: 0.6, inMajorityTerritory: 0.5 },
    impossible: [{ column: 'children', kind: 'fraction' as const, share: 0.8 }],
  }
  const joined = joinPassports([first, second])
  expect(joined?.examined).toBe(400)
  expect(joined?.majorityShare).toBeCloseTo(0.3, 12)
  expect(joined?.inMajorityTerritory).toBeCloseTo(0.2, 12)
  expect(joined?.impossible.map(({ column }) => column)).toEqual(['children', 'city'])
  expect(joined?.impossible.map(({ share }) => share)).toEqual([
    expect.closeTo(0.5, 12),
    expect.closeTo(0.45, 12),
  ])
  expect(joinPassports([])).toBeNull()
})
